"""The environment of each program of the stack: the variables that it reads, and no others."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec

from pydantic import SecretStr

from services.chassis.environment import PYTHON, SERVICE, SYSTEM, chosen, names_in
from services.chassis.redaction import Redaction, secrets_in, secrets_of
from services.chassis.settings import ServiceSettings, Settings

FURTHER = "_ENV"
"""How the name of a setting ends that names further variables."""


def broker(given: Mapping[str, str]) -> dict[str, str]:
    return chosen(given, (*SYSTEM, "RUST_*"))


def database(given: Mapping[str, str]) -> dict[str, str]:
    return chosen(given, (*SYSTEM, *PYTHON))


def service(name: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return what a service gets: what all get, its settings, and the variables that a setting names."""
    settings = {field.upper() for field in settings_of(name).model_fields}
    further = [
        each for field in settings if field.endswith(FURTHER) for each in names_in(given.get(field, ""))
    ]
    return chosen(given, (*SERVICE, *settings, *further))


def redaction(services: Iterable[str], given: Mapping[str, str]) -> Redaction:
    """Return the redaction of what any of these services, or the environment, keeps secret."""
    secret = {
        field.upper()
        for name in services
        for field, info in settings_of(name).model_fields.items()
        if "SecretStr" in str(info.annotation)
    }
    values = (SecretStr(value) for name, value in given.items() if name.upper() in secret)
    return Redaction((*secrets_in(values), *secrets_of(given)))


def settings_of(name: str) -> type[Settings]:
    """Return the settings class of a service; without a `settings.py`, that which all services have."""
    module = f"services.{name}.settings"
    if find_spec(module) is None:
        return ServiceSettings
    found = [
        each
        for each in vars(import_module(module)).values()
        if isinstance(each, type) and issubclass(each, Settings) and each.__module__ == module
    ]
    return found[0] if found else ServiceSettings

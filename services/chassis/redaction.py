"""Secrets in texts: what a process knows to be secret is replaced before a text is logged or sent.

A server's error may echo a key, a driver's a password. Known are the secret settings, the passwords and
tokens inside addresses, and the environment variables whose names say that they are secret, unless they name
a file that exists. Each is found as it is, URL-encoded, in base64 as in HTTP's basic authentication, and
escaped as JSON or by `repr`; of a long one also the beginning or the end alone, because texts are cut.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from os.path import commonprefix, exists
from typing import Final, Self
from urllib.parse import quote, quote_plus, unquote

from pydantic import BaseModel, SecretStr
from pydantic_settings import BaseSettings

REDACTED: Final = "[redacted]"
SHORTEST: Final = 6
"""Characters of a secret: a shorter one would be found inside words and numbers."""
LONG: Final = 16
PART: Final = 10
"""Of a secret of at least `LONG` characters, its first or last `PART` are enough to be found."""

SECRET_NAME: Final = re.compile(r"(key|token|secret|password|passwd)$", re.IGNORECASE)
ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
USER_INFO: Final = (re.compile(r"(?:^|//|,)([^/\s]*)@"), re.compile(r"(?:^|//|,)([^/\s,@]*)@"))
"""The second finds that of each address in a list, the first a password with a comma or an at sign."""
ESCAPE: Final = re.compile(r"%[0-9A-F]{2}")
PARAMETER: Final = re.compile(r"[?&;,=](?=([\w.-]+)[=:]([^&;,#\s]+))")


class Redaction:
    """Replaces secrets in texts; those shorter than `SHORTEST` characters are left."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {form for secret in secrets if len(secret) >= SHORTEST for form in _forms(secret)}
        self._forms = sorted(known, key=len, reverse=True)  # one may contain another

    @classmethod
    def of(cls, settings: BaseSettings, environment: Mapping[str, str] | None = None) -> Self:
        """Return the redaction of a process with these settings and this environment."""
        return cls((*secrets_in(dict(settings).values()), *secrets_of(environment or {})))

    def __call__(self, text: str) -> str:
        for form in self._forms:
            text = text.replace(form, REDACTED)
        for form in (form for form in self._forms if len(form) >= LONG):
            text = _without_start(text, form, REDACTED)
            text = _without_start(text[::-1], form[::-1], REDACTED[::-1])[::-1]
        return text


def secrets_in(values: Iterable[object]) -> Iterator[str]:
    """Yield what is secret in the values of settings: the passwords of addresses, and secrets as a whole.

    Values may be lists of settings.
    """
    for value in values:
        if isinstance(value, BaseModel):
            yield from secrets_in(dict(value).values())
        elif isinstance(value, list | tuple):
            yield from secrets_in(value)
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if isinstance(text, str):
            if isinstance(value, SecretStr) and not ADDRESS.match(text):
                yield text
            yield from _in_address(text)


def secrets_of(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield what is secret in variables: where the name says so, all but paths; passwords in addresses."""
    for name, value in environment.items():
        if SECRET_NAME.search(name) and not exists(value):  # noqa: PTH110 - it may be no path at all
            yield value
        yield from _in_address(value)


def _in_address(text: str) -> Iterator[str]:
    for info in (info for pattern in USER_INFO for info in pattern.findall(text)):
        user, colon, password = info.partition(":")
        if colon:
            yield password
            yield b64encode(unquote(info).encode()).decode()
        elif text.startswith("http"):
            yield user  # a token
    yield from (value for name, value in PARAMETER.findall(text) if SECRET_NAME.search(name))


def _forms(secret: str) -> Iterator[str]:
    """Yield the ways in which texts write a secret."""
    plain = unquote(secret)
    encoded = (quote(plain), quote(plain, safe=""), quote_plus(plain))
    lower = (ESCAPE.sub(lambda found: found[0].lower(), form) for form in encoded)
    for form in (secret, plain, *encoded, *lower, quote(encoded[1])):
        yield form
        for escaped in (json.dumps(form), json.dumps(form, ensure_ascii=False), repr(form)):
            yield escaped[1:-1]
            yield json.dumps(escaped[1:-1])[1:-1]


def _without_start(text: str, secret: str, mark: str) -> str:
    """Replace each beginning of a secret, as far as the text goes on like it."""
    at = text.find(secret[:PART])
    while at >= 0:
        length = len(commonprefix([text[at:], secret]))  # noqa: RUF071 - of texts, not of paths
        text = text[:at] + mark + text[at + length :]
        at = text.find(secret[:PART], at + len(mark))
    return text

"""The page of settings has every setting as its class describes it, and no other."""

import re
from importlib import import_module

import pytest

from deploy.services import FOLDER, ROOT, SERVICES
from services.chassis.settings import Settings

PAGE = ROOT / "docs" / "settings.md"
ROW = re.compile(
    r"^\| `(?P<name>[A-Z_]+)` \| (?P<default>\S*.*?) ?\| .*? \| (?P<meaning>.*) \|$", re.MULTILINE
)
ELSEWHERE = {"DRAIN_SECONDS", "BACKTEST_WORKERS"}
"""Described by each service in its own words, or with a default that depends on the machine."""
SETTINGS = [
    each
    for name in SERVICES
    if (FOLDER / name / "settings.py").exists()
    for each in vars(import_module(f"services.{name}.settings")).values()
    if isinstance(each, type)
    and issubclass(each, Settings)
    and each.__module__.startswith(f"services.{name}.")
]
"""Those of each service; one without a `settings.py` has no other than all services have."""


@pytest.mark.parametrize("settings", SETTINGS)
def test_every_setting_is_on_the_page_as_its_class_describes_it(settings: type[Settings]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = {row["name"]: (row["default"].strip("`"), row["meaning"]) for row in ROW.finditer(page)}
    for name, field in settings.model_fields.items():
        assert name.upper() in rows, name
        default, meaning = rows[name.upper()]
        if name.upper() not in ELSEWHERE:
            assert meaning == field.description, name
            shown = (
                field.default.get_secret_value()
                if hasattr(field.default, "get_secret_value")
                else field.default
            )
            assert default == (
                "" if shown is None else str(shown).lower() if isinstance(shown, bool) else str(shown)
            )


def test_every_setting_on_the_page_exists() -> None:
    named = {row["name"] for row in ROW.finditer(PAGE.read_text(encoding="utf-8"))}
    assert named == {name.upper() for settings in SETTINGS for name in settings.model_fields}

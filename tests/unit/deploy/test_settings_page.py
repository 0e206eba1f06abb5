"""The page of settings has every setting as its class describes it, and no other."""

import re

import pytest

from deploy.embedded.environment import settings_of
from deploy.embedded.stack import KAFKA_MEMORY
from deploy.services import ROOT, SERVICES
from services.chassis.settings import Settings

PAGE = ROOT / "docs" / "settings.md"
ROW = re.compile(
    r"^\| `(?P<name>[A-Z_]+)` \| (?P<default>\S*.*?) ?\| .*? \| (?P<meaning>.*) \|$", re.MULTILINE
)
ELSEWHERE = {"DRAIN_SECONDS", "BACKTEST_WORKERS"}
"""Described by each service in its own words, or with a default that depends on the machine."""
STACK = {"DATA_DIR", KAFKA_MEMORY}
"""Of `make run`, which are of no service."""
SETTINGS = [settings_of(name) for name in SERVICES]


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
    assert named == {name.upper() for settings in SETTINGS for name in settings.model_fields} | STACK

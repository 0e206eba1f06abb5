"""The README's table of settings says what the services say of themselves."""

import re
from pathlib import Path

import pytest

from services.backtest.settings import BacktestSettings
from services.chassis.settings import Settings
from services.compare.settings import CompareSettings
from services.gateway.settings import GatewaySettings
from services.session.settings import SessionSettings

README = Path(__file__).parents[3] / "README.md"
ROW = re.compile(
    r"^\| `(?P<name>[A-Z_]+)` \| (?P<default>\S*.*?) ?\| .*? \| (?P<meaning>.*) \|$", re.MULTILINE
)
ELSEWHERE = {"DRAIN_SECONDS", "BACKTEST_WORKERS"}
"""Of each service in its own words, or by the machine."""


@pytest.mark.parametrize("settings", [SessionSettings, CompareSettings, BacktestSettings, GatewaySettings])
def test_every_setting_is_in_the_readme_as_it_is(settings: type[Settings]) -> None:
    rows = {
        row["name"]: (row["default"].strip("`"), row["meaning"]) for row in ROW.finditer(README.read_text())
    }
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

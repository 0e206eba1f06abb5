"""The demo's folder of prices: two files of an invented company each, one of which is broken at first."""

import math
from datetime import date, timedelta
from pathlib import Path
from typing import Final

FIRST_DAY: Final = date(2022, 1, 3)
DAYS: Final = 500
HEADER: Final = "Date,Open,High,Low,Close,Volume"
BROKEN_ROW: Final = 100
"""The line of the broken file whose close is 0."""


def write_prices(folder: Path) -> None:
    """Write `HANBIT.csv`, which is right, and `NARAE.csv`, which is not."""
    folder.mkdir(exist_ok=True)
    (folder / "HANBIT.csv").write_text(_csv(price=50_000.0, swing=0.2), encoding="utf-8")
    lines = _csv(price=20_000.0, swing=0.4).splitlines()
    cells = lines[BROKEN_ROW - 1].split(",")
    lines[BROKEN_ROW - 1] = ",".join([*cells[:4], "0", cells[5]])
    (folder / "NARAE.csv").write_text("\n".join(lines), encoding="utf-8")


def mend_prices(folder: Path) -> None:
    """Write `NARAE.csv` as it should be."""
    (folder / "NARAE.csv").write_text(_csv(price=20_000.0, swing=0.4), encoding="utf-8")


def _csv(price: float, swing: float) -> str:
    """Return prices that rise slowly and swing around that, on weekdays."""
    weekdays = (FIRST_DAY + timedelta(days=number) for number in range(2 * DAYS))
    days = [day for day in weekdays if day.isoweekday() <= 5][:DAYS]  # noqa: PLR2004 - Friday
    rows = [HEADER]
    for number, day in enumerate(days):
        close = price * (1.0 + number / DAYS) * (1.0 + swing * math.sin(number / 25.0) / 2.0)
        opened = close * (1.0 + 0.002 * math.cos(number))
        high, low = max(opened, close) * 1.004, min(opened, close) * 0.996
        rows.append(f"{day},{opened:.2f},{high:.2f},{low:.2f},{close:.2f},{1_000 + number}")
    return "\n".join([*rows, ""])

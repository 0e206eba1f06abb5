"""The days of a whole column of dates: one format throughout, and which part is the month."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.backtest.price_files.dates import EMPTY, FORMATS, NO_DAY, settle
from services.backtest.price_files.findings import Spot, Unusable, quote

MONTHS: Final = 12
_CLOSE_TOGETHER: Final = 5  # days, from one row to the next

Days = NDArray[np.int32]
Starts = dict[int, tuple[int, str]]
"""By format, the line and the text of its first cell."""


def find_days(
    days: Days,
    formats: NDArray[np.int8],
    lines: NDArray[np.int64],
    starts: Starts,
    runs: Sequence[NDArray[np.intp]],
) -> tuple[Days, list[Spot]]:
    """Return the days of a column, and what is doubtful about them; `runs` are the rows of each instrument.

    Raises Unusable where formats are mixed or can't be told apart.
    """
    used = sorted((starts[code][0], code) for code in starts if code < EMPTY)
    if not used:
        return days, []
    way = FORMATS[used[0][1]]
    for line, code in used[1:]:
        if FORMATS[code].name != way.name:
            raise Unusable(_mixed(way.name, line, starts[code][1]))
    line, text = starts[used[0][1]]
    if way.meaning in {"two-digit-year", "excel-dates"}:
        raise Unusable(Spot(way.meaning, row=line, fields={"text": quote(text)}))
    if way.meaning != "two parts":
        return days, []
    parts = np.where(formats == used[0][1], days, NO_DAY)
    day_first, spots = _order_of_parts(
        parts, lines, way.name, Spot("", row=line, fields={"text": quote(text)}), runs
    )
    return settle(parts, day_first=day_first), spots


def _mixed(first: str, line: int, text: str) -> Spot:
    return Spot("mixed-date-formats", row=line, fields={"first": first, "text": quote(text)})


def _order_of_parts(
    parts: Days, lines: NDArray[np.int64], name: str, start: Spot, runs: Sequence[NDArray[np.intp]]
) -> tuple[bool, list[Spot]]:
    there = parts != NO_DAY
    first_above = there & (parts // 100 % 100 > MONTHS)
    second_above = there & (parts % 100 > MONTHS)
    day_first = name.replace("MM", "..").replace("DD", "MM").replace("..", "DD")
    if first_above.any() and second_above.any():
        begins = (int(np.argmax(first_above)), int(np.argmax(second_above)))
        place = max(begins)
        year, first, second = parts[place] // 10_000, parts[place] // 100 % 100, parts[place] % 100
        text = name[2].join((f"{first:02}", f"{second:02}", f"{year}"))
        raise Unusable(_mixed(day_first if begins[0] < begins[1] else name, int(lines[place]), text))
    if first_above.any() or second_above.any():
        return bool(first_above.any()), []
    readings = {is_first: settle(parts, day_first=is_first) for is_first in (True, False)}
    if (readings[True] == readings[False]).all():
        return True, []
    for why, why_ko, holds in _SIGNS:
        sound = [is_first for is_first, days in readings.items() if all(holds(days[run]) for run in runs)]
        if len(sound) == 1:
            reading = day_first if sound[0] else name
            fields = {**(start.fields or {}), "reading": reading, "why": why, "why_ko": why_ko}
            return sound[0], [Spot("ambiguous-dates", row=start.row, fields=fields)]
    raise Unusable(Spot("undecided-dates", row=start.row, fields=start.fields))


def _in_order(days: Days) -> bool:
    steps = np.diff(days[days != NO_DAY])
    return bool((steps > 0).all() or (steps < 0).all())


def _on_weekdays(days: Days) -> bool:
    return bool(np.is_busday(days[days != NO_DAY].astype("datetime64[D]")).all())


def _daily(days: Days) -> bool:
    steps = np.abs(np.diff(days[days != NO_DAY]))
    return not len(steps) or bool(np.median(steps) <= _CLOSE_TOGETHER)


_SIGNS: Final[Sequence[tuple[str, str, Callable[[Days], bool]]]] = (
    ("puts them in order", "날짜 순서가 맞습니다", _in_order),
    ("puts none at a week-end", "주말이 없습니다", _on_weekdays),
    ("makes them daily", "일별 간격이 됩니다", _daily),
)

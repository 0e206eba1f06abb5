"""Periods that an answer has named, and messages that speak of them: "그 해에 다른 애들은?", "that month"."""

import re
from datetime import date
from typing import Final

from backchat_contracts import ComparisonView
from services.language.dates import days_of_months
from services.language.phrases import compiled
from services.language.window import Shift, Window
from services.language.window_reading import read_time, with_shifted
from services.session.domain.referring import referred
from services.session.domain.session import Context

Asking = tuple[str, tuple[str, ...] | None, tuple[str, ...]]
"""A message, the strategies that it is about if it names none, and the questions that it continues."""
_RETURN: Final = "total return"
_SPOKEN_OF: Final = compiled(
    r"(?<![가-힣])그\s*(?P<korean>해|연도|년도|분기|달|월|주|날|기간|때)(?=$|[\s?!.,]|[에의은는이엔도])"
    r"|\b(?:in|on|during|for|over)?\s*\b(?:that(?:\s+very)?(?:\s+same)?|the\s+same)\s+(?P<english>year|quarter|month|week|day|period)\b"
)


def period_of(data: ComparisonView) -> tuple[str, str] | None:
    """Return the first and the last day of the only period that an answer names; None: it names several."""
    timing = data.timing
    if timing is None or timing.asked not in {"best", "worst", "drawdowns"}:
        return None
    leading = [each for each in timing.strategies if each.periods or each.drawdowns]
    first = next(
        (each for each in leading if len(leading) == 1 or each.backtest_id == data.best_backtest_id), None
    )
    if first is None or len(first.periods) + len(first.drawdowns) != 1:
        return None
    if first.drawdowns:
        trough = first.drawdowns[0].trough.isoformat()
        return trough, trough
    return first.periods[0].start.isoformat(), first.periods[0].end.isoformat()


def spoken_of(message: str, context: Context) -> tuple[str, str] | None:
    """Return the days of the period that a message speaks of: the one just named, or one told from it."""
    period = context.asked.period if context.asked else None
    if period is None:
        return None
    if _SPOKEN_OF.search(message):
        return period
    first, last = map(date.fromisoformat, period)
    shift = _shift_in(message)
    window = Window(first, last).shifted(shift) if shift else None
    if window is None or window.start is None or window.end is None:
        return None
    return window.start.isoformat(), window.end.isoformat()


def _shift_in(message: str) -> Shift | None:
    """Return how far the time of a message is from the period just named; None where it names one itself."""
    time = read_time(message, [])
    return None if any(each.recent is None for each in time.windows) else time.shift


def in_period(message: str, context: Context) -> Asking | None:
    """Return a message that speaks of the period just named, with its days, as one about the returns then.

    "The year after" is told from it, too. None: it speaks of none, or none was named.
    """
    period = context.asked.period if context.asked else None
    if period is None:
        return None
    first, last = map(date.fromisoformat, period)
    written = _SPOKEN_OF.sub(lambda found: _written(found, *period), message)
    if written == message and _shift_in(message):
        written = with_shifted(message, Window(first, last)) or message
    return (written, referred(written, context), (_RETURN,)) if written != message else None


def _written(found: re.Match[str], start: str, end: str) -> str:
    first = date.fromisoformat(start)
    unit = found["korean"] or found["english"]
    if unit in {"해", "연도", "년도", "year"}:
        return f"{first.year}년" if found["korean"] else f" in {first.year}"
    if unit in {"달", "월", "month"} and (days := days_of_months(first.year, (first.month, first.month))):
        start, end = days[0].isoformat(), days[1].isoformat()
    elif unit in {"분기", "quarter"}:
        month = (first.month - 1) // 3 * 3 + 1
        if days := days_of_months(first.year, (month, month + 2)):
            start, end = days[0].isoformat(), days[1].isoformat()
    written = start if start == end else f"{start}~{end}"
    return written if found["korean"] else f" in {written}"

"""Returns of backtests by period of the calendar, in the windows that a question is about."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import numpy as np

from backchat_contracts import timing as contract
from services.compare.domain.series import Days
from services.compare.domain.span import CLOSED, Span
from services.language.timing import Timing
from services.metrics.account import FloatArray
from services.metrics.periods import PeriodReturn, returns_by

_UNITS: Final[Mapping[contract.PeriodUnit, str]] = {
    "day": "D", "week": "W", "month": "M", "quarter": "3M", "year": "Y"
}  # fmt: skip


def periods_of(
    unit: contract.PeriodUnit, days: Days, curve: FloatArray, span: Span | None
) -> list[contract.PeriodReturn]:
    """Return the returns of a curve ``[T]`` by period; the close before a window is only where it begins."""
    returns = returns_by(_UNITS[unit], days, curve)
    if len(returns) > 1 and days[1] >= np.datetime64(returns[1].first, "D"):
        returns = returns[1:]  # its only close is the one from which returns begin
    before = span and span.start and days[0] < np.datetime64(span.start, "D")
    return [_period(unit, each, days, days[1] if before else days[0]) for each in returns]


def _period(
    unit: contract.PeriodUnit, each: PeriodReturn, days: Days, begins: np.datetime64
) -> contract.PeriodReturn:
    after = _after(unit, each.first)
    at = (
        np.searchsorted(days, np.datetime64(each.first, "D")),
        np.searchsorted(days, np.datetime64(after, "D")),
    )
    start, end = max(days[at[0]], begins), days[at[1] - 1]
    early = start - np.datetime64(each.first, "D") > CLOSED and start == begins
    late = np.datetime64(after, "D") - end > CLOSED and at[1] == len(days)
    return contract.PeriodReturn(
        start=start.item(), end=end.item(), total_return=each.value, whole=not (early or late)
    )


def _after(unit: contract.PeriodUnit, first: date) -> date:
    """Return the first day of the next period."""
    match unit:
        case "day" | "week":
            return date.fromordinal(
                min(first.toordinal() + (1 if unit == "day" else 7), date.max.toordinal())
            )
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1) if year <= date.max.year else date.max


def asked_of(
    timing: Timing, periods: Sequence[contract.PeriodReturn], days: Days
) -> list[contract.PeriodReturn]:
    """Return the periods that lie in the windows asked for, and in none that is ruled out."""
    known: list[date] = days.tolist()
    only = [each.days(known) for each in timing.only]
    without = [each.days(known) for each in timing.without]
    return [
        each
        for each in periods
        if (not only or any(lies_in(each, *window) for window in only))
        and not any(lies_in(each, *window) for window in without)
    ]


def lies_in(period: contract.PeriodReturn, first: date | None, last: date | None) -> bool:
    """Tell whether a period lies within two days; None is as far as the data go."""
    return (first is None or first <= period.start) and (last is None or period.end <= last)

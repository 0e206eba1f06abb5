"""The facts of what a comparison tells of periods and drawdowns."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from backchat_contracts.timing import PeriodUnit, Timing
from services.grounding.facts import Count, Counted, Figure

_COUNTED: Final[Mapping[PeriodUnit, Counted]] = {
    "day": "days", "week": "weeks", "month": "months", "year": "years"
}  # fmt: skip


def figures_of_timing(timing: Timing | None, names: Mapping[str, str]) -> Iterator[Figure]:
    """Yield the return of each period, the depth of each drawdown and that on the last day.

    `names`: of the backtests.
    """
    for number, told in enumerate(timing.strategies if timing else (), 1):
        owner = names.get(told.backtest_id, told.backtest_id)
        for at, period in enumerate(told.periods, 1):
            yield Figure(f"t{number}.{at}.total_return", owner, "total_return", period.total_return)
        for at, drawdown in enumerate(told.drawdowns, 1):
            yield Figure(f"t{number}.{at}.max_drawdown", owner, "max_drawdown", drawdown.max_drawdown)
        if told.last_drawdown:
            yield Figure(
                f"t{number}.last.max_drawdown", owner, "max_drawdown", told.last_drawdown.max_drawdown
            )


def dates_of_timing(timing: Timing | None) -> Iterator[date | int]:
    """Yield the days and years of the periods and drawdowns."""
    for told in timing.strategies if timing else ():
        days = [day for each in told.periods for day in (each.start, each.end)]
        days += [day for each in told.drawdowns for day in (each.peak, each.trough, each.recovery) if day]
        days += [told.last_drawdown.day, told.last_drawdown.peak] if told.last_drawdown else []
        yield from (said for day in days for said in (day, day.year))


def counts_of_timing(timing: Timing | None) -> Iterator[Count]:
    """Yield how many periods there are and how many are meant, and how long falls and recoveries took."""
    for told in timing.strategies if timing else ():
        unit = _COUNTED.get(timing.unit) if timing and timing.unit else None
        if unit:
            yield from (Count(each, unit) for each in (told.matching, told.of))
        if told.last_drawdown:
            yield Count((told.last_drawdown.day - told.last_drawdown.peak).days, "days")
        for drawdown in told.drawdowns:
            yield Count((drawdown.trough - drawdown.peak).days, "days")
            if drawdown.recovery:
                yield Count((drawdown.recovery - drawdown.trough).days, "days")
                yield Count((drawdown.recovery - drawdown.peak).days, "days")

"""When backtests gained and lost: their drawdowns with dates, and their returns by period of the calendar."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Final

import numpy as np

from backchat_contracts import timing as contract
from services.compare.domain.comparability import Run
from services.compare.domain.series import Days, Series
from services.compare.domain.span import CLOSED, Span
from services.compare.domain.window import within
from services.language.question import Question
from services.language.timing import Timing
from services.metrics.account import FloatArray
from services.metrics.periods import MOST_DRAWDOWNS, Drawdown, PeriodReturn, drawdowns_of, returns_by

MOST_TOLD: Final = 24
"""How many periods of one backtest are told."""
BENCHMARK: Final = "benchmark"
"""In place of a backtest's id."""
_UNITS: Final[Mapping[contract.PeriodUnit, str]] = {
    "day": "D", "week": "W", "month": "M", "quarter": "3M", "year": "Y"
}  # fmt: skip


def timing_of(question: Question, runs: Sequence[Run]) -> contract.Timing | None:
    """Return what a question asks of the days of some backtests, in their order; None: it asks nothing.

    A run that is cut to a window begins at the close before it. Those without curves have no entry, nor has
    one without a single return. Where it is about the benchmark, and names no strategy, that is all there is.
    """
    timing = question.timing
    unknown = question.unknown or (question.unresolved and not question.named)
    if timing is None or timing.asks is None or timing.part or unknown:
        return None
    known = {run.id: run for run in runs if run.series and len(run.series.days) > 1}
    if timing.benchmark and timing.asks != "wins":
        held = _held(known.values())
        known = {**({BENCHMARK: held} if held else {}), **(known if question.named else {})}
    unit = None if timing.asks in {"drawdowns", "last_drawdown"} else timing.unit or "year"
    if timing.asks == "wins":
        found = tuple(_wins(timing, unit or "year", list(known.values())))
    else:
        found = tuple(_told(timing, unit, key, run) for key, run in known.items())
    if timing.asks in {"best", "worst"} and unit and not timing.rank:
        found = tuple(sorted(found, key=lambda each: _extreme(each, best=timing.asks == "best")))
    if timing.asks in {"gains", "losses"} and timing.which:
        sign = 1 if timing.fewest else -1
        found = tuple(sorted(found, key=lambda each: sign * each.matching))
    if timing.asks == "last_drawdown":
        sign = 1 if timing.nearest is False else -1
        found = tuple(sorted(found, key=lambda each: sign * _below(each)))
    return contract.Timing(asked=timing.asks, unit=unit, strategies=found)


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


def _told(timing: Timing, unit: contract.PeriodUnit | None, key: str, run: Run) -> contract.StrategyTiming:
    series = run.series
    if series is None:
        raise TypeError("a backtest without curves")
    if timing.asks == "last_drawdown":
        return contract.StrategyTiming(backtest_id=key, last_drawdown=_last_drawdown(series))
    if unit is None:
        drawdowns = list(_drawdowns(timing, series))
        deepest = tuple(drawdowns[_wanted(timing)])
        return contract.StrategyTiming(backtest_id=key, drawdowns=deepest, matching=len(drawdowns))
    periods = _asked_of(timing, periods_of(unit, series.days, series.equity, run.span), series.days)
    matching = list(_matching(timing, periods))
    shown = matching[:MOST_TOLD]
    if timing.asks in {"best", "worst"}:
        shown = matching[:MOST_TOLD] if timing.only else matching[_wanted(timing)]
    elif timing.asks == "ends":
        count = min(timing.count or 1, len(matching))
        shown = [*matching[:count], *matching[max(len(matching) - count, count) :][::-1]]
    return contract.StrategyTiming(
        backtest_id=key, periods=tuple(shown), matching=len(matching), of=len(periods)
    )


def _asked_of(
    timing: Timing, periods: Sequence[contract.PeriodReturn], days: Days
) -> list[contract.PeriodReturn]:
    """Return the periods that lie in the windows asked for, and in none that is ruled out."""
    known: list[date] = days.tolist()
    only = [each.days(known) for each in timing.only]
    without = [each.days(known) for each in timing.without]
    return [
        each
        for each in periods
        if (not only or any(_lies_in(each, *window) for window in only))
        and not any(_lies_in(each, *window) for window in without)
    ]


def _lies_in(period: contract.PeriodReturn, first: date | None, last: date | None) -> bool:
    return (first is None or first <= period.start) and (last is None or period.end <= last)


def _wanted(timing: Timing) -> slice:
    """Return which are told of those in order: the one at a place, or the first ones."""
    return slice(timing.rank - 1, timing.rank) if timing.rank else slice(timing.count or 1)


def _matching(timing: Timing, periods: Sequence[contract.PeriodReturn]) -> Iterator[contract.PeriodReturn]:
    """Yield the periods that are asked for, the first ones first: the best, or in the order of time."""
    match timing.asks:
        case "best" | "ends":
            yield from sorted(periods, key=lambda each: -each.total_return)
        case "worst":
            yield from sorted(periods, key=lambda each: each.total_return)
        case "gains":
            yield from (each for each in periods if each.total_return > 0.0)
        case "losses":
            yield from (each for each in periods if each.total_return < 0.0)
        case _:
            yield from periods


def _extreme(told: contract.StrategyTiming, *, best: bool) -> float:
    value = told.periods[0].total_return if told.periods else 0.0
    return -value if best else value


def _below(told: contract.StrategyTiming) -> float:
    return told.last_drawdown.max_drawdown if told.last_drawdown else 0.0


def _last_drawdown(series: Series) -> contract.LastDrawdown:
    peak = len(series.equity) - 1 - int(np.argmax(series.equity[::-1]))
    depth = series.equity[-1] / series.equity[peak] - 1.0
    return contract.LastDrawdown(
        day=series.days[-1].item(), peak=series.days[peak].item(), max_drawdown=float(depth)
    )


def _drawdowns(timing: Timing, series: Series) -> Iterator[contract.DatedDrawdown]:
    """Yield the deepest drawdowns, of windows those that have a day in one, wherever they begin and end."""
    days: list[date] = series.days.tolist()
    within = [each.days(days) for each in timing.only]
    of_windows = (
        each
        for each in drawdowns_of(series.equity)
        if not within or any(_meets(days, each, *window) for window in within)
    )
    for each in islice(of_windows, MOST_DRAWDOWNS):
        recovery = None if each.recovery is None else days[each.recovery]
        yield contract.DatedDrawdown(
            peak=days[each.peak],
            trough=days[each.trough],
            recovery=recovery,
            max_drawdown=each.depth,
            recovery_days=None if recovery is None else (recovery - days[each.trough]).days,
        )


def _meets(days: Sequence[date], fall: Drawdown, first: date | None, last: date | None) -> bool:
    """Tell whether a drawdown has a day in a window, its peak and its recovery left out."""
    begin = days[fall.peak + 1]
    end = days[-1] if fall.recovery is None else days[fall.recovery - 1]
    return (first is None or first <= end) and (last is None or begin <= last)


@dataclass(frozen=True, slots=True, eq=False)
class _Curve:
    key: str
    days: Days
    values: FloatArray
    span: Span | None


def _wins(
    timing: Timing, unit: contract.PeriodUnit, runs: Sequence[Run]
) -> Iterator[contract.StrategyTiming]:
    """Yield in which periods each had the highest return: of those that all have; who ties wins none."""
    curves = list(_curves(timing, runs))
    by_start: list[dict[tuple[date, date], contract.PeriodReturn]] = [
        {
            (each.start, each.end): each
            for each in _asked_of(timing, periods_of(unit, curve.days, curve.values, curve.span), curve.days)
        }
        for curve in curves
    ]
    common = sorted(set.intersection(*(set(each) for each in by_start))) if by_start else []
    for own, curve in zip(by_start, curves, strict=True):
        others = [each for each in by_start if each is not own]
        won = [
            own[when]
            for when in common
            if others and all(own[when].total_return > each[when].total_return for each in others)
        ]
        yield contract.StrategyTiming(
            backtest_id=curve.key, periods=tuple(won[:MOST_TOLD]), matching=len(won), of=len(common)
        )


def _held(runs: Iterable[Run]) -> Run | None:
    """Return the benchmark, as if it were a run."""
    kept = ((run, run.series, run.series.benchmark) for run in runs if run.series)
    return next(
        (replace(run, series=replace(series, equity=held)) for run, series, held in kept if held is not None),
        None,
    )


def _curves(timing: Timing, runs: Sequence[Run]) -> Iterator[_Curve]:
    """Yield the curves on the days that lie within those of all, and the benchmark's, if it is asked for."""
    kept = [(run, run.series) for run in runs if run.series]
    if not kept:
        return
    if len(kept) > 1:
        first = max(_begin(run, series) for run, series in kept)
        last = min(series.days[-1].item() for _, series in kept)
        cut = [each for run, _ in kept if first <= last and (each := within(run, Span(first, last)))]
        kept = [(run, run.series) for run in cut if run.series]
    for run, series in kept:
        yield _Curve(run.id, series.days, series.equity, run.span)
    held = _held(run for run, _ in kept) if timing.benchmark or len(kept) == 1 else None
    if held and held.series:
        yield _Curve(BENCHMARK, held.series.days, held.series.equity, held.span)


def _begin(run: Run, series: Series) -> date:
    """Return the first day that counts."""
    day: date = (run.span.counted(series.days) if run.span else series.days)[0].item()
    return day

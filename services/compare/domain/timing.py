"""When backtests gained and lost: their drawdowns with dates, and their returns by period of the calendar."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

import numpy as np

from backchat_contracts import timing as contract
from services.compare.domain.comparability import Run
from services.compare.domain.leading import BENCHMARK, MOST_TOLD, held_of, wins_of
from services.compare.domain.periods import asked_of, periods_of
from services.compare.domain.series import Series
from services.language.question import Question
from services.language.timing import Timing
from services.metrics.periods import MOST_DRAWDOWNS, Drawdown, drawdowns_of


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
        held = held_of(known.values())
        known = {**({BENCHMARK: held} if held else {}), **(known if question.named else {})}
    unit = None if timing.asks in {"drawdowns", "last_drawdown"} else timing.unit or "year"
    if timing.asks == "wins":
        found = tuple(wins_of(timing, unit or "year", list(known.values())))
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
    periods = asked_of(timing, periods_of(unit, series.days, series.equity, run.span), series.days)
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

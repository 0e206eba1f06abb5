"""In which periods of the calendar each of some backtests had the highest return."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from backchat_contracts import timing as contract
from services.compare.domain.comparability import Run
from services.compare.domain.periods import asked_of, periods_of
from services.compare.domain.series import Days, Series
from services.compare.domain.span import Span
from services.compare.domain.window import within
from services.language.timing import Timing
from services.metrics.account import FloatArray

BENCHMARK: Final = "benchmark"
"""In place of a backtest's id."""
MOST_TOLD: Final = 24
"""How many periods of one backtest are told."""


@dataclass(frozen=True, slots=True, eq=False)
class _Curve:
    key: str
    days: Days
    values: FloatArray
    span: Span | None


def wins_of(
    timing: Timing, unit: contract.PeriodUnit, runs: Sequence[Run]
) -> Iterator[contract.StrategyTiming]:
    """Yield in which periods each had the highest return: of those that all have; who ties wins none."""
    curves = list(_curves(timing, runs))
    by_start: list[dict[tuple[date, date], contract.PeriodReturn]] = [
        {
            (each.start, each.end): each
            for each in asked_of(timing, periods_of(unit, curve.days, curve.values, curve.span), curve.days)
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


def held_of(runs: Iterable[Run]) -> Run | None:
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
    held = held_of(run for run, _ in kept) if timing.benchmark or len(kept) == 1 else None
    if held and held.series:
        yield _Curve(BENCHMARK, held.series.days, held.series.equity, held.span)


def _begin(run: Run, series: Series) -> date:
    """Return the first day that counts."""
    day: date = (run.span.counted(series.days) if run.span else series.days)[0].item()
    return day

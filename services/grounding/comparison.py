"""The facts of a comparison: its figures with their references, its names, dates and counts."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from backchat_contracts import METRICS, ComparisonAnswer, Language, StrategyFigures
from backchat_contracts.findings import Interval, Verdict
from services.grounding.facts import Count, Facts, Figure
from services.grounding.timing import counts_of_timing, dates_of_timing, figures_of_timing

MOST_STRATEGIES: Final = 20
"""Of how many there are figures, the first ones; names there are of all."""
FEW: Final = 3
"""Of so many strategies there are all metrics, of more those asked about and the main ones."""
MAIN: Final = ("total_return", "cagr", "volatility", "sharpe_ratio", "max_drawdown", "trades")

Values = Mapping[str, float | None]


def facts_of(completed: ComparisonAnswer, language: Language, prefix: str = "") -> Facts:
    """Return what an answer about a comparison may speak of: figures on the common window where there is one.

    Where a window is asked about there are those of its days alone.

    References: `s1.sharpe_ratio` is of the first strategy, `s1.sharpe_ratio.low` and `.high` its interval,
    `v1.difference`, `v1.low`, `v1.high`, `v1.p` and `v1.detectable` are of the first verdict,
    `benchmark.total_return` is of the benchmark; `t1.2.total_return` and `t1.2.max_drawdown` are of the
    second period and drawdown of the first strategy of `timing`, `t1.last.max_drawdown` is of its last day.
    All begin with the prefix, if one is given.
    """
    names = names_of(_with_figures(completed))
    figures = (
        *_figures(completed, names),
        *_of_verdicts(completed, names),
        *_of_benchmark(completed),
        *figures_of_timing(completed.timing, names),
    )
    return Facts(
        figures=tuple(replace(each, ref=f"{prefix}{each.ref}") for each in figures) if prefix else figures,
        names=tuple(dict.fromkeys([*names.values(), *(each.name for each in completed.strategies_data)])),
        dates=frozenset((*_dates(completed), *dates_of_timing(completed.timing))),
        counts=frozenset((*_counts(completed), *counts_of_timing(completed.timing))),
        language=language,
        benchmark=_benchmark(completed),
        terms=frozenset(symbol for each in _with_figures(completed) for symbol in each.symbols),
    )


def names_of(entries: Iterable[StrategyFigures]) -> Mapping[str, str]:
    """Return what each backtest is called: its strategy's name, and its own id where two have one name."""
    called: dict[str, list[str]] = {}
    for entry in entries:
        called.setdefault(entry.name, []).append(entry.backtest_id)
    return {
        key: name if len(keys) == 1 else f"{name} #{key[: _telling(keys)]}"
        for name, keys in called.items()
        for key in keys
    }


def _telling(ids: Collection[str]) -> int:
    """Return how many first characters tell ids apart: eight, as of a UUID, or more."""
    longest = max(map(len, ids))
    return next(n for n in range(8, longest + 9) if n >= longest or len({key[:n] for key in ids}) == len(ids))


def _with_figures(completed: ComparisonAnswer) -> Iterator[StrategyFigures]:
    return (each for each in completed.strategies_data if isinstance(each, StrategyFigures))


def _figures(completed: ComparisonAnswer, names: Mapping[str, str]) -> Iterator[Figure]:
    entries = list(_with_figures(completed))[:MOST_STRATEGIES]
    windows = (completed.window, completed.common_window)
    again: Mapping[str, Values] = {
        each.backtest_id: each.values for window in windows if window for each in window.figures
    }
    intervals = {
        (ranking.metric, ranked.backtest_id): ranked.interval
        for ranking in completed.ranking
        for ranked in ranking.entries
    }
    asked = [*(ranking.metric for ranking in completed.ranking), *_quoted(completed)]
    metrics = METRICS if len(entries) <= FEW else dict.fromkeys([*asked, *MAIN])
    for number, entry in enumerate(entries, 1):
        stored: Values = {} if completed.window else entry.model_dump(include=set(METRICS))
        values = again.get(entry.backtest_id, stored)
        owner = names[entry.backtest_id]
        for metric in metrics:
            yield Figure(f"s{number}.{metric}", owner, metric, values.get(metric))
            interval = intervals.get((metric, entry.backtest_id))
            yield from _bounds(f"s{number}.{metric}", owner, metric, interval)


def _quoted(completed: ComparisonAnswer) -> tuple[str, ...]:
    return completed.understood.quoted if completed.understood else ()


def _bounds(
    ref: str, owner: str | None, metric: str, interval: Interval | None, other: str | None = None
) -> Iterator[Figure]:
    if interval is not None:
        for name, value in (("low", interval.low), ("high", interval.high)):
            yield Figure(f"{ref}.{name}", owner, metric, value, "difference" if other else "bound", other)


def _of_verdicts(completed: ComparisonAnswer, names: Mapping[str, str]) -> Iterator[Figure]:
    for number, verdict in enumerate(completed.verdict, 1):
        yield from _of_verdict(f"v{number}", verdict, names)


def _of_verdict(ref: str, verdict: Verdict, names: Mapping[str, str]) -> Iterator[Figure]:
    one, other = names.get(verdict.leader or ""), names.get(verdict.next or "")
    if one is None or other is None:
        return
    for name, value in (("difference", verdict.difference), ("detectable", verdict.detectable)):
        if value is not None:
            yield Figure(f"{ref}.{name}", one, verdict.metric, value, "difference", other)
    yield from _bounds(ref, one, verdict.metric, verdict.interval, other)
    if verdict.p_value is not None:
        yield Figure(f"{ref}.p", one, "p_value", verdict.p_value, other=other)


def _of_benchmark(completed: ComparisonAnswer) -> Iterator[Figure]:
    if found := completed.benchmark_figures:
        for metric, value in found.values.items():
            yield Figure(f"benchmark.{metric}", _benchmark(completed), metric, value)
    if (against := completed.benchmark) and against.p_value is not None:
        yield Figure("benchmark.p", None, "p_value", against.p_value)


def _benchmark(completed: ComparisonAnswer) -> str | None:
    found = completed.benchmark_figures or completed.benchmark
    name = found.name if found else None
    return f"{name} (benchmark)" if name in {each.name for each in completed.strategies_data} else name


def _dates(completed: ComparisonAnswer) -> Iterator[date | int]:
    outside = {each.backtest_id for each in completed.excluded if each.code == "outside-window"}
    periods = [
        (entry.backtest_period.start, entry.backtest_period.end)
        for entry in _with_figures(completed)
        if completed.window is None or entry.backtest_id in outside
    ]
    if window := completed.common_window:
        periods.append((window.start, window.end))
    if asked := completed.window:
        yield from filter(None, (asked.asked_start, asked.asked_end, asked.counted_from))
        if asked.start and asked.end:
            periods.append((asked.start, asked.end))
    for start, end in periods:
        yield from (start, end, *range(start.year, end.year + 1))


def _counts(completed: ComparisonAnswer) -> Iterator[Count]:
    yield Count(len(completed.strategies_data), "strategies")
    yield Count(sum(1 for _ in _with_figures(completed)), "strategies")
    for ranking in completed.ranking:
        yield Count(len(ranking.entries), "strategies")
    if completed.common_window:
        yield Count(completed.common_window.bars, "days")
    if completed.window:
        yield Count(completed.window.bars, "days")
    for counts in (completed.candidates, completed.listed):
        for count in counts.model_dump().values() if counts else ():
            if count is not None:
                yield Count(count, "strategies")
    if completed.trials:
        yield Count(completed.trials.count, "trials")

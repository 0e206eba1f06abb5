"""The pairs of a comparison, as the contracts have them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, islice
from typing import Final

from backchat_contracts import findings as contract
from services.compare.domain import statistics
from services.compare.domain.comparability import Run, compare_pair, differences
from services.compare.domain.series import Days
from services.compare.domain.statistics import Analysis
from services.compare.domain.subject import Compared, returns_of, seed_of
from services.compare.domain.verdicts import interval_of, outcome_of
from services.metrics.account import TRADING_DAYS

MOST_ALL: Final = statistics.MOST_ALL_PAIRS
"""Of more, only the pairs of the leaders are shown."""
UNCOMPARED: Final = frozenset({"no-trades", "short-window", "series-unavailable"})
"""Those that are compared with no other one are in no pair."""


def pairs_of(
    wanted: Sequence[Run], compared: Compared, verdicts: Sequence[contract.Verdict]
) -> tuple[contract.Pair, ...]:
    """Return all pairs of those that have curves; of many, those of the leaders, each by its own metrics."""
    runs = _comparable_alone(wanted, compared)
    if len(runs) <= MOST_ALL:
        metrics = list(dict.fromkeys(verdict.metric for verdict in verdicts))
        return tuple(pair_of(one, other, compared, metrics) for one, other in combinations(runs, 2))
    led: dict[str, list[str]] = {}
    for verdict in verdicts:
        leader = verdict.leader or next(iter(verdict.tied), None)
        if leader:
            led.setdefault(leader, []).append(verdict.metric)
    by_id = {run.id: run for run in compared.runs}
    return tuple(
        pair_of(by_id[leader], run, compared, metrics)
        for leader, metrics in led.items()
        for run in compared.runs
        if run.id != leader
    )


def page_of_pairs(
    wanted: Sequence[Run], compared: Compared, metrics: Sequence[str], first: int, limit: int
) -> tuple[tuple[contract.Pair, ...], bool]:
    """Return some of all pairs, counted from 0, and whether there are more."""
    runs = _comparable_alone(wanted, compared)
    shown = list(islice(combinations(runs, 2), first, first + limit + 1))
    more = len(shown) > limit
    columns = compared.columns
    inside = [(columns[a.id], columns[b.id]) for a, b in shown[:limit] if a.id in columns and b.id in columns]
    if compared.analysis and inside:
        benchmark = compared.benchmark_returns
        pairs = statistics.pairs_of(returns_of(compared), benchmark, inside, metrics, seed=seed_of(compared))
        compared = replace(compared, analysis=replace(compared.analysis, pairs=pairs))
    return tuple(pair_of(one, other, compared, metrics) for one, other in shown[:limit]), more


def pair_of(one: Run, other: Run, compared: Compared, metrics: Sequence[str]) -> contract.Pair:
    """Return two side by side; with tests if both are compared."""
    found = compare_pair(one, other)
    pair = contract.Pair(
        first=one.id,
        second=other.id,
        comparable=found.comparable,
        reasons=found.reasons,
        differences=tuple(each.name for each in differences([one, other])),
        bars=len(one.counted(found.days)),
    )
    columns = [compared.columns[run.id] for run in (one, other) if run.id in compared.columns]
    if compared.analysis is None or len(columns) < 2:  # noqa: PLR2004 - it takes two
        return pair
    return pair.model_copy(update=_statistics(compared, compared.analysis, columns[0], columns[1], metrics))


def _comparable_alone(wanted: Sequence[Run], compared: Compared) -> Sequence[Run]:
    return [run for run in wanted if compared.group.excluded.get(run.id) not in UNCOMPARED]


def _statistics(
    compared: Compared, analysis: Analysis, one: int, other: int, metrics: Sequence[str]
) -> dict[str, object]:
    pair = analysis.pair(one, other)
    if pair is None:
        return {}
    rolling = pair.rolling
    return {
        "correlation": pair.correlation,
        "drawdown_overlap": pair.drawdown_overlap,
        "years": contract.YearsLed(
            first=rolling.one,
            second=rolling.other,
            years=len(rolling.windows),
            apart=tuple(_years_apart(compared.group.days, rolling)),
        ),
        "tests": tuple(_test(compared, analysis, one, other, metric) for metric in metrics),
    }


def _years_apart(days: Days, rolling: statistics.RollingYears) -> Iterator[contract.Year]:
    for window in rolling.windows:
        if (window.last - rolling.windows[-1].last) % TRADING_DAYS == 0:
            end = days[window.last + 1].item()  # a return is of the day on which it ends
            yield contract.Year(end=end, first=window.one, second=window.other)


def _test(compared: Compared, analysis: Analysis, one: int, other: int, metric: str) -> contract.PairTest:
    values = compared.of(metric)
    verdict = statistics.pair_verdict(analysis, metric, one, other, values)
    pair = analysis.pair(one, other)
    found = pair.differences.get(metric) if pair else None
    return contract.PairTest(
        metric=metric,
        test=verdict.test,
        difference=verdict.difference,
        interval=interval_of(found.interval if found else None),
        p_value=found.p if found else None,
        adjusted_p_value=found.adjusted_p if found else None,
        detectable=verdict.detectable,
        outcome=outcome_of(verdict),
    )

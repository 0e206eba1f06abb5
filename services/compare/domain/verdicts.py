"""Rankings and verdicts, as the contracts have them, from the statistics of what is compared."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from backchat_contracts import METRICS
from backchat_contracts import findings as contract
from backchat_contracts.metrics.benchmark import BenchmarkValues
from services.compare.domain import statistics
from services.compare.domain.criteria import ABOUT_RETURN, Order, good_end
from services.compare.domain.statistics import PairVerdict
from services.compare.domain.subject import Compared

OUTCOMES: Final[Mapping[str, contract.Outcome]] = {
    "higher": "different",
    "no difference shown": "no-difference-shown",
    "identical": "identical",
    "fact": "fact",
    "undefined": "undefined",
}
SHOWN: Final = frozenset({"better", "worse", "different"})
"""The outcomes by which a difference is shown."""
WIDEST: Final = 100.0
"""How many times as wide as the largest figure an interval may be, to say anything."""


def ranking_of(order: Order, compared: Compared) -> contract.Ranking:
    """Rank by the figures on the common days; equal figures have the same rank."""
    values = compared.of(order.metric)
    comparable = compared.analysis is not None and _has_one_scale(order.metric, compared)
    columns = compared.decide(order).ranking if comparable else ()
    ranked: list[contract.Ranked] = []
    for place, column in enumerate(columns, 1):
        run, value = compared.runs[column], values[column]
        if value is None:
            continue
        equal = bool(ranked) and _same(ranked[-1].value, value)
        ranked.append(
            contract.Ranked(
                rank=ranked[-1].rank if equal else place,
                backtest_id=run.id,
                strategy_id=run.completed.strategy_id,
                name=run.completed.strategy_name,
                value=value,
                interval=_interval(compared, column, order.metric),
            )
        )
    there = {each.backtest_id for each in ranked}
    undefined = tuple(run.id for run in compared.runs if run.id not in there)
    return contract.Ranking(metric=order.metric, end=order.end, entries=tuple(ranked), undefined=undefined)


def _same(one: float | None, other: float | None) -> bool:
    """Tell whether two figures are equal but for rounding."""
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-15)


def statistics_of(compared: Compared) -> tuple[contract.Statistics, ...]:
    """Return what is known of the certainty of each one's figures."""
    if compared.analysis is None:
        return ()
    return tuple(
        contract.Statistics(
            backtest_id=run.id,
            sharpe_ratio=_interval(compared, column, "sharpe_ratio"),
            cagr=_interval(compared, column, "cagr"),
            max_drawdown=_interval(compared, column, "max_drawdown"),
            probabilistic_sharpe_ratio=known.probabilistic_sharpe_ratio,
            minimum_track_record=known.minimum_track_record,
            deflated_sharpe_ratio=known.deflated_sharpe_ratio,
        )
        for column, (run, known) in enumerate(zip(compared.runs, compared.analysis.strategies, strict=True))
    )


def verdict_of(order: Order, compared: Compared) -> contract.Verdict:
    """Decide by the tests alone; the figures say only which one leads."""
    verdict = contract.Verdict(metric=order.metric, end=order.end, outcome="nothing-to-compare")
    if compared.analysis is None or not _has_one_scale(order.metric, compared):
        outcome: contract.Outcome = "not-comparable" if len(compared.runs) > 1 else _alone(compared)
        return verdict.model_copy(update={"outcome": outcome})
    ids, found = [run.id for run in compared.runs], compared.decide(order)
    leader = None if found.leader is None else ids[found.leader]
    if len(ids) == 1:
        outcome = _alone(compared)
        return verdict.model_copy(
            update={"outcome": outcome, "leader": leader if outcome == "nothing-to-compare" else None}
        )
    if not found.against:
        return verdict.model_copy(update={"outcome": "undefined", "leader": leader})
    values = compared.of(order.metric)
    tied = [column for column in found.ranking if _same(values[column], values[found.ranking[0]])]
    sharing = tuple(ids[column] for column in tied) if len(tied) > 1 else ()
    others = [each for each in found.against if each.other not in tied]
    rivals = others or found.against
    # One with the same returns is no rival: the verdict is about the next one that differs.
    nearest = next((each for each in rivals if each.outcome != "identical"), rivals[0])
    if not others:
        return verdict.model_copy(update={"outcome": outcome_of(nearest), "tied": sharing})
    over = tuple(ids[each.other] for each in others if outcome_of(each) in SHOWN)
    tellable = _is_tellable(nearest, values)
    return contract.Verdict(
        metric=order.metric,
        end=order.end,
        outcome=outcome_of(nearest),
        leader=leader if len(tied) == 1 else None,
        tied=sharing,
        over=over,
        not_over=tuple(ids[each.other] for each in others if ids[each.other] not in over),
        next=ids[nearest.other],
        test=nearest.test,
        difference=nearest.difference,
        interval=interval_of(nearest.interval) if tellable else None,
        p_value=nearest.p,
        detectable=nearest.detectable if tellable else None,
        bars=nearest.days,
    )


def against_benchmark(orders: Sequence[Order], compared: Compared) -> contract.AgainstBenchmark | None:
    """Return whether those that are compared beat their benchmark, by what is asked about return."""
    about_return = (
        each for each in orders if each.metric in ABOUT_RETURN and each.end == good_end(each.metric)
    )
    order = next(about_return, None)
    if order is None or compared.analysis is None or compared.benchmark is None:
        return None
    verdict = compared.decide(order)
    found = verdict.benchmark
    if found is None or _alone(compared) == "not-comparable":
        return None
    of_all = found.test == "SPA and StepM"
    better = found.superior
    if not of_all:
        copies = [each.other for each in verdict.against if each.outcome == "identical"]
        leaders = () if verdict.leader is None else (verdict.leader, *copies)
        better = leaders if found.outcome == "better" else ()
    return contract.AgainstBenchmark(
        name=compared.benchmark,
        metric=None if of_all else order.metric,
        outcome=OUTCOMES.get(found.outcome, "worse" if found.outcome == "worse" else "better"),
        p_value=found.p,
        better=tuple(compared.runs[column].id for column in better),
    )


def outcome_of(verdict: PairVerdict) -> contract.Outcome:
    """Return the outcome for the first one of a pair."""
    if verdict.outcome == "better":
        return "better" if verdict.better == verdict.one else "worse"
    return OUTCOMES[verdict.outcome]


def interval_of(found: statistics.Interval | None) -> contract.Interval | None:
    return None if found is None else contract.Interval(low=found.low, high=found.high)


def _interval(compared: Compared, column: int, metric: str) -> contract.Interval | None:
    return (
        interval_of(compared.analysis.strategies[column].intervals.get(metric)) if compared.analysis else None
    )


def _alone(compared: Compared) -> contract.Outcome:
    """Return why there is no other one to compare with: the others are not comparable, or there is none."""
    reasons = set(compared.group.excluded.values())
    return "not-comparable" if reasons & {"universe", "currency", "few-common-bars"} else "nothing-to-compare"


def _is_tellable(verdict: PairVerdict, values: Sequence[float | None]) -> bool:
    """Tell whether an interval says anything: not where it is wider than anything that the metric can be."""
    if verdict.interval is None:
        return False
    largest = max(abs(value) for value in values if value is not None)
    return verdict.interval.high - verdict.interval.low <= WIDEST * largest


def _has_one_scale(metric: str, compared: Compared) -> bool:
    """Tell whether the values of a metric compare.

    Amounts do where all began with as much, and figures beside a benchmark where that is the same.
    """
    configs = [run.completed.config for run in compared.runs]
    if METRICS[metric].unit == "money":
        return len({config.initial_cash for config in configs}) <= 1
    return metric not in BenchmarkValues.model_fields or len({config.benchmark for config in configs}) <= 1

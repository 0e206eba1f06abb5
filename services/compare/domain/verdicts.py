"""Rankings and verdicts, as the contracts have them, from the statistics of what is compared."""

from collections.abc import Mapping
from typing import Final

from backchat_contracts import METRICS
from backchat_contracts import findings as contract
from services.compare.domain import statistics
from services.compare.domain.criteria import Order
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


def ranking_of(order: Order, compared: Compared) -> contract.Ranking:
    """Rank by the figures on the common days; equal figures have the same rank, in the order asked for."""
    values = compared.of(order.metric)
    if not _has_one_scale(order.metric, compared):
        return contract.Ranking(
            metric=order.metric, end=order.end, entries=(), undefined=tuple(run.id for run in compared.runs)
        )
    valued = [(value, column) for column, value in enumerate(values) if value is not None]
    valued.sort(key=lambda pair: -pair[0] if order.end == "highest" else pair[0])
    sorted_values = [value for value, _ in valued]
    return contract.Ranking(
        metric=order.metric,
        end=order.end,
        entries=tuple(
            _ranked(sorted_values.index(value) + 1, column, value, order.metric, compared)
            for value, column in valued
        ),
        undefined=tuple(run.id for run, value in zip(compared.runs, values, strict=True) if value is None),
    )


def _ranked(rank: int, column: int, value: float, metric: str, compared: Compared) -> contract.Ranked:
    run = compared.runs[column]
    ranked = contract.Ranked(
        rank=rank,
        backtest_id=run.id,
        strategy_id=run.completed.strategy_id,
        name=run.completed.strategy_name,
        value=value,
    )
    if compared.analysis is None:
        return ranked
    known = compared.analysis.strategies[column]
    intervals = {
        name: interval_of(known.intervals.get(name)) for name in ("sharpe_ratio", "cagr", "max_drawdown")
    }
    return ranked.model_copy(
        update={
            "interval": interval_of(known.intervals.get(metric)),
            **intervals,
            "probabilistic_sharpe_ratio": known.probabilistic_sharpe_ratio,
            "minimum_track_record": known.minimum_track_record,
            "deflated_sharpe_ratio": known.deflated_sharpe_ratio,
        }
    )


def verdict_of(order: Order, compared: Compared) -> contract.Verdict:
    """Decide by the tests alone; the figures say only which one leads."""
    verdict = contract.Verdict(metric=order.metric, end=order.end, outcome="nothing-to-compare")
    if compared.analysis is None:
        return verdict
    if not _has_one_scale(order.metric, compared):
        return verdict.model_copy(update={"outcome": "not-comparable"})
    ids = [run.id for run in compared.runs]
    question = statistics.Question(order.metric, order.end)
    found = statistics.verdict_of(compared.analysis, question, compared.of(order.metric))
    leader = None if found.leader is None else ids[found.leader]
    if len(ids) == 1:
        return verdict.model_copy(update={"leader": leader})
    if not found.against:
        return verdict.model_copy(update={"outcome": "undefined", "leader": leader})
    outcomes = {each.other: outcome_of(each) for each in found.against}
    over = tuple(ids[other] for other, outcome in outcomes.items() if outcome in SHOWN)
    shown = [outcome for outcome in outcomes.values() if outcome in SHOWN]
    nearest = found.against[0]
    return contract.Verdict(
        metric=order.metric,
        end=order.end,
        outcome=shown[0] if shown else outcomes[nearest.other],
        leader=leader,
        over=over,
        not_over=tuple(ids[each.other] for each in found.against if ids[each.other] not in over),
        next=ids[nearest.other],
        test=nearest.test,
        difference=nearest.difference,
        interval=interval_of(nearest.interval),
        p_value=nearest.p,
        detectable=nearest.detectable,
        bars=nearest.days,
    )


def against_benchmark(order: Order, compared: Compared) -> contract.AgainstBenchmark | None:
    """Return whether those that are compared beat their benchmark."""
    if compared.analysis is None or compared.benchmark is None:
        return None
    question = statistics.Question(order.metric, order.end)
    verdict = statistics.verdict_of(compared.analysis, question, compared.of(order.metric))
    found = verdict.benchmark
    if found is None:
        return None
    of_all = found.test == "SPA and StepM"
    better = found.superior
    if not of_all:
        better = (verdict.leader,) if found.outcome == "better" and verdict.leader is not None else ()
    return contract.AgainstBenchmark(
        name=compared.benchmark,
        metric=None if of_all else order.metric,
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


def _has_one_scale(metric: str, compared: Compared) -> bool:
    """Tell whether the values of a metric compare: amounts do where all began with as much."""
    cash = {run.completed.config.initial_cash for run in compared.runs}
    return METRICS[metric].unit != "money" or len(cash) < 2  # noqa: PLR2004 - one, or none

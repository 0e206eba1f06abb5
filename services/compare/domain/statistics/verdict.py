"""What follows from the statistics: whether a difference is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from backchat_contracts import METRICS
from services.compare.domain.statistics.analysis import Analysis, Question, ranking
from services.compare.domain.statistics.differences import Difference
from services.compare.domain.statistics.estimators import TESTABLE
from services.compare.domain.statistics.significance import ALPHA, Interval

Outcome = Literal["better", "higher", "no difference shown", "identical", "fact", "undefined"]

BenchmarkOutcome = Literal["better", "worse", "no difference shown", "identical", "undefined"]

_EQUAL: Final = 1e-9
"""Figures that differ by less are equal but for rounding."""

_MANY: Final = 3
"""Strategies among which the one in question was chosen by looking at them."""

Test = Literal[
    "Ledoit & Wolf",
    "Ledoit & Wolf, and the largest of all pairs",
    "paired bootstrap",
    "paired bootstrap, and the largest of all pairs",
    "as for a pair",
    "SPA and StepM",
    "none",
]

TESTS: Final[Mapping[str, tuple[Test, Test]]] = {
    "sharpe_ratio": ("Ledoit & Wolf", "Ledoit & Wolf, and the largest of all pairs"),
    "another metric of the returns": ("paired bootstrap", "paired bootstrap, and the largest of all pairs"),
    "a metric of the trades": ("none", "none"),
    "the benchmark": ("as for a pair", "SPA and StepM"),
}
"""By what is decided, at `ALPHA`: for up to two strategies, and for three and more."""


def decided_by(metric: str, strategies: int) -> Test:
    """Look up by which test the verdict on a metric follows."""
    kind = "another metric of the returns" if metric in TESTABLE else "a metric of the trades"
    return TESTS[metric if metric in TESTS else kind][strategies >= _MANY]


@dataclass(frozen=True, slots=True)
class PairVerdict:
    """Whether one strategy differs from another in a metric.

    Attributes:
        metric: its name in the catalogue.
        one: position of the first.
        other: of the second.
        test: by what that was decided.
        outcome: ``higher`` is a shown difference in a metric that has no good end; ``fact`` is one that does
            not follow from returns, and is not tested.
        better: the better one, where that is the outcome.
        higher: the one with the higher stored value; None where they are equal.
        difference: the one less the other.
        interval: of 95 %, for all pairs of the set together.
        p: for having looked at all pairs of the set.
        days: number of returns.
        detectable: the difference that would have been seen with a probability of 0.8.

    """

    metric: str
    one: int
    other: int
    test: Test
    outcome: Outcome
    better: int | None
    higher: int | None
    difference: float | None
    interval: Interval | None
    p: float | None
    days: int
    detectable: float | None


@dataclass(frozen=True, slots=True)
class BenchmarkVerdict:
    """Whether the leader differs from the benchmark.

    Attributes:
        outcome: about the leader.
        test: as for a pair in the metric asked about, or in the mean return.
        p: of the test.
        difference: the leader less the benchmark in the metric, of the pair test.
        superior: the strategies that StepM finds better than the benchmark.

    """

    outcome: BenchmarkOutcome
    test: Test
    p: float | None
    difference: Difference | None
    superior: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to a question.

    Attributes:
        question: the metric and the end.
        leader: the first at that end; None where no strategy has a value.
        ranking: those with a value, the end asked for first.
        undefined: those without.
        against: the leader and each other of the ranking, in its order.
        ahead_of: those from which the leader is shown to differ.
        benchmark: None without one or without a leader.

    """

    question: Question
    leader: int | None
    ranking: tuple[int, ...]
    undefined: tuple[int, ...]
    against: tuple[PairVerdict, ...]
    ahead_of: tuple[int, ...]
    benchmark: BenchmarkVerdict | None


def verdict_of(
    analysis: Analysis, question: Question, values: Sequence[float | None] | None = None
) -> Verdict:
    """Answer a question; ``values``: the stored figures of a metric that does not follow from returns."""
    figures = analysis.values(question.metric) if question.metric in TESTABLE else tuple(values or ())
    order = ranking(question, figures)
    leader = order[0] if order else None
    against = tuple(pair_verdict(analysis, question.metric, order[0], other, figures) for other in order[1:])
    return Verdict(
        question,
        leader,
        order,
        tuple(n for n in range(len(analysis.strategies)) if n not in order),
        against,
        tuple(each.other for each in against if each.outcome in ("better", "higher")),
        None if leader is None else _against_benchmark(analysis, question.metric, leader),
    )


def pair_verdict(
    analysis: Analysis, metric: str, one: int, other: int, values: Sequence[float | None] | None = None
) -> PairVerdict:
    """Decide about two strategies.

    ``values``: as in `verdict_of`. Raises ValueError for a pair that the analysis does not have.
    """
    figures = values if metric not in TESTABLE and values is not None else analysis.values(metric)
    pair = analysis.pair(one, other)
    if pair is None and metric in TESTABLE:
        raise ValueError(f"strategies {one} and {other} were not compared")
    difference = None if pair is None else pair.differences.get(metric)
    first, second = figures[one], figures[other]
    gap = None if first is None or second is None else first - second
    higher = None if not gap else one if gap > 0.0 else other
    outcome = _decide(metric, gap, difference, identical=pair is not None and pair.identical)
    lower_is_better = METRICS[metric].direction == "lower_is_better"
    best = higher if not lower_is_better else one if higher == other else other
    return PairVerdict(
        metric,
        one,
        other,
        decided_by(metric, len(analysis.strategies)),
        outcome,
        best if outcome == "better" else None,
        None if outcome == "identical" else higher,
        gap,
        None if difference is None else difference.adjusted_interval,
        None if difference is None else difference.adjusted_p,
        analysis.days,
        None if difference is None else difference.detectable,
    )


def _decide(metric: str, gap: float | None, difference: Difference | None, *, identical: bool) -> Outcome:
    """Decide by the table above."""
    if identical:
        return "identical"
    if gap is None:
        return "undefined"
    if metric not in TESTABLE:
        return "fact"
    if difference is None or difference.adjusted_p is None:  # no variation, so no test
        return "identical" if abs(gap) < _EQUAL else "undefined"
    if difference.adjusted_p > ALPHA:
        return "no difference shown"
    return "higher" if METRICS[metric].direction == "neither" else "better"


def _against_benchmark(analysis: Analysis, metric: str, leader: int) -> BenchmarkVerdict | None:
    found = analysis.benchmark
    if found is None:
        return None
    single, many = TESTS["the benchmark"]
    ability, superior = found.superior_ability, found.superior
    if leader in found.identical:
        return BenchmarkVerdict("identical", "none", None, None, superior)
    differences = found.differences.get(metric)
    difference = differences[leader] if differences else None
    if len(analysis.strategies) < _MANY and METRICS[metric].direction != "neither" and difference:
        outcome = _beside_benchmark(metric, difference)
        return BenchmarkVerdict(outcome, single, difference.adjusted_p, difference, superior)
    if ability is None:
        return BenchmarkVerdict("undefined", "none", None, difference, superior)
    shown = ability.consistent <= ALPHA and leader in superior
    outcome = "better" if shown else "no difference shown"
    return BenchmarkVerdict(outcome, many, ability.consistent, difference, superior)


def _beside_benchmark(metric: str, difference: Difference) -> BenchmarkOutcome:
    if difference.adjusted_p is None or difference.difference is None:
        return "undefined"
    if difference.adjusted_p > ALPHA:
        return "no difference shown"
    higher = difference.difference > 0.0
    return "better" if higher == (METRICS[metric].direction == "higher_is_better") else "worse"

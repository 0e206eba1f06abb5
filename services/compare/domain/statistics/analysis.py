"""All statistics of a comparison, from the table of returns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal

import numpy as np

from services.compare.domain.statistics.bootstrap import RESAMPLES
from services.compare.domain.statistics.differences import Difference, difference_of, largest_from
from services.compare.domain.statistics.distributions import Bootstrap, Distribution
from services.compare.domain.statistics.estimators import BESIDE_BENCHMARK, TESTABLE, estimate
from services.compare.domain.statistics.kernels import FloatArray
from services.compare.domain.statistics.ledoit_wolf import SharpeTest, pair_block_length
from services.compare.domain.statistics.pairs import Pair, Pairs
from services.compare.domain.statistics.resamples import ROUNDING
from services.compare.domain.statistics.sharpe import (
    Moments,
    Trials,
    deflated_sharpe_ratio,
    minimum_track_record,
    probabilistic_sharpe_ratio,
)
from services.compare.domain.statistics.significance import Interval, Tails
from services.compare.domain.statistics.superiority import SuperiorAbility, superior_ability

End = Literal["highest", "lowest"]
"""Of the stored value: the largest drawdown is the lowest ``max_drawdown``."""

FEWEST_DAYS: Final = 20
MOST_ALL_PAIRS: Final = 20
"""Strategies of which all pairs are compared; of more only the leader with each other one."""

ALWAYS: Final = ("sharpe_ratio", "cagr", "max_drawdown")
"""The metrics that have an interval whatever is asked about."""


@dataclass(frozen=True, slots=True)
class Question:
    """Which strategy is at one end of a metric."""

    metric: str
    end: End = "highest"


@dataclass(frozen=True, slots=True)
class StrategyStatistics:
    """How sure the figures of one strategy are.

    Attributes:
        estimates: by metric, those asked about that follow from returns and `ALWAYS`.
        intervals: of 95 %, by the same names.
        probabilistic_sharpe_ratio: the probability that the true Sharpe ratio is above 0.
        minimum_track_record: days that would prove this Sharpe ratio above 0 at 95 %; None where it is not.
        deflated_sharpe_ratio: the probability that the true Sharpe ratio is above what the best of the trials
            has by luck; None where no trials are given.

    """

    estimates: Mapping[str, float | None]
    intervals: Mapping[str, Interval | None]
    probabilistic_sharpe_ratio: float | None
    minimum_track_record: int | None
    deflated_sharpe_ratio: float | None


@dataclass(frozen=True, slots=True)
class BenchmarkComparison:
    """The strategies beside their benchmark.

    Attributes:
        superior_ability: whether any has a higher mean return; None where all are equal to it.
        differences: each strategy less the benchmark, by metric (those that relate to the benchmark have
            none), adjusted for the number of strategies; None for those that were left out.
        identical: the strategies whose returns are those of the benchmark.

    """

    superior_ability: SuperiorAbility | None
    differences: Mapping[str, tuple[Difference | None, ...]]
    identical: tuple[int, ...]

    @property
    def superior(self) -> tuple[int, ...]:
        """The strategies that StepM finds better than the benchmark."""
        return self.superior_ability.superior if self.superior_ability else ()


@dataclass(frozen=True, slots=True)
class Method:
    """The choices behind the figures; with the returns they give the same figures again.

    Attributes:
        seed: of the resamples.
        resamples: B.
        block_length: mean days of a block of the stationary bootstrap.
        long_block_length: that for metrics of dispersion and tails.
        pair_block_length: days of a block in the test of Sharpe ratios.
        trials: what the Sharpe ratios are deflated by.

    """

    seed: int
    resamples: int
    block_length: float
    long_block_length: float
    pair_block_length: int
    trials: Trials | None


@dataclass(frozen=True, slots=True)
class Analysis:
    """The statistics of a comparison; positions are columns of the returns.

    Attributes:
        days: T, the number of common returns.
        strategies: in the order of the columns.
        pairs: all, or of more than `MOST_ALL_PAIRS` strategies each question's leader with each other one.
        benchmark: None without one.
        method: how the figures were computed.

    """

    days: int
    strategies: tuple[StrategyStatistics, ...]
    pairs: tuple[Pair, ...]
    benchmark: BenchmarkComparison | None
    method: Method

    def pair(self, one: int, other: int) -> Pair | None:
        """Find a pair, turned round if need be."""
        for each in self.pairs:
            if (each.one, each.other) == (one, other):
                return each
            if (each.other, each.one) == (one, other):
                return each.turned()
        return None

    def values(self, metric: str) -> tuple[float | None, ...]:
        """Return the estimates of a metric."""
        return tuple(each.estimates.get(metric) for each in self.strategies)


def analyse(
    returns: FloatArray,
    benchmark: FloatArray | None,
    questions: Sequence[Question],
    *,
    seed: int,
    trials: Trials | None = None,
    candidates: int = 0,
    resamples: int = RESAMPLES,
) -> Analysis:
    """Compute what can be said about some strategies, the best of so many candidates.

    Takes the simple daily returns on the common trading days, ``[T, n]``, and those of the benchmark,
    ``[T]``. Metrics without an estimator are passed over: `verdict_of` takes their stored figures.
    Raises ValueError for fewer than `FEWEST_DAYS` days, for no strategy, and for returns that are not finite
    or below -1.
    """
    bootstrap = _bootstrap(returns, benchmark, resamples, seed)
    count = returns.shape[1]
    names = tuple(dict.fromkeys((*ALWAYS, *(each.metric for each in questions if each.metric in TESTABLE))))
    distributions = bootstrap.distributions(names)
    asked = {name: each for name, each in distributions.items() if any(q.metric == name for q in questions)}
    strategies = _strategies(bootstrap, count, distributions, trials)
    ranked = [ranking(each, [one.estimates.get(each.metric) for one in strategies]) for each in questions]
    leaders = list(dict.fromkeys(order[0] for order in ranked if order))
    every = count <= MOST_ALL_PAIRS
    firsts = range(count) if every else leaders
    wanted = (
        list(combinations(range(count), 2))
        if every
        else [(leader, other) for leader in leaders for other in range(count) if other != leader]
    )
    beside = [] if benchmark is None else [(first, count) for first in firsts]
    pairs = Pairs(bootstrap, count, asked)
    tests = pairs.sharpe_tests([*wanted, *beside])
    return Analysis(
        len(returns),
        strategies,
        pairs.of(wanted, tests),
        None if benchmark is None else _beside_benchmark(bootstrap, asked, firsts, tests, candidates),
        Method(
            seed,
            resamples,
            bootstrap.block_length,
            bootstrap.long_block_length,
            pair_block_length(len(returns), bootstrap.memory),
            trials,
        ),
    )


def pairs_of(
    returns: FloatArray,
    benchmark: FloatArray | None,
    pairs: Sequence[tuple[int, int]],
    metrics: Sequence[str],
    *,
    seed: int,
    resamples: int = RESAMPLES,
) -> tuple[Pair, ...]:
    """Compare any pairs of positions; the figures are those of `analyse` for the same inputs."""
    bootstrap = _bootstrap(returns, benchmark, resamples, seed)
    distributions = bootstrap.distributions([name for name in dict.fromkeys(metrics) if name in TESTABLE])
    wanted = list(dict.fromkeys(pairs))
    found = Pairs(bootstrap, returns.shape[1], distributions)
    return found.of(wanted, found.sharpe_tests(wanted))


def ranking(question: Question, values: Sequence[float | None]) -> tuple[int, ...]:
    """Order the positions that have a value, the end asked for first."""
    defined = [(value, position) for position, value in enumerate(values) if value is not None]
    sign = -1.0 if question.end == "highest" else 1.0
    return tuple(position for _, position in sorted(defined, key=lambda each: (sign * each[0], each[1])))


def _bootstrap(returns: FloatArray, benchmark: FloatArray | None, resamples: int, seed: int) -> Bootstrap:
    bars, count = returns.shape
    if bars < FEWEST_DAYS or not count:
        raise ValueError(f"{bars} days of {count} strategies: at least {FEWEST_DAYS} of one are needed")
    columns = [returns] if benchmark is None else [returns, benchmark[:, None]]
    table = np.ascontiguousarray(np.hstack(columns), np.float64)
    if not np.isfinite(table).all() or table.min() < -1.0:
        raise ValueError("a return is not a number of at least -1")
    return Bootstrap(table, None if benchmark is None else count, resamples, seed)


def _strategies(
    bootstrap: Bootstrap, count: int, distributions: Mapping[str, Distribution], trials: Trials | None
) -> tuple[StrategyStatistics, ...]:
    sample = bootstrap.sample
    skewness, kurtosis = estimate("skewness", sample)[0], estimate("kurtosis", sample)[0] + 3.0
    statistics = []
    for n in range(count):
        deviation = float(sample.deviation[0, n])
        moments = None
        if deviation:
            sharpe = float(sample.mean[0, n]) / deviation
            moments = Moments(sharpe, float(skewness[n]), float(kurtosis[n]), sample.size)
        statistics.append(
            StrategyStatistics(
                {name: _number(each.figure(float(each.point[n]))) for name, each in distributions.items()},
                {name: each.interval(n) for name, each in distributions.items()},
                None if moments is None else probabilistic_sharpe_ratio(moments),
                None if moments is None else minimum_track_record(moments),
                None if moments is None or trials is None else deflated_sharpe_ratio(moments, trials),
            )
        )
    return tuple(statistics)


def _beside_benchmark(
    bootstrap: Bootstrap,
    asked: Mapping[str, Distribution],
    positions: Sequence[int],
    tests: Mapping[tuple[int, int], SharpeTest],
    candidates: int,
) -> BenchmarkComparison:
    origin, table = bootstrap.returns.shape[1] - 1, bootstrap.returns
    means = bootstrap.short.mean
    excess = table[:, :origin] - table[:, [origin]]
    identical = tuple(int(each) for each in np.flatnonzero(np.abs(excess).max(axis=0) <= ROUNDING))
    differences = {}
    for name, each in asked.items():
        if name in BESIDE_BENCHMARK:
            continue
        family = largest_from(each, origin, origin)
        differences[name] = tuple(
            difference_of(
                name, each, n, origin, family, tests.get((n, origin)) if name == "sharpe_ratio" else None
            )
            if n in positions
            else None
            for n in range(origin)
        )
    return BenchmarkComparison(
        superior_ability(
            excess,
            means[:, :origin] - means[:, [origin]],
            bootstrap.block_length,
            Tails.of(len(table), bootstrap.block_length),
            candidates,
        ),
        differences,
        identical,
    )


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None

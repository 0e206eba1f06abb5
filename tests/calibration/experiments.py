"""The experiments: no difference, a real one, and the best of many without skill."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np

from services.compare.domain.statistics import (
    ALWAYS,
    TESTABLE,
    Analysis,
    Interval,
    Question,
    analyse,
    pair_verdict,
    verdict_of,
)
from tests.calibration.markets import LENGTHS, MARKETS, PROCESSES, SHARPE, Market

QUESTIONS: Final = tuple(Question(metric) for metric in sorted(TESTABLE))
DIFFERENCES: Final = (0.25, 0.5, 1.0, 1.5, 2.0)
STRATEGIES: Final = 200
"""In a universe of strategies without skill."""
CANDIDATES: Final = 1_000
"""In a universe of more than are compared."""

_TRUTH_PATHS: Final = 3_000


@dataclass(frozen=True, slots=True)
class Pair:
    """What was said about two strategies.

    Attributes:
        market: where they ran.
        shown: the metrics in which a difference was shown.
        tested: those that could be tested.
        covered: whether the intervals of the first held the true figure, by metric and kind of interval.

    """

    market: Market
    shown: frozenset[str]
    tested: frozenset[str]
    covered: dict[tuple[str, str], bool]


@dataclass(frozen=True, slots=True)
class RealDifference:
    """What was said about two strategies that differ.

    Attributes:
        difference: of the true annual Sharpe ratios.
        days: T.
        seen: whether the better one was said to be.
        mistaken: whether the other one was.

    """

    difference: float
    days: int
    seen: bool
    mistaken: bool


@dataclass(frozen=True, slots=True)
class Universe:
    """What was said about many strategies without skill.

    Attributes:
        market: where they ran.
        better: whether the best was said to be better than the benchmark.
        ranked: whether it was above the benchmark.
        ahead: whether it was said to be ahead of any other strategy.

    """

    market: Market
    better: bool
    ranked: bool
    ahead: bool


def pairs_without_difference(count: int, seed: int, markets: tuple[Market, ...] = MARKETS) -> Iterator[Pair]:
    """Simulate pairs with equal true figures, and a benchmark as alike, going round the markets."""
    for number in range(count):
        market = markets[number % len(markets)]
        returns = market.simulate(np.random.default_rng((seed, 0, number)), 3)
        analysis = analyse(returns[:, :2], returns[:, 2], QUESTIONS, seed=number)
        outcomes = {
            question.metric: pair_verdict(analysis, question.metric, 0, 1).outcome for question in QUESTIONS
        }
        yield Pair(
            market,
            frozenset(metric for metric, outcome in outcomes.items() if outcome in ("better", "higher")),
            frozenset(metric for metric, outcome in outcomes.items() if outcome != "undefined"),
            _covered(analysis, market),
        )


def pairs_with_difference(count: int, seed: int) -> Iterator[RealDifference]:
    """Simulate pairs whose Sharpe ratios differ: of each difference and length so many, going round."""
    for number in range(count * len(DIFFERENCES) * 2):
        days, difference = LENGTHS[1 + number % 2], DIFFERENCES[number // 2 % len(DIFFERENCES)]
        market = Market(PROCESSES[number % 3], 0.5, days)
        sharpe = np.array([SHARPE + difference, SHARPE])
        returns = market.simulate(np.random.default_rng((seed, 1, number)), 2, sharpe)
        analysis = analyse(returns, None, [Question("sharpe_ratio")], seed=number)
        verdict = pair_verdict(analysis, "sharpe_ratio", 0, 1)
        yield RealDifference(difference, days, verdict.better == 0, verdict.better == 1)


def universes(
    count: int, seed: int, strategies: int = STRATEGIES, compared: int = STRATEGIES
) -> Iterator[Universe]:
    """Simulate strategies that differ from their benchmark by luck alone, in markets of a year or more.

    The first of them by their Sharpe ratios are compared, as of more strategies than a comparison takes.
    """
    markets = [each for each in MARKETS if each.days >= LENGTHS[1]]
    question = Question("sharpe_ratio")
    for number in range(count):
        market = markets[number % len(markets)]
        returns = market.simulate(np.random.default_rng((seed, 2, number)), strategies + 1)
        ratios = returns[:, :-1].mean(axis=0) / returns[:, :-1].std(axis=0)
        first, benchmark = returns[:, np.argsort(-ratios)[:compared]], returns[:, -1]
        candidates = strategies if compared < strategies else 0
        analysis = analyse(first, benchmark, [question], seed=number, candidates=candidates)
        verdict = verdict_of(analysis, question)
        best = max(value for value in analysis.values("sharpe_ratio") if value is not None)
        own = float(benchmark.mean() / benchmark.std(ddof=1) * np.sqrt(252.0))
        said = verdict.benchmark is not None and verdict.benchmark.outcome == "better"
        yield Universe(market, said, best > own, bool(verdict.ahead_of))


def _covered(analysis: Analysis, market: Market) -> dict[tuple[str, str], bool]:
    """Compare the percentile interval, and the basic one that mirrors it, with the true figure."""
    found = {}
    first = analysis.strategies[0]
    for metric, truth in zip(ALWAYS, true_figures(replace(market, correlation=0.0)), strict=True):
        interval, estimate = first.intervals[metric], first.estimates[metric]
        if interval is not None and estimate is not None:
            basic = Interval(2.0 * estimate - interval.high, 2.0 * estimate - interval.low)
            for kind, each in (("percentile", interval), ("basic", basic)):
                found[metric, kind] = each.low <= truth <= each.high
    return found


@cache
def true_figures(market: Market) -> tuple[float, float, float]:
    """Return the true Sharpe ratio, and the median growth rate and maximum drawdown of so many days."""
    returns = market.simulate(np.random.default_rng(0), _TRUTH_PATHS)
    equity = np.cumprod(1.0 + returns, axis=0)
    peak = np.maximum(np.maximum.accumulate(equity, axis=0), 1.0)
    growth = np.median(equity[-1]) ** (252.0 / market.days) - 1.0
    return SHARPE, float(growth), float(np.median((equity / peak - 1.0).min(axis=0)))

"""Beyond the benchmark: `arch` has the tests of Hansen and of Romano and Wolf."""

import numpy as np
import pytest
from arch.bootstrap import SPA, StepM
from numpy.typing import NDArray

from services.compare.domain.statistics.bootstrap import stationary_days
from services.compare.domain.statistics.resamples import Resamples
from services.compare.domain.statistics.superiority import (
    SuperiorAbility,
    long_run_variance,
    superior_ability,
)
from tests.unit.compare.statistics.markets import market


def ours(excess: NDArray[np.float64], length: float = 5.0, count: int = 4_000) -> SuperiorAbility:
    resampled = Resamples(excess, stationary_days(len(excess), length, count, seed=1)).mean
    found = superior_ability(excess, resampled, length)
    assert found is not None
    return found


def for_arch(excess: NDArray[np.float64]) -> NDArray[np.float64]:
    """Losses in standard errors: arch does not divide by these before it takes the largest."""
    return -excess / np.sqrt(long_run_variance(excess, 5.0))


def excess_of(seed: int, days: int = 400) -> NDArray[np.float64]:
    returns = market(seed, days, 12, sharpe=0.0)
    returns[:, 3:6] -= 0.002
    returns[:, 0] += 0.0004 * seed
    return np.ascontiguousarray(returns)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_p_values_are_those_of_arch(seed: int) -> None:
    excess = excess_of(seed)
    oracle = SPA(np.zeros(len(excess)), for_arch(excess), block_size=5, reps=2_000, seed=seed)
    oracle.compute()

    found = ours(excess)

    for name in ("lower", "consistent", "upper"):
        assert getattr(found, name) == pytest.approx(oracle.pvalues[name], abs=0.035)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_superior_ones_are_those_of_arch(seed: int) -> None:
    excess = excess_of(seed)
    excess[:, 7:9] += 0.0015
    oracle = StepM(np.zeros(len(excess)), for_arch(excess), block_size=5, reps=2_000, seed=seed)
    oracle.compute()

    assert list(ours(excess).superior) == [int(each) for each in oracle.superior_models]


def test_the_variance_is_that_of_the_bootstrap() -> None:
    excess = excess_of(5)
    for t in range(1, len(excess)):
        excess[t] += 0.3 * excess[t - 1]
    resampled = Resamples(excess, stationary_days(len(excess), 8.0, 4_000, seed=2)).mean

    assert long_run_variance(excess, 8.0) == pytest.approx(resampled.var(axis=0) * len(excess), rel=0.12)


def test_superior_ones_come_with_a_small_p() -> None:
    for seed in range(12):
        found = ours(excess_of(seed, days=100), count=400)
        assert found.lower <= found.consistent <= found.upper
        assert bool(found.superior) == (found.consistent <= 0.05)


def test_those_that_are_the_benchmark_do_not_count() -> None:
    excess = excess_of(6)
    excess[:, 2] = 0.0
    without = np.ascontiguousarray(np.delete(excess, 2, axis=1))
    assert ours(excess).consistent == ours(without).consistent
    nothing = np.zeros((100, 3))
    assert superior_ability(nothing, np.zeros((50, 3)), 2.0) is None


def test_of_the_best_of_many_the_p_value_is_that_of_the_best_of_all() -> None:
    rng = np.random.default_rng(4)
    excess = rng.normal(0.0, 0.01, (500, 10)) + np.array([0.0015, *[0.0] * 9])
    resampled = excess[rng.integers(0, 500, (999, 500))].mean(axis=1)
    alone, chosen, few = (
        superior_ability(excess, resampled, 1.0, candidates=candidates) for candidates in (10, 200, 3)
    )
    assert alone is not None
    assert chosen is not None
    assert alone == few == superior_ability(excess, resampled, 1.0)
    assert chosen.consistent == pytest.approx(1.0 - (1.0 - alone.consistent) ** 20)
    assert set(chosen.superior) <= set(alone.superior)


def test_the_best_of_a_thousand_without_merit_do_not_beat_the_benchmark() -> None:
    better = {0: 0, 1_000: 0}
    for seed in range(8):
        rng = np.random.default_rng(seed)
        excess = rng.normal(0.0, 0.01, (252, 1_000))
        best = excess[:, np.argsort(-excess.mean(axis=0))[:50]]
        resampled = best[rng.integers(0, 252, (999, 252))].mean(axis=1)
        for candidates in better:
            found = superior_ability(best, resampled, 1.0, candidates=candidates)
            better[candidates] += found is not None and found.consistent <= 0.05
    assert better[1_000] == 0
    assert better[0] > 2  # of eight, if it is not known that they were chosen

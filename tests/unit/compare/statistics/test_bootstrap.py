"""The resamples: their blocks, and the oracle `arch` for lengths and moments."""

import numpy as np
import pytest
from arch.bootstrap import StationaryBootstrap, optimal_block_length

from services.compare.domain.statistics import seed_of
from services.compare.domain.statistics.bootstrap import block_lengths, block_starts, stationary_days
from services.compare.domain.statistics.resamples import Resamples
from tests.unit.compare.statistics.markets import market


@pytest.mark.parametrize("days", [20, 60, 252, 1_000])
def test_block_lengths_are_those_of_arch(days: int) -> None:
    shocks = market(days, days, 5, shared=0.0)
    series = shocks.copy()
    for t in range(1, days):
        series[t] += np.array([0.0, 0.1, 0.3, 0.7, 0.95]) * series[t - 1]

    expected = optimal_block_length(series)["stationary"].to_numpy()

    assert block_lengths(series) == pytest.approx(np.maximum(expected, 1.0))


def test_what_is_constant_needs_no_blocks() -> None:
    series = np.column_stack([np.zeros(100), np.full(100, 0.001)])
    assert block_lengths(series).tolist() == [1.0, 1.0]


def test_blocks_have_the_mean_length_asked_for() -> None:
    days = stationary_days(500, 7.0, 400, seed=1)
    begins = (np.diff(days, axis=1) % 500 != 1).mean()

    assert 1.0 / begins == pytest.approx(7.0, rel=0.02)
    assert days.min() == 0
    assert days.max() == 499


def test_every_day_is_drawn_equally_often() -> None:
    times = np.bincount(stationary_days(50, 3.0, 4_000, seed=2).ravel(), minlength=50)
    assert times == pytest.approx(4_000, rel=0.06)


def test_blocks_of_one_day_are_independent_draws() -> None:
    days = stationary_days(200, 1.0, 100, seed=3)
    assert (np.diff(days, axis=1) % 200 == 1).mean() == pytest.approx(1 / 200, abs=0.003)


def test_moments_are_those_of_arch() -> None:
    returns = market(4, 300, 1)
    for t in range(1, 300):
        returns[t] += 0.3 * returns[t - 1]
    oracle = StationaryBootstrap(6, returns[:, 0], seed=5)
    expected = oracle.apply(lambda r: np.array([r.mean(), r.std(ddof=1)]), 4_000)

    found = Resamples(returns, stationary_days(300, 6.0, 4_000, seed=6))

    for ours, theirs in ((found.mean, expected[:, 0]), (found.deviation, expected[:, 1])):
        assert ours.mean() == pytest.approx(theirs.mean(), abs=4.0 * theirs.std() / np.sqrt(2_000))
        assert ours.std() == pytest.approx(theirs.std(), rel=0.06)


def test_the_same_seed_draws_the_same() -> None:
    assert np.array_equal(stationary_days(90, 4.0, 9, seed=7), stationary_days(90, 4.0, 9, seed=7))
    assert not np.array_equal(stationary_days(90, 4.0, 9, seed=7), stationary_days(90, 4.0, 9, seed=8))
    assert np.array_equal(block_starts(90, 4, 9, seed=7), block_starts(90, 4, 9, seed=7))


def test_the_draws_are_these_on_every_machine() -> None:
    days = stationary_days(1_000, 3.0, 2, seed=1)[:, :6]
    assert days.tolist() == [[473, 474, 475, 476, 104, 432], [854, 855, 856, 76, 295, 503]]
    assert block_starts(1_000, 250, 2, seed=1).tolist() == [[331, 611, 507, 156], [804, 18, 76, 437]]


def test_a_seed_is_of_all_parts_and_their_borders() -> None:
    assert seed_of("ab", "c") == seed_of(b"ab", "c")
    assert len({seed_of("ab", "c"), seed_of("a", "bc"), seed_of("c", "ab"), seed_of("abc")}) == 4
    assert seed_of("ab", "c") == 6925784671553650220

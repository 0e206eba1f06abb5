"""The test of two Sharpe ratios: the authors' examples, and the paper's formulas written plainly."""

import math
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray

from services.compare.domain.statistics.bootstrap import block_starts
from services.compare.domain.statistics.ledoit_wolf import (
    pair_block_length,
    sharpe_tests,
    standard_errors,
    studentised_differences,
)
from services.compare.domain.statistics.significance import p_value
from tests.unit.compare.statistics.markets import market

A_YEAR = math.sqrt(252.0)

MONTHS = np.loadtxt(Path(__file__).with_name("ledoit_wolf_2008.csv"), delimiter=",", skiprows=1)
"""The monthly returns in percent, 1994 to 2003, that the authors publish beside the paper: two mutual funds,
two hedge funds."""


def published(one: int, other: int, length: int) -> tuple[float, float, float, float]:
    """Return difference, standard error, and the p-values of both, in percent as the authors have them."""
    ratio = MONTHS.mean(axis=0) / MONTHS.std(axis=0, ddof=1)
    difference, pairs = float(ratio[one] - ratio[other]), np.array([[one, other]])
    error = float(standard_errors(MONTHS, pairs)[0])
    sizes = studentised_differences(MONTHS, pairs, np.array([difference]), length, 4_999, seed=1)[:, 0]
    statistic = abs(difference) / error
    return difference, error, 2.0 * NormalDist().cdf(-statistic), p_value(sizes, statistic)


def test_the_hedge_funds_of_the_paper() -> None:
    """Difference, standard error and its p-value are those of the authors' program, to all its digits."""
    difference, error, p_normal, p = published(2, 3, length=10)

    assert difference == pytest.approx(-0.4463183, abs=5e-8)
    assert error == pytest.approx(0.3872694, abs=5e-8)
    assert p_normal == pytest.approx(0.2491259, abs=5e-8)
    assert p == pytest.approx(0.294, abs=0.015)


def test_the_mutual_funds_of_the_paper() -> None:
    assert published(0, 1, length=5)[3] == pytest.approx(0.092, abs=0.015)


def test_the_unit_of_the_returns_is_of_no_account() -> None:
    """It is in the authors' program: their singular values are of percents."""
    found = [
        sharpe_tests(MONTHS * unit, [(0, 1), (2, 3)], 5, 499, seed=1)
        for unit in (1.0, 0.01, np.array([1.0, 0.5, 0.01, 3.0]))
    ]
    for pair in ((0, 1), (2, 3)):
        for each in found[1:]:
            assert each[pair].standard_error == pytest.approx(found[0][pair].standard_error)
            assert each[pair].p == found[0][pair].p
    assert found[0][2, 3].difference / A_YEAR == pytest.approx(-0.4463183, abs=5e-8)
    assert found[0][2, 3].p == pytest.approx(0.249, abs=0.1)


def plain_bootstrap(
    returns: NDArray[np.float64], difference: float, starts: NDArray[np.int32], length: int
) -> NDArray[np.float64]:
    """Section 3.2.2 of the paper, with its names."""
    found = []
    bars = len(returns)
    for begins in starts:
        days = (begins[:, None] + np.arange(length)).ravel() % bars
        star = returns[days]
        mu, gamma = star.mean(axis=0), (star**2).mean(axis=0)
        delta = (star.mean(axis=0) / star.std(axis=0, ddof=1)) @ [1.0, -1.0]
        power = (gamma - mu**2) ** 1.5
        gradient = np.array(
            [gamma[0] / power[0], -gamma[1] / power[1], -mu[0] / power[0] / 2.0, mu[1] / power[1] / 2.0]
        )
        y = np.column_stack([star - mu, star**2 - gamma])
        zeta = y.reshape(len(begins), length, 4).sum(axis=1) / math.sqrt(length)
        psi = zeta.T @ zeta / len(begins)
        found.append(abs(delta - difference) / math.sqrt(gradient @ psi @ gradient / bars))
    return np.array(found)


@pytest.mark.parametrize(("days", "length"), [(60, 4), (252, 6), (250, 7)])
def test_the_bootstrap_is_that_of_the_paper(days: int, length: int) -> None:
    returns = market(days, days, 2)
    starts = block_starts(days, length, 30, seed=9)

    found = studentised_differences(returns, np.array([[0, 1]]), np.array([0.01]), length, 30, seed=9)

    np.testing.assert_allclose(found[:, 0], plain_bootstrap(returns, 0.01, starts, length), rtol=1e-9)


def test_independent_normal_returns_have_the_textbook_error() -> None:
    """Jobson & Korkie (1981), as corrected by Memmel (2003)."""
    rng = np.random.default_rng(10)
    returns = rng.normal(0.0005, 0.01, (20_000, 2))
    one, other = returns.mean(axis=0) / returns.std(axis=0)
    rho = np.corrcoef(returns.T)[0, 1]
    variance = 2.0 - 2.0 * rho + (one**2 + other**2 - 2.0 * one * other * rho**2) / 2.0

    assert standard_errors(returns, np.array([[0, 1]]))[0] == pytest.approx(
        math.sqrt(variance / 20_000), rel=0.1
    )


def test_more_pairs_change_no_pair() -> None:
    returns = market(11, 100, 12)
    pairs = [(one, other) for one in range(12) for other in range(one)]
    together = sharpe_tests(returns, pairs, 4, 99, seed=1)
    for pair in pairs[::7]:
        alone = sharpe_tests(returns, [pair], 4, 99, seed=1)[pair]
        assert alone.p == together[pair].p
        assert alone.standard_error == pytest.approx(together[pair].standard_error, rel=1e-9)


def test_a_lever_is_no_difference_to_test() -> None:
    returns = market(12, 100, 1)
    both = np.hstack([returns, 2.0 * returns])
    assert sharpe_tests(both, [(0, 1)], 4, 99, seed=1) == {}


def test_what_is_constant_is_not_tested() -> None:
    returns = np.hstack([market(13, 100, 1), np.zeros((100, 1))])
    assert sharpe_tests(returns, [(0, 1)], 4, 99, seed=1) == {}


def test_p_and_interval_agree() -> None:
    returns = market(14, 80, 15)
    pairs = [(one, other) for one in range(15) for other in range(one)]
    for test in sharpe_tests(returns, pairs, 3, 199, seed=2).values():
        assert test.interval is not None
        assert (test.p <= 0.05) == (test.interval.low > 0.0 or test.interval.high < 0.0)


def test_few_trades_leave_resamples_without_variance() -> None:
    returns = np.zeros((60, 2))
    returns[5, 0], returns[40, 1] = 0.01, -0.02
    test = sharpe_tests(returns, [(0, 1)], 3, 199, seed=3)[0, 1]
    assert test.half_width is None
    assert test.interval is None
    assert 0.05 < test.p <= 1.0


@pytest.mark.parametrize(
    ("days", "asked", "expected"),
    [(20, 1.0, 2), (60, 1.0, 3), (252, 2.5, 4), (2_520, 1.0, 7), (252, 30.2, 31)],
)
def test_block_lengths(days: int, asked: float, expected: int) -> None:
    assert pair_block_length(days, asked) == expected

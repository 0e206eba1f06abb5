"""The metrics of resamples: by the backtest service's own functions, on the days that were drawn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from backchat_contracts import METRICS
from services.backtest.domain.simulator import Fills, Run
from services.compare.domain.statistics import TESTABLE
from services.compare.domain.statistics.bootstrap import stationary_days
from services.compare.domain.statistics.distributions import LONG_BLOCKS
from services.compare.domain.statistics.estimators import BESIDE_BENCHMARK, estimate
from services.compare.domain.statistics.resamples import Resamples
from services.metrics import COMPUTED, Sample
from tests.unit.compare.statistics.markets import market

OF_TRADES = {
    "final_equity", "benchmark_return", "trades", "win_rate", "profit_factor", "payoff_ratio", "expectancy",
    "exposure", "turnover", "costs_paid",
}  # fmt: skip


def backtested(metric: str, returns: NDArray[np.float64], benchmark: NDArray[np.float64]) -> float | None:
    """Compute a metric by the backtest service's function."""
    equity, beside = (np.concatenate([[1.0], np.cumprod(1.0 + series)]) for series in (returns, benchmark))
    nothing, whole = np.zeros(0), np.zeros(0, dtype=np.int64)
    run = Run(
        equity, equity, np.zeros((len(equity), 1)), Fills(whole, whole, nothing, nothing, nothing, nothing)
    )
    return COMPUTED[metric](Sample(run, beside))


def agree(found: NDArray[np.float64], expected: list[float | None]) -> None:
    wanted = np.array([np.nan if each is None else each for each in expected])
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)


def test_each_metric_follows_from_returns_or_from_trades() -> None:
    assert METRICS.keys() - OF_TRADES == TESTABLE
    assert LONG_BLOCKS | BESIDE_BENCHMARK < TESTABLE


@pytest.mark.parametrize("metric", sorted(TESTABLE))
@pytest.mark.parametrize("days", [20, 60, 500])
def test_the_sample_has_the_figures_of_the_backtest(metric: str, days: int) -> None:
    returns = market(days, days, 5)
    returns[:, 1] = 0.0
    returns[:, 2] = 0.001
    returns[days // 2, 3] = 0.0

    found = estimate(metric, Resamples.of_itself(returns, benchmark=4))[0]

    agree(found, [backtested(metric, each, returns[:, 4]) for each in returns.T])


@pytest.mark.parametrize("metric", sorted(TESTABLE))
def test_a_resample_has_the_figures_of_its_days(metric: str) -> None:
    returns = market(11, 120, 3)
    days = stationary_days(120, 4.0, 5, seed=12)

    found = estimate(metric, Resamples(returns, days, benchmark=2))

    for values, drawn in zip(found, days, strict=True):
        agree(values, [backtested(metric, each, returns[drawn, 2]) for each in returns[drawn].T])


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(4)), st.integers(0, 2**32))
def test_a_column_does_not_know_its_place(order: list[int], seed: int) -> None:
    returns = market(seed % 1_000, 60, 5)
    days = stationary_days(60, 3.0, 4, seed)
    moved = np.ascontiguousarray(returns[:, [*order, 4]])
    for metric in TESTABLE:
        straight = estimate(metric, Resamples(returns, days, 4))[:, [*order, 4]]
        assert np.array_equal(estimate(metric, Resamples(moved, days, 4)), straight, equal_nan=True)


def test_without_a_benchmark_what_relates_to_it_is_not_defined() -> None:
    sample = Resamples.of_itself(market(13, 60, 2))
    for metric in BESIDE_BENCHMARK:
        assert np.isnan(estimate(metric, sample)).all()


def test_a_total_loss_is_a_figure() -> None:
    returns = market(14, 60, 2)
    returns[30, 0] = -1.0
    sample = Resamples.of_itself(returns, benchmark=1)

    assert estimate("cagr", sample)[0, 0] == -1.0
    assert estimate("max_drawdown", sample)[0, 0] == -1.0
    assert estimate("longest_drawdown", sample)[0, 0] >= 30
    assert all(np.isfinite(estimate(metric, sample)[0, 0]) for metric in TESTABLE)

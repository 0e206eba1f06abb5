"""The simulated markets have the properties that they are named for."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.calibration.markets import MARKETS, Market, Process


def simulated(process: Process, correlation: float = 0.5) -> NDArray[np.float64]:
    return Market(process, correlation, 20_000).simulate(np.random.default_rng(1), 2)


def autocorrelation(series: NDArray[np.float64]) -> float:
    return float(np.corrcoef(series[1:], series[:-1])[0, 1])


def test_there_is_one_of_each_kind() -> None:
    assert len(MARKETS) == len(set(MARKETS)) == 27


@pytest.mark.parametrize("process", ["independent", "autocorrelated", "clustered"])
def test_mean_and_deviation_are_the_true_ones(process: Process) -> None:
    returns = simulated(process)
    assert returns.std(axis=0) == pytest.approx(0.01, rel=0.1)
    assert returns.mean(axis=0) == pytest.approx(
        0.01 * 0.5 / np.sqrt(252.0), abs=4.0 * 0.01 / np.sqrt(20_000)
    )


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9])
def test_strategies_are_correlated(correlation: float) -> None:
    returns = simulated("independent", correlation)
    assert np.corrcoef(returns.T)[0, 1] == pytest.approx(correlation, abs=0.05)


def test_autocorrelation_and_clusters() -> None:
    independent, persistent, clustered = (
        simulated(process)[:, 0] for process in ("independent", "autocorrelated", "clustered")
    )
    assert autocorrelation(independent) == pytest.approx(0.0, abs=0.03)
    assert autocorrelation(persistent) == pytest.approx(0.1, abs=0.03)
    assert autocorrelation(clustered) == pytest.approx(0.0, abs=0.05)
    assert autocorrelation(np.abs(independent)) == pytest.approx(0.0, abs=0.03)
    assert autocorrelation(np.abs(clustered)) > 0.05


def test_a_difference_is_in_the_true_sharpe_ratio() -> None:
    market = Market("independent", 0.5, 50_000)
    returns = market.simulate(np.random.default_rng(2), 2, np.array([3.0, 0.0]))
    ratios = returns.mean(axis=0) / returns.std(axis=0) * np.sqrt(252.0)
    assert ratios == pytest.approx([3.0, 0.0], abs=0.25)

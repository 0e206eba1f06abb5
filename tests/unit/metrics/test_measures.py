"""The metrics of a tear sheet: worked examples, and empyrical, SciPy and pandas as oracles."""

import math
from typing import Any

import empyrical
import numpy as np
import pandas as pd
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from backchat_contracts import Performance
from services.backtest.domain.prices import select_prices
from services.backtest.domain.simulator import Costs, Run, simulate
from services.backtest.domain.strategy_types import build_strategy
from services.backtest.market_data.sample import SampleMarketData
from services.metrics import Sample, measure
from services.metrics.account import Fills
from tests import drawn

CASH = 1_000.0
BOUNDS = -0.2, 0.25
RETURNS = drawn.returns(60, 300, *BOUNDS)


def run_of(equity: Any, cash: Any = 0.0, fills: tuple[tuple[float, float, float, float], ...] = ()) -> Run:
    """A run with fills of shares, price, commission and realised profit."""
    curve = np.asarray(equity, dtype=np.float64)
    shares, price, commission, profit = np.array(fills, dtype=np.float64).reshape(-1, 4).T
    whole = np.zeros(len(shares), dtype=np.int64)
    filled = Fills(whole, whole, shares, price, commission, profit)
    return Run(curve, np.zeros(len(curve)) + cash, np.zeros((len(curve), 1)), filled)


def curve_of(returns: ArrayLike) -> Any:
    return CASH * np.concatenate(([1.0], np.cumprod(1.0 + np.array(returns))))


def measured(returns: ArrayLike, benchmark: ArrayLike) -> Performance:
    return measure(Sample(run_of(curve_of(returns)), curve_of(benchmark)))


def same(ours: float | None, theirs: float) -> None:
    """Where the oracle has no finite value, we have none."""
    if ours is None:
        assert not math.isfinite(theirs) or abs(theirs) > 1e9
    else:
        assert ours == pytest.approx(theirs, rel=1e-7, abs=1e-9)


@given(RETURNS, st.data())
def test_what_empyrical_computes(returns: np.ndarray, data: st.DataObject) -> None:
    size = len(returns)
    benchmark = data.draw(drawn.returns(size, size, *BOUNDS))
    ours = measured(returns, benchmark)
    r, b = (pd.Series(np.diff(curve) / curve[:-1]) for curve in map(curve_of, (returns, benchmark)))

    same(ours.value_at_risk, empyrical.value_at_risk(r))
    same(ours.conditional_value_at_risk, empyrical.conditional_value_at_risk(r))
    with np.errstate(all="ignore"):
        same(ours.tail_ratio, empyrical.tail_ratio(r))
        same(ours.calmar_ratio, empyrical.calmar_ratio(r))
    if b.std() > 1e-6:
        same(ours.beta, empyrical.beta(r, b))
        same(ours.alpha, empyrical.alpha(r, b))
    if (r - b).std() > 1e-6:
        same(ours.information_ratio, empyrical.excess_sharpe(r, b) * math.sqrt(252))
        same(ours.tracking_error, float((r - b).std()) * math.sqrt(252))
    for capture, oracle, days in (
        (ours.up_capture, empyrical.up_capture, b > 0),
        (ours.down_capture, empyrical.down_capture, b < 0),
    ):
        if capture is not None and abs(empyrical.annual_return(b[days])) > 1e-6:
            same(capture, oracle(r, b))


@pytest.mark.parametrize("fall", [1e-16, 1e-15, 1e-13])
def test_a_fall_of_rounding_is_no_drawdown_to_divide_by(fall: float) -> None:
    assert measured([*(59 * [0.0]), -fall], 60 * [0.0]).calmar_ratio is None


@given(RETURNS)
def test_the_moments_are_those_of_scipy(returns: np.ndarray) -> None:
    ours = measured(returns, returns)
    if float(np.std(returns)) > 1e-4:
        same(ours.skewness, float(scipy.stats.skew(returns)))
        same(ours.kurtosis, float(scipy.stats.kurtosis(returns)))


def test_moments_of_what_never_moves_are_not_defined() -> None:
    flat = measured(60 * [0.0], 60 * [0.0])
    undefined = ("skewness", "kurtosis", "tail_ratio", "calmar_ratio", "beta", "alpha", "information_ratio")
    assert [getattr(flat, name) for name in undefined] == [None] * 7
    assert (flat.up_capture, flat.down_capture) == (None, None)
    assert (flat.tracking_error, flat.value_at_risk, flat.time_under_water) == (0.0, 0.0, 0.0)


def test_time_under_water_by_hand() -> None:
    sheet = measure(Sample(run_of([100, 90, 100, 110, 99, 88, 110, 100]), np.ones(8)))

    assert sheet.longest_drawdown == 2  # 99 and 88: at 110 the peak is reached
    assert sheet.time_under_water == 4 / 8
    falls = [0.1, 0.1, 0.2, 1 / 11]
    assert sheet.ulcer_index == pytest.approx(math.sqrt(sum(fall**2 for fall in falls) / 8))


def test_a_drawdown_that_does_not_end_counts_to_the_last_day() -> None:
    assert measure(Sample(run_of([100, 90, 91, 92]), np.ones(4))).longest_drawdown == 3
    assert measure(Sample(run_of([100, 110, 120]), np.ones(3))).longest_drawdown == 0


def test_what_the_sells_gained_and_lost_by_hand() -> None:
    bought = (10.0, 10.0, 1.0, 0.0)
    sold = ((-5.0, 12.0, 1.0, 8.0), (-3.0, 9.0, 1.0, -4.0), (-2.0, 11.0, 1.0, 0.0))
    sheet = measure(Sample(run_of([100, 101, 102], cash=[100, 0, 51], fills=(bought, *sold)), np.ones(3)))

    assert sheet.profit_factor == 2.0
    assert sheet.payoff_ratio == 2.0
    costs = (60 - 1 - 8, 27 - 1 + 4, 22 - 1)
    assert sheet.expectancy == pytest.approx((8 / costs[0] - 4 / costs[1]) / 3)
    assert sheet.exposure == pytest.approx((0 + 1 + 0.5) / 3)
    assert sheet.costs_paid == 4.0


def test_sells_that_only_gain_have_no_ratio_to_losses() -> None:
    sheet = measure(Sample(run_of([100, 101, 102], fills=((-5.0, 12.0, 1.0, 8.0),)), np.ones(3)))

    assert (sheet.profit_factor, sheet.payoff_ratio) == (None, None)
    assert sheet.expectancy == pytest.approx(8 / 51)


def test_costs_are_commission_and_slippage_together() -> None:
    """What a free run would have been worth, where nothing is reinvested, is more by just the costs."""
    prices = select_prices(SampleMarketData(), ["AAPL"], None, None)
    costs = Costs(commission_rate=0.002, slippage_rate=0.01)
    run = simulate(prices, build_strategy("buy_and_hold", {}), costs, CASH)
    sheet = measure(Sample(run, run.equity, costs.slippage_rate))

    (shares,) = run.fills.shares
    assert sheet.costs_paid == pytest.approx(CASH - shares * prices.open[1, 0])


def test_turnover_is_what_is_traded_in_a_year_one_way() -> None:
    curve = np.full(253, 100.0)
    fills = ((5.0, 10.0, 0.0, 0.0), (-5.0, 10.0, 0.0, 0.0))
    assert measure(Sample(run_of(curve, fills=fills), curve)).turnover == pytest.approx(0.5)


def test_beside_itself_a_run_has_a_beta_of_one_and_nothing_in_excess() -> None:
    returns = [0.01, -0.02] * 40
    ours = measured(returns, returns)
    assert (ours.alpha, ours.beta) == pytest.approx((0.0, 1.0))
    assert (ours.information_ratio, ours.tracking_error) == (None, 0.0)
    assert (ours.up_capture, ours.down_capture) == pytest.approx((1.0, 1.0))
    assert ours.benchmark_return == ours.total_return


def test_double_the_benchmark_is_a_beta_of_two() -> None:
    benchmark = [0.01, -0.01, 0.005, -0.02] * 20
    ours = measured([2 * each for each in benchmark], benchmark)
    assert (ours.alpha, ours.beta) == pytest.approx((0.0, 2.0), abs=1e-9)


@given(RETURNS, RETURNS)
def test_no_value_is_nan_or_infinite(returns: np.ndarray, benchmark: np.ndarray) -> None:
    size = min(len(returns), len(benchmark))
    ours = measured(returns[:size], benchmark[:size])
    assert all(math.isfinite(value) for _, value in ours if value is not None)

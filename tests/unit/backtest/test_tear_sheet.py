"""Returns by month and year, drawdowns and rolling figures: by hand, and with pandas as the oracle."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.backtest.domain.tear_sheet import ROLLING_DAYS, rolling
from services.metrics import drawdown_of
from services.metrics.periods import MOST_DRAWDOWNS, deepest_drawdowns, returns_by
from tests import drawn

CURVES = drawn.returns(2, 400, -0.2, 0.25).map(
    lambda returns: 1_000.0 * np.concatenate(([1.0], np.cumprod(1.0 + returns)))
)
MONDAY = np.datetime64("2011-11-14")


def business_days(count: int) -> "np.ndarray[tuple[int], np.dtype[np.datetime64]]":
    return np.busday_offset(MONDAY, np.arange(count))


def test_returns_by_month_by_hand() -> None:
    days = np.array(["2012-01-30", "2012-01-31", "2012-02-01", "2012-02-29", "2012-04-02"], "datetime64[D]")
    returns = returns_by("M", days, np.array([100.0, 110.0, 121.0, 99.0, 198.0]))

    assert [each.first for each in returns] == [date(2012, 1, 1), date(2012, 2, 1), date(2012, 4, 1)]
    assert [each.value for each in returns] == pytest.approx([0.1, -0.1, 1.0])


@given(CURVES, st.sampled_from(["D", "W", "M", "3M", "Y"]))
def test_periods_compound_to_the_whole_and_pandas_finds_the_same(equity: np.ndarray, unit: str) -> None:
    days = business_days(len(equity))
    ours = [each.value for each in returns_by(unit, days, equity)]

    assert math.prod(1.0 + each for each in ours) == pytest.approx(equity[-1] / equity[0])
    rule = {"D": "B", "W": "W-SUN", "M": "ME", "3M": "QE", "Y": "YE"}[unit]
    ends = pd.Series(equity, pd.DatetimeIndex(days)).resample(rule).last()
    theirs = (ends / ends.shift(1, fill_value=equity[0]) - 1.0).tolist()
    assert ours == pytest.approx(theirs)


def test_drawdowns_by_hand() -> None:
    found = deepest_drawdowns(np.array([100.0, 90.0, 100.0, 110.0, 88.0, 99.0, 120.0, 114.0]))

    assert [(each.peak, each.trough, each.recovery) for each in found] == [(3, 4, 6), (0, 1, 2), (6, 7, None)]
    assert [each.depth for each in found] == pytest.approx([-0.2, -0.1, -0.05])


def test_a_curve_that_never_falls_has_no_drawdown() -> None:
    assert deepest_drawdowns(np.array([1.0, 1.0, 2.0])) == []


@given(CURVES)
def test_drawdowns_cover_each_day_below_a_peak_once(equity: np.ndarray) -> None:
    found = deepest_drawdowns(equity)
    fall = drawdown_of(equity)

    depths = [each.depth for each in found]
    assert depths == sorted(depths)
    assert len(found) <= MOST_DRAWDOWNS
    assert min(depths, default=0.0) == fall.min()
    for each in found:
        end = len(equity) if each.recovery is None else each.recovery
        assert (fall[each.peak + 1 : end] < 0.0).all()
        assert fall[each.peak] == 0.0
        assert end == len(equity) or fall[end] == 0.0
        assert equity[each.trough] == pytest.approx(equity[each.peak] * (1.0 + each.depth))


@given(CURVES)
def test_rolling_figures_are_those_of_pandas(equity: np.ndarray) -> None:
    ours = rolling(equity)
    window = pd.Series(equity).pct_change().rolling(ROLLING_DAYS)
    volatility = window.std().to_numpy() * math.sqrt(252)

    assert len(ours.volatility) == len(ours.sharpe_ratio) == len(equity)
    assert ours.volatility == pytest.approx(volatility, rel=1e-6, abs=1e-6, nan_ok=True)
    moved = ours.volatility > 1e-3
    sharpe = (window.mean().to_numpy() * 252)[moved] / ours.volatility[moved]
    assert ours.sharpe_ratio[moved] == pytest.approx(sharpe, rel=1e-6, abs=1e-6)


def test_a_price_that_stands_still_has_a_volatility_and_no_ratio() -> None:
    ours = rolling(np.full(ROLLING_DAYS + 2, 100.0))
    assert ours.volatility[-1] == 0.0
    assert math.isnan(ours.sharpe_ratio[-1])
    assert math.isnan(ours.volatility[ROLLING_DAYS - 1])

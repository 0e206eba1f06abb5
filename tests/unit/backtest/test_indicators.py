"""Indicators, and the rules made of them, against TA-Lib and against plain loops."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest
import talib

from services.backtest.domain.indicators import (
    FloatArray,
    deviation,
    ema,
    highest,
    sma,
    wilder_rsi,
    z_score,
)
from services.backtest.domain.prices import select_prices
from services.backtest.domain.strategies.bollinger import Bollinger
from services.backtest.domain.strategies.cross_sectional_momentum import CrossSectionalMomentum
from services.backtest.domain.strategies.donchian import Donchian
from services.backtest.domain.strategies.ema_crossover import EmaCrossover
from services.backtest.domain.strategies.macd import Macd
from services.backtest.domain.strategies.volatility_target import VolatilityTarget
from services.backtest.domain.strategies.zscore import ZScore
from services.backtest.domain.strategy_types import Strategy
from services.backtest.market_data.sample import SampleMarketData
from services.metrics.account import TRADING_DAYS
from tests.price_tables import weights_of

WALK = 100 * np.exp(np.random.default_rng(13).normal(0.0003, 0.02, (600, 3)).cumsum(axis=0))
"""Closes of three random walks."""


def real_closes() -> FloatArray:
    data = SampleMarketData()
    return select_prices(data, ["AAPL", "MSFT"], date(2000, 3, 1), None).close


def by_symbol(function: Callable[..., Any], *args: float, of: FloatArray = WALK) -> list[FloatArray]:
    """Every output of a function of TA-Lib, for all columns."""
    columns = [function(np.ascontiguousarray(column), *args) for column in of.T]
    if not isinstance(columns[0], tuple):
        return [np.column_stack(columns)]
    return [np.column_stack(output) for output in zip(*columns, strict=True)]


def held(enter: Sequence[bool], leave: Sequence[bool]) -> list[float]:
    """1 from a bar that enters until one that leaves, else 0."""
    on, days = False, []
    for entering, leaving in zip(enter, leave, strict=True):
        on = not leaving if on else entering
        days.append(float(on))
    return days


def assert_holds(strategy: Strategy, n: int, expected: Sequence[float]) -> None:
    """Check the days of one symbol, and that there are some to check."""
    weights = weights_of(strategy, WALK[:, [n]].copy()).ravel()
    assert 0 < sum(expected) < len(expected)
    assert weights.tolist() == list(expected)


# --- indicators


@pytest.mark.parametrize("window", [1, 20, 50, 200])
def test_sma_is_that_of_ta_lib(window: int) -> None:
    close = real_closes()

    ours = sma(close, window)

    for n in range(close.shape[1]):
        np.testing.assert_allclose(
            ours[:, n], talib.SMA(np.ascontiguousarray(close[:, n]), window) if window > 1 else close[:, n]
        )


@pytest.mark.parametrize("window", [2, 14, 100])
def test_wilder_rsi_is_that_of_ta_lib(window: int) -> None:
    close = real_closes()

    ours = wilder_rsi(close, window)

    for n in range(close.shape[1]):
        np.testing.assert_allclose(
            ours[:, n], talib.RSI(np.ascontiguousarray(close[:, n]), window), rtol=1e-9
        )


def test_wilder_rsi_of_a_price_that_only_rises_falls_or_rests() -> None:
    close = np.column_stack([[1.0, 2, 3, 4], [4.0, 3, 2, 1], [5.0, 5, 5, 5]])

    assert wilder_rsi(close, 2)[2:].tolist() == [[100, 0, 50]] * 2


@pytest.mark.parametrize("window", [2, 12, 26, 200])
def test_ema_is_that_of_ta_lib(window: int) -> None:
    (theirs,) = by_symbol(talib.EMA, window)

    np.testing.assert_allclose(ema(WALK, window, 0), theirs, rtol=1e-12)


def test_ema_of_a_single_bar_is_the_close() -> None:
    np.testing.assert_allclose(ema(WALK, 1, 0), WALK, rtol=1e-12)


def test_ema_from_a_later_bar_is_that_of_the_bars_from_there() -> None:
    later = ema(WALK, 10, 7)

    assert np.isnan(later[:16]).all()
    np.testing.assert_array_equal(later[7:], ema(WALK[7:].copy(), 10, 0))


@pytest.mark.parametrize("slow", [2, 26, 1_000])
def test_an_ema_has_forgotten_its_beginning_when_the_first_decision_is_made(slow: int) -> None:
    needed = EmaCrossover(fast=1, slow=slow).needed_bars
    step = np.ones((needed, 1))
    step[:slow] = 2.0  # what it begins with

    assert 1.01 < ema(step, slow, 0)[-1, 0] < 1.02


@pytest.mark.parametrize("window", [2, 20, 200])
def test_deviation_is_that_of_ta_lib(window: int) -> None:
    (theirs,) = by_symbol(talib.STDDEV, window)

    np.testing.assert_allclose(deviation(WALK, window), theirs, rtol=1e-6)


@pytest.mark.parametrize("window", [2, 20, 200])
def test_highest_is_that_of_ta_lib(window: int) -> None:
    (theirs,) = by_symbol(talib.MAX, window)

    np.testing.assert_array_equal(highest(WALK, window), theirs)


@pytest.mark.parametrize(("window", "width"), [(5, 1.5), (20, 2.0), (200, 2.5)])
def test_z_score_is_the_distance_from_the_middle_in_widths_of_bollingers_bands(
    window: int, width: float
) -> None:
    upper, middle, _ = by_symbol(talib.BBANDS, window, width, width)

    theirs = (WALK - middle) / (upper - middle) * width
    np.testing.assert_allclose(z_score(WALK, window), theirs, rtol=1e-6, atol=1e-6)


def test_a_price_that_rests_has_no_deviation_whatever_came_before() -> None:
    resting = np.concatenate([WALK[:50], np.full((30, 3), WALK[49])])

    assert (deviation(resting, 20)[70:] == 0).all()
    assert (z_score(resting, 20)[70:] == 0).all()
    for strategy in (Bollinger(), ZScore()):
        weights = weights_of(strategy, resting)[70:]
        assert (weights == weights[0]).all()


# --- rules


@pytest.mark.parametrize(("fast", "slow", "signal"), [(12, 26, 9), (5, 8, 3), (1, 30, 20)])
def test_macd_and_its_signal_line_are_those_of_ta_lib(fast: int, slow: int, signal: int) -> None:
    strategy = Macd(fast=fast, slow=slow, signal=signal)
    if fast == 1:  # TA-Lib's averages begin at two
        line = WALK - by_symbol(talib.EMA, slow)[0]
        defined = np.ascontiguousarray(line[slow - 1 :])
        theirs = [line, np.concatenate([line[: slow - 1], by_symbol(talib.EMA, signal, of=defined)[0]])]
    else:
        theirs = by_symbol(talib.MACD, fast, slow, signal)[:2]

    first = slow + signal - 2  # where TA-Lib has both
    for ours, their in zip(strategy.lines(WALK), theirs, strict=True):
        assert not np.isnan(their[first:]).any()
        np.testing.assert_allclose(ours[first:], their[first:], rtol=1e-9, atol=1e-9)
    line, signal_line = theirs
    expected = (line > signal_line)[strategy.needed_bars - 1 :]
    assert np.array_equal(weights_of(strategy, WALK)[strategy.needed_bars - 1 :] > 0, expected)


@pytest.mark.parametrize(("window", "width"), [(5, 1.5), (20, 2.0), (50, 1.0)])
@pytest.mark.parametrize("n", range(3))
def test_bollinger_trades_at_the_bands_of_ta_lib(n: int, window: int, width: float) -> None:
    close = WALK[:, n].copy()
    _, middle, lower = talib.BBANDS(close, window, width, width)

    assert_holds(Bollinger(window=window, width=width), n, held(close < lower, close > middle))


@pytest.mark.parametrize(("window", "enter", "leave"), [(5, 1.5, 0.5), (20, 2.0, 0.0), (50, 1.0, 0.25)])
@pytest.mark.parametrize("n", range(3))
def test_zscore_is_as_a_plain_loop_has_it(n: int, window: int, enter: float, leave: float) -> None:
    close = WALK[:, n]
    scores = [np.nan] * (window - 1)
    for t in range(window - 1, len(close)):
        recent = close[t - window + 1 : t + 1]
        scores.append((close[t] - recent.mean()) / recent.std())

    expected = held([score < -enter for score in scores], [score > -leave for score in scores])
    assert_holds(ZScore(window=window, entry=enter, exit=leave), n, expected)


@pytest.mark.parametrize(("enter", "leave"), [(20, 10), (1, 1), (55, 20), (10, 10)])
@pytest.mark.parametrize("n", range(3))
def test_donchian_is_as_a_plain_loop_has_it(n: int, enter: int, leave: int) -> None:
    close = WALK[:, n].tolist()
    up = [t >= enter and close[t] > max(close[t - enter : t]) for t in range(len(close))]
    down = [t >= leave and close[t] < min(close[t - leave : t]) for t in range(len(close))]

    assert_holds(Donchian(entry=enter, exit=leave), n, held(up, down))


@pytest.mark.parametrize("top", [1, 2, 3, 5])
def test_cross_sectional_momentum_is_as_a_plain_loop_has_it(top: int) -> None:
    weights = weights_of(CrossSectionalMomentum(lookback=20, top=top), WALK)

    assert not weights[:20].any()
    for t in range(20, len(WALK)):
        gains = (WALK[t] / WALK[t - 20] - 1).tolist()
        best = sorted(range(3), key=lambda n: -gains[n])[:top]
        expected = [1 / min(top, 3) if n in best and gains[n] > 0 else 0 for n in range(3)]
        assert weights[t].tolist() == expected


@pytest.mark.parametrize(("window", "band", "most"), [(20, 0.1, 1.0), (60, 0.0, 0.5), (5, 0.5, 1.0)])
@pytest.mark.parametrize("n", range(3))
def test_volatility_target_is_as_a_plain_loop_has_it(n: int, window: int, band: float, most: float) -> None:
    close = WALK[:, n]
    returns = np.diff(close) / close[:-1]
    kept, expected = 0.0, [0.0] * window
    for t in range(window, len(close)):
        scale = min(most, 0.15 / (returns[t - window : t].std(ddof=1) * TRADING_DAYS**0.5))
        kept = scale if kept == 0 or abs(scale / kept - 1) > band else kept
        expected.append(kept)

    weights = weights_of(VolatilityTarget(window=window, band=band, most=most), WALK)
    np.testing.assert_allclose(weights[:, n] * 3, expected, rtol=1e-9)
    assert len(set(expected)) > 5

"""Strategies and their indicators: definitions, causality, and TA-Lib as an oracle."""

from contextlib import suppress
from itertools import product

import numpy as np
import pytest
import talib
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from services.backtest.domain.indicators import FloatArray, sma, wilder_rsi
from services.backtest.domain.strategies import STRATEGIES, InvalidParameters, Strategy, build_strategy
from services.backtest.domain.strategies.buy_and_hold import BuyAndHold
from services.backtest.domain.strategies.momentum import Momentum
from services.backtest.domain.strategies.rsi import Rsi
from services.backtest.domain.strategies.sma_crossover import SmaCrossover
from services.backtest.market_data.sample import SampleMarketData


def quick(name: str) -> list[Strategy]:
    """Return strategies of a type that decide within a few bars: windows as short as its bounds allow."""
    properties = STRATEGIES[name].parameters_schema()["properties"]
    shortest = {
        parameter: schema["minimum"] if "minimum" in schema else schema["exclusiveMinimum"] + 1
        for parameter, schema in properties.items()
        if schema["type"] == "integer"
    }
    found: list[Strategy] = []
    for windows in product(*(range(window, window + 4) for window in shortest.values())):
        with suppress(InvalidParameters):  # windows that do not fit each other
            found.append(build_strategy(name, dict(zip(shortest, windows, strict=True))))
    return [found[0], found[-1]]


QUICK = [strategy for name in STRATEGIES for strategy in quick(name)]
CLOSES = arrays(
    np.float64,
    st.tuples(st.integers(3, 40), st.integers(1, 3)),
    elements=st.floats(0.01, 1_000).map(lambda price: round(price, 2)),
)


def column(*closes: float) -> FloatArray:
    return np.array(closes, dtype=np.float64).reshape(-1, 1)


def real_closes() -> FloatArray:
    data = SampleMarketData()
    return data.prices(["AAPL", "MSFT"], *data.coverage().symbols["AAPL"]).close


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


@given(st.floats(0.01, 1_000))
@settings(deadline=None)
def test_a_flat_price_never_looks_like_a_crossing(price: float) -> None:
    flat = np.full((60, 1), price)

    assert not SmaCrossover(fast=20, slow=50).target_weights(flat).any()


# --- strategies


def test_buy_and_hold_gives_every_symbol_its_slot_from_the_first_bar() -> None:
    assert BuyAndHold().target_weights(np.ones((3, 4))).tolist() == [[0.25] * 4] * 3


def test_sma_crossover_is_on_while_the_fast_average_is_above_the_slow_one() -> None:
    close = column(3, 2, 1, 4, 5, 1, 1)

    # fast: - 2.5 1.5 2.5 4.5 3 1; slow: - - 2 2.33 3.33 3.33 2.33
    assert SmaCrossover(fast=2, slow=3).target_weights(close).ravel().tolist() == [0, 0, 0, 1, 1, 0, 0]


def test_rsi_is_on_from_a_fall_below_lower_until_a_rise_above_upper() -> None:
    close = column(10, 11, 10, 8, 9, 10, 14, 13, 12)
    strategy = Rsi(window=2, lower=30.0, upper=80.0)
    on = strategy.target_weights(close).ravel()

    assert wilder_rsi(close, 2).ravel()[2:].round().tolist() == [50, 17, 50, 72, 94, 68, 43]
    assert on.tolist() == [0, 0, 0, 1, 1, 1, 0, 0, 0]


def test_rsi_below_lower_when_first_defined_counts_as_a_fall() -> None:
    assert Rsi(window=2).target_weights(column(3, 2, 1)).ravel().tolist() == [0, 0, 1]


def test_momentum_is_on_while_the_return_over_the_lookback_is_positive() -> None:
    close = column(10, 12, 10, 12, 11)

    assert Momentum(lookback=2).target_weights(close).ravel().tolist() == [0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    "strategy", [SmaCrossover(fast=2, slow=1_000), Rsi(window=1_000), Momentum(lookback=1_000)]
)
def test_too_few_bars_leave_a_symbol_off(strategy: Strategy) -> None:
    assert not strategy.target_weights(np.arange(1.0, 11.0).reshape(5, 2)).any()


@given(CLOSES)
@settings(deadline=None)
def test_weights_are_a_slot_or_nothing(close: FloatArray) -> None:
    for strategy in QUICK:
        weights = strategy.target_weights(close)

        assert weights.shape == close.shape
        assert set(weights.ravel()) <= {0.0, 1 / close.shape[1]}


@given(CLOSES, st.data())
@settings(deadline=None)
def test_weights_depend_on_the_past_only(close: FloatArray, data: st.DataObject) -> None:
    bars = data.draw(st.integers(1, len(close)))

    for strategy in QUICK:
        past = strategy.target_weights(np.ascontiguousarray(close[:bars]))
        assert np.array_equal(past, strategy.target_weights(close)[:bars])


@given(CLOSES)
@settings(deadline=None)
def test_symbols_do_not_influence_each_other(close: FloatArray) -> None:
    for strategy in QUICK:
        together = strategy.target_weights(close) > 0
        for n in range(close.shape[1]):
            alone = strategy.target_weights(np.ascontiguousarray(close[:, [n]])) > 0
            assert np.array_equal(together[:, [n]], alone)

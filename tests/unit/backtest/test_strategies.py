"""Strategies: their rules on a few closes, and what holds for all: weights that fit the equity."""

from contextlib import suppress
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.backtest.domain.indicators import FloatArray, wilder_rsi
from services.backtest.domain.strategies.bollinger import Bollinger
from services.backtest.domain.strategies.buy_and_hold import BuyAndHold
from services.backtest.domain.strategies.cross_sectional_momentum import CrossSectionalMomentum
from services.backtest.domain.strategies.donchian import Donchian
from services.backtest.domain.strategies.ema_crossover import EmaCrossover
from services.backtest.domain.strategies.macd import Macd
from services.backtest.domain.strategies.momentum import Momentum
from services.backtest.domain.strategies.rsi import Rsi
from services.backtest.domain.strategies.sma_crossover import SmaCrossover
from services.backtest.domain.strategies.volatility_target import VolatilityTarget
from services.backtest.domain.strategies.zscore import ZScore
from services.backtest.domain.strategy_types import STRATEGIES, InvalidParameters, Strategy, build_strategy
from tests import drawn
from tests.price_tables import weights_of


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
RANKING = {"cross_sectional_momentum"}
"""Types that choose among the symbols."""
CLOSES = st.tuples(st.integers(3, 40), st.integers(1, 3)).flatmap(drawn.quotes)


def column(*closes: float) -> FloatArray:
    return np.array(closes, dtype=np.float64).reshape(-1, 1)


# --- the rules


@given(st.floats(0.01, 1_000))
@settings(deadline=None)
def test_a_flat_price_never_looks_like_a_crossing(price: float) -> None:
    flat = np.full((60, 1), price)

    assert not weights_of(SmaCrossover(fast=20, slow=50), flat).any()
    assert not weights_of(EmaCrossover(fast=5, slow=20), flat).any()
    assert not weights_of(Macd(fast=4, slow=9, signal=3), flat).any()


def test_buy_and_hold_gives_every_symbol_its_slot_from_the_first_bar() -> None:
    assert weights_of(BuyAndHold(), np.ones((3, 4))).tolist() == [[0.25] * 4] * 3


def test_sma_crossover_is_on_while_the_fast_average_is_above_the_slow_one() -> None:
    close = column(3, 2, 1, 4, 5, 1, 1)

    # fast: - 2.5 1.5 2.5 4.5 3 1; slow: - - 2 2.33 3.33 3.33 2.33
    assert weights_of(SmaCrossover(fast=2, slow=3), close).ravel().tolist() == [0, 0, 0, 1, 1, 0, 0]


def test_rsi_is_on_from_a_fall_below_lower_until_a_rise_above_upper() -> None:
    close = column(10, 11, 10, 8, 9, 10, 14, 13, 12)
    strategy = Rsi(window=2, lower=30.0, upper=80.0)
    on = weights_of(strategy, close).ravel()

    assert wilder_rsi(close, 2).ravel()[2:].round().tolist() == [50, 17, 50, 72, 94, 68, 43]
    assert on.tolist() == [0, 0, 0, 1, 1, 1, 0, 0, 0]


def test_rsi_below_lower_when_first_defined_counts_as_a_fall() -> None:
    assert weights_of(Rsi(window=2), column(3, 2, 1)).ravel().tolist() == [0, 0, 1]


def test_momentum_is_on_while_the_return_over_the_lookback_is_positive() -> None:
    close = column(10, 12, 10, 12, 11)

    assert weights_of(Momentum(lookback=2), close).ravel().tolist() == [0, 0, 0, 0, 1]


def test_ema_crossover_is_on_while_the_fast_average_is_above_the_slow_one_once_both_are_warm() -> None:
    close = column(1, 2, 3, 4, 5, 6, 1, 1, 9)

    # fast: the close; slow: - 1.5 2.5 3.5 4.5 5.5 2.5 1.5 6.5; needed: 6
    assert weights_of(EmaCrossover(fast=1, slow=2), close).ravel().tolist() == [0, 0, 0, 0, 0, 1, 0, 0, 1]


def test_macd_is_on_while_its_line_is_above_the_signal_line() -> None:
    close = column(8, 8, 8, 9, *[8] * 7, 10, 10, 10, 4)
    strategy = Macd(fast=1, slow=2, signal=2)
    line, signal = strategy.lines(close)

    assert line.ravel()[10:] == pytest.approx([0, 0.667, 0.222, 0.074, -1.975], abs=2e-3)
    assert signal.ravel()[10:] == pytest.approx([0, 0.444, 0.296, 0.148, -1.267], abs=2e-3)
    assert line[3] > signal[3]  # at the fourth of twelve bars that are needed
    assert weights_of(strategy, close).ravel().tolist() == [*[0] * 11, 1, 0, 0, 0]


def test_bollinger_is_on_from_a_close_below_the_lower_band_until_one_above_the_middle_band() -> None:
    close = column(10, 10, 10, 7, 6, 8, 8, 8)

    # z-scores of three: - - 0 -1.41 -0.98 1.22 0.71 0
    assert weights_of(Bollinger(window=3, width=1.0), close).ravel().tolist() == [0, 0, 0, 1, 1, 0, 0, 0]


def test_zscore_is_on_from_below_entry_until_above_exit() -> None:
    close = column(10, 10, 10, 7, 6, 6.5, 8)
    early, late = ZScore(window=3, entry=1.0, exit=0.99), ZScore(window=3, entry=1.0, exit=0.0)

    # z-scores of three: - - 0 -1.41 -0.98 0 1.37
    assert weights_of(early, close).ravel().tolist() == [0, 0, 0, 1, 0, 0, 0]
    assert weights_of(late, close).ravel().tolist() == [0, 0, 0, 1, 1, 1, 0]


def test_donchian_is_on_from_a_new_high_until_a_new_low() -> None:
    close = column(5, 6, 4, 6, 7, 7, 6, 6, 5, 9)

    assert weights_of(Donchian(entry=3, exit=2), close).ravel().tolist() == [0, 0, 0, 0, 1, 1, 0, 0, 0, 1]


def test_cross_sectional_momentum_holds_the_highest_positive_returns() -> None:
    close = np.array([[10, 10, 10, 10], [11, 12, 13, 9], [12, 13, 12, 10], [12, 12, 11, 10]], np.float64)

    assert weights_of(CrossSectionalMomentum(lookback=1), close).tolist() == [
        [0, 0, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 1],
        [0, 0, 0, 0],
    ]
    two = weights_of(CrossSectionalMomentum(lookback=1, top=2), close) * 2
    assert two.tolist() == [[0, 0, 0, 0], [0, 1, 1, 0], [1, 0, 0, 1], [0, 0, 0, 0]]


def test_cross_sectional_momentum_chooses_the_first_of_equal_returns() -> None:
    close = np.array([[1.0] * 48, [1.0] * 48, [1.0, 2.0, 3.0] * 16])

    weights = weights_of(CrossSectionalMomentum(lookback=1, top=3), close)
    assert np.flatnonzero(weights[2]).tolist() == [2, 5, 8]


def test_cross_sectional_momentum_of_fewer_symbols_than_top_gives_each_an_equal_slot() -> None:
    close = np.array([[1.0, 1.0], [2.0, 0.5], [1.0, 1.0]])

    assert weights_of(CrossSectionalMomentum(lookback=1, top=3), close).tolist() == [
        [0, 0],
        [0.5, 0],
        [0, 0.5],
    ]


def test_volatility_target_scales_a_slot_and_moves_only_beyond_the_band() -> None:
    daily = np.array([0.01, -0.01, 0.01, -0.0101, 0.05])
    close = column(*100 * np.cumprod([1.0, *(1 + daily)]))
    # annual volatilities of two returns: 22.45 % three times but for the last digits, then 67.5 %
    scales = 0.15 / (np.abs(np.diff(daily)) / np.sqrt(2) * np.sqrt(252))

    patient = weights_of(VolatilityTarget(window=2), close).ravel()
    eager = weights_of(VolatilityTarget(window=2, band=0.0), close).ravel()
    assert patient == pytest.approx([0, 0, scales[0], scales[0], scales[0], scales[3]])
    assert eager[:2].tolist() == [0, 0]
    assert eager[2:] == pytest.approx(scales)


def test_volatility_target_holds_at_most_its_most() -> None:
    flat = np.ones((4, 2))

    assert weights_of(VolatilityTarget(window=2, most=0.5), flat).tolist() == [[0, 0]] * 2 + [[0.25] * 2] * 2


@pytest.mark.parametrize(
    "strategy",
    [
        SmaCrossover(fast=2, slow=1_000),
        Rsi(window=1_000),
        Momentum(lookback=1_000),
        EmaCrossover(slow=1_000),
        Macd(slow=1_000),
        Macd(fast=1, slow=2, signal=1_000),
        Bollinger(window=1_000),
        ZScore(window=1_000),
        Donchian(entry=1_000),
        CrossSectionalMomentum(lookback=1_000),
        VolatilityTarget(window=1_000),
    ],
)
def test_too_few_bars_leave_a_symbol_off(strategy: Strategy) -> None:
    assert not weights_of(strategy, np.arange(1.0, 11.0).reshape(5, 2)).any()


# --- every type


@given(CLOSES)
@settings(deadline=None)
def test_weights_fit_the_equity(close: FloatArray) -> None:
    for strategy in QUICK:
        weights = weights_of(strategy, close)

        assert weights.shape == close.shape
        assert ((weights >= 0) & (weights <= 1)).all()
        assert (weights.sum(axis=1) <= 1 + 1e-9).all()
        assert not weights[: strategy.needed_bars - 1].any()


@given(CLOSES)
@settings(deadline=None)
def test_symbols_do_not_influence_each_other(close: FloatArray) -> None:
    for strategy in (each for each in QUICK if each.type not in RANKING):
        together = weights_of(strategy, close) * close.shape[1]
        for n in range(close.shape[1]):
            alone = weights_of(strategy, np.ascontiguousarray(close[:, [n]]))
            np.testing.assert_allclose(together[:, [n]], alone, rtol=1e-12)

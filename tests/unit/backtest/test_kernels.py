"""The kernels give the same, bit for bit, without compilation."""

from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.backtest.domain import indicators, simulator
from services.backtest.domain.indicators import compiled
from services.backtest.domain.simulator import _replay
from services.backtest.domain.strategies.volatility_target import _keep_within
from services.backtest.domain.strategy_types import STRATEGIES
from tests import drawn
from tests.price_tables import price_tables

MODULES = [
    indicators,
    simulator,
    *{__import__(kind.__module__, fromlist=["_"]) for kind in STRATEGIES.values()},
]
CLOSES = st.tuples(st.integers(1, 30), st.integers(1, 3)).flatmap(drawn.quotes)
WINDOWS = st.integers(2, 10)


def uncompiled(kernel: compiled[Any, Any]) -> Callable[..., Any]:
    """Return a kernel as plain Python, and so all kernels that it calls."""
    scope = dict(kernel.python.__globals__)
    for name, value in list(scope.items()):
        if isinstance(value, compiled):
            scope[name] = FunctionType(value.python.__code__, scope, name)
    return FunctionType(kernel.python.__code__, scope)


def on(kernel: compiled[Any, Any], *args: Any) -> None:
    """Check that a kernel gives the same with and without compilation."""
    fast, plain = kernel(*args), uncompiled(kernel)(*args)
    for one, other in zip(
        *((each if isinstance(each, tuple) else (each,)) for each in (fast, plain)), strict=True
    ):
        assert np.array_equal(one, other, equal_nan=True)


def test_all_kernels_are_here() -> None:
    found = {
        name for module in MODULES for name, value in vars(module).items() if isinstance(value, compiled)
    }
    called_by_replay = {"_any_due", "_book", "_mark", "_most_orders", "_size_orders"}
    assert found == {*CASES, "_replay", *called_by_replay}


CASES: dict[str, tuple[compiled[Any, Any], st.SearchStrategy[tuple[Any, ...]]]] = {
    "sma": (indicators.sma, st.tuples(CLOSES, WINDOWS)),
    "ema": (indicators.ema, st.tuples(CLOSES, WINDOWS, st.integers(0, 5))),
    "highest": (indicators.highest, st.tuples(CLOSES, WINDOWS)),
    "deviation": (indicators.deviation, st.tuples(CLOSES, WINDOWS)),
    "wilder_rsi": (indicators.wilder_rsi, st.tuples(CLOSES, WINDOWS)),
    "latch": (
        indicators.latch,
        st.tuples(st.integers(1, 30), st.integers(1, 3)).flatmap(
            lambda shape: st.tuples(*2 * [drawn.chosen(shape, [False, True])])
        ),
    ),
    "_keep_within": (_keep_within, st.tuples(CLOSES, st.floats(0.0, 1.0))),
}


@pytest.mark.parametrize("name", CASES)
@given(data=st.data())
@settings(deadline=None)
def test_an_indicator_is_the_same_without_compilation(name: str, data: st.DataObject) -> None:
    kernel, arguments = CASES[name]
    on(kernel, *data.draw(arguments))


@given(price_tables(), st.data())
@settings(deadline=None)
def test_the_simulator_is_the_same_without_compilation(prices: Any, data: st.DataObject) -> None:
    shape = prices.close.shape
    weights = data.draw(drawn.chosen(shape, [0.0, 0.25, 1 / 3, 1.0]))
    weights[np.isnan(prices.close)] = 0.0
    rebalances = data.draw(drawn.chosen(shape[:1], [False, True]))
    commission, slippage = data.draw(st.tuples(st.floats(0, 0.4), st.floats(0, 0.4)))

    on(_replay, prices.open, prices.close, weights, rebalances, 10_000.0, commission, slippage)

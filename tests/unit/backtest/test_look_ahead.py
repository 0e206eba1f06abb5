"""No look-ahead, for every strategy type with any parameters, on any prices.

Neither other prices after a day nor an earlier end change anything up to that day.
"""

from dataclasses import astuple, replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.backtest.domain.prices import PriceHistory, Prices, Series, select_prices
from services.backtest.domain.simulator import Costs, Run, simulate
from services.backtest.domain.strategy_types import STRATEGIES, InvalidParameters, Strategy, build_strategy
from tests import drawn
from tests.price_tables import price_tables

LONGEST = 8
"""Of the windows that are drawn: there are at most 30 bars."""
COSTS = [Costs(0.0), Costs(0.001, 0.0005), Costs(0.1, 0.1)]

PROPERTIES = {name: kind.parameters_schema()["properties"] for name, kind in STRATEGIES.items()}

each_type = pytest.mark.parametrize("name", STRATEGIES)


def values(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Draw values of a parameter within its bounds."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema["type"] == "object":
        share = st.floats(0.01, 0.25)
        return st.just({}) | st.fixed_dictionaries({f"S{n}": share for n in range(4)})
    if schema["type"] == "integer":
        return st.integers(schema["minimum"], min(schema["maximum"], max(LONGEST, schema["minimum"] + 2)))
    least, most = (schema.get(key, schema.get(f"exclusive{key.title()}")) for key in ("minimum", "maximum"))
    excluded = {"exclude_min": "exclusiveMinimum" in schema, "exclude_max": "exclusiveMaximum" in schema}
    highest = 2.0 if most == 10 else min(most, 90.0)  # in deviations, of which short windows have few
    return st.floats(least, highest, allow_subnormal=False, **excluded) | st.just(schema["default"])


@st.composite
def strategies(draw: st.DrawFn, name: str) -> Strategy:
    """Draw parameters; those of windows and levels that do not fit each other are left out."""
    try:
        return build_strategy(name, {each: draw(values(schema)) for each, schema in PROPERTIES[name].items()})
    except InvalidParameters:
        assume(False)
        raise


def assert_same_until(t: int, one: Run, other: Run) -> None:
    """Check that two runs are the same up to their bar `t`, bit for bit."""
    for first, second in zip(
        (one.equity, one.cash, one.positions), (other.equity, other.cash, other.positions), strict=True
    ):
        assert np.array_equal(first[: t + 1], second[: t + 1])
    for first, second in zip(astuple(one.fills), astuple(other.fills), strict=True):
        assert np.array_equal(first[one.fills.bar <= t], second[other.fills.bar <= t])


@each_type
@given(prices=price_tables(), costs=st.sampled_from(COSTS), data=st.data())
@settings(deadline=None, max_examples=50)
def test_other_prices_later_change_nothing_before(
    name: str, prices: Prices, costs: Costs, data: st.DataObject
) -> None:
    strategy = data.draw(strategies(name))
    t = data.draw(st.integers(prices.warm_up, len(prices.dates) - 1))
    factors = data.draw(drawn.integers(prices.close[t + 1 :].shape, 10, 1_000)) / 100
    opens, closes = prices.open.copy(), prices.close.copy()
    opens[t + 1 :] *= factors[::-1]
    closes[t + 1 :] *= factors
    changed = replace(prices, open=opens, close=closes)

    weights = [strategy.target_weights(each)[: t + 1] for each in (prices, changed)]
    assert np.array_equal(*weights)
    runs = [simulate(each, strategy, costs, 10_000) for each in (prices, changed)]
    assert_same_until(t - prices.warm_up, *runs)


@each_type
@given(prices=price_tables(), costs=st.sampled_from(COSTS), data=st.data())
@settings(deadline=None, max_examples=25)
def test_a_fill_does_not_know_the_close_of_its_own_day(
    name: str, prices: Prices, costs: Costs, data: st.DataObject
) -> None:
    strategy = data.draw(strategies(name))
    t = data.draw(st.integers(prices.warm_up, len(prices.dates) - 1))
    closes = prices.close.copy()
    closes[t] *= data.draw(st.floats(0.1, 10.0))

    fills = [
        simulate(each, strategy, costs, 10_000).fills for each in (prices, replace(prices, close=closes))
    ]
    for known, changed in zip(*map(astuple, fills), strict=True):
        assert np.array_equal(
            *(v[f.bar <= t - prices.warm_up] for v, f in zip((known, changed), fills, strict=True))
        )


@each_type
@given(prices=price_tables(), costs=st.sampled_from(COSTS), data=st.data())
@settings(deadline=None, max_examples=50)
def test_an_earlier_end_changes_nothing_before(
    name: str, prices: Prices, costs: Costs, data: st.DataObject
) -> None:
    strategy = data.draw(strategies(name))
    bars = data.draw(st.integers(prices.warm_up + 3, len(prices.dates)))
    known = ~np.isnan(prices.close[:bars]).all(axis=0)
    symbols = tuple(np.array(prices.symbols)[known])
    cut = replace(
        prices,
        symbols=symbols,
        dates=prices.dates[:bars],
        open=prices.open[:bars, known],
        close=prices.close[:bars, known],
    )
    whole = replace(prices, symbols=symbols, open=prices.open[:, known], close=prices.close[:, known])

    assert np.array_equal(strategy.target_weights(cut), strategy.target_weights(whole)[:bars])
    runs = [simulate(each, strategy, costs, 10_000) for each in (cut, whole)]
    assert_same_until(bars - 1 - prices.warm_up, *runs)


def history_of(prices: Prices) -> PriceHistory:
    """Return the bars of prices as a history."""
    series = {}
    for n, symbol in enumerate(prices.symbols):
        has_bar = ~np.isnan(prices.open[:, n])
        if has_bar.any():
            series[symbol] = Series(prices.dates[has_bar], prices.open[has_bar, n], prices.close[has_bar, n])
    return PriceHistory(series)


@each_type
@given(prices=price_tables(), costs=st.sampled_from(COSTS), data=st.data())
@settings(deadline=None, max_examples=25)
def test_an_earlier_end_of_the_window_changes_nothing_before(
    name: str, prices: Prices, costs: Costs, data: st.DataObject
) -> None:
    strategy = data.draw(strategies(name))
    market = history_of(prices)
    instruments = market.instruments().values()
    assume(instruments)
    start = max(each.first for each in instruments)  # so that every end has a day of each
    last = max(each.last for each in instruments)
    assume(last - start >= timedelta(days=2))
    end = start + timedelta(days=data.draw(st.integers(2, (last - start).days)))
    symbols = [each.symbol for each in instruments if each.last >= start]
    window = [(start, day) for day in (end, last)]
    try:
        cut, whole = (select_prices(market, symbols, *days, strategy.warm_up_bars) for days in window)
    except ValueError:  # too few days have a bar
        assume(False)
        raise

    assert cut.warm_up == whole.warm_up
    runs = [simulate(each, strategy, costs, 10_000) for each in (cut, whole)]
    assert_same_until(len(runs[0].equity) - 1, *runs)

"""Warm-up: indicators see the prices before the backtest, so a decision can be made on its first day."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from services.backtest.domain.indicators import wilder_rsi
from services.backtest.domain.prices import PriceHistory, Prices, Series, select_prices
from services.backtest.domain.simulator import Costs, simulate
from services.backtest.domain.strategy_types import STRATEGIES, build_strategy
from services.backtest.market_data.sample import SampleMarketData
from services.backtest.output import Output
from services.backtest.simulation import simulate_config
from tests.builders import config
from tests.price_tables import weights_of

SAMPLE = SampleMarketData()
YEAR = {"start_date": date(2012, 3, 1), "end_date": date(2013, 3, 1)}


def run(**given: Any) -> Output:
    return simulate_config(config(**({"symbols": ["AAPL"], **YEAR} | given)), SAMPLE)


def test_a_price_history_has_the_bars_before_the_window() -> None:
    window = (date(2005, 1, 3), date(2005, 12, 30))
    alone = select_prices(SAMPLE, ["IBM", "AAPL"], *window)
    warm = select_prices(SAMPLE, ["IBM", "AAPL"], *window, 20)

    assert (alone.warm_up, warm.warm_up) == (0, 20)
    assert np.array_equal(warm.dates[20:], alone.dates)
    assert np.array_equal(warm.close[20:], alone.close)
    before = select_prices(SAMPLE, ["IBM", "AAPL"], date(2004, 1, 2), date(2004, 12, 31))
    assert np.array_equal(warm.open[:20], before.open[-20:])


def test_it_has_no_more_than_there_are() -> None:
    first = date(2012, 5, 18)  # of FB
    prices = select_prices(SAMPLE, ["FB"], first + timedelta(days=7), None, 100)

    assert prices.warm_up == 5
    assert str(prices.dates[0]) == str(first)


@pytest.mark.parametrize(
    ("start", "missing"),
    [
        (date(2012, 5, 17), 0),  # FB is not listed yet: it takes part once it has enough
        (date(2012, 5, 18), 20),  # its first day
        (date(2012, 5, 25), 15),
    ],
)
def test_the_symbols_of_the_first_day_say_what_is_missing(start: date, missing: int) -> None:
    output = run(symbols=["AAPL", "FB"], type="momentum", parameters={"lookback": 20}, start_date=start)

    assert output.result.missing_warm_up_bars == missing


def test_bars_of_the_warm_up_do_not_count_as_bars_of_the_backtest() -> None:
    days = np.datetime64("2010-01-04") + np.arange(6)
    with pytest.raises(ValueError, match="got 2"):
        Prices(("A",), days, np.ones((6, 1)), np.ones((6, 1)), warm_up=4)


def test_momentum_is_invested_from_the_second_day_on() -> None:
    """Without a warm-up it sat in cash for half of the year and lost 19.26 % in the rest."""
    output = run(type="momentum")

    days = output.result.days
    assert str(days[output.result.fills.bar[0]]) == str(days[1]) == "2012-03-02"
    assert output.performance.total_return == pytest.approx(-0.0008, abs=5e-5)
    assert (str(days[0]), str(days[-1])) == ("2012-03-01", "2013-03-01")
    assert (len(output.result.equity), output.result.missing_warm_up_bars) == (len(days), 0)


@pytest.mark.parametrize("kind", STRATEGIES)
def test_what_is_missing_of_the_warm_up_is_told(kind: str) -> None:
    wanted = build_strategy(kind, {}).warm_up_bars
    output = run(type=kind, start_date=date(2000, 3, 8), end_date=date(2001, 3, 8))  # the sixth bar

    assert output.result.missing_warm_up_bars == max(0, wanted - 5)


@pytest.mark.parametrize("kind", ["sma_crossover", "momentum", "cross_sectional_momentum"])
def test_a_rule_without_memory_decides_as_if_it_had_run_for_long(kind: str) -> None:
    strategy = build_strategy(kind, {})
    start, end = date(2008, 1, 2), date(2009, 12, 31)
    warm = select_prices(SAMPLE, ["AAPL", "MSFT"], start, end, strategy.needed_bars - 1)
    whole = select_prices(SAMPLE, ["AAPL", "MSFT"], date(2000, 3, 1), end)

    weights = weights_of(strategy, whole.close)[-(len(warm.dates) - warm.warm_up) :]
    assert np.array_equal(weights_of(strategy, warm.close)[warm.warm_up :], weights)


def test_nothing_is_traded_before_the_first_day() -> None:
    rising = np.linspace(10.0, 40.0, 60)
    days = np.datetime64("2010-01-04") + np.arange(60)
    market = PriceHistory({"UP": Series(days, rising, rising)})
    prices = select_prices(market, ["UP"], date(2010, 2, 3), None, 20)
    outcome = simulate(prices, build_strategy("momentum", {"lookback": 20}), Costs(0.0), 1_000.0)

    assert outcome.fills.bar.tolist() == [1]
    assert outcome.fills.price[0] == rising[31]
    assert len(outcome.equity) == 30
    assert outcome.equity[0] == 1_000.0


@pytest.mark.parametrize("symbol", ["AAPL", "IBM", "MSFT"])
@pytest.mark.parametrize("year", range(2004, 2013))
def test_a_rule_with_memory_is_where_it_would_be_after_years(symbol: str, year: int) -> None:
    strategy = build_strategy("rsi", {})
    start, end = date(year, 1, 2), date(year, 12, 28)
    warm = select_prices(SAMPLE, [symbol], start, end, strategy.warm_up_bars)
    whole = select_prices(SAMPLE, [symbol], date(2000, 3, 1), end)

    first = wilder_rsi(warm.close, 14)[warm.warm_up, 0]
    assert first == pytest.approx(wilder_rsi(whole.close, 14)[-(len(warm.dates) - warm.warm_up), 0], abs=0.01)

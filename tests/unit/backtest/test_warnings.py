"""Warnings about a run: what limits the worth of its figures."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from backchat_contracts import FEWEST_ANNUAL_BARS, WarningCode
from services.backtest.domain.prices import PriceHistory, Series
from services.backtest.market_data.sample import SampleMarketData
from services.backtest.output import Output
from services.backtest.ports import MarketData
from services.backtest.simulation import simulate_config
from tests.builders import config

SAMPLE = SampleMarketData()
START = date(2010, 1, 4)


def falling(bars: int) -> PriceHistory:
    """A price that falls every day: momentum never buys."""
    prices = np.linspace(100.0, 50.0, bars)
    return PriceHistory({"DOWN": Series(np.datetime64(START) + np.arange(bars), prices, prices)})


def run(market: MarketData = SAMPLE, **given: Any) -> Output:
    return simulate_config(config(**({"symbols": ["AAPL"]} | given)), market)


def of(bars: int, **given: Any) -> Output:
    window = {"start_date": START, "end_date": START + timedelta(days=bars - 1)}
    return run(falling(bars), symbols=["DOWN"], **window, **given)


def codes(output: Output) -> set[WarningCode]:
    return {warning.code for warning in output.warnings}


def test_a_run_that_trades_for_years_has_none() -> None:
    output = run(type="sma_crossover", start_date=date(2003, 1, 2))
    assert output.warnings == ()


def test_buy_and_hold_closes_nothing() -> None:
    (warning,) = run().warnings
    assert warning.code == "few-trades"
    assert "Round trips: 0." in warning.detail.en
    assert "0건" in warning.detail.ko


def test_what_never_trades_says_so_and_nothing_else_about_trades() -> None:
    output = of(200, type="momentum", parameters={"lookback": 1})
    assert output.performance.trades == 0
    assert codes(output) == {"no-trades", "warm-up-incomplete"}


def test_missing_bars_of_the_warm_up_are_counted() -> None:
    output = of(200, type="momentum", parameters={"lookback": 20})
    (told,) = (each.detail.en for each in output.warnings if each.code == "warm-up-incomplete")
    assert output.result.missing_warm_up_bars == 20
    assert told.endswith(": 20.")


@pytest.mark.parametrize("bars", [3, FEWEST_ANNUAL_BARS - 1, FEWEST_ANNUAL_BARS])
def test_a_short_window_has_no_annual_figures(bars: int) -> None:
    output = of(bars, type="buy_and_hold")
    performance = output.performance
    annual = (performance.cagr, performance.volatility, performance.sharpe_ratio, performance.sortino_ratio)

    short = bars < FEWEST_ANNUAL_BARS
    assert ("short-window" in codes(output)) == short
    assert [figure is None for figure in annual] == 4 * [short]
    assert performance.total_return < 0
    assert performance.max_drawdown < 0


def test_mean_reversion_sits_in_cash_and_says_how_much() -> None:
    output = run(type="rsi", start_date=date(2003, 1, 2))
    (told,) = (each.detail.en for each in output.warnings if each.code == "mostly-cash")
    assert "% of the equity was in cash" in told

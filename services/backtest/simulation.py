"""Runs the configuration of a backtest on market data: JSON values in, JSON values out."""

import time
from collections.abc import Callable
from datetime import date
from typing import Any

from services.backtest.domain import simulator
from services.backtest.domain.metrics import measure
from services.backtest.domain.prices import Prices
from services.backtest.domain.simulator import Costs, Run, simulate
from services.backtest.domain.strategies import build_strategy
from services.backtest.domain.window import resolve_window
from services.backtest.market_data import MarketData
from services.backtest.output import Output
from services.backtest.progress import Stage
from services.chassis.faults import fault_point


def simulate_config(
    config: dict[str, Any], market: MarketData, report: Callable[[Stage], None] = lambda _: None
) -> Output:
    """Run a backtest.

    Args:
        config: the fields of `BacktestConfig`, as JSON values.
        market: where the prices come from.
        report: is called with every stage as it begins.

    Raises:
        ValueError: the configuration describes no possible backtest.

    """
    report(Stage(0.0, "prices"))
    prices = market.prices(
        config["symbols"], date.fromisoformat(config["start_date"]), date.fromisoformat(config["end_date"])
    )
    report(Stage(0.2, "simulation"))
    for tag in config.get("tags", ()):
        fault_point(f"simulation:{tag}")
    run = simulate(
        prices,
        build_strategy(config["type"], config["parameters"]),
        Costs(config["commission_rate"], config["slippage_rate"]),
        config["initial_cash"],
    )
    report(Stage(0.8, "metrics"))
    return Output(
        performance=measure(run).model_dump(),
        dates=[str(day) for day in prices.dates],
        equity=run.equity.tolist(),
        trades=_trades(prices, run),
    )


def warm_up(market: MarketData) -> float:
    """Compile the simulator and run a backtest of a year; return how long that run took, in seconds."""
    simulator.warm_up()
    coverage = market.coverage()
    symbol = max(coverage.symbols, key=lambda each: _days(*coverage.symbols[each]))
    start, end = resolve_window(coverage, [symbol], None, None)
    config = {
        "type": "buy_and_hold",
        "parameters": {},
        "symbols": [symbol],
        "start_date": str(start),
        "end_date": str(end),
        "initial_cash": 1.0,
        "commission_rate": 0.0,
        "slippage_rate": 0.0,
    }
    started = time.perf_counter()
    simulate_config(config, market)
    return time.perf_counter() - started


def _days(first: date, last: date) -> int:
    return (last - first).days


def _trades(prices: Prices, run: Run) -> list[dict[str, Any]]:
    fills = run.fills
    columns = (fills.bar, fills.symbol, fills.shares, fills.price, fills.commission, fills.realised_pnl)
    return [
        {
            "date": str(prices.dates[bar]),
            "symbol": prices.symbols[symbol],
            "shares": shares,
            "price": price,
            "commission": commission,
            "profit": profit if shares < 0 else None,
        }
        for bar, symbol, shares, price, commission, profit in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]

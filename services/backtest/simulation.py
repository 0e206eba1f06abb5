"""A stored configuration, run by the simulator: what a worker process does. Plain values in and out."""

import time
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from services.backtest.domain import engine
from services.backtest.domain.engine import Costs, Prices, Run, simulate
from services.backtest.domain.metrics import measure
from services.backtest.domain.strategies import build_strategy
from services.backtest.domain.window import DEFAULT_SPAN
from services.backtest.market_data import SampleMarketData
from services.backtest.progress import Stage
from services.chassis.faults import reach


@cache
def market() -> SampleMarketData:
    return SampleMarketData()


def simulate_config(config: dict[str, Any], tell: Callable[[Stage], None] = lambda _: None) -> dict[str, Any]:
    """Run a backtest.

    Args:
        config: the fields of `BacktestConfig`, as JSON values.
        tell: is told of every stage as it begins.

    Returns:
        `performance` (the fields of `Performance`), `dates` and `equity` at each close, and `trades` (the
        fields of `Trade`), all as JSON values.

    Raises:
        ValueError: the configuration makes no backtest.

    """
    tell(Stage(0.0, "prices"))
    prices = market().prices(
        config["symbols"], date.fromisoformat(config["start_date"]), date.fromisoformat(config["end_date"])
    )
    tell(Stage(0.2, "simulation"))
    for tag in config.get("tags", ()):
        reach(f"simulation:{tag}")
    run = simulate(
        prices,
        build_strategy(config["type"], config["parameters"]),
        Costs(config["commission_rate"], config["slippage_rate"]),
        config["initial_cash"],
    )
    tell(Stage(0.8, "metrics"))
    return {
        "performance": measure(run).model_dump(),
        "dates": [str(day) for day in prices.dates],
        "equity": run.equity.tolist(),
        "trades": _trades(prices, run),
    }


def warm_up() -> float:
    """Compile the simulator and read the data; return how long a backtest then takes, in seconds."""
    engine.warm_up()
    symbol, (_, last) = next(iter(market().coverage().symbols.items()))
    config = {
        "type": "buy_and_hold",
        "parameters": {},
        "symbols": [symbol],
        "start_date": str(last - DEFAULT_SPAN),
        "end_date": str(last),
        "initial_cash": 1.0,
        "commission_rate": 0.0,
        "slippage_rate": 0.0,
    }
    started = time.perf_counter()
    simulate_config(config)
    return time.perf_counter() - started


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

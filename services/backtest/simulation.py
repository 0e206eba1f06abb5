"""Runs the configuration of a backtest on market data."""

import time
from collections.abc import Callable
from typing import Final

from backchat_contracts import BacktestConfig
from services.backtest.domain import simulator
from services.backtest.domain.backtest import Fill
from services.backtest.domain.metrics import measure
from services.backtest.domain.prices import Prices, select_prices
from services.backtest.domain.simulator import Costs, Run, simulate
from services.backtest.domain.strategies import build_strategy
from services.backtest.domain.warnings import warnings_of
from services.backtest.domain.window import resolve_window
from services.backtest.output import Output
from services.backtest.ports import MarketData
from services.backtest.progress import Stage
from services.chassis.faults import fault_point

MOST_FILLS: Final = 100_000
"""Of a result: MongoDB stores documents of 16 MB."""


def simulate_config(
    config: BacktestConfig, market: MarketData, report: Callable[[Stage], None] = lambda _: None
) -> Output:
    """Run a backtest.

    Args:
        config: every default resolved.
        market: where the prices come from.
        report: is called with every stage as it begins.

    Raises:
        ValueError: the configuration describes no possible backtest.

    """
    report(Stage(0.0, "prices"))
    strategy = build_strategy(config.type, config.parameters)
    strategy.check_symbols(config.symbols)
    prices = select_prices(market, config.symbols, config.start_date, config.end_date, strategy.warm_up_bars)
    report(Stage(0.2, "simulation"))
    for tag in config.tags:
        fault_point(f"simulation:{tag}")
    run = simulate(
        prices,
        strategy,
        Costs(config.commission_rate, config.slippage_rate),
        config.initial_cash,
    )
    if (fills := len(run.fills.shares)) > MOST_FILLS:
        raise ValueError(f"it has {fills:,} fills, a result can have {MOST_FILLS:,}: let it trade less often")
    report(Stage(0.8, "metrics"))
    missing = prices.missing_warm_up(strategy.warm_up_bars)
    return Output(
        performance=measure(run),
        dates=[str(day) for day in prices.dates[prices.warm_up :]],
        equity=run.equity.tolist(),
        fills=_fills(prices, run),
        missing_warm_up_bars=missing,
        warnings=warnings_of(run, missing, prices.ended()),
    )


def warm_up(market: MarketData) -> float:
    """Compile the simulator and run a backtest of a year; return how long that run took, in seconds."""
    simulator.warm_up()
    instruments = market.instruments()
    symbol = max(instruments, key=lambda each: instruments[each].bars)
    start, end = resolve_window(instruments, [symbol], None, None)
    config = BacktestConfig(
        type="buy_and_hold",
        parameters={},
        symbols=(symbol,),
        start_date=start,
        end_date=end,
        initial_cash=1.0,
        commission_rate=0.0,
    )
    started = time.perf_counter()
    simulate_config(config, market)
    return time.perf_counter() - started


def _fills(prices: Prices, run: Run) -> list[Fill]:
    fills = run.fills
    columns = (fills.bar, fills.symbol, fills.shares, fills.price, fills.commission, fills.realised_pnl)
    return [
        Fill(
            date=str(prices.dates[prices.warm_up + bar]),
            symbol=prices.symbols[symbol],
            shares=shares,
            price=price,
            commission=commission,
            profit=profit if shares < 0 else None,
        )
        for bar, symbol, shares, price, commission, profit in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]

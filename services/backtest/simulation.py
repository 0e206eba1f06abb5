"""Runs the configuration of a backtest on market data."""

import time
from collections.abc import Callable, Sequence
from typing import Final, Literal

import numpy as np

from backchat_contracts import BacktestConfig, Provenance
from services.backtest.domain import simulator
from services.backtest.domain.indicators import FloatArray
from services.backtest.domain.instruments import Instrument
from services.backtest.domain.prices import Prices, content_of_all, select_prices
from services.backtest.domain.result import Result
from services.backtest.domain.simulator import Costs, simulate
from services.backtest.domain.strategy_types import build_strategy
from services.backtest.domain.warnings import warnings_of
from services.backtest.domain.window import resolve_window
from services.backtest.domain.work import ENGINE_VERSION, parameters_hash
from services.backtest.output import Output
from services.backtest.ports import MarketData
from services.backtest.progress import Stage
from services.chassis.faults import fault_point
from services.metrics import Sample, measure
from services.metrics.account import Fills

MOST_FILLS: Final = 100_000
"""The most fills that are kept: 4 MB, which is 12 MB of JSON."""
_NO_FILLS: Final = Fills(*(np.zeros(0, dtype) for dtype in ("i8", "i8", "f8", "f8", "f8", "f8")))


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
    costs = Costs(config.commission_rate, config.slippage_rate)
    run = simulate(prices, strategy, costs, config.initial_cash)
    report(Stage(0.7, "benchmark"))
    held = _benchmark_prices(config, market, prices)
    benchmark = _benchmark(config, held, prices, costs)
    report(Stage(0.8, "metrics"))
    missing = prices.missing_warm_up(strategy.warm_up_bars)
    kept = len(run.fills.shares) <= MOST_FILLS
    result = Result(
        days=prices.dates[prices.warm_up :],
        equity=run.equity,
        benchmark=benchmark,
        exposure=1.0 - run.cash / run.equity,
        symbols=prices.symbols,
        fills=run.fills if kept else _NO_FILLS,
        missing_warm_up_bars=missing,
        fills_left_out=0 if kept else len(run.fills.shares),
    )
    used = (prices,) if held is prices else (prices, held)
    known = market.instruments()
    instruments = [
        known[symbol] for symbol in dict.fromkeys(symbol for each in used for symbol in each.symbols)
    ]
    return Output(
        measure(Sample(run, benchmark, costs.slippage_rate)),
        result,
        warnings_of(run, missing, prices.ended(), instruments),
        Provenance(
            engine_version=ENGINE_VERSION,
            data_hash=content_of_all(*(each.content() for each in used)),
            parameters_hash=parameters_hash(config),
            currency=next((each.currency for each in instruments if each.currency), None),
            fill=_fill(instruments[: len(config.symbols)]),
        ),
    )


def _fill(instruments: Sequence[Instrument]) -> Literal["open", "close", "mixed"]:
    """Return at which price of the next day orders are filled."""
    with_open = {each.has_open for each in instruments}
    if len(with_open) > 1:
        return "mixed"
    return "open" if True in with_open else "close"


def _benchmark_prices(config: BacktestConfig, market: MarketData, prices: Prices) -> Prices:
    """Return the prices of the benchmark: the run's own, or those of the symbol that was asked for."""
    if config.benchmark is None:
        return prices
    end = min(config.end_date, market.instruments()[config.benchmark].last)
    return select_prices(market, [config.benchmark], config.start_date, end)


def _benchmark(config: BacktestConfig, held: Prices, prices: Prices, costs: Costs) -> FloatArray:
    """Buy and hold at equal weights, for what the run costs; return the equity at the closes of the run."""
    equity = simulate(held, build_strategy("buy_and_hold", {}), costs, config.initial_cash).equity
    if held is prices:
        return equity
    at_or_before = np.searchsorted(held.dates, prices.dates[prices.warm_up :], side="right") - 1
    return equity[np.maximum(at_or_before, 0)]  # before its first day in the window it is cash


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

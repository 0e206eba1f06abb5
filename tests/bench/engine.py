"""The simulator alone: two symbols, ten years, metrics included."""

import time
from datetime import date
from statistics import median

from services.backtest.domain.metrics import Sample, measure
from services.backtest.domain.prices import select_prices
from services.backtest.domain.simulator import Costs, simulate, warm_up
from services.backtest.domain.strategy_types import STRATEGIES, build_strategy
from services.backtest.market_data.sample import SampleMarketData

COSTS = Costs(commission_rate=0.001, slippage_rate=0.0005)
CASH = 100_000.0


def slowest_strategy(repeats: int) -> tuple[str, float]:
    """Return the strategy that takes longest and the median of its times in milliseconds, warm."""
    warm_up()
    prices = select_prices(SampleMarketData(), ["AAPL", "MSFT"], date(2003, 3, 1), date(2013, 3, 1))
    times = {}
    for name in STRATEGIES:
        strategy = build_strategy(name, {})
        samples = []
        for _ in range(repeats):
            begin = time.perf_counter()
            run = simulate(prices, strategy, COSTS, CASH)
            benchmark = simulate(prices, build_strategy("buy_and_hold", {}), COSTS, CASH)
            measure(Sample(run, benchmark.equity, COSTS.slippage_rate))
            samples.append(1000 * (time.perf_counter() - begin))
        times[name] = median(samples)
    return max(times.items(), key=lambda item: item[1])

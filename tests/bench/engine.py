"""`python -m tests.bench.engine ROUNDS`: the simulator alone, on prices in memory, beside vectorbt.

It prints the rows as lines of JSON, and texts. A process of its own: vectorbt brings hundreds of modules.

Both engines run a crossover of simple moving averages of 20 and 50 bars: equal slots of one account, orders
of the symbols whose target has changed, filled at the next open, the same commission and slippage.

Backchat: the averages, the simulation, buy and hold of all symbols at the same costs as the benchmark, and
    all metrics of the catalogue.
vectorbt: the averages (`MA.run`), `Portfolio.from_orders` with target percentages, and `Portfolio.stats()`.
    These are fewer metrics than ours, and the benchmark is the return of the closes without costs.

They take turns. Where cash does not reach, Backchat scales all buys of the day and vectorbt the last ones:
the last equity may differ by 0.1 %, the number of orders not at all. The rows `engine.2x10y` and
`engine.100x10y` are of our slowest strategy type with its default parameters.
"""

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from functools import partial
from statistics import median
from typing import Any

from services.backtest.domain.prices import Prices
from services.backtest.domain.simulator import Costs, Run, simulate, warm_up
from services.backtest.domain.strategies.base import Strategy
from services.backtest.domain.strategy_types import STRATEGIES, build_strategy
from services.backtest.worker_process import keep_freed_memory
from services.metrics import Sample, measure
from tests.bench.errors import BenchError
from tests.bench.figures import Row, elapsed_ms, faster_row, linear_rows, single_row
from tests.bench.prices import random_prices

COSTS = Costs(commission_rate=0.001, slippage_rate=0.0005)
CASH = 100_000.0
TEN_YEARS = 2_520
PORTFOLIOS = {2: (1.0, 40.0, 20), 100: (10.0, 1.0, 2)}
"""By number of symbols: the most ms, how many times as fast as vectorbt, our runs for one of vectorbt."""
BARS = (1_260, 2_520, 5_040, 12_600, 25_200)
SYMBOLS = (20, 50, 100, 250, 500)
SYMBOLS_OF_BARS = 10


def main() -> None:
    keep_freed_memory()
    warm_up()
    for each in measurements(int(sys.argv[1])):
        sys.stdout.write(json.dumps(asdict(each) if isinstance(each, Row) else each) + "\n")
        sys.stdout.flush()


def measurements(rounds: int) -> Iterator[Row | str]:
    """Measure everything; yield rows, and texts about them."""
    beside = importlib.util.find_spec("vectorbt") is not None
    if not beside:
        yield "vectorbt: skipped, `bash deploy/setup.sh bench` installs what `make bench` needs"
    for symbols, (most_ms, times, runs) in PORTFOLIOS.items():
        size, prices = f"{symbols}x10y", random_prices(symbols, TEN_YEARS)
        slowest, ms = _slowest_strategy(prices, rounds * runs)
        yield f"engine.{size}: the slowest strategy is {slowest}"
        yield single_row(f"engine.{size}", ms, "ms", most_ms)
        if beside:
            yield from _beside_vectorbt(size, prices, rounds, runs, times)
    yield from _linear("bars", rounds, {bars: random_prices(SYMBOLS_OF_BARS, bars) for bars in BARS})
    yield from _linear("symbols", rounds, {count: random_prices(count, TEN_YEARS) for count in SYMBOLS})


def _backtest(prices: Prices, strategy: Strategy) -> Run:
    run = simulate(prices, strategy, COSTS, CASH)
    benchmark = simulate(prices, build_strategy("buy_and_hold", {}), COSTS, CASH)
    measure(Sample(run, benchmark.equity, COSTS.slippage_rate))
    return run


def _slowest_strategy(prices: Prices, runs: int) -> tuple[str, float]:
    """Return the strategy type that takes longest, and the median of its times."""
    strategies = [build_strategy(name, {}) for name in STRATEGIES]
    taken = {each.type: _median_ms(partial(_backtest, prices, each), runs) for each in strategies}
    return max(taken.items(), key=lambda item: item[1])


def _beside_vectorbt(size: str, prices: Prices, rounds: int, runs: int, times: float) -> Iterator[Row]:
    from tests.bench.peer import VectorbtCrossover  # noqa: PLC0415 - it may not be installed

    crossover, peer = build_strategy("sma_crossover", {}), VectorbtCrossover(prices, COSTS, CASH)
    _check_same(_backtest(prices, crossover), peer.run())
    ours, theirs = [], []
    for _ in range(rounds):
        ours += [elapsed_ms(partial(_backtest, prices, crossover)) for _ in range(runs)]
        theirs.append(elapsed_ms(peer.run))
    yield single_row(f"engine.{size} crossover", median(ours), "ms")
    yield single_row(f"vectorbt.{size} crossover", median(theirs), "ms")
    yield faster_row(f"engine.{size} / vectorbt", median(ours), median(theirs), times)


def _check_same(run: Run, portfolio: Any) -> None:
    """Raise BenchError if the two backtests are not the same."""
    orders = len(run.fills.bar), int(portfolio.orders.count())
    equity = float(run.equity[-1]), float(portfolio.final_value())
    if orders[0] != orders[1] or abs(equity[1] / equity[0] - 1.0) > 0.001:
        raise BenchError(f"not the same backtest: orders {orders}, equity {equity}, of Backchat and vectorbt")


def _linear(unit: str, rounds: int, by_size: Mapping[int, Prices]) -> Iterator[Row]:
    """Fit the cost over the size: yield its slope, and how much more one costs at the largest size."""
    crossover = build_strategy("sma_crossover", {})
    taken: dict[int, list[float]] = {size: [] for size in by_size}
    for _ in range(rounds):
        for size, prices in by_size.items():
            taken[size].append(elapsed_ms(partial(_backtest, prices, crossover)))
    yield from linear_rows(f"engine.slope.{unit}", list(taken), [median(each) for each in taken.values()])


def _median_ms(run: Callable[[], object], runs: int) -> float:
    return median(elapsed_ms(run) for _ in range(runs))


if __name__ == "__main__":
    main()

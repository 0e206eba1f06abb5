"""`python -m tests.bench.comparisons ROUNDS`: comparisons of curves in memory, warm, in one thread.

It prints the rows as lines of JSON. A comparison is everything from the curves to the answer: which can be
compared, the statistics, the verdicts and the words. Its question is "which is better?"; one for the
steadiest is decided by another draw of days, beside the one that all questions need.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from statistics import median

import numpy as np

from backchat_contracts import BacktestCompleted, BacktestConfig
from services.backtest.worker_process import keep_freed_memory
from services.compare.answers import answer_of
from services.compare.domain.comparability import Run
from services.compare.domain.gathering import gather_backtests
from services.compare.domain.series import NO_FILLS, Days, Part, Series
from services.compare.domain.statistics import warm_up
from services.compare.domain.subject import Subject
from services.language.parsing import parse
from services.metrics import Sample, measure
from services.metrics.account import FloatArray
from tests.bench.engine import TEN_YEARS
from tests.bench.figures import Row, elapsed_ms, linear_rows, single_row

QUERY, STEADIER = "Which is better?", "Which is steadier?"
FEW, MANY = 3, 200
MOST_MS = {FEW: 60.0, MANY: 1_500.0}
COUNTS = (20, 50, 100, 200)
YEARS = (2, 5, 10, 20)
"""Growth is measured over these; all pairs are tested of 20 strategies, above it those of the leader."""
COUNT_OF_YEARS = 3
TRADING_DAYS = 252


def main() -> None:
    keep_freed_memory()
    warm_up()
    for each in measurements(int(sys.argv[1])):
        sys.stdout.write(json.dumps(asdict(each)) + "\n")
        sys.stdout.flush()


def measurements(rounds: int) -> Iterator[Row]:
    """Measure everything; yield rows."""
    for count, most_ms in MOST_MS.items():
        better = random_subject(count, TEN_YEARS)
        steadier = replace(better, question=parse(STEADIER, {}))
        for name, subject in (("compare", better), ("compare.steadier", steadier)):
            answer_of(subject)
            taken = [elapsed_ms(partial(answer_of, subject)) for _ in range(rounds)]
            yield single_row(f"{name}.{count}x10y", median(taken), "ms", most_ms)
    yield from _linear("strategies", rounds, {count: random_subject(count, TEN_YEARS) for count in COUNTS})
    by_years = {years * TRADING_DAYS: random_subject(COUNT_OF_YEARS, years * TRADING_DAYS) for years in YEARS}
    yield from _linear("bars", rounds, by_years)


def _linear(unit: str, rounds: int, by_size: dict[int, Subject]) -> tuple[Row, Row]:
    taken: dict[int, list[float]] = {size: [] for size in by_size}
    for _ in range(max(1, rounds // 5)):
        for size, subject in by_size.items():
            taken[size].append(elapsed_ms(partial(answer_of, subject)))
    return linear_rows(f"compare.slope.{unit}", list(taken), [median(each) for each in taken.values()])


def random_subject(count: int, bars: int) -> Subject:
    """Return strategies of one market, with a common factor and fat tails, to be compared."""
    random = np.random.default_rng(7)
    days = np.busday_offset("1990-01-01", np.arange(bars), roll="forward")
    market = 0.008 * random.standard_t(4, bars)
    runs = [_run(number, days, market + 0.006 * random.standard_t(4, bars)) for number in range(count)]
    completed = {run.id: run.completed for run in runs}
    entries = gather_backtests(list(completed), completed, "en")
    return Subject(runs, entries, parse(QUERY, {}), {}, "en")


def _grown(returns: FloatArray) -> FloatArray:
    return np.asarray(100_000.0 * np.cumprod(1.0 + returns), np.float64)


def _run(number: int, days: Days, returns: FloatArray) -> Run:
    equity = _grown(np.clip(returns, -0.2, 0.2))
    benchmark = _grown(np.full(len(days), 0.0002))
    series = Series(f"content-{number}", days, equity, benchmark, np.full(len(days), 0.9), NO_FILLS)
    config = BacktestConfig(
        type="momentum",
        parameters={"lookback": number + 2},
        symbols=("AAPL", "MSFT"),
        start_date=days[0].item(),
        end_date=days[-1].item(),
        initial_cash=100_000.0,
        commission_rate=0.001,
    )
    account = Part(equity, equity / 10.0, NO_FILLS)
    completed = BacktestCompleted(
        backtest_id=f"backtest-{number}",
        strategy_id=f"momentum-{number}",
        strategy_name=f"Momentum {number}",
        config=config,
        performance=measure(Sample(account, benchmark)),
        completed_at=datetime(2026, 3, 2, tzinfo=UTC),
    )
    return Run(completed, series)


if __name__ == "__main__":
    main()

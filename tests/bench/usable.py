"""`python -m tests.bench.usable FOLDER CACHE`: use a folder of prices as the backtest service does.

It imports what the service does, reads the folder, selects all prices, and prints a line of JSON when they
are there. On Linux it then runs a backtest of all symbols in a worker process, and prints the memory in MB:

service: what this process had at its peak before the selection, which is a worker's task.
worker: what the worker process has, pages that processes share divided among them.
worker_resident: the same, with those in full.
worker_peak: the most of that while the backtest ran.
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from backchat_contracts import BacktestConfig
from services.backtest.domain.prices import select_prices
from services.backtest.market_data import MarketReference, open_market
from services.backtest.price_files.folder import PriceFolder
from services.backtest.process_pool import ProcessPool
from services.backtest.progress import Stage
from tests.bench import resources
from tests.bench.errors import BenchError

DEADLINE_SECONDS = 60.0


async def main(folder: Path, cache: Path) -> None:
    import services.backtest.bootstrap  # noqa: F401, PLC0415 - the whole service, but not in the worker process

    snapshot = await asyncio.to_thread(PriceFolder(folder, cache).read)
    if snapshot is None or snapshot.findings:
        raise BenchError(f"the folder was not read without findings: {snapshot}")
    reference = MarketReference("sample", snapshot.manifest)
    market = open_market(reference)
    service_mb = resources.peak_mb(os.getpid()) if resources.AVAILABLE else None
    config = BacktestConfig(
        type="sma_crossover",
        parameters={},
        symbols=tuple(snapshot.instruments),
        start_date=min(each.first for each in snapshot.instruments.values()),
        end_date=max(each.last for each in snapshot.instruments.values()),
        initial_cash=1_000_000.0,
        commission_rate=0.001,
        slippage_rate=0.0005,
    )
    prices = select_prices(market, config.symbols, config.start_date, config.end_date)
    _say({"symbols": len(prices.symbols), "bars": len(prices.dates), "read": len(snapshot.read)})
    if service_mb is None:
        return
    pool = ProcessPool(1, DEADLINE_SECONDS, reference)
    async with pool.open():
        await pool.warm_up(lambda _seconds: None)
        await pool.run(config, _ignore)
        (worker,) = resources.tree(os.getpid()) - {os.getpid()}
        worker_mb, resident_mb = resources.memory_mb([worker])
        peak_mb = resources.peak_mb(worker)
    _say(
        {
            "service": service_mb,
            "worker": worker_mb,
            "worker_resident": resident_mb,
            "worker_peak": peak_mb,
        }
    )


async def _ignore(_stage: Stage) -> None:
    pass


def _say(said: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))

"""Runs backtests in warm worker processes, each within a deadline; the event loop is never blocked.

The pool has one worker slot per process. A free slot takes a batch from the queue of waiting backtests:
several short ones, because a call into the process takes as long as they do; of long ones, one. If a batch
fails, each of its backtests is run alone, so that only the one that failed ends with its error.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import anyio
import structlog
from anyio import CapacityLimiter, to_process

from backchat_contracts import BacktestConfig
from services.backtest.errors import JobError
from services.backtest.market_data import MarketReference
from services.backtest.output import Output
from services.backtest.ports import Report
from services.backtest.progress import ProgressFile, Stage
from services.backtest.worker_process import Impossible, run_backtests, warm_up
from services.chassis.environment import WORKER, only

log = structlog.get_logger()

REPORT_EVERY_SECONDS = 1.0
BATCH_SECONDS = 0.02
"""How much work is put into a batch, as far as is known."""
BATCH_LIMIT_SECONDS = 1.0
"""How long a batch may take before its process is killed and its backtests are run alone."""


@dataclass(slots=True, eq=False)
class _Backtest:
    """One call of `run`: it waits in the queue, runs in a slot, and ends with its `outcome`.

    The outcome is the result and how long it took in seconds, or an error. If the caller is cancelled, so is
    the outcome: then the backtest is not started any more or, if it runs alone, its process is killed.
    """

    config: BacktestConfig
    report: Report
    redact: Callable[[str], str]
    outcome: "asyncio.Future[tuple[Output, float]]"

    def succeed(self, result: Output | Impossible, seconds: float) -> None:
        if isinstance(result, Impossible):
            self.fail(JobError("engine-error", self.redact(result.detail)))
        elif not self.outcome.done():
            self.outcome.set_result((result, seconds))

    def fail(self, error: Exception) -> None:
        if not self.outcome.done():
            self.outcome.set_exception(error)


@dataclass(slots=True, eq=False)
class _WorkerSlot:
    """Room for one process: what it runs is written to `progress`, the file at `path`."""

    path: Path
    progress: ProgressFile
    busy_since: float | None = None
    seconds_each: float = math.inf
    """How long a backtest of its last batch took; infinite if that failed or there was none."""


class ProcessPool:
    """Runs backtests in `processes` processes with the prices at `market`, which may be replaced by others.

    One that runs longer than `deadline_seconds` is ended. The processes get the environment variables that
    computing needs, and those in `variables`, which are the provider's: no secret of the service. `redact`
    takes secrets out of their errors.
    """

    def __init__(
        self,
        processes: int,
        deadline_seconds: float,
        market: MarketReference,
        variables: Iterable[str] = (),
        redact: Callable[[str], str] = str,
    ) -> None:
        self._processes = processes
        self._deadline_seconds = deadline_seconds
        self.market = market
        self._variables = (*WORKER, *variables)
        self._redact = redact
        self._limiter = CapacityLimiter(max(1, processes))
        self._waiting: deque[_Backtest] = deque()
        self._retried: deque[_Backtest] = deque()  # of batches that failed: they come first and run alone
        self._arrived = asyncio.Event()
        self._slots: list[_WorkerSlot] = []

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Run what comes, each slot in a task of its own; at the end, kill what still runs."""
        with only(self._variables), TemporaryDirectory(prefix="backchat-") as folder:
            paths = [Path(folder, str(number)) for number in range(self._processes)]
            self._slots = [_WorkerSlot(path, ProgressFile(path)) for path in paths]
            tasks = [asyncio.create_task(self._serve(slot)) for slot in self._slots]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                for slot in self._slots:
                    slot.progress.close()

    async def warm_up(self, measured: Callable[[float], None]) -> None:
        """Start the processes and compile the simulator, so that the first backtest doesn't wait for it.

        `measured` is called for each with how long a backtest took there, in seconds.
        """

        async def warm() -> None:
            try:
                measured(await self._call(warm_up, self.market))
            except Exception as error:  # noqa: BLE001 - a backtest that fails as well tells its caller
                log.warning("worker process not warmed up", error=repr(error))

        async with anyio.create_task_group() as tasks:
            for _ in range(self._processes):
                tasks.start_soon(warm)

    def busy_seconds(self) -> float:
        """Return for how long all slots have been busy with what they last took; 0 while one is free."""
        since = [slot.busy_since for slot in self._slots if slot.busy_since is not None]
        if not since or len(since) < len(self._slots):
            return 0.0
        return time.perf_counter() - max(since)

    async def run(self, config: BacktestConfig, report: Report) -> tuple[Output, float]:
        """Run a backtest, as the port `Engine` says."""
        backtest = _Backtest(config, report, self._redact, asyncio.get_running_loop().create_future())
        self._waiting.append(backtest)
        self._arrived.set()
        return await backtest.outcome

    async def _serve(self, slot: _WorkerSlot) -> None:
        while True:
            while not (batch := self._take_batch(slot)):
                self._arrived.clear()
                await self._arrived.wait()
            slot.busy_since = time.perf_counter()
            if len(batch) == 1:
                await self._run_alone(batch[0], slot)
            else:
                await self._run_together(batch, slot)
            slot.busy_since = None

    def _take_batch(self, slot: _WorkerSlot) -> list[_Backtest]:
        """Take from the queues what the slot runs next: at most its share; empty if nothing waits."""
        share = math.ceil(len(self._waiting) / self._processes)
        most = min(share, 1 + int(BATCH_SECONDS / slot.seconds_each))
        return _take(self._retried, 1) or _take(self._waiting, most)

    async def _run_together(self, batch: Sequence[_Backtest], slot: _WorkerSlot) -> None:
        began, slot.seconds_each = time.perf_counter(), math.inf
        try:
            with anyio.fail_after(BATCH_LIMIT_SECONDS):
                configs = [backtest.config for backtest in batch]
                results = await self._call(run_backtests, self.market, configs)
        except Exception as error:  # noqa: BLE001 - run alone, the one that failed raises it again
            log.warning("batch failed, its backtests run alone now", backtests=len(batch), error=repr(error))
            self._retried.extend(batch)
            self._arrived.set()
            return
        slot.seconds_each = seconds = (time.perf_counter() - began) / len(batch)
        for backtest, result in zip(batch, results, strict=True):
            backtest.succeed(result, seconds)

    async def _run_alone(self, backtest: _Backtest, slot: _WorkerSlot) -> None:
        slot.progress.write(Stage(0.0, "starting"))
        reporting = asyncio.create_task(_report_progress(slot.progress, backtest.report))
        began, slot.seconds_each = time.perf_counter(), math.inf
        try:
            with anyio.move_on_after(self._deadline_seconds) as scope:
                backtest.outcome.add_done_callback(lambda _: scope.cancel())
                (result,) = await self._call(run_backtests, self.market, [backtest.config], slot.path)
                slot.seconds_each = time.perf_counter() - began
                backtest.succeed(result, slot.seconds_each)
        except Exception as error:  # noqa: BLE001 - the caller's to handle
            backtest.fail(error)
        finally:
            reporting.cancel()
        if scope.cancelled_caught:
            detail = f"not finished within {self._deadline_seconds:g} seconds"
            backtest.fail(JobError("deadline-exceeded", detail))

    async def _call(self, function: Callable[..., Any], *args: Any) -> Any:  # noqa: ANN401
        return await to_process.run_sync(function, *args, cancellable=True, limiter=self._limiter)


def _take(queue: deque[_Backtest], most: int) -> list[_Backtest]:
    batch: list[_Backtest] = []
    while queue and len(batch) < most:
        backtest = queue.popleft()
        if not backtest.outcome.done():  # cancelled
            batch.append(backtest)
    return batch


async def _report_progress(progress: ProgressFile, report: Report) -> None:
    while True:
        await asyncio.sleep(REPORT_EVERY_SECONDS)
        await report(progress.read())

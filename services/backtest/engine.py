"""The simulator in warm worker processes: the event loop never waits for it, and a deadline ends it."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import anyio
from anyio import CapacityLimiter, to_process

from services.backtest.errors import JobError
from services.backtest.ports import Report
from services.backtest.progress import Board, Stage
from services.chassis.mongo import Document

REPORT_EVERY_SECONDS = 1.0


class ProcessEngine:
    """Runs each backtest in a process of its own pool."""

    def __init__(self, processes: int, deadline_seconds: float) -> None:
        self._processes = processes
        self._limiter = CapacityLimiter(max(1, processes))
        self._deadline_seconds = deadline_seconds
        self._free: asyncio.Queue[tuple[Path, Board]] = asyncio.Queue()
        self._began: dict[Path, float] = {}

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Give every process a board to tell its progress on."""
        with TemporaryDirectory(prefix="backchat-") as folder:
            paths = [Path(folder, str(number)) for number in range(self._processes)]
            boards = [(path, Board(path)) for path in paths]
            for each in boards:
                self._free.put_nowait(each)
            yield
            for _, board in boards:
                board.close()

    async def warm_up(self, measured: Callable[[float], None]) -> None:
        """Start the processes and compile the simulator, so that the first backtest doesn't wait for it.

        Tells each how long a backtest took there, in seconds.
        """

        async def warm() -> None:
            measured(await self._call(_warm_up))

        async with anyio.create_task_group() as tasks:
            for _ in range(self._processes):
                tasks.start_soon(warm)

    def busy_seconds(self) -> float:
        """Return for how long no process has become free; 0 while one is."""
        if len(self._began) < self._processes:
            return 0.0
        return time.perf_counter() - max(self._began.values(), default=math.inf)

    async def run(self, config: dict[str, Any], report: Report) -> tuple[Document, float]:
        path, board = await self._free.get()
        board.write(Stage(0.0, "starting"))
        watch = asyncio.create_task(_watch(board, report))
        self._began[path] = began = time.perf_counter()
        try:
            with anyio.fail_after(self._deadline_seconds):
                result = await self._call(_simulate, config, path)
        except TimeoutError as error:
            raise JobError(
                "deadline-exceeded", f"not finished within {self._deadline_seconds:g} seconds"
            ) from error
        except ValueError as error:
            raise JobError("engine-error", str(error)) from error
        finally:
            watch.cancel()
            del self._began[path]
            self._free.put_nowait((path, board))
        return result, time.perf_counter() - began

    async def _call(self, function: Any, *args: Any) -> Any:  # noqa: ANN401
        return await to_process.run_sync(function, *args, cancellable=True, limiter=self._limiter)


async def _watch(board: Board, report: Report) -> None:
    while True:
        await asyncio.sleep(REPORT_EVERY_SECONDS)
        await report(board.read())


def _warm_up() -> float:
    from services.backtest.simulation import warm_up  # noqa: PLC0415 - the compiler's 70 MB stay in the worker

    return warm_up()


def _simulate(config: dict[str, Any], board: Path) -> Document:
    from services.backtest.simulation import simulate_config  # noqa: PLC0415 - as above

    return simulate_config(config, _board(board).write)


@cache
def _board(path: Path) -> Board:
    return Board(path)

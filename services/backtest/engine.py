"""The simulator in warm worker processes: the event loop never waits for it, and a deadline ends it."""

import asyncio
import ctypes
import math
import signal
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import anyio
import structlog
from anyio import CapacityLimiter, to_process

from services.backtest.errors import JobError
from services.backtest.ports import Report
from services.backtest.progress import ProgressFile, Stage

log = structlog.get_logger()

REPORT_EVERY_SECONDS = 1.0
TOGETHER_SECONDS = 0.02
"""How much work a process is given at once: of short backtests several, as the way there takes as long."""
TOGETHER_AT_MOST_SECONDS = 1.0
PR_SET_PDEATHSIG = 1
"""Of Linux's prctl: the signal that this process gets when its parent dies."""

Config = dict[str, Any]
Document = dict[str, Any]
Outcome = tuple[Document | str, float]
"""The result, or what is wrong with the configuration; and the seconds it took."""


@dataclass(slots=True, eq=False)
class _WorkerSlot:
    """Room for one process, and what its last backtest took: for ever, as far as is known of a new one."""

    board: ProgressFile
    path: Path
    last_seconds: float = math.inf
    taken_at: float = 0.0


@dataclass(slots=True, eq=False)
class _Waiting:
    """A backtest that waits for a place; or somebody with a place takes it along and brings the outcome."""

    config: Config
    turn: "asyncio.Future[_WorkerSlot | Outcome]"
    alone: bool = False


class ProcessEngine:
    """Runs backtests in a pool of processes.

    Short ones that wait are handed over together. If anything happens to them, each is run by itself.
    """

    def __init__(self, processes: int, deadline_seconds: float) -> None:
        self._processes = processes
        self._limiter = CapacityLimiter(max(1, processes))
        self._deadline_seconds = deadline_seconds
        self._line: deque[_Waiting] = deque()
        self._free: list[_WorkerSlot] = []
        self._taken: set[_WorkerSlot] = set()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Give every process a board to tell its progress on."""
        with TemporaryDirectory(prefix="backchat-") as folder:
            paths = [Path(folder, str(number)) for number in range(self._processes)]
            places = [_WorkerSlot(ProgressFile(path), path) for path in paths]
            self._free = list(places)
            yield
            for place in places:
                place.board.close()

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
        if self._free or not self._taken:
            return 0.0
        return time.perf_counter() - max(place.taken_at for place in self._taken)

    async def run(self, config: Config, report: Report) -> tuple[Document, float]:
        waiting = _Waiting(config, asyncio.get_running_loop().create_future())
        self._line.append(waiting)
        self._hand_out()
        turn = await self._turn(waiting)
        if isinstance(turn, _WorkerSlot):
            result, seconds = await self._run(waiting, turn, report)
        else:
            result, seconds = turn
        if isinstance(result, str):
            raise JobError("engine-error", result)
        return result, seconds

    async def _turn(self, waiting: _Waiting) -> _WorkerSlot | Outcome:
        try:
            return await waiting.turn
        except asyncio.CancelledError:
            turn = waiting.turn
            if (
                not turn.cancelled()
                and not turn.exception()
                and isinstance(place := turn.result(), _WorkerSlot)
            ):
                self._leave(place)
            raise

    def _hand_out(self) -> None:
        while self._free and self._line:
            waiting = self._line.popleft()
            if not waiting.turn.done():
                place = self._free.pop()
                place.taken_at = time.perf_counter()
                self._taken.add(place)
                waiting.turn.set_result(place)

    def _leave(self, place: _WorkerSlot) -> None:
        self._taken.discard(place)
        self._free.append(place)
        self._hand_out()

    async def _run(self, waiting: _Waiting, place: _WorkerSlot, report: Report) -> Outcome:
        try:
            along = [] if waiting.alone else self._along(place)
            together = await self._together(waiting, along, place) if along else None
            return together or await self._alone(waiting.config, report, place)
        finally:
            self._leave(place)

    async def _together(self, driver: _Waiting, along: list[_Waiting], place: _WorkerSlot) -> Outcome | None:
        """Run it with others that wait; None, if something happens to one of them."""
        configs = [driver.config, *(each.config for each in along)]
        began, place.last_seconds = time.perf_counter(), math.inf
        try:
            with anyio.fail_after(TOGETHER_AT_MOST_SECONDS):
                results = await self._call(_simulate, configs)
        except BaseException as error:
            for each in reversed(along):
                each.alone = True
                self._line.appendleft(each)
            if not isinstance(error, Exception):
                raise
            log.warning("each backtest by itself now", backtests=len(configs), error=repr(error))
            return None
        place.last_seconds = seconds = (time.perf_counter() - began) / len(results)
        for each, result in zip(along, results[1:], strict=True):
            if not each.turn.done():  # cancelled
                each.turn.set_result((result, seconds))
        return results[0], seconds

    def _along(self, place: _WorkerSlot) -> list[_Waiting]:
        """Take out of the line what goes along: a moment's work, and of what waits this process's share."""
        most = min(int(TOGETHER_SECONDS / place.last_seconds), math.ceil(len(self._line) / self._processes))
        along: list[_Waiting] = []
        while len(along) < most and not self._line[0].alone:
            along.append(self._line.popleft())
        return [each for each in along if not each.turn.done()]

    async def _alone(self, config: Config, report: Report, place: _WorkerSlot) -> Outcome:
        place.board.write(Stage(0.0, "starting"))
        watch = asyncio.create_task(_watch(place.board, report))
        began, place.last_seconds = time.perf_counter(), math.inf
        try:
            with anyio.fail_after(self._deadline_seconds):
                (result,) = await self._call(_simulate, [config], place.path)
        except TimeoutError as error:
            detail = f"not finished within {self._deadline_seconds:g} seconds"
            raise JobError("deadline-exceeded", detail) from error
        finally:
            watch.cancel()
        place.last_seconds = time.perf_counter() - began
        return result, place.last_seconds

    async def _call(self, function: Any, *args: Any) -> Any:  # noqa: ANN401
        return await to_process.run_sync(function, *args, cancellable=True, limiter=self._limiter)


async def _watch(board: ProgressFile, report: Report) -> None:
    while True:
        await asyncio.sleep(REPORT_EVERY_SECONDS)
        await report(board.read())


def _warm_up() -> float:
    _mind_the_parent()
    from services.backtest.simulation import warm_up  # noqa: PLC0415 - the compiler's 70 MB stay in the worker

    return warm_up()


def _simulate(configs: list[Config], path: Path | None = None) -> list[Document | str]:
    _mind_the_parent()
    from services.backtest.simulation import simulate_config  # noqa: PLC0415 - as above

    tell = _board(path).write if path else _unheard
    results: list[Document | str] = []
    for config in configs:
        try:
            results.append(simulate_config(config, tell))
        except ValueError as error:
            results.append(str(error))
    return results


def _unheard(_stage: Stage) -> None:
    """Nobody listens."""


@cache
def _board(path: Path) -> ProgressFile:
    return ProgressFile(path)


@cache
def _mind_the_parent() -> None:
    """Leave it to the service to end this process: signals to the whole group are for the service alone.

    Where the service itself is killed, Linux ends this process, however busy it is.
    """
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

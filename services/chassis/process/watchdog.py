"""Ends a process that makes no progress, so that its supervisor starts it again."""

import asyncio
import gc
import inspect
import os
import sys
import threading
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from types import FrameType
from typing import Any, Final, NoReturn, Protocol

import structlog

log = structlog.get_logger()

STUCK_EXIT_CODE: Final = 70  # EX_SOFTWARE of sysexits.h
LOOK_SECONDS: Final = 1.0
GIVE_BACK_SECONDS: Final = 3.0
LOOKS: Final = 10
"""Looks within the limit. They are counted, not timed, so that a process that was suspended is not ended."""


class Watched(Protocol):
    """A consumer or a request client, which should make progress."""

    def dead(self) -> str | None:
        """Return why it has stopped for good; None if it has not."""

    async def waits(self) -> Mapping[str, Hashable]:
        """Return what it waits for now, each with a value that changes with progress."""


def end_process(_why: str) -> NoReturn:
    """End the process at once; its unfinished work is done again after a restart."""
    os._exit(STUCK_EXIT_CODE)


def stacks(loop: asyncio.AbstractEventLoop) -> str:
    """Return where each thread is, and each task of an event loop."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    found = [
        f"thread {names.get(ident)}:\n{''.join(traceback.format_stack(frame))}"
        for ident, frame in sys._current_frames().items()  # noqa: SLF001 - the only way to know where they are
    ]
    for task in asyncio.all_tasks(loop):
        frames = traceback.StackSummary.extract(_frames_of(task.get_coro()))
        found.append(f"task {task.get_name()}:\n{''.join(frames.format())}")
    return "\n".join(found)


def _frames_of(coroutine: Any) -> Iterator[tuple[FrameType, int]]:  # noqa: ANN401 - or a generator or future
    """Yield the frames of a suspended coroutine with their lines, from the outside in."""
    while coroutine is not None:
        if frame := getattr(coroutine, "cr_frame", None) or getattr(coroutine, "ag_frame", None):
            yield frame, frame.f_lineno
        coroutine = (
            getattr(coroutine, "cr_await", None)
            or getattr(coroutine, "ag_await", None)
            # The step of an async generator tells of it only what it refers to.
            or next(filter(inspect.isasyncgen, gc.get_referents(coroutine)), None)
        )


class Watchdog:
    """Looks ten times within a limit whether progress is made, and ends the process if it is not.

    Without progress in one of the things that are waited for, the process is not ready after half of the
    limit and ends after all of it. It also ends if the event loop is blocked for the limit, which a thread
    observes, and at once if one of `watched` is dead.

    Args:
        watched: what should make progress; no two wait for what has the same name.
        limit: in seconds.
        end: ends the process.
        give_back: gives jobs back to the queue; called before the end, unless the event loop is blocked.

    """

    def __init__(
        self,
        watched: Sequence[Watched],
        limit: float,
        end: Callable[[str], object] = end_process,
        give_back: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._watched = watched
        self._give_back = give_back
        self._limit = limit
        self._pause = limit / LOOKS
        self._end = end
        self._looks = 0
        self._last: Mapping[str, Hashable] = {}
        self._idle: dict[str, int] = {}
        """For each thing that is waited for, how many looks have seen no progress."""

    @property
    def progressing(self) -> bool:
        """Whether there has been progress within half of the limit."""
        return not self._dead() and max(self._idle.values(), default=0) < LOOKS / 2

    def _dead(self) -> str | None:
        return next(filter(None, (each.dead() for each in self._watched)), None)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look until the end of the block."""
        over = threading.Event()
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._watch_loop, args=(threading.get_ident(), over), daemon=True).start()
        task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            task.cancel()
            over.set()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._pause)
            self._looks += 1
            if why := self._dead():
                await self._give_back_and_end(why)
            await self._look()
            for what, idle in self._idle.items():
                if idle >= LOOKS:
                    await self._give_back_and_end(f"no progress in {self._limit:g} s: {what}")

    async def _give_back_and_end(self, why: str) -> None:
        if self._give_back:
            try:
                async with asyncio.timeout(GIVE_BACK_SECONDS):
                    await self._give_back()
            except Exception as error:  # noqa: BLE001 - the process must end
                log.warning("jobs not given back", error=repr(error))
        self._log_and_end(why)

    def _log_and_end(self, why: str) -> None:
        try:
            log.critical("stuck, the process ends", why=why, stacks=stacks(self._loop))
        finally:
            self._end(why)

    async def _look(self) -> None:
        waits: dict[str, Hashable] = {}
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                for each in self._watched:
                    waits |= await each.waits()
        except Exception as error:  # noqa: BLE001 - the next look must still come
            log.warning("watchdog could not look", error=repr(error))
            return
        self._idle = {
            what: self._idle[what] + 1 if (what, progress) in self._last.items() else 0
            for what, progress in waits.items()
        }
        self._last = waits

    def _watch_loop(self, thread: int, over: threading.Event) -> None:
        looks, idle = 0, 0
        while not over.wait(self._pause):
            idle = idle + 1 if looks == self._looks else 0
            looks = self._looks
            if idle >= LOOKS:
                code = sys._current_frames()[thread].f_code  # noqa: SLF001 - the only way to know where it is
                self._log_and_end(f"the event loop was blocked for {self._limit:g} s in {code.co_qualname}")

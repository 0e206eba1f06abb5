"""Ends a process that makes no progress, so that its supervisor starts it again."""

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping
from contextlib import asynccontextmanager
from typing import Final, NoReturn, Protocol

import structlog

log = structlog.get_logger()

STUCK_EXIT_CODE: Final = 70  # EX_SOFTWARE of sysexits.h
LOOK_SECONDS: Final = 1.0
LET_GO_SECONDS: Final = 3.0
LOOKS: Final = 10
"""Looks within the limit. They are counted, not timed, so that a process that was paused is not ended."""
UNSEEN: Final = object()


class Watched(Protocol):
    """A consumer or a request client, which should make progress."""

    def dead(self) -> str | None:
        """Return why it has stopped for good, None if it has not."""

    async def waits(self) -> Mapping[str, Hashable]:
        """Return what it waits for now, each with a value that changes with progress."""


def end_process(why: str) -> NoReturn:
    """Log why and end the process at once; its unfinished work is done again after a restart."""
    log.critical("stuck, the process ends", why=why)
    os._exit(STUCK_EXIT_CODE)


class Watchdog:
    """Looks ten times within a limit whether progress is made, and ends the process if it is not.

    What waits for the same thing without progress is not ready after half of the limit; after all of it, the
    process ends. So it does, by a thread, if the event loop is blocked, and at once if `watched` is dead.

    Args:
        watched: what should make progress.
        limit: in seconds.
        end: ends the process.
        let_go: gives jobs back to other processes; called before the end, unless the event loop is blocked.

    """

    def __init__(
        self,
        watched: Watched,
        limit: float,
        end: Callable[[str], object] = end_process,
        let_go: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._watched = watched
        self._let_go = let_go
        self._limit = limit
        self._pause = limit / LOOKS
        self._end = end
        self._looks = 0
        self._stuck: dict[str, tuple[Hashable, int]] = {}

    @property
    def calm(self) -> bool:
        """Whether there has been progress within half of the limit."""
        return not self._watched.dead() and max(self._strikes().values(), default=0) < LOOKS / 2

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look until the end of the block."""
        over = threading.Event()
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
            if why := self._watched.dead():
                await self._give_up(why)
            await self._look()
            for what, strikes in self._strikes().items():
                if strikes >= LOOKS:
                    await self._give_up(f"no progress in {self._limit:g} s: {what}")

    async def _give_up(self, why: str) -> None:
        if self._let_go:
            try:
                async with asyncio.timeout(LET_GO_SECONDS):
                    await self._let_go()
            except Exception as error:  # noqa: BLE001 - the process must end
                log.warning("jobs not given back", error=repr(error))
        self._end(why)

    async def _look(self) -> None:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                waits = await self._watched.waits()
        except Exception as error:  # noqa: BLE001 - the next look must still come
            log.warning("watchdog could not look", error=repr(error))
            return
        before, self._stuck = self._stuck, {}
        for what, progress in waits.items():
            last, strikes = before.get(what, (UNSEEN, 0))
            self._stuck[what] = (progress, strikes + 1 if last == progress else 0)

    def _strikes(self) -> dict[str, int]:
        return {what: strikes for what, (_, strikes) in self._stuck.items()}

    def _watch_loop(self, thread: int, over: threading.Event) -> None:
        looks, strikes = 0, 0
        while not over.wait(self._pause):
            strikes = strikes + 1 if looks == self._looks else 0
            looks = self._looks
            if strikes >= LOOKS:
                code = sys._current_frames()[thread].f_code  # noqa: SLF001 - the only way to know where it is
                self._end(f"the event loop was blocked for {self._limit:g} s in {code.co_qualname}")

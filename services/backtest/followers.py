"""Wakes followers: backtests that wait for the end of their leader, an equal one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import structlog

from services.backtest.ports import BacktestStore, Clock
from services.chassis.errors import ChassisError, UnavailableError

log = structlog.get_logger()

WAKE_EVERY_SECONDS = 2.0
MOST_NOTED = 1000
"""How many leaders are remembered, the last ones: the end of one in another process is not noticed here."""


class Followers:
    """Wakes followers: at once if leader and follower passed through this process, else within seconds."""

    def __init__(self, backtests: BacktestStore, clock: Clock) -> None:
        self._backtests = backtests
        self._clock = clock
        self._announce: Callable[[str], None] = lambda _: None
        self._followed: dict[str, None] = {}

    def note(self, leader_id: str) -> None:
        """Remember that a backtest has followers."""
        self._followed[leader_id] = None
        if len(self._followed) > MOST_NOTED:
            del self._followed[next(iter(self._followed))]

    async def ended(self, backtest_id: str) -> None:
        """Wake the followers of a backtest, if it has any."""
        if backtest_id in self._followed:
            del self._followed[backtest_id]
            with suppress(UnavailableError):  # the next search wakes them
                await self.wake()

    async def wake(self) -> None:
        """Wake all followers whose leader has ended, in this process or in another one."""
        for backtest_id in await self._backtests.wake_followers(self._clock()):
            self._announce(backtest_id)

    @asynccontextmanager
    async def watched(self, announce: Callable[[str], None]) -> AsyncIterator[None]:
        """Search for followers to wake, every few seconds, and announce those that were woken."""
        self._announce = announce
        task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            task.cancel()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WAKE_EVERY_SECONDS)
            try:
                await self.wake()
            except ChassisError as error:
                log.warning("followers not woken, trying again", error=str(error), again=True)
            except Exception:
                log.exception("followers not woken, trying again")

"""Deletes old comparisons and curves, a few at a time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from services.chassis.errors import ChassisError

log = structlog.get_logger()

FORGET_EVERY_SECONDS = 60.0
AT_ONCE = 500
"""How many are deleted at a time, 700,000 a day: more would delay the requests of that moment."""


class Store(Protocol):
    """A store that can delete what is from before some time."""

    async def forget(self, before: datetime, most: int) -> None: ...


@asynccontextmanager
async def forgetting(
    stores: Sequence[Store],
    keep: timedelta,
    clock: Callable[[], datetime],
    every: float = FORGET_EVERY_SECONDS,
) -> AsyncIterator[None]:
    """Delete what is older than `keep`, a few at a time, `every` few seconds.

    The database's own expiry does not suit: a setting alone can't change its time, and for it the embedded
    database reads every document each minute, while requests wait.
    """
    task = asyncio.create_task(_forget(stores, keep, clock, every))
    try:
        yield
    finally:
        task.cancel()


async def _forget(
    stores: Sequence[Store], keep: timedelta, clock: Callable[[], datetime], every: float
) -> None:
    while True:
        try:
            for store in stores:
                await store.forget(clock() - keep, AT_ONCE)
        except ChassisError as error:
            log.warning("old comparisons not forgotten, trying again", error=str(error), again=True)
        except Exception:
            log.exception("old comparisons not forgotten, trying again")
        await asyncio.sleep(every)

"""Deletes old comparisons, a few at a time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import structlog

from services.chassis.errors import ChassisError
from services.compare.ports import ComparisonStore

log = structlog.get_logger()

FORGET_EVERY_SECONDS = 60.0
AT_ONCE = 500
"""How many are deleted at a time, 700,000 a day: more would delay the requests of that moment."""


@asynccontextmanager
async def forgetting(
    comparisons: ComparisonStore,
    keep: timedelta,
    clock: Callable[[], datetime],
    every: float = FORGET_EVERY_SECONDS,
) -> AsyncIterator[None]:
    """Delete comparisons that are older than `keep`, a few at a time, `every` few seconds.

    The database's own expiry does not suit: a setting alone can't change its time, and for it the embedded
    database reads every document each minute, while requests wait.
    """
    task = asyncio.create_task(_forget(comparisons, keep, clock, every))
    try:
        yield
    finally:
        task.cancel()


async def _forget(
    comparisons: ComparisonStore, keep: timedelta, clock: Callable[[], datetime], every: float
) -> None:
    while True:
        try:
            await comparisons.forget(clock() - keep, AT_ONCE)
        except ChassisError as error:
            log.warning("old comparisons not forgotten, trying again", error=str(error), again=True)
        except Exception:
            log.exception("old comparisons not forgotten, trying again")
        await asyncio.sleep(every)

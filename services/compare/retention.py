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
"""More would hold up the requests of that moment; these are 700,000 a day."""


@asynccontextmanager
async def forgetting(
    comparisons: ComparisonStore,
    keep: timedelta,
    clock: Callable[[], datetime],
    every: float = FORGET_EVERY_SECONDS,
) -> AsyncIterator[None]:
    """Delete comparisons that are older than `keep`, a few every so many seconds.

    The database's own expiry is of no use here: its time can't be changed by a setting alone, and for it the
    embedded database reads every document each minute, while requests wait.
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
            log.warning("old comparisons not forgotten, trying again", error=str(error))
        except Exception:
            log.exception("old comparisons not forgotten, trying again")
        await asyncio.sleep(every)

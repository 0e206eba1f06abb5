"""Comparisons that are so old that nobody asks for them again: forgotten, little by little."""

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
"""More would hold up what somebody waits for; these are 700,000 a day."""


@asynccontextmanager
async def forgetting(
    comparisons: ComparisonStore,
    keep: timedelta,
    clock: Callable[[], datetime],
    every: float = FORGET_EVERY_SECONDS,
) -> AsyncIterator[None]:
    """Forget comparisons that are older than what is to be kept, a few every so many seconds.

    An index that expires can't be told another time by a setting alone, and where the embedded database has
    one, it reads every document each minute, while everybody waits.
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

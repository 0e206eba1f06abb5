"""Waiting for a server: a call that needs one is made again until it answers."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import structlog

from services.chassis.errors import StoreTroubleError, UnavailableError

log = structlog.get_logger()

FIRST_RETRY_SECONDS = 0.1
LONGEST_RETRY_SECONDS = 5.0
MOST_TROUBLES = 100
"""How often a call may meet a database in trouble, which takes eight minutes: the call may be the cause."""

T = TypeVar("T")


async def until_servers_answer(
    call: Callable[[], Awaitable[T]], on_failure: Callable[[UnavailableError], object]
) -> T:
    """Make a call again until the servers that it needs answer; `on_failure` is called with each failure.

    Raises StoreTroubleError if the database reports trouble of its own for minutes.
    """
    began, delays, failures, troubles = time.monotonic(), backoff(), 0, 0
    while True:
        try:
            answer = await call()
            break
        except UnavailableError as error:
            failures += 1
            troubles += isinstance(error, StoreTroubleError)
            if troubles >= MOST_TROUBLES:
                raise
            on_failure(error)
        await asyncio.sleep(next(delays))
    if failures:
        log.info("a server answers again", seconds=round(time.monotonic() - began, 1), again=True)
    return answer


def backoff() -> Iterator[float]:
    """Yield delays in seconds, doubling up to a limit, without end."""
    delay = FIRST_RETRY_SECONDS
    while True:
        yield delay
        delay = min(2 * delay, LONGEST_RETRY_SECONDS)

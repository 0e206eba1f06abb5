"""A backtest's life as server-sent events."""

import asyncio
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Self

import structlog
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from backchat_contracts import UNDER_WAY, BacktestProgressed, BacktestQueried, BacktestView
from services.chassis.errors import ChassisError
from services.chassis.messaging.envelope import Delivery
from services.gateway.live_events import LONGEST_SECONDS, next_event
from services.gateway.service_client import ServiceClient, read

log = structlog.get_logger()

SENT_ID = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,4}))?")


@dataclass(frozen=True, slots=True, order=True)
class Seen:
    """What a client has seen: the sequence of the last event, and the progress after it in thousandths."""

    sequence: int = 0
    progress: int = 0

    @classmethod
    def read(cls, last_event_id: str | None) -> Self:
        """Read the `Last-Event-ID` of a client; an id that was never sent counts as none."""
        given = SENT_ID.fullmatch(last_event_id or "")
        return cls(int(given[1]), int(given[2] or 0)) if given else cls()

    def __str__(self) -> str:
        return f"{self.sequence}.{self.progress}" if self.progress else str(self.sequence)


async def follow(client: ServiceClient, backtest_id: str, seen: Seen) -> AsyncGenerator[bytes]:
    """Yield `status` and `progress` events until the backtest has ended; nothing if the client has seen all.

    When the gateway stops, the stream ends, and the client connects again to another gateway.

    Raises:
        ProblemError: there is no such backtest.
        ChassisError: Kafka or the backtest service does not answer.

    """
    async with client.live.watching(backtest_id) as live:
        view, delivery = await _query(client, backtest_id)
        if view.status not in UNDER_WAY and view.sequence <= seen.sequence:
            return
        yield KEEPALIVE_COMMENT
        ends_at = time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < ends_at:
            if view.sequence > seen.sequence:
                seen = Seen(view.sequence)
                yield _event("status", seen, delivery.value)
            if view.status not in UNDER_WAY:
                return
            event = await next_event(_new(live, seen), client.stopping)
            if client.stopping.is_set():
                return
            if event and event.type == "backtest.progressed":
                seen = Seen(seen.sequence, _thousandths(event))
                yield _event("progress", seen, event.value)
                continue
            if event is None:
                yield KEEPALIVE_COMMENT
            try:
                view, delivery = await _query(client, backtest_id)
            except ChassisError as error:  # the next query gets what is new
                log.warning("backtest not queried", backtest=backtest_id, error=repr(error), again=True)


async def resumed(first: bytes, events: AsyncGenerator[bytes]) -> AsyncIterator[bytes]:
    """Yield what was taken already, then the rest."""
    async with aclosing(events):
        yield first
        async for event in events:
            yield event


async def _query(client: ServiceClient, backtest_id: str) -> tuple[BacktestView, Delivery]:
    delivery = await client.query(BacktestQueried(backtest_id=backtest_id))
    return read(delivery, BacktestView), delivery


async def _new(live: "asyncio.Queue[Delivery]", seen: Seen) -> Delivery:
    while True:
        event = await live.get()
        sequence = event.sequence or 0
        progressed = event.type == "backtest.progressed"
        if sequence > seen.sequence or (progressed and Seen(sequence, _thousandths(event)) > seen):
            return event


def _thousandths(event: Delivery) -> int:
    return int(1000 * read(event, BacktestProgressed).fraction)


def _event(name: str, seen: Seen, data: bytes) -> bytes:
    return format_sse_event(event=name, id=str(seen), data_str=data.decode())

"""Publishes the events that stand in documents, and takes them out once the broker has them."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice, takewhile
from typing import Any

import structlog

from services.chassis.errors import ChassisError, StoreUnavailableError
from services.chassis.faults import reach
from services.chassis.messaging.envelope import Record
from services.chassis.messaging.kafka import Kafka
from services.chassis.settings import ServiceSettings
from services.chassis.storage.mongo import Collection, Document, translated

log = structlog.get_logger()

LINGER_SECONDS = 0.5
"""A document is cleared when it had no further event for so long: once, if it has several in a row."""
BUSY_SECONDS = 0.5
"""Clearing costs as much as the changes themselves; it waits until there were none for so long, ..."""
MOST_LATE_SECONDS = 30.0
MOST_WAITING = 5000
"""... but not longer than that, and not for more documents."""
CLEAR_EVERY_SECONDS = 0.05
CLEAR_AT_LEAST_EVERY_SECONDS = 1.0
CLEAR_PAGE = 10
MOST_SPEED = 9
"""Clearing that is so many seconds late, or more, pauses a tenth of the time."""
SEND_TIMEOUT_SECONDS = 10.0
WARY_SECONDS = 5.0
STOP_SECONDS = 1.0


@dataclass(slots=True)
class _Sent:
    """A document's acknowledged events; `at` is when, of the monotonic clock, the last was."""

    at: float
    event_ids: list[str]


class Outbox:
    """The way out of one collection.

    `publish` sends at once and does not wait. What a crash or an absent broker left behind, the relay sends
    again: an event goes out at least once. A broker that forgets what it acknowledged is told again when it
    comes back: for that, sent events stay in their documents for `outbox_keep_seconds`.
    """

    def __init__(self, collection: Collection, kafka: Kafka, settings: ServiceSettings) -> None:
        self._collection = collection
        self._kafka = kafka
        self._relay_every = settings.relay_interval_seconds
        self._relay_after = settings.relay_after_seconds
        self._keep = settings.outbox_keep_seconds
        self._rest = max(self._keep, LINGER_SECONDS)
        self._started = False
        self._wary_until = 0.0
        self._sent: dict[str, _Sent] = {}  # by document, the longest quiet first
        self._acknowledged: set[str] = set()
        self._cleared_at = 0.0
        self._tasks: list[asyncio.Task[None]] = []

    async def publish(self, aggregate_id: str, records: Sequence[Record]) -> None:
        """Send the records that were stored with this document."""
        for record in records:
            await self._send(aggregate_id, record)

    async def _send(self, aggregate_id: str, record: Record) -> "asyncio.Future[Any] | None":
        try:
            future = await self._kafka.send(record)
        except ChassisError as error:  # it is stored: what caused it is done, whatever becomes of it now
            log.warning("event not sent, it will be", topic=record.topic, error=str(error))
            self.be_wary()
            return None
        future.add_done_callback(partial(self._settled, aggregate_id, record.id))
        return future

    def _settled(self, aggregate_id: str, event_id: str, done: "asyncio.Future[Any]") -> None:
        if done.cancelled() or done.exception() is not None:
            self.be_wary()
        else:
            before = self._sent.pop(aggregate_id, None)
            event_ids = [*(before.event_ids if before else ()), event_id]
            self._sent[aggregate_id] = _Sent(time.monotonic(), event_ids)
            self._acknowledged.add(event_id)

    def be_wary(self) -> None:
        """Look for unsent events for some seconds also where sent ones still stand."""
        self._wary_until = time.monotonic() + self._relay_after + WARY_SECONDS

    def start(self) -> None:
        self.be_wary()
        self._tasks = [
            asyncio.create_task(self._repeat(self._pause, self._clear_if_due)),
            asyncio.create_task(self._repeat(lambda: self._relay_every, self.relay)),
        ]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        deadline = time.monotonic() + STOP_SECONDS
        try:
            while (page := self._clearable(self._keep)) and time.monotonic() < deadline:
                await self._clear(page)
        except StoreUnavailableError as error:
            log.warning("sent events not cleared, they will be sent again", error=str(error))

    async def relay(self) -> None:
        """Send what has stood unsent for too long.

        What was sent stands there too, while it is kept and until it is cleared, here or by other processes
        of the service. It is looked through when there may be something else among it: because a send or a
        write has failed, or because the service starts and may have crashed before. Where events are kept,
        they are sent again then, as the broker may be new.
        """
        if self._keep and not self._started:
            age = 0.0
        elif time.monotonic() < self._wary_until:
            age = self._relay_after
        else:
            age = self._relay_after + self._rest + max(self._late, MOST_LATE_SECONDS)
        try:
            await self._relay({"unsent_since": {"$lt": datetime.now(UTC) - timedelta(seconds=age)}})
        except StoreUnavailableError:
            self.be_wary()
            raise
        self._started = True

    async def _relay(self, overdue: Document) -> None:
        before = set(self._acknowledged)  # what is cleared while we look may still be in what we see
        futures: list[asyncio.Future[Any]] = []
        with translated():
            async for document in self._collection.find(overdue, {"outbox": 1}).sort("unsent_since"):
                records = [Record.from_document(entry) for entry in document["outbox"]]
                left = [r for r in records if r.id not in before and r.id not in self._acknowledged]
                sent = [await self._send(document["_id"], record) for record in left]
                futures += filter(None, sent)
                if left:
                    log.info("relayed", aggregate=document["_id"], events=len(left))
        if futures:
            await asyncio.wait(futures, timeout=SEND_TIMEOUT_SECONDS)

    def _clearable(self, rest: float) -> int:
        """Count the documents of the next page: those that had no further event for so many seconds."""
        since = time.monotonic() - rest
        page = islice(self._sent.values(), CLEAR_PAGE)
        return sum(1 for _ in takewhile(lambda sent: sent.at <= since, page))

    @property
    def _late(self) -> float:
        """For how many seconds the first that can be cleared has waited for it."""
        first = next(iter(self._sent.values()), None)
        return max(0.0, time.monotonic() - self._rest - first.at) if first else 0.0

    @property
    def _busy(self) -> bool:
        """Whether clearing would be in somebody's way, and can wait."""
        last = next(reversed(self._sent.values()), None)
        if last is None or time.monotonic() - last.at > BUSY_SECONDS:
            return False
        return self._late < MOST_LATE_SECONDS and len(self._sent) < MOST_WAITING

    def _pause(self) -> float:
        return CLEAR_EVERY_SECONDS / (1 + min(self._late, MOST_SPEED))

    async def _clear_if_due(self) -> None:
        """Clear a page when there is one, and what there is once a second.

        Each call is a sync of the database, so they are few; a long one holds up the writes that somebody
        waits for, so they are short, also where much waits.
        """
        if self._busy:
            return
        clearable = self._clearable(self._rest)
        overdue = time.monotonic() - self._cleared_at > CLEAR_AT_LEAST_EVERY_SECONDS
        if clearable == CLEAR_PAGE or (clearable and overdue):
            await self._clear(clearable)

    async def _clear(self, most: int) -> None:
        """Take the acknowledged events of so many documents, the longest quiet, out of them in one call."""
        self._cleared_at = time.monotonic()
        reach("sent")
        sent = {aggregate_id: self._sent.pop(aggregate_id) for aggregate_id in list(islice(self._sent, most))}
        events = [event_id for each in sent.values() for event_id in each.event_ids]
        rest = {"$filter": {"input": "$outbox", "cond": {"$not": [{"$in": ["$$this.id", events]}]}}}
        kept = {"$mergeObjects": ["$$ROOT", {"outbox": "$$rest"}]}
        clear = {"$setField": {"field": "unsent_since", "input": kept, "value": "$$REMOVE"}}
        cleared = {"$cond": [{"$eq": ["$$rest", []]}, clear, kept]}
        update = [{"$replaceWith": {"$let": {"vars": {"rest": rest}, "in": cleared}}}]
        try:
            with translated():
                await self._collection.update_many({"_id": {"$in": list(sent)}}, update)
        except StoreUnavailableError:
            for aggregate_id, each in self._sent.items():  # what was acknowledged meanwhile stays behind it
                if aggregate_id in sent:
                    sent[aggregate_id].event_ids += each.event_ids
            self._sent = {**sent, **{key: each for key, each in self._sent.items() if key not in sent}}
            raise
        self._acknowledged.difference_update(events)

    async def _repeat(self, pause: Callable[[], float], work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(pause())
            try:
                await work()
            except ChassisError as error:
                log.warning("outbox is waiting", error=str(error))
            except Exception:
                log.exception("outbox failed, trying again")

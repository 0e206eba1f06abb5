"""Publishes the events that stand in documents, and takes them out once the broker has them."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog

from services.chassis.envelope import Record
from services.chassis.errors import ChassisError, StoreUnavailableError
from services.chassis.kafka import Kafka
from services.chassis.mongo import Collection, translated

log = structlog.get_logger()

CLEAR_EVERY_SECONDS = 0.05
CLEAR_AT_LEAST_EVERY_SECONDS = 1.0
CLEAR_PAGE = 10
CLEAR_BACKLOG_IN_PAGES = 10
RELAY_PAGE = 200


class Outbox:
    """The way out of one collection.

    `publish` sends at once and does not wait. What a crash or an absent broker left behind, the relay sends
    again: an event goes out at least once.
    """

    def __init__(self, collection: Collection, kafka: Kafka, relay_every: float, relay_after: float) -> None:
        self._collection = collection
        self._kafka = kafka
        self._relay_every = relay_every
        self._relay_after = timedelta(seconds=relay_after)
        self._sent: list[tuple[str, str]] = []
        self._clearing: set[tuple[str, str]] = set()
        self._cleared_at = 0.0
        self._tasks: list[asyncio.Task[None]] = []

    async def publish(self, aggregate_id: str, records: Sequence[Record]) -> None:
        """Send the records that were stored with this document."""
        for record in records:
            future = await self._kafka.send(record)
            future.add_done_callback(partial(self._acknowledged, aggregate_id, record.id))

    def _acknowledged(self, aggregate_id: str, event_id: str, done: "asyncio.Future[Any]") -> None:
        if not done.cancelled() and done.exception() is None:
            self._sent.append((aggregate_id, event_id))

    def start(self) -> None:
        self._tasks = [
            asyncio.create_task(self._repeat(CLEAR_EVERY_SECONDS, self._clear_if_due)),
            asyncio.create_task(self._repeat(self._relay_every, self.relay)),
        ]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            await self._clear()
        except StoreUnavailableError as error:
            log.warning("sent events not cleared, they will be sent again", error=str(error))

    async def relay(self) -> None:
        """Send what has stood unsent for too long."""
        acknowledged = self._acknowledged_ids()
        overdue = {"unsent_since": {"$lt": datetime.now(UTC) - self._relay_after}}
        with translated():
            documents = await self._collection.find(overdue, {"outbox": 1}).to_list(RELAY_PAGE)
        acknowledged |= self._acknowledged_ids()  # more may have been, while we looked
        for document in documents:
            records = [Record.from_document(entry) for entry in document["outbox"]]
            left = [record for record in records if record.id not in acknowledged]
            for record in left:
                await self._kafka.deliver(record)
                self._sent.append((document["_id"], record.id))
            if left:
                log.info("relayed", aggregate=document["_id"], events=len(left))
        if documents:
            await self._clear()

    def _acknowledged_ids(self) -> set[str]:
        return {event_id for _, event_id in (*self._sent, *self._clearing)}

    async def _clear_if_due(self) -> None:
        """Clear a page when there is one, and what there is once a second.

        Each call is a sync of the database, so they are few; a long one holds up the writes that somebody
        waits for, so they are short.
        """
        overdue = time.monotonic() - self._cleared_at > CLEAR_AT_LEAST_EVERY_SECONDS
        if len(self._sent) >= CLEAR_PAGE or (self._sent and overdue):
            await self._clear(max(CLEAR_PAGE, len(self._sent) // CLEAR_BACKLOG_IN_PAGES))

    async def _clear(self, most: int | None = None) -> None:
        """Take acknowledged events, at most so many, out of their documents in one call."""
        if not self._sent:
            return
        self._cleared_at = time.monotonic()
        most = most or len(self._sent)
        sent, self._sent = self._sent[:most], self._sent[most:]
        self._clearing.update(sent)
        rest = {
            "$filter": {
                "input": "$outbox",
                "cond": {"$not": [{"$in": ["$$this.id", [event_id for _, event_id in sent]]}]},
            }
        }
        empty = {"$eq": [{"$size": "$outbox"}, 0]}
        try:
            with translated():
                await self._collection.update_many(
                    {"_id": {"$in": list({aggregate_id for aggregate_id, _ in sent})}},
                    [
                        {"$set": {"outbox": rest}},
                        {"$set": {"unsent_since": {"$cond": [empty, "$$REMOVE", "$unsent_since"]}}},
                    ],
                )
        except StoreUnavailableError:
            self._sent = sent + self._sent
            raise
        finally:
            self._clearing.difference_update(sent)

    async def _repeat(self, every: float, work: Any) -> None:  # noqa: ANN401
        while True:
            await asyncio.sleep(every)
            try:
                await work()
            except ChassisError as error:
                log.warning("outbox is waiting", error=str(error))
            except Exception:
                log.exception("outbox failed, trying again")

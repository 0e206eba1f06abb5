"""Sends the events of documents to Kafka: once they are stored, and those that a failure left unsent."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

import structlog

from services.chassis.errors import ChassisError, StoreUnavailableError
from services.chassis.messaging.envelope import Record
from services.chassis.messaging.kafka import Kafka
from services.chassis.storage.clearing import Clearing
from services.chassis.storage.mongo import Collection, translated
from services.chassis.storage.schedule import Schedule

log = structlog.get_logger()

SEND_TIMEOUT_SECONDS: Final = 10.0
"""How long `send_unsent` waits for the acknowledgements of what it has sent; later ones count too."""
SUSPECT_SECONDS: Final = 5.0
"""How much longer than `RELAY_AFTER_SECONDS` the relay looks at young documents after a failure."""


class Relay:
    """Sends the events of one collection, and tells `clearing` which are acknowledged."""

    def __init__(self, collection: Collection, kafka: Kafka, schedule: Schedule, clearing: Clearing) -> None:
        self._collection = collection
        self._kafka = kafka
        self._schedule = schedule
        self._clearing = clearing
        self._starting = True
        self._suspect_until = 0.0

    async def send(self, aggregate_id: str, record: Record) -> "asyncio.Future[Any] | None":
        """Send an event of a document; return the future of its acknowledgement, None if that failed."""
        try:
            future = await self._kafka.send(record)
        except ChassisError as error:  # it is stored, so the change that caused it has succeeded
            log.warning(
                "event not sent, the relay will send it", topic=record.topic, error=str(error), again=True
            )
            self.suspect_unsent()
            return None
        future.add_done_callback(partial(self._settled, aggregate_id, record.id))
        return future

    def _settled(self, aggregate_id: str, event_id: str, done: "asyncio.Future[Any]") -> None:
        if done.cancelled() or done.exception() is not None:
            self.suspect_unsent()
        else:
            self._clearing.acknowledged(aggregate_id, event_id)

    def suspect_unsent(self) -> None:
        """Note that there may be stored events that were not sent, so that young documents are looked at."""
        self._suspect_until = time.monotonic() + self._schedule.relay_after + SUSPECT_SECONDS

    async def send_unsent(self) -> None:
        """Look once for events that were left unsent, and send them."""
        now = time.monotonic()
        suspect = now < self._suspect_until
        age = self._schedule.relay_age(self._clearing.sent, now, starting=self._starting, suspect=suspect)
        try:
            await self._send_older(datetime.now(UTC) - timedelta(seconds=age))
        except StoreUnavailableError:
            self.suspect_unsent()
            raise
        self._starting = False

    async def _send_older(self, moment: datetime) -> None:
        before = set(self._clearing.event_ids)  # what is cleared during the look may still be read by it
        futures: list[asyncio.Future[Any]] = []
        older = {"unsent_since": {"$lt": moment}}
        with translated():
            async for document in self._collection.find(older, {"outbox": 1}).sort("unsent_since"):
                records = [Record.from_document(entry) for entry in document["outbox"]]
                left = [r for r in records if r.id not in before and r.id not in self._clearing.event_ids]
                sent = [await self.send(document["_id"], record) for record in left]
                futures += filter(None, sent)
                if left:
                    log.info("unsent events sent", aggregate=document["_id"], events=len(left))
        if futures:
            await asyncio.wait(futures, timeout=SEND_TIMEOUT_SECONDS)

"""Publishes the events that are stored in documents, and clears those that the broker has acknowledged."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

import structlog

from services.chassis.errors import ChassisError, StoreUnavailableError
from services.chassis.messaging.envelope import Record
from services.chassis.messaging.kafka import Kafka
from services.chassis.settings import ServiceSettings
from services.chassis.storage.clearing import Clearing
from services.chassis.storage.mongo import Collection, translated
from services.chassis.storage.schedule import Schedule

log = structlog.get_logger()

RETRY_SECONDS: Final = 1.0
SEND_TIMEOUT_SECONDS: Final = 10.0
"""How long `send_unsent` waits for the acknowledgements of what it has sent; later ones count too."""
SUSPECT_SECONDS: Final = 5.0
"""How much longer than `RELAY_AFTER_SECONDS` the relay looks at young documents after a failure."""


class Outbox:
    """The events of one collection.

    They are sent once they are stored; those that a failure left unsent are looked for in a loop (the relay),
    and those that are acknowledged are cleared in another.
    """

    def __init__(self, collection: Collection, kafka: Kafka, settings: ServiceSettings) -> None:
        self._collection = collection
        self._kafka = kafka
        self._schedule = Schedule(settings.outbox_keep_seconds, settings.relay_after_seconds)
        self._relay_every = settings.relay_interval_seconds
        self.clearing = Clearing(collection, self._schedule)
        self._starting = True
        self._suspect_until = 0.0
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self.suspect_unsent()  # the process before may have crashed
        self._tasks = [
            asyncio.create_task(_repeat(self.clearing.pause, self.clearing.clear_due)),
            asyncio.create_task(_repeat(lambda: self._relay_every, self.send_unsent)),
        ]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.clearing.clear_at_stop()

    async def publish(self, aggregate_id: str, records: Sequence[Record]) -> "list[asyncio.Future[Any]]":
        """Send the events that were stored with this document.

        Returns the futures of their acknowledgements, which need not be awaited; none of one that failed.
        """
        futures: list[asyncio.Future[Any]] = []
        for record in records:
            try:
                future = await self._kafka.send(record)
            except ChassisError as error:  # it is stored, so the change that caused it has succeeded
                log.warning(
                    "event not sent, the relay will send it", topic=record.topic, error=str(error), again=True
                )
                self.suspect_unsent()
            else:
                future.add_done_callback(partial(self._settled, aggregate_id, record.id))
                futures.append(future)
        return futures

    def _settled(self, aggregate_id: str, event_id: str, done: "asyncio.Future[Any]") -> None:
        if done.cancelled() or done.exception() is not None:
            self.suspect_unsent()
        else:
            self.clearing.acknowledged(aggregate_id, event_id)

    def suspect_unsent(self) -> None:
        """Note that there may be stored events that were not sent, so that young documents are looked at."""
        self._suspect_until = time.monotonic() + self._schedule.relay_after + SUSPECT_SECONDS

    async def send_unsent(self) -> None:
        """Look once for events that were left unsent, and send them."""
        now = time.monotonic()
        suspect = now < self._suspect_until
        age = self._schedule.relay_age(self.clearing.sent, now, starting=self._starting, suspect=suspect)
        try:
            await self._send_older(datetime.now(UTC) - timedelta(seconds=age))
        except StoreUnavailableError:
            self.suspect_unsent()
            raise
        self._starting = False

    async def _send_older(self, moment: datetime) -> None:
        before = set(self.clearing.event_ids)  # what is cleared during the look may still be read by it
        futures: list[asyncio.Future[Any]] = []
        older = {"unsent_since": {"$lt": moment}}
        with translated():
            async for document in self._collection.find(older, {"outbox": 1}).sort("unsent_since"):
                records = [Record.from_document(entry) for entry in document["outbox"]]
                left = [r for r in records if r.id not in before and r.id not in self.clearing.event_ids]
                futures += await self.publish(document["_id"], left)
                if left:
                    log.info("unsent events sent", aggregate=document["_id"], events=len(left))
        if futures:
            await asyncio.wait(futures, timeout=SEND_TIMEOUT_SECONDS)


async def _repeat(pause: Callable[[], float], work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(pause())
        try:
            await work()
        except ChassisError as error:
            log.warning("outbox: a server does not answer, trying again", error=str(error), again=True)
            await asyncio.sleep(RETRY_SECONDS)
        except Exception:
            log.exception("outbox failed, trying again")

"""Publishes the events that are stored in documents, and clears those that the broker has acknowledged."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from services.chassis.errors import ChassisError
from services.chassis.messaging.envelope import Record
from services.chassis.messaging.kafka import Kafka
from services.chassis.settings import ServiceSettings
from services.chassis.storage.clearing import Clearing
from services.chassis.storage.mongo import Collection
from services.chassis.storage.relay import Relay
from services.chassis.storage.schedule import Schedule

log = structlog.get_logger()

RETRY_SECONDS = 1.0


class Outbox:
    """The events of one collection: sent by `relay`, removed by `clearing`, each in a loop of its own."""

    def __init__(self, collection: Collection, kafka: Kafka, settings: ServiceSettings) -> None:
        schedule = Schedule(settings.outbox_keep_seconds, settings.relay_after_seconds)
        self._relay_every = settings.relay_interval_seconds
        self.clearing = Clearing(collection, schedule)
        self.relay = Relay(collection, kafka, schedule, self.clearing)
        self._tasks: list[asyncio.Task[None]] = []

    async def publish(self, aggregate_id: str, records: Sequence[Record]) -> None:
        """Send the events that were stored with this document; do not wait for the acknowledgements."""
        for record in records:
            await self.relay.send(aggregate_id, record)

    def start(self) -> None:
        self.relay.suspect_unsent()  # the process before may have crashed
        self._tasks = [
            asyncio.create_task(_repeat(self.clearing.pause, self.clearing.clear_due)),
            asyncio.create_task(_repeat(lambda: self._relay_every, self.relay.send_unsent)),
        ]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.clearing.clear_at_stop()


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

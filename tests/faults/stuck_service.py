"""A service whose handler hangs, blocks, dies or refuses to end, as the first argument names it."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from backchat_contracts import SessionRequested
from services.chassis.messaging.consumer import Consumer
from services.chassis.messaging.envelope import Delivery
from services.chassis.messaging.kafka import Kafka
from services.chassis.messaging.polling import TASK_NAME
from services.chassis.process.service import load, run_service, serving
from services.chassis.settings import ServiceSettings
from services.chassis.storage.mongo import Document
from tests.pipeline import router_to

LONG = 3600.0


async def hang() -> None:
    await asyncio.sleep(LONG)


async def block() -> None:
    time.sleep(LONG)  # noqa: ASYNC251 - what is tested


async def die() -> None:
    for task in asyncio.all_tasks():
        if task.get_name() == TASK_NAME:
            task.cancel()


async def refuse_to_end() -> None:
    while True:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(LONG)


async def work() -> None:
    pass


class Found:
    """A collection of which everything is found: the database is not what is tested."""

    async def find_one(self, key: Document) -> Document:
        return key


DATABASE: Any = {"stored_format": Found()}


if __name__ == "__main__":
    ways = {"hang": hang, "block": block, "die": die, "refuse": refuse_to_end, "work": work}
    go_wrong = ways[sys.argv.pop()]
    settings = load(ServiceSettings)

    async def handle(event: SessionRequested, _delivery: Delivery) -> None:
        sys.stdout.write(f"{event.session_id}\n")
        sys.stdout.flush()
        await go_wrong()

    @asynccontextmanager
    async def assemble(kafka: Kafka) -> AsyncIterator[None]:
        consumer = Consumer(kafka, router_to(handle))
        await consumer.start()
        async with serving(settings, kafka, consumer, DATABASE):
            yield
        await consumer.stop(settings.drain_seconds)

    run_service("stuck", settings, assemble)

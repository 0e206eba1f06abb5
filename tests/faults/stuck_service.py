"""A service whose handler goes wrong in the way that its first argument names."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from backchat_contracts import SessionRequested
from services.chassis.consumer import Consumer
from services.chassis.envelope import Delivery
from services.chassis.kafka import Kafka
from services.chassis.service import load, run_service, serving
from services.chassis.settings import ServiceSettings

LONG = 3600.0


async def hang(_event: SessionRequested, _delivery: Delivery) -> None:
    await asyncio.sleep(LONG)


async def block(_event: SessionRequested, _delivery: Delivery) -> None:
    time.sleep(LONG)  # noqa: ASYNC251 - what is tested


async def die(_event: SessionRequested, _delivery: Delivery) -> None:
    for task in asyncio.all_tasks():
        if "_run_consume_loop" in repr(task):
            task.cancel()


if __name__ == "__main__":
    handler = {"hang": hang, "block": block, "die": die}[sys.argv.pop()]
    settings = load(ServiceSettings)

    @asynccontextmanager
    async def assemble(kafka: Kafka) -> AsyncIterator[None]:
        consumer = Consumer(kafka)
        consumer.on(SessionRequested, handler)
        await consumer.start()
        async with serving(settings, kafka, consumer):
            yield
        await consumer.stop(settings.drain_seconds)

    run_service("stuck", settings, assemble)

"""Routers on FastStream's in-memory test broker: records go through all middlewares to the handlers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from faststream import BaseMiddleware, ContextRepo
from faststream.kafka import KafkaRouter, TestKafkaBroker

from backchat_contracts import Event, SessionRequested
from services.chassis.messaging.consumer import Consumer
from services.chassis.messaging.envelope import Delivery, Record, encode
from services.chassis.messaging.kafka import Kafka
from services.chassis.messaging.routing import current_delivery, event_router
from tests.builders import delivery

Handle = Callable[[SessionRequested, Delivery], Awaitable[None]]


def router_to(handle: Handle) -> KafkaRouter:
    """Return a router whose only handler passes `session.requested` to `handle`."""
    router = event_router()

    @router.subscriber("session.requested")
    async def create(event: SessionRequested) -> None:
        await handle(event, current_delivery())

    return router


class Pipeline:
    """A test broker with the handlers of a router."""

    def __init__(self, kafka: Kafka, router: KafkaRouter) -> None:
        self.kafka = kafka
        self.consumer = Consumer(kafka, router)

    async def publish(self, event: Event, sequence: int | None = None) -> Record:
        """Publish an event as the gateway does, and return its record when its handler has returned."""
        came = delivery()
        address = came.reply_address
        record = encode(event, source="test", origin=came.origin, sequence=sequence, reply_address=address)
        with self.kafka.telemetry.continuing(record.headers):
            await self.kafka.broker.publish(
                record.value,
                record.topic,
                key=record.key.encode() if record.key else None,
                headers=dict(record.headers),
                correlation_id=came.origin.correlation_id,
            )
        return record


@asynccontextmanager
async def pipeline(kafka: Kafka, router: KafkaRouter) -> AsyncIterator[Pipeline]:
    made = Pipeline(kafka, router)
    async with TestKafkaBroker(kafka.broker):
        yield made


class Acknowledging(BaseMiddleware[Any, Any]):
    """A middleware that keeps each published record and returns a future for it, as a real producer does."""

    def __init__(self, msg: Any, /, *, context: ContextRepo, published: list[Any]) -> None:
        super().__init__(msg, context=context)
        self._published = published

    @classmethod
    def into(cls, published: list[Any]) -> Any:
        return partial(cls, published=published)

    async def publish_scope(self, call_next: Any, cmd: Any) -> "asyncio.Future[None]":
        await call_next(cmd)
        self._published.append(cmd)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        future.set_result(None)
        return future

"""The floor: the same path without any logic, the least that broker, database and Python cost.

An empty FastAPI POST sends one raw aiokafka message to an echo process, which does one raw motor insert (or a
find) and sends one message back. The settings of broker, database and HTTP server are those of the services;
there are no schemas, no envelope and no outbox, and offsets are committed automatically every five seconds.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import uvicorn
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from fastapi import FastAPI
from fastapi.responses import Response

from services.chassis.settings import KafkaSettings, MongoSettings
from services.chassis.storage.mongo import connect
from services.gateway.settings import GatewaySettings

REQUESTS, REPLIES = "floor.requested", "floor.replies"
INSERT, FIND = b"insert", b"find"
POLL_MS = 1000
REPLY_SECONDS = 30.0
EMPTY_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"

Waiting = dict[str, "asyncio.Future[None]"]


def producer(settings: KafkaSettings) -> Any:
    return AIOKafkaProducer(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        acks="all",
        enable_idempotence=settings.kafka_idempotence,
    )


def consumer(settings: KafkaSettings, *topics: str, **options: Any) -> Any:
    return AIOKafkaConsumer(
        *topics,
        bootstrap_servers=settings.kafka_bootstrap_servers,
        fetch_max_wait_ms=settings.kafka_fetch_wait_ms,
        session_timeout_ms=settings.kafka_session_timeout_ms,
        **options,
    )


async def from_now_on(consumer: Any) -> None:
    """Skip all records so far; the positions are resolved now, before any request is sent."""
    await consumer.seek_to_end()
    for partition in consumer.assignment():
        await consumer.position(partition)


def gateway(settings: GatewaySettings) -> None:
    """Serve POST /insert and POST /find: send one message, wait for one back."""
    waiting: Waiting = {}

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await _create_topics(settings)
        replies, app.state.sender = consumer(settings), producer(settings)
        replies.assign([TopicPartition(REPLIES, 0)])
        await app.state.sender.start()
        await replies.start()
        await from_now_on(replies)
        task = asyncio.create_task(_receive(replies, waiting))
        yield
        task.cancel()
        await replies.stop()
        await app.state.sender.stop()

    app = FastAPI(lifespan=lifespan)

    async def ask(what: bytes) -> Response:
        correlation_id = str(uuid4())
        waiting[correlation_id] = answer = asyncio.get_running_loop().create_future()
        try:
            await app.state.sender.send(REQUESTS, what, key=correlation_id.encode())
            async with asyncio.timeout(REPLY_SECONDS):
                await answer
        finally:
            del waiting[correlation_id]
        return Response(b"{}", media_type="application/json")

    @app.post("/insert")
    async def insert() -> Response:
        return await ask(INSERT)

    @app.get("/find")  # the readiness probe of both programs
    @app.post("/find")
    async def find() -> Response:
        return await ask(FIND)

    uvicorn.run(app, host=settings.host, port=settings.port, log_config=None, access_log=False)


async def _create_topics(settings: KafkaSettings) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap_servers)
    await admin.start()
    try:
        factor = settings.kafka_replication_factor
        assigned: dict[int, list[int]] | None = {} if factor == -1 else None  # aiokafka refuses -1 without it
        await admin.create_topics([NewTopic(name, 1, factor, assigned) for name in (REQUESTS, REPLIES)])
    finally:
        await admin.close()


async def _receive(replies: Any, waiting: Waiting) -> None:
    while True:
        for records in (await replies.getmany(timeout_ms=POLL_MS)).values():
            for record in records:
                answer = waiting.get(record.key.decode())
                if answer and not answer.done():
                    answer.set_result(None)


async def echo(kafka: KafkaSettings, mongo: MongoSettings) -> None:
    """Answer every message with one insert or find and one message, those of a fetch concurrently."""
    async with connect(mongo, "floor") as database:
        documents = database["documents"]
        await documents.update_one({"_id": "found"}, {"$set": {"value": "x"}}, upsert=True)
        requests = consumer(kafka, REQUESTS, group_id="floor", auto_offset_reset="earliest")
        sender = producer(kafka)
        await sender.start()
        await requests.start()

        async def answer(record: Any) -> None:
            if record.value == INSERT:
                await documents.insert_one({"_id": record.key.decode(), "value": "x"})
            else:
                await documents.find_one({"_id": "found"})
            await sender.send(REPLIES, record.value, key=record.key, partition=0)

        while True:
            batch = await requests.getmany(timeout_ms=POLL_MS)
            await asyncio.gather(*(answer(record) for records in batch.values() for record in records))


async def empty(settings: GatewaySettings) -> None:
    """Answer every request at once, to measure the load generator itself."""

    class Server(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport

        def data_received(self, _data: bytes) -> None:
            self.transport.write(EMPTY_ANSWER)  # type: ignore[attr-defined]

    server = await asyncio.get_running_loop().create_server(Server, settings.host, settings.port)
    await server.serve_forever()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["gateway"]:
            gateway(GatewaySettings())
        case ["echo"]:
            uvloop.run(echo(KafkaSettings(), MongoSettings()))
        case ["empty"]:
            uvloop.run(empty(GatewaySettings()))
        case _:
            sys.exit("usage: python -m tests.bench.floor gateway|echo|empty")

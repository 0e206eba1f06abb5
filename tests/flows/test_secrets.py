"""A model's server that echoes the key, in a stack with secrets: where they are found, and where not."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaConsumer
from motor.motor_asyncio import AsyncIOMotorClient

from deploy.embedded.stack import Stack
from tests.flows.api import CHATOPS, Api
from tests.servers import Servers

pytestmark = [pytest.mark.anyio, pytest.mark.long]

KEY = "sk-proj-Zx81mQ27vL4tRw0pYb"
PROVIDERS_KEY = "acme-0123456789"


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer a request with 401 and its own headers, several times: one of them is cut in every log."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    key = next(line for line in head.splitlines() if line.lower().startswith("authorization"))
    body = ('{"error": {"message": "' + f"{key} " * 40 + '"}}').encode()
    writer.write(
        b"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nConnection: close\r\n"
        b"X-Key: " + key.encode() + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    )
    await writer.drain()
    writer.close()


@asynccontextmanager
async def echoing() -> AsyncIterator[str]:
    server = await asyncio.start_server(echo, "127.0.0.1")
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"


def environments(process: int) -> Iterator[bytes]:
    """Yield the environment of a process and of all that it has started."""
    yield Path(f"/proc/{process}/environ").read_bytes()
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from environments(int(child))


async def published(kafka: str) -> bytes:
    """Return all headers and values of all topics."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        topics = await consumer.topics()
        consumer.subscribe(topics)
        found, empty = [], 0
        while empty < 3:
            batch = await consumer.getmany(timeout_ms=1000)
            empty = 0 if batch else empty + 1
            found += [repr((r.key, r.value, r.headers)) for records in batch.values() for r in records]
        assert any("chat.answered" in each for each in found)
        return "\n".join(found).encode()
    finally:
        await consumer.stop()


async def stored(uri: str) -> str:
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(uri)
    found = [
        document
        for name in await client.list_database_names()
        for collection in await client[name].list_collection_names()
        async for document in client[name][collection].find()
    ]
    client.close()
    assert found
    return repr(found)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_secrets_are_only_where_they_are_used(servers: Servers, tmp_path: Path) -> None:
    log = tmp_path / "stack.log"
    async with echoing() as url, servers(tmp_path) as env:
        given = {
            **env,
            "OPENAI_BASE_URL": url,
            "OPENAI_API_KEY": KEY,
            "ACME_API_KEY": PROVIDERS_KEY,
            "BACKTEST_WORKERS": "1",
        }
        async with (
            Stack(tmp_path, env=given, log=log) as stack,
            httpx.AsyncClient(base_url=stack.url, timeout=30) as client,
        ):
            api = Api(client)
            page = await api.completed()
            compared = await api.post(
                f"{CHATOPS}/strategies/compare", {"strategy_ids": [page["strategy_id"]]}
            )
            session = await api.session()
            said = await api.say(session, "어떤 전략이 더 안정적인가요?")
            shown = (await api.get(f"{CHATOPS}/session/{session}")).text
            groups = {name: list(environments(pid)) for name, pid in stack.supervisor.pids().items()}
            everything = list(environments(os.getpid()))
            topics, documents = await published(stack.kafka), await stored(stack.mongodb_uri)
    assert len(groups["backtest"]) > 1  # worker processes
    assert {name for name, group in groups.items() if KEY.encode() in b"".join(group)} == {
        "session",
        "compare",
    }
    assert sum(KEY.encode() in each for each in everything) == 2
    assert not any(PROVIDERS_KEY.encode() in each for each in everything)
    assert not any(b"MONGODB_URI" in each for each in (*groups["gateway"], *groups["backtest"][1:]))
    assert said["provider"] == "computed"
    logged = log.read_text(encoding="utf-8")
    assert "[redacted]" in logged
    for where in (logged, topics.decode(), documents, compared.text, str(said), shown):
        assert KEY[:10] not in where
        assert KEY[-10:] not in where

"""A connection whose request takes longer to answer than the next one may take to come."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from deploy.embedded.net import free_ports
from services.gateway.connections import limited
from services.gateway.settings import GatewaySettings
from tests.fakes import eventually

pytestmark = pytest.mark.anyio

REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def slow(_scope: Scope, _receive: Receive, send: Send) -> None:
    await asyncio.sleep(1)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@asynccontextmanager
async def serving(seconds: float) -> AsyncIterator[int]:
    (port,) = free_ports(1)
    settings = GatewaySettings(request_timeout_seconds=seconds)
    server = uvicorn.Server(
        uvicorn.Config(slow, port=port, http=limited(settings), lifespan="off", log_config=None)
    )
    task = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    try:
        await eventually(started, 10)
        yield port
    finally:
        server.should_exit = True
        await task


async def test_while_a_request_is_answered_the_next_may_be_late() -> None:
    async with serving(seconds=0.2) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(REQUEST + REQUEST[:1])
        await asyncio.sleep(0.6)
        writer.write(REQUEST[1:])
        async with asyncio.timeout(10):
            answers = [await reader.readuntil(b"ok") for _ in range(2)]
            writer.write(REQUEST[:1])
            last = await reader.read()
        writer.close()
    assert all(answer.startswith(b"HTTP/1.1 200 ") for answer in answers)
    assert last.startswith(b"HTTP/1.1 408 ")

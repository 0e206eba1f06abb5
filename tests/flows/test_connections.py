"""Clients that send too slowly, and too many of them, at a gateway that runs."""

import asyncio
import json
import os
import socket
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from deploy.embedded.net import free_ports
from deploy.embedded.stack import Stack
from tests.fakes import eventually

pytestmark = pytest.mark.anyio

HEAD = (
    b"POST /api/v1/chatops-advanced/session/create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
)
LIVE = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
async def port(stack: Stack) -> AsyncIterator[int]:
    """Run a second gateway on the stack's broker, with short times and few connections; yield its port."""
    (port,) = free_ports(1)
    limits = {"REQUEST_TIMEOUT_SECONDS": "0.55", "MAX_CONNECTIONS": "20"}  # between two bytes
    env = {**os.environ, **stack.environment(), "HOST": "127.0.0.1", "PORT": str(port), **limits}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "services.gateway", env=env)

    async def ready() -> bool:
        try:
            async with httpx.AsyncClient() as client:
                return (await client.get(f"http://127.0.0.1:{port}/health/ready")).status_code == 200
        except httpx.TransportError:
            return False

    try:
        await eventually(ready, 30)
        yield port
    finally:
        process.terminate()
        await process.wait()


async def dripped(port: int, sent: bytes) -> tuple[float, bytes]:
    """Send bytes, then one more every tenth of a second; return when the gateway closed, and its answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.monotonic()
    writer.write(sent)

    async def drip() -> None:
        while sent:
            await asyncio.sleep(0.1)
            writer.write(b"x")

    dripping = asyncio.create_task(drip())
    try:
        async with asyncio.timeout(10):
            answer = await reader.read()
        return time.monotonic() - began, answer
    finally:
        dripping.cancel()
        writer.close()


def problem(answer: bytes) -> dict[str, Any]:
    return dict(json.loads(answer.partition(b"\r\n\r\n")[2]))


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET /health/live HTTP/1.1\r\nX-Slow: ", HEAD + b"Content-Length: 1000\r\n\r\n"],
    ids=["nothing", "a slow header", "a slow body"],
)
async def test_a_client_that_sends_too_slowly_is_cut_off(port: int, sent: bytes) -> None:
    seconds, answer = await dripped(port, sent)
    assert 0.4 < seconds < 2.5
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert problem(answer)["type"] == "/problems/request-timeout"


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"\x16\x03\x01 this is TLS\r\n\r\n", 400, "bad-request"),
        (HEAD + b"Content-Length: -2\r\n\r\n{}", 400, "bad-request"),
        (HEAD + b"Content-Length: 5\r\nConnection: close\r\n\r\n\xff\xfe\x00{}", 400, "bad-request"),
        (HEAD + b"Content-Length: 9999\r\nConnection: close\r\n\r\n" + b"[" * 9999, 400, "bad-request"),
        (b"GET /health/live HTTP/1.1\r\n" + b"X: 1\r\n" * 20_000, 431, "headers-too-large"),
        (b"GET /" + b"a" * 100_000, 431, "headers-too-large"),
        (LIVE[:-2] + b"X: " + b"1" * 100_000 + b"\r\n\r\n", 431, "headers-too-large"),
    ],
    ids=[
        "no HTTP",
        "no length",
        "no text",
        "nested too deeply",
        "many headers",
        "a long path",
        "a whole head",
    ],
)
async def test_what_cannot_be_read_is_a_problem_that_says_so(
    port: int, sent: bytes, status: int, code: str
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert problem(answer)["type"] == f"/problems/{code}"


async def test_between_two_requests_a_client_may_wait_longer(port: int) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        first = await client.get("/health/live")
        await asyncio.sleep(0.8)
        second = await client.get("/health/live")
    assert (first.status_code, second.status_code) == (200, 200)


async def test_what_is_sent_after_an_answer_begins_the_time_of_the_next_request(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(LIVE)
    answer = await reader.readuntil(b"}")
    writer.write(b"\r\n")  # a parser passes over it: no request begins
    began = time.monotonic()
    rest = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert rest.startswith(b"HTTP/1.1 408 ")
    assert 0.4 < time.monotonic() - began < 2.5


async def test_a_request_that_is_answered_before_its_body_has_come_gets_one_answer(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert answer.count(b"HTTP/1.1") == 1


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="the system has no such limit")
async def test_a_client_that_takes_no_answers_is_cut_off(port: int) -> None:
    """It asks again and again, and reads nothing: until all buffers are full."""
    with socket.create_connection(("127.0.0.1", port)) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.setblocking(False)

        async def cut_off() -> bool:
            try:
                for _ in range(100):
                    deaf.send(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n")
            except BlockingIOError:
                return False
            except ConnectionError:
                return True
            return False

        await eventually(cut_off, 30)


async def test_idle_connections_lock_others_out_for_a_moment_only(port: int) -> None:
    idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(30)]
    refused = await idle[-1][0].read()
    assert refused.startswith(b"HTTP/1.1 503 ")
    assert problem(refused)["type"] == "/problems/too-many-connections"

    async def answers() -> bool:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            return (await client.get("/health/live")).status_code == 200

    await eventually(answers, 10)
    for _, writer in idle:
        writer.close()

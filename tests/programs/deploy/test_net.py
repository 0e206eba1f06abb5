"""Ports, addresses and the HTTP probe."""

import asyncio
import socket

import pytest

from deploy.embedded.errors import UnusableError
from deploy.embedded.net import HttpProbe, LiveProbe, claimable_port, free_ports, http_url

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize(("status", "ready"), [(200, True), (503, False)])
async def test_the_http_probe_wants_a_200(status: int, *, ready: bool) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"GET /health/ready HTTP/1.0\r\n")
        writer.write(b"HTTP/1.1 %d Whatever\r\nContent-Length: 2\r\n\r\n{}" % status)
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        assert await HttpProbe(f"http://127.0.0.1:{port}/health/ready")() is ready
    assert not await HttpProbe(f"http://127.0.0.1:{port}/health/ready")()


async def test_the_http_probe_fails_where_the_answer_is_not_http() -> None:
    async def babble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"200\r\n")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(babble, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        assert not await HttpProbe(f"http://127.0.0.1:{port}/health/ready")()


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 503 Too many connections\r\n\r\n", b""]
)
async def test_a_server_that_refuses_a_request_is_alive(answer: bytes) -> None:
    async def refuse(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        writer.transport.abort() if not answer else writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        assert await LiveProbe(f"http://127.0.0.1:{port}/health/live")()
    assert not await LiveProbe(f"http://127.0.0.1:{port}/health/live")()


async def test_a_server_that_accepts_and_is_silent_is_not_alive() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert not await LiveProbe(f"http://127.0.0.1:{silent.getsockname()[1]}/health/live")()


def test_free_ports_are_different_and_can_be_claimed() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    assert [claimable_port("127.0.0.1", port) for port in ports] == ports


def test_a_taken_port_can_not_be_claimed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            UnusableError, match=rf"^can't listen on 127\.0\.0\.1:{port}: Address already in use$"
        ):
            claimable_port("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),  # noqa: S104 - nothing listens on it
        ("::", "http://[::1]:80"),
        ("backchat.example", "http://backchat.example:80"),
    ],
)
def test_the_address_to_reach_a_host_at(host: str, url: str) -> None:
    assert http_url(host, 80) == url

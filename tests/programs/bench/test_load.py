"""The load generator against small HTTP servers."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.bench.errors import BenchError
from tests.bench.load import Connection, Job, burst, http_request, run

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def serving(*answers: bytes) -> AsyncIterator[str]:
    """A server that gives these answers cyclically on each connection, each in two pieces."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        following = itertools.cycle(answers)
        with contextlib.suppress(asyncio.IncompleteReadError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split()[0]))
                answer = next(following)
                writer.write(answer[:20])
                await asyncio.sleep(0.001)
                writer.write(answer[20:])
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def answer(status: str, body: str = "{}") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


async def test_the_generator_counts_answers_and_refusals() -> None:
    async with serving(answer("201 Created"), answer("503 Service Unavailable", "later")) as url:
        measured = await burst(Job(url, [http_request("POST", "/x", {"이름": "값"})], 2, 0.3, warm_up=0.1))

    assert measured.latencies_ms
    assert all(1 <= latency < 300 for latency in measured.latencies_ms)
    assert measured.failure == "503 b'later'"
    assert measured.asked >= measured.failed + len(measured.latencies_ms)
    assert abs(measured.failed - measured.asked / 2) <= 2
    assert 0 < measured.per_s <= measured.asked / 0.3
    assert measured.cpu_seconds > 0


async def test_the_generator_sends_its_requests_cyclically() -> None:
    seen: list[str] = []

    class Server(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport

        def data_received(self, data: bytes) -> None:
            seen.append(data.split()[1].decode())
            self.transport.write(answer("200 OK"))  # type: ignore[attr-defined]

    async with await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        requests = [http_request("GET", path) for path in ("/a", "/b", "/c")]
        await run(Job(url, requests, clients=1, seconds=0.05, warm_up=0.0))

    assert seen[:4] == ["/a", "/b", "/c", "/a"]


async def test_a_generator_that_cannot_run_gives_no_figure() -> None:
    with pytest.raises(BenchError, match=r"the load generator failed: ConnectionRefusedError"):
        await burst(Job("http://127.0.0.1:1", [http_request("GET", "/")], clients=1, seconds=0.1))


async def test_a_connection_that_is_closed_is_no_answer() -> None:
    async with serving(b"HTTP/1.1 200 OK\r\nContent-Le") as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        connection = Connection(reader, writer)
        asking = asyncio.create_task(connection.ask(http_request("POST", "/").encode()))
        await asyncio.sleep(0.05)
        writer.write_eof()
        with pytest.raises(ConnectionError):
            await asking
        connection.close()

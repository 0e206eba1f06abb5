"""The TCP proxy of a chaos run."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from deploy.embedded.net import free_ports
from tests.chaos.proxy import Proxy

pytestmark = pytest.mark.anyio


@contextlib.asynccontextmanager
async def echo_behind_a_proxy() -> AsyncIterator[Proxy]:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionResetError):
            while line := await reader.readline():
                writer.write(line)
        writer.close()

    port, target = free_ports(2)
    async with await asyncio.start_server(echo, "127.0.0.1", target), Proxy(port, target) as proxy:
        yield proxy


async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    writer.write(b"hello\n")
    async with asyncio.timeout(5):
        return await reader.readline()


async def test_the_proxy_forwards_delays_and_cuts() -> None:
    async with echo_behind_a_proxy() as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert await say(reader, writer) == b"hello\n"

        proxy.delay(0.1)
        began = asyncio.get_running_loop().time()
        assert await say(reader, writer) == b"hello\n"
        assert asyncio.get_running_loop().time() - began >= 0.2  # there and back

        proxy.restore()
        proxy.cut()
        waiting = asyncio.create_task(say(reader, writer))
        assert not (await asyncio.wait([waiting], timeout=0.2))[0]
        proxy.restore()
        assert await waiting == b"hello\n"  # delayed, not lost
        writer.close()


async def test_the_proxy_resets_connections_and_accepts_new_ones() -> None:
    async with echo_behind_a_proxy() as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert await say(reader, writer) == b"hello\n"
        proxy.reset()
        with pytest.raises(ConnectionResetError):
            await reader.readline()
        again = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert await say(*again) == b"hello\n"
        again[1].close()


async def test_a_proxy_of_a_server_that_is_down_resets() -> None:
    port, target = free_ports(2)
    async with Proxy(port, target):
        reader, _ = await asyncio.open_connection("127.0.0.1", port)
        with pytest.raises(ConnectionResetError):
            await reader.readline()

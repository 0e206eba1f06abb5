"""A TCP proxy whose connections can be cut, delayed and reset."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator
from typing import Self

from deploy.embedded.stack import LOOPBACK

CHUNK = 65_536
ON_CLOSE_RESET = struct.pack("ii", 1, 0)  # SO_LINGER of 0 s: the peer gets RST, not FIN


class Proxy:
    """Listens on one port of the loopback interface inside `async with`, and forwards to another."""

    def __init__(self, port: int, target: int) -> None:
        self.port = port
        self._target = target
        self._delay = 0.0
        self._passing = asyncio.Event()
        self._passing.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accepted, LOOPBACK, self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Forward nothing: connections stay open and silent. Data sent meanwhile arrives after `restore`."""
        self._passing.clear()

    def delay(self, seconds: float) -> None:
        """Delay each chunk of data."""
        self._delay = seconds

    def restore(self) -> None:
        self._delay = 0.0
        self._passing.set()

    def reset(self) -> None:
        """Reset all connections, as a crash of the other machine would; new ones are forwarded."""
        for writer in list(self._writers):
            _reset(writer)

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._connect(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with self._open(writer):
            await self._passing.wait()
            try:
                far_reader, far_writer = await asyncio.open_connection(LOOPBACK, self._target)
            except OSError:
                _reset(writer)
                return
            async with self._open(far_writer):
                there = asyncio.create_task(self._pass(reader, far_writer))
                back = asyncio.create_task(self._pass(far_reader, writer))
                try:
                    await asyncio.wait((there, back), return_when=asyncio.FIRST_COMPLETED)
                finally:
                    there.cancel()
                    back.cancel()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(CHUNK):
                await self._passing.wait()
                if self._delay:
                    await asyncio.sleep(self._delay)
                writer.write(chunk)
                await writer.drain()

    @contextlib.asynccontextmanager
    async def _open(self, writer: asyncio.StreamWriter) -> AsyncIterator[None]:
        self._writers.add(writer)
        try:
            yield
        finally:
            self._writers.discard(writer)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


def _reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ON_CLOSE_RESET)
    writer.transport.abort()

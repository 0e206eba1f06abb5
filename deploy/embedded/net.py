"""What the stack needs of networking: free ports, readiness probes and one HTTP request.

On plain sockets and streams: an HTTP client library would double the supervisor's memory.
"""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from bson import decode, encode
from bson.errors import InvalidBSON

from deploy.embedded.errors import UnusableError

Probe = Callable[[], Awaitable[bool]]

PROBE_SECONDS = 2.0
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


def free_ports(count: int) -> list[int]:
    """Return ports of the loopback interface that are free, all different."""
    with contextlib.ExitStack() as held:
        return [held.enter_context(_listening("127.0.0.1", 0)).getsockname()[1] for _ in range(count)]


def claimable_port(host: str, port: int) -> int:
    """Return the port (0: a free one) if a server could listen on it now.

    Raises:
        UnusableError: it is taken or not allowed, or the host isn't one of this machine.

    """
    try:
        with _listening(host, port) as listener:
            return int(listener.getsockname()[1])
    except OSError as error:
        raise UnusableError(f"can't listen on {host}:{port}: {error.strerror or error}") from error


def http_url(host: str, port: int) -> str:
    """Return the address at which a server that listens on this host is reached from here."""
    reachable = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - not bound
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"


def _listening(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do
        listener.bind((host, port))
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener


@dataclass(frozen=True, slots=True)
class TcpProbe:
    """Ready when a server accepts connections at this address."""

    host: str
    port: int

    async def __call__(self) -> bool:
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                _, writer = await asyncio.open_connection(self.host, self.port)
                writer.close()
                await writer.wait_closed()
        except OSError:  # TimeoutError is one
            return False
        return True


@dataclass(frozen=True, slots=True)
class HttpProbe:
    """Ready when a GET of this URL is answered with 200."""

    url: str

    async def __call__(self) -> bool:
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                status, _ = await request("GET", self.url)
        except OSError:
            return False
        return status == 200  # noqa: PLR2004 - HTTP's OK


@dataclass(frozen=True, slots=True)
class LiveProbe:
    """Alive when a server reacts to a GET of this URL, even if it refuses it as one connection too many."""

    url: str

    async def __call__(self) -> bool:
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                await request("GET", self.url)
        except (TimeoutError, ConnectionRefusedError):
            return False
        except OSError:  # it has closed the connection
            pass
        return True


@dataclass(frozen=True, slots=True)
class KafkaProbe:
    """Alive when a broker tells the versions of its requests: a stopped one still accepts connections."""

    host: str
    port: int

    async def __call__(self) -> bool:
        size, api_versions, version, correlation_id, no_client_id = 10, 18, 0, 1, -1
        question = struct.pack(">ihhih", size, api_versions, version, correlation_id, no_client_id)
        return bool(await _asked(self.host, self.port, question))


@dataclass(frozen=True, slots=True)
class MongoProbe:
    """Alive when a server finds a document, or none: after its storage has failed it still answers a ping."""

    host: str
    port: int

    async def __call__(self) -> bool:
        find = encode({"find": "none", "$db": "none", "limit": 1, "singleBatch": True})
        message = struct.pack("<iiiiib", 21 + len(find), 1, 0, 2013, 0, 0) + find  # OP_MSG with one section
        answer = await _asked(self.host, self.port, message, little_endian=True)
        try:
            return bool(answer) and decode(answer[17:]).get("ok") == 1
        except InvalidBSON:
            return False


async def _asked(host: str, port: int, message: bytes, *, little_endian: bool = False) -> bytes:
    """Send a message and return the answer behind its size; nothing where there is none in time."""
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(message)
                size = int.from_bytes(await reader.readexactly(4), "little" if little_endian else "big")
                return await reader.readexactly(size - 4 if little_endian else size)
            finally:
                writer.close()
    except (OSError, EOFError, ValueError):  # no connection, no answer, or none of this protocol
        return b""


async def request(
    method: str, url: str, body: bytes = b"", headers: Mapping[str, str] = _NO_HEADERS
) -> tuple[int, bytes]:
    """Return status and body of one HTTP request; the caller sets the deadline.

    It uses HTTP/1.0, whose answer ends with the connection: there are no chunks to join.

    Raises:
        OSError: no connection, or the answer is not HTTP.

    """
    target = urlsplit(url)
    lines = {"Host": target.netloc, "Content-Length": str(len(body)), **headers}
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    head = [f"{method} {path} HTTP/1.0", *(f"{k}: {v}" for k, v in lines.items()), "", ""]
    reader, writer = await asyncio.open_connection(target.hostname, target.port or 80)
    try:
        writer.write("\r\n".join(head).encode() + body)
        answer, _, content = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    match answer.split(None, 2):
        case [version, status, *_] if version.startswith(b"HTTP/") and status.isdigit():
            return int(status), content
        case _:
            raise ConnectionError(f"no HTTP answer from {url}")

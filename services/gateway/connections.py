"""HTTP connections with limits of time, of size and of number, which uvicorn lacks; errors are problems."""

import asyncio
import resource
import socket
from functools import partial
from typing import Any, Final

import structlog
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from services.gateway.problems import problem
from services.gateway.settings import GatewaySettings

log = structlog.get_logger()

OTHER_FILES: Final = 64
"""Files that the process needs beside its connections: Kafka, logs, libraries."""
FEWEST: Final = 16
MOST_HEAD_BYTES: Final = 65_536
"""Of a request line and its headers."""


def most_connections(wanted: int) -> int:
    """Return how many connections there may be: as many as wanted, if the process may open so many files."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    possible = max(FEWEST, files - OTHER_FILES)
    if possible < wanted:
        log.warning("fewer connections than set, because of `ulimit -n`", wanted=wanted, possible=possible)
    return min(wanted, possible)


def limited(settings: GatewaySettings) -> Any:  # noqa: ANN401 - what uvicorn takes as `http`
    """Return what makes a connection, with the limits of the settings."""
    most = most_connections(settings.max_connections)
    return partial(LimitedConnection, seconds=settings.request_timeout_seconds, most=most)


class LimitedConnection(HttpToolsProtocol):
    """A connection that is closed if a request, its head and its body, does not come in time.

    The time runs from the opening of the connection, or from the first byte after a request; while that one
    is answered it does not count. Between two requests, uvicorn's own limit holds. A connection beyond the
    greatest number is answered with 503, a head that is too large with 431, what is not HTTP/1.1 with 400.

    Args:
        seconds: the time for a request; and for the client to take nothing of an answer, where the system
            has such a limit (Linux).
        most: the greatest number of connections.

    """

    def __init__(self, *arguments: Any, seconds: float, most: int, **named: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **named)
        self._seconds = seconds
        self._most = most
        self._timer: asyncio.TimerHandle | None = None
        self._head_bytes: int | None = 0
        """What has come of a head so far; None while a body comes."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            opened: socket.socket = transport.get_extra_info("socket")
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(1000 * self._seconds))
        if len(self.connections) > self._most:
            log.warning("connections refused: too many are open", most=self._most, again=True)
            self._answer("too-many-connections", f"{self._most} connections are open; try again")
        else:
            self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._start_timer()
        if self._head_bytes is not None:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._head_is_too_large():
            self._answer("headers-too-large", f"request line and headers may have {MOST_HEAD_BYTES} bytes")

    def on_message_begin(self) -> None:
        self._start_timer()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head_bytes = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if self._head_is_too_large():
            raise ValueError  # uvicorn sends the 400 response
        self._head_bytes = None
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        if not self._head_is_too_large():  # `data_received` answers that
            self._answer("bad-request", f"{msg} HTTP/1.1 is expected.")

    def on_message_complete(self) -> None:
        self._stop_timer()
        self._head_bytes = 0
        super().on_message_complete()

    def _head_is_too_large(self) -> bool:
        return self._head_bytes is not None and self._head_bytes > MOST_HEAD_BYTES

    def _start_timer(self) -> None:
        if self._timer is None and not self.transport.is_closing():
            self._timer = self.loop.call_later(self._seconds, self._too_slow)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        self._timer = None
        cycle = self.cycle
        answering = cycle is not None and not cycle.more_body and not cycle.response_complete
        if answering or self.flow.read_paused:  # the next request may be late; or the body is not yet taken
            self._start_timer()
            return
        log.info("connection closed: the request did not come in time", seconds=self._seconds)
        if self._head_bytes is None and cycle.response_started:
            self.transport.close()  # it was answered before its body had come
        else:
            self._answer("request-timeout", f"the request did not come within {self._seconds:g} s")

    def _answer(self, code: str, detail: str) -> None:
        """Write a problem and close: the application is not asked."""
        response = problem(code, detail)
        headers = [*response.raw_headers, (b"connection", b"close")]
        lines = b"".join(b"%s: %s\r\n" % header for header in headers)
        self.transport.write(STATUS_LINE[response.status_code] + lines + b"\r\n" + bytes(response.body))
        self.transport.close()

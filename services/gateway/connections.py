"""HTTP connections with limits of time, of size and of number, which uvicorn lacks; errors are problems."""

import asyncio
import resource
import time
from typing import Any, Final

import structlog
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from services.gateway.problems import problem

log = structlog.get_logger()

OTHER_FILES: Final = 64
"""Files that the process needs beside its connections: Kafka, logs, libraries."""
FEWEST: Final = 16
SAY_EVERY_SECONDS: Final = 10.0
MOST_HEAD_BYTES: Final = 65_536
"""Of a request line and its headers."""


def most_connections(wanted: int) -> int:
    """Return how many connections there may be: as many as wanted, if the process may open so many files."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    possible = max(FEWEST, files - OTHER_FILES)
    if possible < wanted:
        log.warning("fewer connections than set, because of `ulimit -n`", wanted=wanted, possible=possible)
    return min(wanted, possible)


class Refusals:
    """Logs that connections are refused, at most every ten seconds, with how many there were."""

    def __init__(self) -> None:
        self._said_at = -SAY_EVERY_SECONDS
        self._count = 0

    def note(self, open_connections: int) -> None:
        self._count += 1
        if (now := time.monotonic()) - self._said_at >= SAY_EVERY_SECONDS:
            log.warning("connections refused: too many are open", open=open_connections, refused=self._count)
            self._said_at, self._count = now, 0


class LimitedConnection(HttpToolsProtocol):
    """A connection that is closed if a request, its head and its body, does not come in time.

    The time runs from the opening of the connection, or from the first byte of a later request. Between two
    requests, uvicorn's own limit holds. A connection beyond the greatest number is answered with 503, a head
    that is too large with 431, and what is not HTTP/1.1 with 400.

    Args:
        seconds: the time for a request.
        most: the greatest number of connections.
        refusals: what logs those that are too many.

    """

    def __init__(self, *arguments: Any, seconds: float, most: int, refusals: Refusals, **named: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **named)
        self._seconds = seconds
        self._most = most
        self._refusals = refusals
        self._timer: asyncio.TimerHandle | None = None
        self._head_bytes: int | None = 0
        """What has come of a head so far; None while a body comes."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self._most:
            self._refusals.note(len(self.connections) - 1)
            self._answer("too-many-connections", f"{self._most} connections are open; try again")
        else:
            self._timer = self.loop.call_later(self._seconds, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._head_bytes is not None:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._head_bytes is not None and self._head_bytes > MOST_HEAD_BYTES:
            self._answer("headers-too-large", f"request line and headers may have {MOST_HEAD_BYTES} bytes")

    def on_headers_complete(self) -> None:
        self._head_bytes = None
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        self._answer("bad-request", f"{msg} HTTP/1.1 is expected.")

    def on_message_begin(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(self._seconds, self._too_slow)
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._stop_timer()
        self._head_bytes = 0
        super().on_message_complete()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        self._timer = None
        if self.flow.read_paused:  # the application has not taken what has come so far
            self._timer = self.loop.call_later(self._seconds, self._too_slow)
            return
        log.info("connection closed: the request did not come in time", seconds=self._seconds)
        if self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete:
            self.transport.close()
        else:
            self._answer("request-timeout", f"the request did not come within {self._seconds:g} s")

    def _answer(self, code: str, detail: str) -> None:
        """Write a problem and close: the application is not asked."""
        response = problem(code, detail)
        headers = [*response.raw_headers, (b"connection", b"close")]
        lines = b"".join(b"%s: %s\r\n" % header for header in headers)
        self.transport.write(STATUS_LINE[response.status_code] + lines + b"\r\n" + bytes(response.body))
        self.transport.close()

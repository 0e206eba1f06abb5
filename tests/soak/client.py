"""The HTTP client of the load: keeps a rate, counts requests, and records those that fail."""

import asyncio
import json
import time
from collections import Counter
from http import HTTPStatus
from urllib.parse import urlsplit

from tests.chaos.check import Finding, Observations
from tests.chaos.client import TIMEOUT_SECONDS, Answer, Availability, Client


class Pace:
    """Lets requests begin at a steady rate; those that come late are not made up for."""

    def __init__(self, per_second: float) -> None:
        self._pause = 1.0 / per_second
        self._next = 0.0

    async def turn(self) -> None:
        """Wait until the next request may begin."""
        now = time.monotonic()
        self._next = max(self._next + self._pause, now)
        await asyncio.sleep(self._next - now)


class PacedClient(Client):
    """A client at a steady rate. Without faults every request must be answered, and not with a 5xx."""

    def __init__(self, url: str, pace: Pace, seen: Observations) -> None:
        super().__init__(url, Availability())
        self._address = urlsplit(url)
        self._pace = pace
        self._seen = seen
        self.requests: Counter[str] = Counter()

    async def once(self, method: str, path: str, body: object = None, key: str | None = None) -> Answer:
        await self._pace.turn()
        answer = await super().once(method, path, body, key)
        self._count(method, path, answer)
        return answer

    async def stream(
        self, path: str, body: object = None, leave_after: float | None = None
    ) -> tuple[int, str]:
        """Read server-sent events: to their end, or until `leave_after` seconds. Return status and text."""
        method, sent = ("GET", b"") if body is None else ("POST", json.dumps(body).encode())
        await self._pace.turn()
        received = bytearray()
        try:
            async with asyncio.timeout(leave_after or TIMEOUT_SECONDS):
                await self._receive(method, path, sent, received)
        except OSError as error:  # TimeoutError is one
            left = leave_after is not None and isinstance(error, TimeoutError)
            answer = Answer(HTTPStatus.OK if left else 0, f"{error!r} after {bytes(received)!r}")
        else:
            head, _, text = received.decode().partition("\r\n\r\n")
            answer = Answer(int(head.split()[1]), text)
        self._count(method, path, answer)
        return answer.status, answer.body

    async def _receive(self, method: str, path: str, body: bytes, received: bytearray) -> None:
        """Send a request; add what is received up to the end of the connection."""
        fields = {
            "Host": self._address.netloc,
            "Accept": "text/event-stream",
            "Content-Type": "application/json",
            "Content-Length": len(body),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        reader, writer = await asyncio.open_connection(self._address.hostname, self._address.port)
        try:
            writer.write(f"{method} {path} HTTP/1.0\r\n{head}\r\n".encode() + body)
            while piece := await reader.read(65_536):
                received += piece
        finally:
            writer.close()

    def _count(self, method: str, path: str, answer: Answer) -> None:
        self.requests["failed" if answer.worth_a_retry else "answered"] += 1
        if answer.worth_a_retry:
            self._seen.findings.append(Finding("service", f"{method} {path}", f"answered with {answer}"))

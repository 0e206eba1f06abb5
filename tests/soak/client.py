"""The HTTP client of the load: keeps a rate, counts requests, and records those that fail."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from http import HTTPStatus

import httpx

from tests.chaos.check import Finding, Observations
from tests.chaos.client import TIMEOUT_SECONDS, Answer, Availability, Client


class Pace:
    """Lets requests begin at a steady rate, but for breaks; those that come late are not made up for."""

    def __init__(self, per_second: float) -> None:
        self._pause = 1.0 / per_second
        self._next = 0.0
        self._goes_on = asyncio.Event()
        self._goes_on.set()

    async def turn(self) -> None:
        """Wait until the next request may begin."""
        await self._goes_on.wait()
        now = time.monotonic()
        self._next = max(self._next + self._pause, now)
        await asyncio.sleep(self._next - now)
        await self._goes_on.wait()

    @asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        """Let no request begin inside the block."""
        self._goes_on.clear()
        try:
            yield
        finally:
            self._goes_on.set()


class PacedClient(Client):
    """A client at a steady rate. Without faults every request must be answered, and not with a 5xx."""

    def __init__(self, url: str, pace: Pace, seen: Observations) -> None:
        super().__init__(url, Availability())
        self._http = httpx.AsyncClient(
            base_url=url,
            headers={"Accept": "text/event-stream"},
            limits=httpx.Limits(max_keepalive_connections=0),  # as browsers: a connection for each stream
        )
        self.pace = pace
        self._seen = seen
        self.requests: Counter[str] = Counter()

    async def once(self, method: str, path: str, body: object = None, key: str | None = None) -> Answer:
        await self.pace.turn()
        answer = await super().once(method, path, body, key)
        self._count(method, path, answer)
        return answer

    async def stream(
        self, path: str, body: object = None, leave_after: float | None = None
    ) -> tuple[int, str]:
        """Read server-sent events: to their end, or until `leave_after` seconds. Return status and text."""
        await self.pace.turn()
        status, text = 0, ""
        try:
            async with asyncio.timeout(leave_after or TIMEOUT_SECONDS), self._stream(path, body) as response:
                status = response.status_code
                async for part in response.aiter_text():
                    text += part
        except (TimeoutError, httpx.TransportError) as error:
            left = leave_after is not None and isinstance(error, TimeoutError)
            status, text = (status or HTTPStatus.OK if left else 0), f"{error!r} after {text!r}"
        self._count("stream", path, Answer(status, text))
        return status, text

    def _stream(self, path: str, body: object) -> AbstractAsyncContextManager[httpx.Response]:
        return self._http.stream("GET" if body is None else "POST", path, json=body, timeout=None)

    def _count(self, method: str, path: str, answer: Answer) -> None:
        self.requests["failed" if answer.worth_a_retry else "answered"] += 1
        if answer.worth_a_retry:
            self._seen.findings.append(Finding("service", f"{method} {path}", f"answered with {answer}"))

"""The HTTP client of the load: returns failures as answers, and measures the longest unavailability."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from deploy.embedded.net import request

CHATOPS = "/api/v1/chatops-advanced"
BACKTESTS = "/api/v1/backtests"
TIMEOUT_SECONDS = 10.0
RETRY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; status 0 stands for no answer, or one that is not JSON."""

    status: int
    body: Any

    @property
    def worth_a_retry(self) -> bool:
        return not self.status or self.status >= HTTPStatus.INTERNAL_SERVER_ERROR

    @property
    def problem(self) -> str | None:
        """The `type` of its problem details."""
        return self.body.get("type") if self.status and isinstance(self.body, dict) else None


@dataclass(slots=True)
class Availability:
    """The longest time in which no request of a method was answered, in seconds, by method."""

    longest: dict[str, float] = field(default_factory=dict)
    _answered_at: dict[str, float] = field(default_factory=dict)
    _down_since: dict[str, float] = field(default_factory=dict)

    def note(self, method: str, began: float, ended: float, *, answered: bool) -> None:
        since = max(began, self._answered_at.get(method, began))  # others may have got an answer meanwhile
        if answered:
            since = min(since, self._down_since.pop(method, since))
            self.longest[method] = max(self.longest.get(method, 0.0), ended - since)
            self._answered_at[method] = ended
        else:
            self._down_since.setdefault(method, since)

    def longest_seconds(self, now: float) -> float:
        under_way = [now - since for since in self._down_since.values()]
        return max([*self.longest.values(), *under_way], default=0.0)


class Client:
    """A client of one gateway."""

    def __init__(self, url: str, availability: Availability) -> None:
        self._url = url
        self._availability = availability

    async def once(self, method: str, path: str, body: object = None, key: str | None = None) -> Answer:
        """Send a request and return its answer, or status 0 after ten seconds."""
        headers = {"Content-Type": "application/json", **({"Idempotency-Key": key} if key else {})}
        began = time.monotonic()
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                sent = b"" if body is None else json.dumps(body).encode()
                status, content = await request(method, self._url + path, sent, headers)
            answer = Answer(status, json.loads(content or b"null"))
        except (OSError, ValueError) as error:
            answer = Answer(0, repr(error))
        self._availability.note(method, began, time.monotonic(), answered=not answer.worth_a_retry)
        return answer

    async def until_servers_answer(
        self, method: str, path: str, body: object = None, key: str | None = None
    ) -> Answer:
        """Send a request again with its key until it is answered. The caller sets a deadline."""
        answer = await self.once(method, path, body, key)
        while answer.worth_a_retry:
            await asyncio.sleep(RETRY_SECONDS)
            answer = await self.once(method, path, body, key)
        return answer

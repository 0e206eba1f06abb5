"""The gateway's one use case: an HTTP request becomes an event, the service's answer the response."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar
from uuid import UUID, uuid4, uuid5

from pydantic import BaseModel

from backchat_contracts import Event
from services.chassis.errors import NoReplyError
from services.chassis.messaging.envelope import Delivery, Origin
from services.chassis.messaging.request_client import RequestClient, refusal_in
from services.gateway.live_events import LiveEvents
from services.gateway.problems import ProblemError
from services.gateway.settings import GatewaySettings

REQUESTS = UUID("3f0e6c1e-7f6b-4f0b-9a53-1c1f4f2f6d0b")
"""The namespace of the ids that are derived from idempotency keys."""

A = TypeVar("A", bound=BaseModel)


class ServiceClient:
    """Sends requests to the services for HTTP clients, and returns their answers."""

    def __init__(
        self,
        request_client: RequestClient,
        live: LiveEvents,
        settings: GatewaySettings,
        stopping: asyncio.Event,
    ) -> None:
        self._request_client = request_client
        self.live = live
        self.settings = settings
        self.stopping = stopping

    async def query(self, event: Event, timeout: float | None = None) -> Delivery:  # noqa: ASYNC109
        """Send a question and return the answer.

        Raises:
            ProblemError: it was refused.
            NoReplyError: no answer came in time.
            BrokerUnavailableError: the broker did not take the question.

        """
        wait = timeout or self.settings.reply_timeout_seconds
        return accepted(await self._request_client.request(event, Origin(), wait))

    async def command(self, event: Event, timeout: float | None = None) -> Delivery | None:  # noqa: ASYNC109
        """Send a command and return the answer; None: the broker keeps the command, the answer is late.

        Raises:
            ProblemError: it was refused.
            NoReplyError: no answer came in time, and this broker may forget the command.
            BrokerUnavailableError: the broker did not take the command.

        """
        try:
            wait = timeout or self.settings.reply_timeout_seconds
            return accepted(await self._request_client.request(event, Origin(), wait))
        except NoReplyError:
            if self.settings.kafka_durable:
                return None
            raise

    async def stream(self, event: Event) -> AsyncGenerator[Delivery]:
        """Send a request and yield its answers as they come; the caller closes it. Raises as `query` does."""
        replies = self._request_client.stream(event, Origin(), self.settings.chat_timeout_seconds)
        async with aclosing(replies):
            async for reply in replies:
                yield accepted(reply)


def accepted(reply: Delivery) -> Delivery:
    """Return a reply that is no refusal. Raises ProblemError."""
    if refusal := refusal_in(reply):
        raise ProblemError(refusal.code, refusal.detail, refusal.extra)
    return reply


def read(reply: Delivery, model: type[A]) -> A:
    """Read a reply as the event that it is."""
    return model.model_validate_json(reply.value)


def new_id() -> str:
    return str(uuid4())


def derived_id(path: str, key: str | None, user_id: str = "system") -> str:
    """Return the id of what a request creates: derived from the user's idempotency key, or else a new one.

    By the derived id, the service that owns it recognises a repeated request.
    """
    return str(uuid5(REQUESTS, f"{path}\n{user_id}\n{key}")) if key else new_id()

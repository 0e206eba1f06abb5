"""The gateway's application with a fake asker, and a client that speaks HTTP to it without a network."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from backchat_contracts import Event
from services.gateway.bootstrap import create_app
from services.gateway.settings import GatewaySettings
from tests.fakes import FakeAsker

V1 = "/api/v1"
CHAT = f"{V1}/chatops-advanced"
MOST_BYTES = 4096


@dataclass(frozen=True)
class Client:
    http: httpx.AsyncClient
    asker: FakeAsker
    app: Any

    @property
    def asked(self) -> Event:
        """The one event that the gateway asked the services with."""
        ((event, _),) = self.asker.asked
        return event


@asynccontextmanager
async def connected(**settings: Any) -> AsyncIterator[Client]:
    asker = FakeAsker()
    given = GatewaySettings.model_validate({"max_body_bytes": MOST_BYTES} | settings)
    app = create_app(given, asyncio.Event(), lambda _kafka: asker)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as http:
        yield Client(http, asker, app)


def assert_problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Check the shape of a problem and return its body."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert {"type", "title", "status", "detail"} <= body.keys()
    assert (body["type"], body["status"]) == (f"/problems/{code}", status)
    assert body["title"]
    assert body["detail"]
    return body

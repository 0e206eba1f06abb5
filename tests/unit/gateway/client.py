"""The gateway's application with a fake request client, and an HTTP client for it that needs no network."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx

from backchat_contracts import Event
from services.gateway.bootstrap import create_app
from services.gateway.settings import GatewaySettings
from tests.fakes import FakeRequestClient
from tests.openapi import Description

V1 = "/api/v1"
CHAT = f"{V1}/chatops-advanced"
MOST_BYTES = 4096


@dataclass(frozen=True)
class Client:
    http: httpx.AsyncClient
    request_client: FakeRequestClient
    app: Any

    @property
    def asked(self) -> Event:
        """The one request that the gateway sent to the services."""
        ((event, _),) = self.request_client.asked
        return event


@cache
def description() -> Description:
    """Return the description of the API, which is the same whatever the settings; making it takes a while."""
    return Description(create_app(GatewaySettings(), asyncio.Event()).openapi())


@cache
def application(settings: GatewaySettings) -> tuple[Any, FakeRequestClient]:
    """Return the application with these settings and its request client; FastAPI keeps all that are made."""
    request_client = FakeRequestClient()
    return create_app(settings, asyncio.Event(), lambda _kafka: request_client), request_client


@asynccontextmanager
async def connected(**settings: Any) -> AsyncIterator[Client]:
    """Every response must be described in the application's OpenAPI document."""
    given = GatewaySettings.model_validate({"max_body_bytes": MOST_BYTES} | settings)
    app, request_client = application(given)
    vars(request_client).update(vars(FakeRequestClient()))  # nothing is left of the test before
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)

    async def described(response: httpx.Response) -> None:
        description().check(response)

    hooks = {"response": [described]}
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway", event_hooks=hooks) as http:
        yield Client(http, request_client, app)


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

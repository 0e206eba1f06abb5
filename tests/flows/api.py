"""The gateway as the flow tests use it."""

import asyncio
import json
import time
import uuid
from collections.abc import AsyncGenerator
from typing import Any, NamedTuple

import httpx

from tests.fakes import eventually

CHATOPS = "/api/v1/chatops-advanced"
DEADLINE_SECONDS = 20.0
UNDER_WAY = {"pending", "running"}


class Streamed(NamedTuple):
    """A server-sent event."""

    name: str
    id: str | None
    data: dict[str, Any]


class Api:
    """A client with the requests that tests make all the time."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(path, json=body, headers=named)

    async def get(self, path: str, **query: str | int) -> httpx.Response:
        return await self.client.get(path, params=query)

    async def session(self, user_id: str = "system") -> str:
        response = await self.post(f"{CHATOPS}/session/create", {"user_id": user_id})
        assert response.status_code == 201, response.text
        return str(response.json()["session_id"])

    async def say(self, session_id: str, message: str) -> dict[str, Any]:
        response = await self.post(f"{CHATOPS}/session/{session_id}/chat", {"message": message})
        assert response.status_code == 200, response.text
        return dict(response.json())

    async def events(
        self, path: str, body: Any, key: str, last_event_id: str | None = None
    ) -> AsyncGenerator[Streamed]:
        """Send a request with a key, and yield the server-sent events that answer it."""
        headers = {"Accept": "text/event-stream", "Idempotency-Key": key}
        headers |= {"Last-Event-ID": last_event_id} if last_event_id else {}
        async with self.client.stream("POST", path, json=body, headers=headers) as answer:
            assert answer.status_code in {200, 204}, await answer.aread()
            fields: dict[str, str] = {}
            async for line in answer.aiter_lines():
                if line and not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif fields:
                    yield Streamed(fields["event"], fields.get("id"), json.loads(fields["data"]))
                    fields = {}

    async def history(self, session_id: str, entries: int) -> list[dict[str, Any]]:
        """Wait until the history of a session has so many entries, and return it."""
        history: list[dict[str, Any]] = []

        async def there() -> bool:
            view = (await self.get(f"{CHATOPS}/session/{session_id}")).json()
            history[:] = view["conversation_history"]
            return len(history) >= entries

        await eventually(there, DEADLINE_SECONDS)
        return history

    async def trigger(self, request: dict[str, Any] | None = None, **config: Any) -> str:
        """Trigger a backtest; `request` has fields beside the configuration."""
        strategy = {"name": unique("전략"), "symbols": ["AAPL", "MSFT"], **config}
        body = {"strategy_config": strategy, **(request or {})}
        response = await self.post(f"{CHATOPS}/backtest/trigger", body)
        assert response.status_code == 202, response.text
        return str(response.json()["backtest_id"])

    async def ended(self, backtest_id: str) -> dict[str, Any]:
        """Wait until a backtest has ended and return its page."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while time.monotonic() < deadline:
            response = await self.get(f"/api/v1/backtests/{backtest_id}")
            if response.status_code == 200 and response.json()["status"] not in UNDER_WAY:
                return dict(response.json())
            await asyncio.sleep(0.05)
        raise AssertionError(f"backtest {backtest_id} did not end in {DEADLINE_SECONDS} s")

    async def status(self, backtest_id: str) -> str:
        return str((await self.get(f"/api/v1/backtests/{backtest_id}")).json()["status"])

    async def until(self, backtest_id: str, status: str) -> None:
        """Wait until a backtest has this status."""

        async def there() -> bool:
            return await self.status(backtest_id) == status

        await eventually(there, DEADLINE_SECONDS)

    async def completed(self, **config: Any) -> dict[str, Any]:
        """Run a backtest and wait until a comparison knows it."""
        page = await self.ended(await self.trigger(**config))
        assert page["status"] == "completed", page
        await self.compared_until(
            [page["strategy_id"]], lambda data: data[0].get("backtest_id") == page["id"]
        )
        return page

    async def compared(
        self, strategy_ids: list[str], query: str = "비교", **headers: str
    ) -> list[dict[str, Any]]:
        body = {"strategy_ids": strategy_ids, "query": query}
        response = await self.post(f"{CHATOPS}/strategies/compare/debug", body, **headers)
        assert response.status_code == 200, response.text
        return list(response.json()["strategies_data"])

    async def compared_until(self, strategy_ids: list[str], holds: Any) -> list[dict[str, Any]]:
        """Compare until a condition holds of the data: the read model follows events."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while time.monotonic() < deadline:
            data = await self.compared(strategy_ids)
            if holds(data):
                return data
            await asyncio.sleep(0.05)
        raise AssertionError(f"the comparison of {strategy_ids} did not get there: {data}")


def unique(prefix: str) -> str:
    return f"{prefix} {uuid.uuid4().hex[:8]}"

"""A database that is connected and silent for 45 s: requests wait, readiness says so, no process ends."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.embedded.stack import Stack
from deploy.services import GATEWAY, SERVICES
from tests.fakes import eventually
from tests.faults.retrying import READY_SECONDS
from tests.flows.api import CHATOPS, Api, unique

pytestmark = pytest.mark.anyio

SETTINGS = {"KAFKA_MAX_POLL_INTERVAL_MS": "300000"}  # the default: records may wait for longer than 3 s

OUTAGE_SECONDS = 45.0
NOTICED_SECONDS = 15.0
OWNERS = set(SERVICES) - {GATEWAY}


@contextmanager
def silent_database(stack: Stack) -> Iterator[None]:
    stack.supervisor.pause("mongodb")
    try:
        yield
    finally:
        stack.supervisor.resume("mongodb")


async def readiness(stack: Stack, name: str) -> tuple[int, dict[str, Any]]:
    async with httpx.AsyncClient(timeout=10) as client:
        response = await client.get(f"{stack.health_urls[name]}/health/ready")
    return response.status_code, response.json()


async def degraded(stack: Stack) -> set[str]:
    """Return the services that the gateway calls degraded; it is ready all the time."""
    status, body = await readiness(stack, GATEWAY)
    assert (status, all(body["checks"].values())) == (200, True), body
    named = set(body.get("degraded", ()))
    assert body["status"] == ("degraded" if named else "ready"), body
    return named


async def is_degraded(stack: Stack, services: set[str]) -> bool:
    return await degraded(stack) == services


async def test_requests_wait_for_a_silent_database_and_no_process_ends(stack: Stack, api: Api) -> None:
    before = stack.supervisor.pids()
    name, key = unique("in hand"), str(uuid4())
    request = {"strategy_config": {"name": name, "symbols": ["AAPL"]}, "fresh": True}
    await eventually(partial(is_degraded, stack, set()), NOTICED_SECONDS)

    with silent_database(stack):
        ends_at = time.monotonic() + OUTAGE_SECONDS
        in_hand = await api.post(f"{CHATOPS}/backtest/trigger", request, Idempotency_Key=key)
        assert in_hand.status_code in {202, 503}, in_hand.text  # 202 where the broker keeps the request
        assert in_hand.status_code == 202 or int(in_hand.headers["Retry-After"]) > 0
        await eventually(partial(is_degraded, stack, OWNERS), NOTICED_SECONDS)
        for owner in OWNERS:
            status, body = await readiness(stack, owner)
            assert (status, body["checks"]["database"]) == (503, False), body
        while time.monotonic() < ends_at:
            assert await degraded(stack) == OWNERS
            assert stack.supervisor.pids() == before
            await asyncio.sleep(1)

    async def done() -> bool:
        page = (await api.get("/api/v1/backtests", limit=5)).json()
        return [each["status"] for each in page.get("data", ()) if each["name"].endswith(name)] == [
            "completed"
        ]

    await eventually(done, READY_SECONDS)
    assert stack.supervisor.pids() == before
    again = await api.post(f"{CHATOPS}/backtest/trigger", request, Idempotency_Key=key)
    assert again.status_code == 202
    assert (await api.ended(again.json()["backtest_id"]))["name"].endswith(name)
    await eventually(partial(is_degraded, stack, set()), NOTICED_SECONDS)


async def test_a_service_that_starts_meanwhile_does_its_requests_afterwards(stack: Stack, api: Api) -> None:
    async def session_is_degraded() -> bool:
        return "session" in await degraded(stack)

    others = {name: pid for name, pid in stack.supervisor.pids().items() if name != "session"}
    with silent_database(stack):
        stack.supervisor.kill("session")
        key = str(uuid4())
        response = await api.post(f"{CHATOPS}/session/create", {"user_id": "kim"}, Idempotency_Key=key)
        assert response.status_code in {202, 503}, response.text
        ends_at = time.monotonic() + OUTAGE_SECONDS
        await eventually(session_is_degraded, NOTICED_SECONDS)
        while time.monotonic() < ends_at:
            assert await session_is_degraded()
            await asyncio.sleep(1)

    async def created() -> bool:
        again = await api.post(f"{CHATOPS}/session/create", {"user_id": "kim"}, Idempotency_Key=key)
        return again.status_code == 201

    await eventually(created, READY_SECONDS)
    (_only,) = (await api.get(f"{CHATOPS}/sessions", user_id="kim")).json()["data"]
    pids = stack.supervisor.pids()
    assert {name: pids[name] for name in others} == others

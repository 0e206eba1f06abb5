"""Requests that are sent again, with the same idempotency key, until they are accepted."""

import asyncio
import time
from uuid import uuid4

import httpx

from tests.flows.api import CHATOPS, Api, unique

READY_SECONDS = 30
PATIENCE_SECONDS = 40


async def retry_until_accepted(api: Api, path: str, body: dict[str, object]) -> httpx.Response:
    """Send a request with an idempotency key until it is accepted."""
    key, deadline = str(uuid4()), time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            response = await api.post(path, body, Idempotency_Key=key)
        except httpx.TransportError:
            pass
        else:
            if response.status_code not in {503, 409}:
                assert response.is_success, response.text
                return response
        await asyncio.sleep(0.1)
    raise AssertionError(f"{path} was not accepted in {PATIENCE_SECONDS} s")


async def trigger(api: Api, **fields: object) -> str:
    strategy = {"name": unique("전략"), "symbols": ["AAPL", "MSFT"]}
    body = {"strategy_config": strategy, "fresh": True, **fields}
    return str((await retry_until_accepted(api, f"{CHATOPS}/backtest/trigger", body)).json()["backtest_id"])

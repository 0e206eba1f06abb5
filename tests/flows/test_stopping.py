"""A gateway that is told to stop ends the streams of its clients at once."""

import os
import signal
import time

import pytest

from deploy.embedded.stack import Stack
from tests.fakes import eventually
from tests.flows.api import Api, unique
from tests.flows.faults import Faults

pytestmark = pytest.mark.anyio


async def test_a_client_that_follows_a_backtest_is_disconnected_and_comes_back(
    stack: Stack, api: Api, faults: Faults
) -> None:
    slow = faults.slow(unique("slow"), 60)
    backtest_id = await api.trigger({"trigger_reason": slow, "fresh": True})
    await api.until(backtest_id, "running")
    path, before = f"/api/v1/backtests/{backtest_id}", stack.supervisor.pids()["gateway"]
    head = await api.client.head(f"{path}/events")  # of what has no end
    assert (head.status_code, head.content) == (200, b"")
    async with api.client.stream("GET", f"{path}/events") as response:
        lines = response.aiter_lines()
        async for line in lines:
            if line.startswith("id: "):
                break
        os.kill(before, signal.SIGTERM)
        began = time.monotonic()
        rest = [line async for line in lines]  # not cut off: that would raise
    await eventually(lambda: stack.supervisor.pids().get("gateway") != before, 20)
    assert time.monotonic() - began < 5  # far below DRAIN_SECONDS
    await stack.supervisor.wait_ready("gateway", 30)

    assert not any('"completed"' in text for text in rest)
    assert (await api.post(f"{path}/cancel")).json()["status"] == "cancelled"
    headers = {"Last-Event-ID": line.removeprefix("id: ")}
    async with api.client.stream("GET", f"{path}/events", headers=headers) as response:
        assert '"cancelled"' in (await response.aread()).decode()

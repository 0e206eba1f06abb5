"""Workers that are slow, stopped, or resume after their lease; jobs that end as they are cancelled."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deploy.embedded.stack import Stack
from deploy.services import ROOT
from tests.fakes import eventually
from tests.faults.retrying import trigger
from tests.faults.watching import COMPLETED, Watch
from tests.flows.api import Api, unique
from tests.flows.faults import Faults

pytestmark = pytest.mark.anyio

START_SECONDS = 30


@asynccontextmanager
async def another_backtest_service(stack: Stack, log: Path) -> AsyncIterator[None]:
    """Run a second backtest service beside the stack's."""
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.backtest"),
            env=stack.environment(),
            cwd=ROOT,
            stdout=output,
            stderr=output,
        )
    try:
        await eventually(lambda: "] started " in log.read_text(), START_SECONDS)
        yield
        process.terminate()
        async with asyncio.timeout(20):
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()


async def test_a_worker_that_comes_back_after_its_lease_is_refused(
    stack: Stack, stack_log: Path, api: Api, faults: Faults, watch: Watch, tmp_path: Path
) -> None:
    slow = unique("slow")
    faults.arm(f"simulation:{slow}", "sleep 3 once")
    backtest_id = await trigger(api, trigger_reason=slow)
    await eventually(lambda: not faults.armed(f"simulation:{slow}"), 20)
    stack.supervisor.pause("backtest")
    try:
        async with another_backtest_service(stack, tmp_path / "second.log"):
            await eventually(lambda: watch.life(backtest_id)[-1:] == [(4, COMPLETED[-1])], 30)
    finally:
        stack.supervisor.resume("backtest")
    told = ("late result refused", "job stopped: it has ended, or its lease is lost")
    await eventually(lambda: any(words in stack_log.read_text() for words in told), 20)

    assert await watch.ended(backtest_id) == [COMPLETED[0], COMPLETED[1], COMPLETED[1], COMPLETED[2]]
    assert (await api.ended(backtest_id))["status"] == "completed"


async def test_a_job_longer_than_the_poll_interval_runs_once_while_services_come_and_go(
    stack: Stack, api: Api, faults: Faults, watch: Watch, tmp_path: Path
) -> None:
    slow = faults.slow(unique("slow"), 8)  # the poll interval is 3 s, the lease 4
    backtest_id = await trigger(api, trigger_reason=slow)
    await api.until(backtest_id, "running")
    async with another_backtest_service(stack, tmp_path / "second.log"):  # joins the group, and leaves it
        assert (await api.get("/api/v1/backtests")).status_code == 200

    assert (await api.ended(backtest_id))["status"] == "completed"
    assert await watch.ended(backtest_id) == COMPLETED


async def test_a_backtest_that_is_cancelled_as_it_ends_has_one_end(
    api: Api, faults: Faults, watch: Watch
) -> None:
    slow, delay = faults.slow(unique("slow"), 0.1), 0.15
    statuses = {}
    for _ in range(20):
        await api.ended(await trigger(api))  # a worker process is there again
        backtest_id = await trigger(api, trigger_reason=slow)
        await asyncio.sleep(delay)
        response = await api.post(f"/api/v1/backtests/{backtest_id}/cancel")
        page = await api.ended(backtest_id)
        expected = "cancelled" if response.status_code == 200 else "completed"
        assert (page["status"], response.status_code in {200, 409}) == (expected, True)
        statuses[backtest_id] = page["status"]
        delay += 0.01 if page["status"] == "cancelled" else -0.01  # towards the moment of its end
    assert set(statuses.values()) == {"cancelled", "completed"}  # else the moment was never near

    for backtest_id, status in statuses.items():
        assert (await watch.ended(backtest_id))[-1] == f"backtest.{status}"
        assert await api.status(backtest_id) == status

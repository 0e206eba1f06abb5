"""kill -9 at each fault point: what was accepted ends once, and what was acknowledged is kept."""

import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pymongo import MongoClient

from deploy.embedded.stack import Stack
from deploy.services import SERVICES
from tests.fakes import eventually
from tests.faults.conftest import LEASE_SECONDS
from tests.faults.retrying import READY_SECONDS, retry_until_accepted, trigger
from tests.faults.watching import COMPLETED, Watch
from tests.flows.api import CHATOPS, Api, unique
from tests.flows.faults import Faults

pytestmark = pytest.mark.anyio

SETTINGS = {"OUTBOX_KEEP_SECONDS": "1"}


@asynccontextmanager
async def crash_at(stack: Stack, faults: Faults, point: str) -> AsyncIterator[None]:
    """Arm a fault point; at the end, wait until a process has died at it, and all are ready again."""
    before = stack.supervisor.pids()
    faults.arm(point, "kill once")
    yield
    await eventually(lambda: not faults.armed(point) and stack.supervisor.pids() != before, 20)
    for name in SERVICES:
        await stack.supervisor.wait_ready(name, READY_SECONDS)


@pytest.mark.parametrize(
    "point",
    [
        "stored:strategy.saved",
        "stored:backtest.accepted",
        "stored:backtest.started",
        "attached",
        "stored:backtest.completed",
        "handled",
        "sent",
    ],
)
async def test_a_backtest_ends_once_wherever_a_service_dies(
    stack: Stack, api: Api, faults: Faults, watch: Watch, point: str
) -> None:
    async with crash_at(stack, faults, point):
        backtest_id = await trigger(api)

    assert (await api.ended(backtest_id))["status"] == "completed"
    topics = await watch.ended(backtest_id)
    assert [topic for topic in topics if topic != "backtest.started"] == [COMPLETED[0], COMPLETED[-1]]


@pytest.mark.parametrize(
    "point",
    [
        "stored:session.created",
        "turn begun",
        "stored:comparison.completed",
        "called",
        "stored:chat.answered",
        "handled",
    ],
)
async def test_a_conversation_goes_on_wherever_a_service_dies(
    stack: Stack, api: Api, faults: Faults, point: str
) -> None:
    async with crash_at(stack, faults, point):
        created = await retry_until_accepted(api, f"{CHATOPS}/session/create", {"user_id": "kim"})
        session_id = created.json()["session_id"]
        question = {"message": "어떤 전략이 더 안정적인가요?"}
        said = await retry_until_accepted(api, f"{CHATOPS}/session/{session_id}/chat", question)

    history = (await api.get(f"{CHATOPS}/session/{session_id}")).json()["conversation_history"]
    assert [entry["content"] for entry in history] == ["어떤 전략이 더 안정적인가요?", said.json()["answer"]]


async def test_what_was_acknowledged_survives_the_database(stack: Stack, api: Api, watch: Watch) -> None:
    for _ in range(3):
        session_id, backtest_id = await api.session(), await trigger(api)
        stack.supervisor.kill("mongodb")
        await stack.supervisor.wait_ready("mongodb", READY_SECONDS)
        for name in SERVICES:
            await stack.supervisor.wait_ready(name, READY_SECONDS)

        assert (await api.get(f"{CHATOPS}/session/{session_id}")).status_code == 200
        assert (await api.ended(backtest_id))["status"] == "completed"
        await watch.ended(backtest_id)


async def test_a_comparison_whose_curves_do_not_come_is_answered_without_them(stack: Stack, api: Api) -> None:
    pages = [await api.completed(type=kind) for kind in ("sma_crossover", "buy_and_hold")]
    body = {"strategy_ids": [page["strategy_id"] for page in pages], "query": "Which is better?"}
    with MongoClient[dict[str, object]](stack.mongodb_uri) as client:
        client["backchat_compare"]["series"].drop()
    stack.supervisor.kill("compare")  # it forgets those in memory
    await stack.supervisor.wait_ready("compare", READY_SECONDS)
    backtest = stack.supervisor.pids()["backtest"]
    os.kill(backtest, signal.SIGSTOP)
    try:
        answer = (await api.post(f"{CHATOPS}/strategies/compare/debug", body)).json()
    finally:
        os.kill(backtest, signal.SIGCONT)
    assert {each["code"] for each in answer["excluded"]} == {"series-unavailable"}
    assert [each["outcome"] for each in answer["verdict"]] == ["nothing-to-compare"]

    again = (await api.post(f"{CHATOPS}/strategies/compare/debug", body)).json()
    assert again["excluded"] == []
    assert again["verdict"][0]["leader"] in {page["id"] for page in pages}


def simulators(stack: Stack) -> list[int]:
    """Return the worker processes of the backtest service."""
    parent = stack.supervisor.pids()["backtest"]
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [pid for pid in map(int, children) if b"anyio" in Path(f"/proc/{pid}/cmdline").read_bytes()]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds the processes in /proc")
async def test_a_job_whose_worker_process_is_killed_is_run_again(
    stack: Stack, api: Api, faults: Faults, watch: Watch
) -> None:
    slow = unique("slow")
    faults.arm(f"simulation:{slow}", "sleep 30 once")
    backtest_id = await trigger(api, trigger_reason=slow)
    await eventually(lambda: not faults.armed(f"simulation:{slow}"), 20)
    killed_at = time.monotonic()
    for pid in simulators(stack):
        os.kill(pid, signal.SIGKILL)

    assert (await api.ended(backtest_id))["status"] == "completed"
    assert time.monotonic() - killed_at < LEASE_SECONDS + 5
    assert (await watch.ended(backtest_id)).count("backtest.started") == 2


async def test_a_job_whose_service_is_killed_is_run_again_within_its_lease(
    stack: Stack, api: Api, faults: Faults, watch: Watch
) -> None:
    slow = unique("slow")
    faults.arm(f"simulation:{slow}", "sleep 30 once")
    backtest_id = await trigger(api, trigger_reason=slow)
    await eventually(lambda: not faults.armed(f"simulation:{slow}"), 20)
    stack.supervisor.kill("backtest")
    await stack.supervisor.wait_ready("backtest", READY_SECONDS)
    ready_at = time.monotonic()

    assert (await api.ended(backtest_id))["status"] == "completed"
    assert time.monotonic() - ready_at < LEASE_SECONDS + 5
    assert (await watch.ended(backtest_id)).count("backtest.started") == 2


async def test_a_job_that_kills_its_process_each_time_is_given_up(
    api: Api, faults: Faults, watch: Watch
) -> None:
    poison = unique("poison")
    faults.arm(f"simulation:{poison}", "kill")
    backtest_id = await trigger(api, trigger_reason=poison)
    healthy = await trigger(api)

    page = await api.ended(backtest_id)
    assert (page["status"], page["error"]["code"]) == ("failed", "poison")
    started = ["backtest.started"] * 3
    assert await watch.ended(backtest_id) == ["backtest.accepted", *started, "backtest.failed"]
    assert (await api.ended(healthy))["status"] == "completed"

"""What was accepted survives kill -9 and a restart of the processes."""

import asyncio

import pytest

from deploy.embedded.stack import Stack
from deploy.services import SERVICES
from tests.flows.api import CHATOPS, Api

pytestmark = pytest.mark.anyio

READY_SECONDS = 30


@pytest.mark.parametrize("killed", [*SERVICES, "mongodb"])
async def test_everything_is_still_there_after_a_kill(stack: Stack, api: Api, killed: str) -> None:
    if killed not in stack.supervisor.pids():
        pytest.skip(f"{killed} is not ours to kill")
    page = await api.completed(type="sma_crossover")
    session_id = await api.session()
    said = await api.say(session_id, f"{page['name'].removeprefix('Auto: ')} 수익률은?")
    before = await api.compared([page["strategy_id"]])

    stack.supervisor.kill(killed)
    await stack.supervisor.wait_ready(killed, READY_SECONDS)

    history = (await api.get(f"{CHATOPS}/session/{session_id}")).json()["conversation_history"]
    assert [entry["content"] for entry in history][-1] == said["answer"]
    assert await api.compared([page["strategy_id"]]) == before
    again = await api.completed(type="sma_crossover")
    assert again["performance"] == page["performance"]


async def test_backtests_accepted_before_a_kill_complete_after_it(stack: Stack, api: Api) -> None:
    accepted = await asyncio.gather(*(api.trigger() for _ in range(10)))
    stack.supervisor.kill("backtest")
    await stack.supervisor.wait_ready("backtest", READY_SECONDS)
    pages = [await api.ended(backtest_id) for backtest_id in accepted]
    assert {page["status"] for page in pages} == {"completed"}
    ids = [page["strategy_id"] for page in pages]
    await api.compared_until(ids, lambda data: all("total_return" in entry for entry in data))

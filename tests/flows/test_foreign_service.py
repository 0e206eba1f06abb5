"""A service of another team, which knows headers and JSON only.

The scenario is in `deploy/embedded/listener.py`, which the demo uses too and which imports nothing of
ours; the first test holds it to that.
"""

import ast
import inspect
import uuid

import pytest

from deploy.embedded import listener
from deploy.embedded.listener import BacktestListener, publish_backtest
from deploy.embedded.stack import Stack
from tests.flows.api import Api

pytestmark = pytest.mark.anyio


def test_the_foreign_service_imports_nothing_of_ours() -> None:
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(inspect.getsource(listener)))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    assert imported <= {"aiokafka", "asyncio", "collections", "json", "typing", "uuid"}


async def test_it_publishes_a_request_and_receives_the_completion(stack: Stack, api: Api) -> None:
    backtest_id = f"foreign-{uuid.uuid4()}"
    value = {"backtest_id": backtest_id, "strategy_config": {"name": "외부 전략", "symbols": ["IBM"]}}
    async with BacktestListener(stack.kafka) as listening:
        for _ in range(2):  # the same id again is the same backtest
            await publish_backtest(stack.kafka, value)
        seen = await listening.until_ended(backtest_id, 20)
    assert [status for status, _ in seen] == ["pending", "running", "completed"]
    page = (await api.get(f"/api/v1/backtests/{backtest_id}")).json()
    assert seen[-1][1]["performance"] == page["performance"]
    assert page["config"]["type"] == "buy_and_hold"


async def test_a_request_that_cannot_be_met_is_rejected_by_an_event(stack: Stack) -> None:
    backtest_id = f"foreign-{uuid.uuid4()}"
    value = {"backtest_id": backtest_id, "strategy_config": {"name": "외부 전략", "symbols": ["TSLA"]}}
    async with BacktestListener(stack.kafka) as listening:
        await publish_backtest(stack.kafka, value)
        seen = await listening.until_ended(backtest_id, 20)
    assert [status for status, _ in seen] == ["rejected"]
    assert "TSLA" in seen[0][1]["detail"]

"""The read model of the compare service is built anew after the loss of its database."""

import asyncio
import sys

import pytest
from pymongo import MongoClient

from deploy.embedded.stack import Stack
from deploy.services import ROOT
from services.chassis.settings import MongoSettings
from tests.flows.api import CHATOPS, Api, unique

pytestmark = [pytest.mark.anyio, pytest.mark.long]

READY_SECONDS, REBUILD_SECONDS = 30, 60


async def test_a_lost_read_model_is_built_anew(stack: Stack, api: Api) -> None:
    name = unique("다시")
    saved = await api.post("/api/v1/strategies", {"name": name, "symbols": ["AAPL"]})
    strategy_id = saved.json()["strategy_id"]
    page = await api.completed(name=name)
    before = await api.compared([strategy_id])
    assert before[0]["backtest_id"] == page["id"]
    tried = await _tried(api, strategy_id)
    assert tried > 0

    env = stack.environment()
    prefix = env.get("MONGODB_DATABASE_PREFIX", MongoSettings().mongodb_database_prefix)
    with MongoClient[dict[str, object]](stack.mongodb_uri) as client:
        client.drop_database(f"{prefix}compare")
    stack.supervisor.kill("compare")
    await stack.supervisor.wait_ready("compare", READY_SECONDS)
    assert "backtest_id" not in (await api.compared([strategy_id]))[0]

    async with asyncio.timeout(REBUILD_SECONDS):
        rebuild = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "deploy.rebuild", cwd=ROOT, env=env, stdout=asyncio.subprocess.PIPE
        )
        said, _ = await rebuild.communicate()
    assert rebuild.returncode == 0
    assert said.startswith(b"published ")
    assert await api.compared_until([strategy_id], lambda data: data == before)
    assert await _tried(api, strategy_id) == tried


async def _tried(api: Api, strategy_id: str) -> int:
    """Return how many definitions were run on the symbols of a strategy."""
    answer = await api.post(f"{CHATOPS}/strategies/compare/debug", {"strategy_ids": [strategy_id]})
    count: int = answer.json()["trials"]["count"]
    return count

"""The embedded broker restarts empty: it has lost all records, the services have lost nothing."""

import asyncio

import pytest

from deploy.embedded.stack import Stack
from deploy.services import SERVICES
from tests.faults.retrying import READY_SECONDS, trigger
from tests.faults.watching import COMPLETED, Watch
from tests.flows.api import Api
from tests.flows.faults import Faults
from tests.servers import apache, chosen

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(chosen() is apache, reason="Apache Kafka forgets nothing"),
]


SETTINGS = {"OUTBOX_KEEP_SECONDS": "60"}  # longer than the test takes on a busy machine


async def test_unfinished_backtests_complete_and_are_published(
    stack: Stack, api: Api, faults: Faults
) -> None:
    faults.slow("slow", 0.3)
    done = await api.completed()
    accepted = [await trigger(api, trigger_reason="slow") for _ in range(6)]
    stack.supervisor.kill("kafka")
    for name in ("kafka", *SERVICES):
        await stack.supervisor.wait_ready(name, READY_SECONDS)

    async with Watch(stack.kafka) as watch:  # of the new broker, from its beginning
        pages = [await api.ended(backtest_id) for backtest_id in accepted]
        assert {page["status"] for page in pages} == {"completed"}
        for backtest_id in (done["id"], *accepted):  # what was told just before is told again
            topics = await watch.ended(backtest_id)
            assert [topic for topic in topics if topic in COMPLETED] == topics
    names = [page["strategy_id"] for page in pages]
    await api.compared_until(names, lambda data: all("total_return" in entry for entry in data))
    again = await asyncio.gather(*(trigger(api) for _ in range(5)))
    assert {(await api.ended(each))["status"] for each in again} == {"completed"}

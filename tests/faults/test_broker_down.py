"""A broker that is connected and does not answer: requests get 503 at once, and all goes on afterwards."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from deploy.embedded.stack import Stack
from deploy.kafka.cluster import KafkaCluster
from tests.flows.api import CHATOPS, Api, unique
from tests.servers import Servers, apache, chosen

pytestmark = pytest.mark.anyio

REQUESTS = {
    f"{CHATOPS}/session/create": {"user_id": "kim"},
    f"{CHATOPS}/backtest/trigger": {"strategy_config": {"name": unique("전략"), "symbols": ["AAPL"]}},
    f"{CHATOPS}/strategies/compare": {"strategy_ids": ["매수-후-보유"], "query": "비교"},
}


@pytest.fixture(scope="module")
def clusters() -> list[KafkaCluster]:
    """Where the broker runs, if not in the stack."""
    return []


@pytest.fixture(scope="module")
def servers(clusters: list[KafkaCluster]) -> Servers:
    @asynccontextmanager
    async def noted(folder: Path) -> AsyncIterator[dict[str, str]]:
        async with KafkaCluster(folder / "kafka", log=folder / "kafka.log") as cluster:
            clusters.append(cluster)
            yield {"KAFKA_BOOTSTRAP_SERVERS": cluster.bootstrap_servers, "MONGODB_URI": ""}

    return noted if chosen() is apache else chosen()


@contextmanager
def silent_broker(stack: Stack, clusters: list[KafkaCluster]) -> Iterator[None]:
    supervisor, name = (clusters[0].supervisor, "kafka-1") if clusters else (stack.supervisor, "kafka")
    supervisor.pause(name)
    try:
        yield
    finally:
        supervisor.resume(name)


async def test_requests_get_503_within_a_second_and_all_works_again_afterwards(
    stack: Stack, clusters: list[KafkaCluster], api: Api
) -> None:
    async def told(path: str) -> None:
        began = time.monotonic()
        response = await api.post(path, REQUESTS[path])
        assert time.monotonic() - began < 1
        assert (response.status_code, response.json()["type"]) == (503, "/problems/broker-unavailable")
        assert int(response.headers["Retry-After"]) > 0

    with silent_broker(stack, clusters):
        for _ in range(2):  # the second time something is pending already
            await asyncio.gather(*map(told, REQUESTS))

    page = await api.completed(type="sma_crossover")
    assert page["performance"]
    session_id = await api.session()
    assert (await api.say(session_id, "어떤 전략이 더 안정적인가요?"))["answer"]

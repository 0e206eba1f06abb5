"""Three brokers of Apache Kafka, and one of them dies: requests go on, nothing is lost."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from deploy.embedded.samples import load_samples
from deploy.embedded.stack import Stack
from deploy.kafka.cluster import KafkaCluster
from tests.faults.retrying import trigger
from tests.faults.watching import Watch
from tests.flows.api import Api
from tests.servers import needs_apache_kafka

pytestmark = [
    pytest.mark.anyio,
    needs_apache_kafka,
    pytest.mark.timeout(400),
]

FAILOVER_SECONDS = 20.0
"""A broker is missed after its session's 6 s; then leaders are chosen and clients find them."""
LOAD_SECONDS = 30.0


@pytest.fixture(scope="module")
async def cluster(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[KafkaCluster]:
    folder: Path = tmp_path_factory.mktemp("cluster")
    async with KafkaCluster(folder / "kafka", brokers=3, log=folder / "kafka.log") as cluster:
        yield cluster


@pytest.fixture(scope="module")
async def stack(cluster: KafkaCluster, stack_log: Path) -> AsyncIterator[Stack]:
    env = {
        "KAFKA_BOOTSTRAP_SERVERS": cluster.bootstrap_servers,
        "MONGODB_URI": "",
        "BACKTEST_WORKERS": "1",
        "KAFKA_PARTITIONS": "2",  # three copies of six for every topic take long on a small machine
    }
    async with Stack(stack_log.parent, env=env, log=stack_log) as running:
        await load_samples(running.url)
        yield running


async def longest_failure(api: Api, seconds: float) -> float:
    """Send requests repeatedly; return the longest time in which none succeeded."""
    longest, good_at, ends_at = 0.0, time.monotonic(), time.monotonic() + seconds
    while time.monotonic() < ends_at:
        try:
            answered = (await api.get("/api/v1/strategies")).status_code == 200
        except httpx.TransportError:
            answered = False
        if answered:
            longest, good_at = max(longest, time.monotonic() - good_at), time.monotonic()
        await asyncio.sleep(0.1)
    return max(longest, time.monotonic() - good_at)


@pytest.mark.parametrize("broker", ["kafka-1", "kafka-2", "kafka-3"])
async def test_a_broker_dies_and_nothing_is_lost(
    cluster: KafkaCluster, api: Api, watch: Watch, broker: str
) -> None:
    asking = asyncio.create_task(longest_failure(api, LOAD_SECONDS))
    triggering = [asyncio.create_task(trigger(api)) for _ in range(10)]
    await asyncio.wait(triggering, return_when=asyncio.FIRST_COMPLETED)
    cluster.supervisor.kill(broker)
    triggering += [asyncio.create_task(trigger(api)) for _ in range(20)]
    accepted = await asyncio.gather(*triggering)

    assert await asking < FAILOVER_SECONDS
    for backtest_id in accepted:
        assert (await api.ended(backtest_id))["status"] == "completed"
        await watch.ended(backtest_id)
    await cluster.supervisor.wait_ready(broker, 60)

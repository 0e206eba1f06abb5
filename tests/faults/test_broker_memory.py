"""The embedded broker has more memory than it may: it starts again, and nothing that was accepted is lost."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from deploy.embedded.memory import resident
from deploy.embedded.stack import Stack
from deploy.services import SERVICES
from tests.fakes import eventually
from tests.faults.load import Load
from tests.faults.retrying import READY_SECONDS
from tests.flows.api import Api
from tests.servers import apache, chosen

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(chosen() is apache, reason="Apache Kafka honours retention"),
    pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc"),
]

BOUND_MB = 64
SETTINGS = {"EMBEDDED_KAFKA_MEMORY_MB": str(BOUND_MB)}
MB = 1_000_000


@pytest.fixture
async def filler(stack: Stack) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(bootstrap_servers=stack.kafka, max_request_size=2 * MB)
    await producer.start()
    yield producer
    await producer.stop()


async def fill(filler: AIOKafkaProducer, megabytes: int) -> None:
    """Publish records that no consumer reads."""
    for _ in range(megabytes):
        await filler.send_and_wait("of-another-program", bytes(MB))


async def started_again(stack: Stack, before: int) -> None:
    await eventually(lambda: stack.supervisor.pids().get("kafka", before) != before, READY_SECONDS)
    for name in SERVICES:
        await stack.supervisor.wait_ready(name, READY_SECONDS)
    assert resident(stack.supervisor.pids()["kafka"]) < BOUND_MB * MB


def told(log: Path) -> list[str]:
    """Return why programs were started again, and which did not end by themselves."""
    lines = log.read_text().splitlines()
    return [line for line in lines if "starts again" in line or "did not end within" in line]


async def test_it_starts_again_in_a_quiet_moment(
    stack: Stack, stack_log: Path, api: Api, filler: AIOKafkaProducer
) -> None:
    done = await api.completed()
    before = stack.supervisor.pids()["kafka"]
    await fill(filler, BOUND_MB)
    await started_again(stack, before)

    (line,) = told(stack_log)
    assert line.endswith(f"MB, more than {BOUND_MB}: it starts again, empty")
    assert (await api.ended(done["id"]))["status"] == "completed"
    await api.completed()


async def test_under_a_load_it_starts_again_at_twice_the_bound(
    stack: Stack, api: Api, filler: AIOKafkaProducer
) -> None:
    load, before = Load(api), stack.supervisor.pids()["kafka"]
    async with load.running():
        await eventually(lambda: len(load.backtests) > 5)
        await fill(filler, 2 * BOUND_MB)
        await started_again(stack, before)
        accepted = len(load.backtests)
        await eventually(lambda: len(load.backtests) > accepted + 5, READY_SECONDS)
    unavailable = {"/problems/service-unavailable", "/problems/broker-unavailable", "no answer"}
    assert set(load.answers) <= {"201", "202"} | unavailable
    pages = [await api.ended(backtest_id) for backtest_id in load.backtests]
    assert {page["status"] for page in pages} == {"completed"}
    ids = {page["strategy_id"]: page["id"] for page in pages}
    await asyncio.gather(*(load.found(session_id) for session_id in load.sessions))
    await api.compared_until(list(ids), lambda data: all("total_return" in entry for entry in data))

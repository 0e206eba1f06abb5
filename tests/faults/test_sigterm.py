"""A service that is asked to end does so within its deadline, and acknowledges nothing it has not handled."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from backchat_contracts import SessionRequested
from deploy.embedded.net import free_ports
from deploy.embedded.stack import Stack
from deploy.services import GATEWAY, SERVICES
from services.chassis.messaging.consumer import Consumer
from services.chassis.messaging.envelope import Delivery
from services.chassis.messaging.kafka import Kafka
from services.chassis.process.service import LATE_EXIT_CODE, TIDY_SECONDS, connected
from services.chassis.settings import KafkaSettings
from tests.fakes import eventually
from tests.faults.stuck import START_SECONDS, publish, readiness, said, service
from tests.flows.api import Api
from tests.pipeline import router_to

pytestmark = pytest.mark.anyio

DRAIN = 0.5


@pytest.mark.parametrize(
    ("way", "code", "words", "again"),
    [
        ("hang", 0, "batch not finished in time", True),
        ("refuse", LATE_EXIT_CODE, "not stopped in time", True),
        ("work", 0, "stopping", False),
    ],
)
async def test_the_deadline_holds_and_what_was_not_handled_comes_again(
    settings: KafkaSettings, producer: AIOKafkaProducer, way: str, code: int, words: str, *, again: bool
) -> None:
    (port,) = free_ports(1)
    async with (
        service(settings, way, port, {"DRAIN_SECONDS": str(DRAIN)}) as process,
        readiness(port) as ready,
    ):
        await eventually(ready, START_SECONDS)
        first = await publish(producer)
        async with asyncio.timeout(10):
            assert (await process.stdout.readline()).decode() == f"{first}\n"  # type: ignore[union-attr]
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        _, err = await process.communicate()
    assert time.monotonic() - began < DRAIN + TIDY_SECONDS + 1
    assert process.returncode == code
    (ending,) = said(err, words)
    assert ("thread MainThread:" in ending.get("stacks", "")) == (code == LATE_EXIT_CODE)

    handled: list[str] = []

    async def handle(event: SessionRequested, _delivery: Delivery) -> None:
        handled.append(event.session_id)

    second = await publish(producer)
    async with connected(Kafka(settings, "stuck")) as kafka:
        consumer = Consumer(kafka, router_to(handle))
        await consumer.start()
        await eventually(lambda: second in handled)
        await consumer.stop(1)
    assert handled == ([first, second] if again else [second])


@pytest.mark.parametrize("name", SERVICES)
async def test_a_service_under_load_ends_cleanly_and_loses_nothing(
    stack: Stack, stack_log: Path, api: Api, name: str
) -> None:
    end = "SIGTERM" if name == GATEWAY else "exit code 0"  # uvicorn ends by the signal that stopped it
    accepted = await asyncio.gather(*(api.trigger() for _ in range(10)))
    pid = stack.supervisor.pids()[name]
    os.kill(pid, signal.SIGTERM)
    await eventually(lambda: stack.supervisor.pids().get(name) not in {pid, None}, 30)
    await stack.supervisor.wait_ready(name, 30)
    log = await asyncio.to_thread(stack_log.read_text)
    assert f"{name} ended ({end})" in log
    assert "not stopped in time" not in log
    pages = [await api.ended(backtest_id) for backtest_id in accepted]
    assert {page["status"] for page in pages} == {"completed"}

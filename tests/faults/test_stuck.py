"""A consumer that makes no progress: its process is not ready, and ends, to be started again."""

import asyncio

import pytest
from aiokafka import AIOKafkaProducer

from backchat_contracts import SessionRequested
from deploy.embedded.net import free_ports
from deploy.embedded.stack import Stack
from services.chassis.messaging.consumer import Consumer
from services.chassis.messaging.envelope import Delivery
from services.chassis.messaging.kafka import Kafka
from services.chassis.messaging.request_client import RequestClient
from services.chassis.process.service import connected
from services.chassis.process.watchdog import STUCK_EXIT_CODE, Watchdog
from services.chassis.settings import KafkaSettings
from tests.fakes import eventually
from tests.faults.stuck import START_SECONDS, publish, readiness, said, service
from tests.pipeline import router_to

pytestmark = pytest.mark.anyio

LIMIT = 3.0
WATCHFUL = {"WATCHDOG_SECONDS": str(LIMIT)}


@pytest.mark.parametrize(
    ("way", "why"),
    [
        ("hang", "no progress in 3 s: a record being handled"),
        ("block", "the event loop was blocked for 3 s in block"),
        ("die", "the poll task has ended"),
    ],
)
async def test_a_stuck_service_is_not_ready_and_ends(
    settings: KafkaSettings, producer: AIOKafkaProducer, way: str, why: str
) -> None:
    (port,) = free_ports(1)
    async with service(settings, way, port, WATCHFUL) as process, readiness(port) as ready:
        await eventually(ready, START_SECONDS)
        await publish(producer)

        async def not_ready() -> bool:
            return not await ready()

        async with asyncio.timeout(3 * LIMIT):
            await eventually(not_ready)
            _, err = await process.communicate()
    assert process.returncode == STUCK_EXIT_CODE
    (last,) = said(err, "the process ends")
    assert (last["level"], last["service"], last["why"]) == ("critical", "stuck", why)


async def nothing(_event: SessionRequested, _delivery: Delivery) -> None:
    pass


async def test_a_fetcher_that_stopped_shows_in_the_lag(
    settings: KafkaSettings, producer: AIOKafkaProducer
) -> None:
    ends: list[str] = []
    async with connected(Kafka(settings, "test")) as kafka:
        consumer = Consumer(kafka, router_to(nothing))
        await consumer.start()
        await eventually(lambda: consumer.ready)
        watchdog = Watchdog([consumer], LIMIT, ends.append)
        async with watchdog.running():
            fetcher = consumer._consumer._fetcher  # type: ignore[union-attr]  # noqa: SLF001
            fetcher._fetch_task.cancel()  # noqa: SLF001

            async def not_calm() -> bool:
                await publish(producer)  # the first ones may come with a fetch that is under way
                return not watchdog.progressing

            await eventually(not_calm)
            await eventually(lambda: bool(ends))
        await consumer.stop(1)
    assert ends[0] == "no progress in 3 s: lag of session.requested/0"


async def test_offsets_that_no_broker_takes_are_noticed_and_committed_later(
    broker: Stack, settings: KafkaSettings, producer: AIOKafkaProducer
) -> None:
    ends: list[str] = []

    async def silence(_event: SessionRequested, _delivery: Delivery) -> None:
        broker.supervisor.pause("kafka")

    async with connected(Kafka(settings, "test")) as kafka:
        consumer = Consumer(kafka, router_to(silence))
        await consumer.start()
        await eventually(lambda: consumer.ready)
        watchdog = Watchdog([consumer], LIMIT, ends.append)
        async with watchdog.running():
            await publish(producer)
            await eventually(lambda: "no progress in 3 s: a commit" in ends, 10 * LIMIT)
            broker.supervisor.resume("kafka")

            async def committed() -> bool:
                return "a commit" not in await consumer.waits()

            await eventually(committed, 10 * LIMIT)
        await consumer.stop(1)


async def test_a_gateway_that_gets_no_replies_is_stuck_too(settings: KafkaSettings) -> None:
    ends: list[str] = []
    async with connected(Kafka(settings, "gateway")) as kafka:
        request_client = RequestClient(kafka)
        await request_client.start()
        watchdog = Watchdog([request_client], LIMIT, ends.append)
        async with watchdog.running():
            assert watchdog.progressing
            request_client._polling._task.cancel()  # type: ignore[union-attr]  # noqa: SLF001
            await eventually(lambda: ends[:1] == ["the poll task has ended"])
            assert not watchdog.progressing
        await request_client.stop()

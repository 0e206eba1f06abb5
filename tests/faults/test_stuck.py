"""A consumer that does not get on: its process is not ready and ends, to be started again."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from aiokafka import AIOKafkaProducer

from backchat_contracts import SessionRequested
from deploy.embedded.net import free_ports
from deploy.embedded.stack import ROOT
from services.chassis.ask import Asker
from services.chassis.consumer import Consumer
from services.chassis.envelope import Delivery, Origin, seal
from services.chassis.kafka import Kafka
from services.chassis.service import connected
from services.chassis.settings import KafkaSettings
from services.chassis.watchdog import STUCK_EXIT_CODE, Watchdog
from tests.builders import session_requested
from tests.fakes import eventually

pytestmark = pytest.mark.anyio

LIMIT = 3.0
PROGRAM = Path(__file__).with_name("stuck_service.py")


async def publish(producer: AIOKafkaProducer) -> None:
    record = seal(session_requested(), source="stranger", origin=Origin())
    headers = [(name, text.encode()) for name, text in record.headers.items()]
    await producer.send_and_wait(record.topic, record.value, headers=headers)


@asynccontextmanager
async def service(settings: KafkaSettings, way: str, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    given = {name.upper(): str(value) for name, value in settings.model_dump(exclude_none=True).items()}
    own = {"HEALTH_PORT": str(port), "WATCHDOG_SECONDS": str(LIMIT), "PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), way, env={**given, **own}, stderr=asyncio.subprocess.PIPE, cwd=ROOT
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@asynccontextmanager
async def readiness(port: int) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=0.5) as client:

        async def ready() -> bool:
            try:
                return (await client.get("/health/ready")).status_code == 200
            except httpx.TransportError:
                return False

        yield ready


@pytest.mark.parametrize(
    ("way", "why"),
    [
        ("hang", "no progress in 3 s: a record in hand"),
        ("block", "the event loop stood still for 3 s in block"),
        ("die", "the consume task is dead"),
    ],
)
async def test_a_stuck_service_is_not_ready_and_ends(
    settings: KafkaSettings, producer: AIOKafkaProducer, way: str, why: str
) -> None:
    (port,) = free_ports(1)
    async with service(settings, way, port) as process, readiness(port) as ready:
        await eventually(ready)
        await publish(producer)

        async def not_ready() -> bool:
            return not await ready()

        async with asyncio.timeout(LIMIT + 2):
            await eventually(not_ready)
            _, err = await process.communicate()
    assert process.returncode == STUCK_EXIT_CODE
    (said,) = [json.loads(line) for line in err.decode().splitlines() if "the process ends" in line]
    assert (said["level"], said["service"], said["why"]) == ("critical", "stuck", why)


async def nothing(_event: SessionRequested, _delivery: Delivery) -> None:
    pass


async def test_a_fetcher_that_stopped_shows_in_the_lag(
    settings: KafkaSettings, producer: AIOKafkaProducer
) -> None:
    ends: list[str] = []
    async with connected(Kafka(settings, "test")) as kafka:
        consumer = Consumer(kafka)
        consumer.on(SessionRequested, nothing)
        await consumer.start()
        await eventually(lambda: consumer.ready)
        watchdog = Watchdog(consumer, LIMIT, ends.append)
        async with watchdog.running():
            fetcher = consumer._subscriber.consumer._fetcher  # type: ignore[union-attr]  # noqa: SLF001
            fetcher._fetch_task.cancel()  # noqa: SLF001

            async def not_calm() -> bool:
                await publish(producer)  # the first ones may come with a fetch that is under way
                return not watchdog.calm

            await eventually(not_calm)
            await eventually(lambda: bool(ends))
        await consumer.stop(1)
    assert ends[0] == "no progress in 3 s: lag of session.requested/0"


async def test_a_gateway_that_hears_no_answers_is_stuck_too(settings: KafkaSettings) -> None:
    ends: list[str] = []
    async with connected(Kafka(settings, "gateway")) as kafka:
        asker = Asker(kafka)
        await asker.start()
        watchdog = Watchdog(asker, LIMIT, ends.append)
        async with watchdog.running():
            assert watchdog.calm
            asker._subscriber.tasks[0].cancel()  # type: ignore[union-attr]  # noqa: SLF001
            await eventually(lambda: ends[:1] == ["the consume task is dead"])
            assert not watchdog.calm
        await asker.stop()

"""Fixtures of the fault tests: one stack at a time, whose processes are killed, stopped and restarted."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from aiokafka import AIOKafkaProducer

from deploy.embedded.samples import load_samples
from deploy.embedded.stack import EMBEDDED, Stack
from services.chassis.messaging.kafka import Kafka
from services.chassis.process.service import connected
from services.chassis.settings import KafkaSettings
from tests.faults.watching import Watch
from tests.flows.api import Api
from tests.flows.faults import Faults
from tests.servers import Servers, apache, chosen

LEASE_SECONDS = 4.0


@pytest.fixture(scope="module")
def stack_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stack") / "stack.log"


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Faults:
    return Faults(tmp_path_factory.mktemp("faults"))


@pytest.fixture(scope="session")
def servers() -> Servers:
    return chosen()


@pytest.fixture(scope="module")
async def stack(
    request: pytest.FixtureRequest, servers: Servers, stack_log: Path, faults: Faults
) -> AsyncIterator[Stack]:
    """All of Backchat for one test module, with the module's `SETTINGS`; the next module gets a new one."""
    settings = {
        "BACKTEST_WORKERS": "1",
        "LEASE_SECONDS": f"{LEASE_SECONDS:g}",
        "HEARTBEAT_SECONDS": "1",
        "KAFKA_MAX_POLL_INTERVAL_MS": "3000",
        **getattr(request.module, "SETTINGS", {}),
        "BACKCHAT_FAULTS": str(faults.folder),
    }
    folder = stack_log.parent
    async with (
        servers(folder) as env,
        Stack(folder, env={**env, **settings}, log=stack_log) as running,
    ):
        await load_samples(running.url)
        yield running


@pytest.fixture
async def watch(stack: Stack) -> AsyncIterator[Watch]:
    async with Watch(stack.kafka) as watch:
        yield watch


@pytest.fixture
async def api(stack: Stack) -> AsyncIterator[Api]:
    async with httpx.AsyncClient(base_url=stack.url, timeout=30) as client:
        yield Api(client)


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Stack]:
    """An embedded broker without services, for one test; topics of the session service have one partition."""
    if chosen() is apache:
        pytest.skip("runs on the embedded broker only: make test-all")
    elsewhere = {**EMBEDDED, "MONGODB_URI": "mongodb://unused.invalid"}
    log = tmp_path / "stack.log"
    async with Stack(tmp_path, env=elsewhere, services=(), log=log, grace=0.5) as running:
        async with connected(Kafka(settings_for(running), "session")):
            pass
        yield running


def settings_for(broker: Stack) -> KafkaSettings:
    return KafkaSettings(
        kafka_bootstrap_servers=broker.kafka,
        kafka_idempotence=False,
        kafka_partitions=1,
        kafka_fetch_wait_ms=20,
        kafka_replication_factor=1,
        kafka_session_timeout_ms=1000,
        kafka_max_record_bytes=16 * 1024 * 1024,
    )


@pytest.fixture
def settings(broker: Stack) -> KafkaSettings:
    return settings_for(broker)


@pytest.fixture
async def producer(broker: Stack) -> AsyncIterator[AIOKafkaProducer]:
    """A producer that publishes any bytes."""
    producer = AIOKafkaProducer(bootstrap_servers=broker.kafka, max_request_size=64 * 1024 * 1024)
    await producer.start()
    yield producer
    await producer.stop()

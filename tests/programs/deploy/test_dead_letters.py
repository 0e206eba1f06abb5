"""Looking for dead letters leaves nothing open."""

import os
from pathlib import Path

import pytest

from deploy.dlq.records import DeadLetters
from deploy.embedded.stack import EMBEDDED, Stack
from services.chassis.messaging.kafka import Kafka
from services.chassis.settings import KafkaSettings
from tests.bench import resources
from tests.fakes import eventually

pytestmark = [pytest.mark.anyio, pytest.mark.long]


@pytest.mark.skipif(not resources.AVAILABLE, reason="needs Linux's /proc")
async def test_each_look_closes_its_connections(tmp_path: Path) -> None:
    async with Stack(tmp_path, env=EMBEDDED, log=tmp_path / "log", services=("session",)) as stack:
        settings = KafkaSettings(kafka_bootstrap_servers=stack.kafka, kafka_idempotence=False)
        kafka = Kafka(settings, "dlq")
        await kafka.connect()
        dead_letters = DeadLetters(kafka)
        assert await dead_letters.find() == []
        open_files = resources.open_files({os.getpid()})
        for _ in range(3):
            assert await dead_letters.find() == []
        await eventually(lambda: resources.open_files({os.getpid()}) == open_files)
        await kafka.close()

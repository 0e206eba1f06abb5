"""A consumer at the end gets what several producers write to a partition of the embedded broker at once."""

import asyncio
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.embedded.stack import EMBEDDED, Stack
from services.chassis.messaging.polling import RecordReader
from tests.fakes import eventually

pytestmark = [pytest.mark.anyio, pytest.mark.long]

PRODUCERS, EACH = 8, 1000


async def write(kafka: str, name: int) -> None:
    async with AIOKafkaProducer(bootstrap_servers=kafka, acks="all") as producer:
        for number in range(EACH):
            await producer.send_and_wait("busy", f"{name} {number}".encode(), partition=0)


async def test_no_record_is_passed_over(tmp_path: Path) -> None:
    async with Stack(tmp_path, env=EMBEDDED, log=tmp_path / "log", services=()) as stack:
        admin = AIOKafkaAdminClient(bootstrap_servers=stack.kafka)
        await admin.start()
        await admin.create_topics([NewTopic("busy", 1, 1)])
        await admin.close()
        async with AIOKafkaConsumer(bootstrap_servers=stack.kafka, fetch_max_wait_ms=20) as consumer:
            partition = TopicPartition("busy", 0)
            consumer.assign([partition])
            await consumer.position(partition)  # the end, which is resolved before anything is written
            reader, offsets = RecordReader(consumer, in_group=False, offset_gaps=True), list[int]()

            async def all_read() -> bool:
                offsets.extend(record.offset for record in await reader.poll(0.5))
                return len(offsets) == PRODUCERS * EACH

            writing = asyncio.gather(*(write(stack.kafka, name) for name in range(PRODUCERS)))
            await eventually(all_read, 30)
            await writing
    assert offsets == list(range(PRODUCERS * EACH))

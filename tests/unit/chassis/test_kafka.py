"""The connection: the topics that a service creates, and how it handles the producer's errors."""

import asyncio
import gc
from functools import partial
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError, OutOfOrderSequenceNumber, ProducerFenced
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from faststream import BaseMiddleware, ContextRepo
from faststream.kafka import TestKafkaBroker

from backchat_contracts import Refused, SessionEnded
from services.chassis.errors import BrokerUnavailableError
from services.chassis.messaging.envelope import Origin, ReplyAddress, encode
from services.chassis.messaging.kafka import Kafka
from services.chassis.messaging.publishing import send_reply
from services.chassis.messaging.topics import new_topic
from services.chassis.settings import KafkaSettings
from tests.builders import NOW
from tests.fakes import FakeKafka


@pytest.mark.parametrize("copies", [-1, 1, 3])
def test_a_topic_has_the_copies_of_the_setting(copies: int) -> None:
    topic = new_topic("session.requested.dlq", KafkaSettings(kafka_replication_factor=copies))
    assert (topic.replication_factor, topic.num_partitions, topic.replica_assignments) == (copies, 6, {})


class FailedPublish(BaseMiddleware[Any, Any]):
    """Publishes nothing: returns the future of a record that the producer could not send."""

    def __init__(self, msg: Any, /, *, context: ContextRepo, error: Exception) -> None:
        super().__init__(msg, context=context)
        self._error = error

    async def publish_scope(self, _call_next: Any, _cmd: Any) -> "asyncio.Future[Any]":
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        future.set_exception(self._error)
        return future


async def broken_by(error: Exception) -> str | None:
    kafka = Kafka(KafkaSettings(), "session")
    kafka.broker.add_middleware(partial(FailedPublish, error=error))
    async with TestKafkaBroker(kafka.broker):
        event = SessionEnded(session_id="s", ended_at=NOW)
        await kafka.send(encode(event, source="session", origin=Origin()))
        await asyncio.sleep(0)  # for the callbacks
    return kafka.broken


@pytest.mark.anyio
@pytest.mark.parametrize("error", [OutOfOrderSequenceNumber(), ProducerFenced()])
async def test_a_gap_in_the_numbers_of_an_idempotent_producer_breaks_the_connection(error: Exception) -> None:
    assert "have a gap" in str(await broken_by(error))


@pytest.mark.anyio
async def test_a_producer_without_a_broker_may_recover() -> None:
    assert await broken_by(KafkaConnectionError()) is None


@pytest.mark.anyio
async def test_an_answer_that_is_larger_than_a_record_is_sent_in_parts() -> None:
    kafka = FakeKafka(kafka_max_record_bytes=100_000)
    kafka.takes_bytes = 100_000
    answer = Refused(code="odd", detail="x" * 250_000)
    await send_reply(kafka, ReplyAddress("gateway.replies", 0, "c"), answer)

    assert len(kafka.sent) == 3
    assert Refused.model_validate_json(b"".join(record.value for record in kafka.sent)) == answer


@pytest.mark.anyio
async def test_a_producer_that_cannot_connect_is_closed() -> None:
    kafka = Kafka(KafkaSettings(kafka_bootstrap_servers="127.0.0.1:1"), "session")  # nothing listens there
    told: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: told.append(context["message"]))
    with pytest.raises(BrokerUnavailableError):
        await kafka.write("session.requested.dlq", None, b"", [])
    gc.collect()
    assert told == []


@pytest.mark.parametrize("codec", ["gzip", "snappy", "lz4", "zstd"])
def test_records_can_be_read_however_a_foreign_producer_compresses_them(codec: str) -> None:
    batch = DefaultRecordBatchBuilder(
        magic=2,
        compression_type=["none", "gzip", "snappy", "lz4", "zstd"].index(codec),
        is_transactional=False,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=10_000,
    )
    for number in range(9):
        batch.append(number, timestamp=1, key=b"k", value=b"compressible " * 9, headers=[])
    records = list(MemoryRecords(bytes(batch.build())).next_batch())
    assert [record.value for record in records] == [b"compressible " * 9] * 9

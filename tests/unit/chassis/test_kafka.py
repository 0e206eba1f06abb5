"""The connection: the topics that a service creates, and what it makes of the producer's errors."""

import asyncio
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError, OutOfOrderSequenceNumber, ProducerFenced

from backchat_contracts import Refused, SessionEnded
from services.chassis.messaging.envelope import Origin, ReplyAddress, encode
from services.chassis.messaging.kafka import Kafka
from services.chassis.messaging.publishing import KafkaReply
from services.chassis.settings import KafkaSettings
from tests.builders import NOW
from tests.fakes import FakeKafka


@pytest.mark.parametrize("copies", [-1, 1, 3])
def test_a_topic_has_the_copies_of_the_setting(copies: int) -> None:
    kafka = Kafka(KafkaSettings(kafka_replication_factor=copies), "test")
    topic = kafka._new("session.requested.dlq")  # noqa: SLF001 - what goes to the broker
    assert (topic.replication_factor, topic.num_partitions, topic.replica_assignments) == (copies, 6, {})


class Failing:
    """A producer whose records all end with an error."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def send(self, *_record: Any, **_more: Any) -> "asyncio.Future[Any]":
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        future.set_exception(self.error)
        return future


async def broken_by(error: Exception, monkeypatch: pytest.MonkeyPatch) -> str | None:
    monkeypatch.setattr(Kafka, "_producer", Failing(error))
    kafka = Kafka(KafkaSettings(), "test")
    await kafka.send(encode(SessionEnded(session_id="s", ended_at=NOW), source="test", origin=Origin()))
    await asyncio.sleep(0)  # for the callbacks
    return kafka.broken


@pytest.mark.anyio
@pytest.mark.parametrize("error", [OutOfOrderSequenceNumber(), ProducerFenced()])
async def test_a_producer_that_has_lost_its_place_is_told_of(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "lost its place" in str(await broken_by(error, monkeypatch))


@pytest.mark.anyio
async def test_a_producer_without_a_broker_may_recover(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await broken_by(KafkaConnectionError(), monkeypatch) is None


@pytest.mark.anyio
async def test_an_answer_that_is_too_large_is_refused_instead_of_kept_back() -> None:
    kafka = FakeKafka()
    kafka.takes_bytes = 1000
    to = ReplyAddress("gateway.replies", 0, "c")
    await KafkaReply(kafka)(to, Refused(code="odd", detail="x" * 1000))

    (record,) = kafka.sent
    assert Refused.model_validate_json(record.value).code == "answer-too-large"

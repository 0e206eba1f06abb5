"""The dead letters of all topics: found, read, and published again."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Final, Self

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from backchat_contracts import BY_NAME
from services.chassis.errors import BrokerUnavailableError, RecordTooLargeError
from services.chassis.messaging.dead_letters import DLQ_LOST, DLQ_TOPIC
from services.chassis.messaging.kafka import Headers, Kafka
from services.chassis.messaging.reaching import disconnect, reaching

READ_TIMEOUT_SECONDS: Final = 10.0
REPLAYED_FROM: Final = "dlq_replayed_from"
REPLAYED: Final = "dlq_replayed"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record that could not be handled, as it is in its dead-letter topic.

    Attributes:
        at: when it was written there.
        headers: the record's own.
        reason: the headers that `dead_letter` added.

    """

    topic: str
    partition: int
    offset: int
    at: datetime
    key: bytes | None
    value: bytes | None
    headers: Headers
    reason: dict[str, str]
    replayed: bool = False

    @classmethod
    def of(cls, record: ConsumerRecord[Any, Any]) -> Self:
        names = [name for name, _ in record.headers]
        own = max((index for index, name in enumerate(names) if name == DLQ_TOPIC), default=len(names))
        return cls(
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            at=datetime.fromtimestamp(record.timestamp / 1000, UTC),
            key=record.key,
            value=record.value,
            headers=list(record.headers[:own]),
            reason={name: (value or b"").decode(errors="replace") for name, value in record.headers[own:]},
        )

    @property
    def id(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}"

    @property
    def origin(self) -> str:
        """The topic, partition and offset of the record."""
        return f"{self.reason.get(DLQ_TOPIC, '?')}/{self.position}"

    @property
    def position(self) -> str:
        """The partition and offset of the record."""
        return "/".join(self.reason.get(name, "?") for name in ("dlq_partition", "dlq_offset"))

    @property
    def original_topic(self) -> str:
        return self.topic.removesuffix(".dlq")


class DeadLetters:
    """The dead-letter topics of the catalogue.

    A replay is followed by a marker: an empty record in the partition of the dead letter, with its id as the
    key and the header `dlq_replayed`. After a crash between the two, the dead letter counts as not replayed.

    All methods raise BrokerUnavailableError if the broker does not answer.
    """

    def __init__(self, kafka: Kafka) -> None:
        self._kafka = kafka

    async def find(self, topics: Iterable[str] = BY_NAME) -> list[DeadLetter]:
        """Return the dead letters of these topics, the oldest first, without their values."""
        found, replayed = [], set[str]()
        async with aclosing(self._read(BY_NAME[topic].dead_letters for topic in topics)) as records:
            async for record in records:
                if marked := dict(record.headers).get(REPLAYED):
                    replayed.add(marked.decode(errors="replace"))
                else:
                    found.append(replace(DeadLetter.of(record), value=None))
        found.sort(key=lambda each: (each.at, each.id))
        return [replace(each, replayed=each.id in replayed) for each in found]

    async def read(self, found: DeadLetter) -> DeadLetter:
        """Return the same dead letter with its value."""
        partition = TopicPartition(found.topic, found.partition)
        async with self._consumer() as consumer, reaching(found.topic, READ_TIMEOUT_SECONDS):
            consumer.assign([partition])
            consumer.seek(partition, found.offset)
            record = await consumer.getone()
        return replace(DeadLetter.of(record), replayed=found.replayed)

    async def replay(self, found: DeadLetter) -> None:
        """Publish the record again, as it came, to the topic where it was; then write the marker.

        Raises:
            RecordTooLargeError: the broker refuses it, or parts of it were too large to be kept.

        """
        if lost := found.reason.get(DLQ_LOST):
            raise RecordTooLargeError(f"{found.id}: too large to be kept: {lost}")
        own = [(name, value) for name, value in found.headers if name != REPLAYED_FROM]
        source = (REPLAYED_FROM, found.id.encode())
        await self._kafka.write(found.original_topic, found.key, found.value, [*own, source])
        marker = (REPLAYED, found.id.encode())
        await self._kafka.write(found.topic, found.id.encode(), b"", [marker], found.partition)

    async def _read(self, topics: Iterable[str]) -> AsyncGenerator[ConsumerRecord[Any, Any]]:
        """Yield the records that are in these topics now."""
        async with reaching("dead letters", READ_TIMEOUT_SECONDS):
            layout = await self._kafka.layout()
        partitions = [TopicPartition(topic, number) for topic in topics for number in layout.get(topic, ())]
        async with self._consumer() as consumer:
            async with reaching("dead letters", READ_TIMEOUT_SECONDS):
                first = await consumer.beginning_offsets(partitions)
                ends = await consumer.end_offsets(partitions)
            left = {partition for partition in partitions if first[partition] < ends[partition]}
            consumer.assign(left)
            for partition in left:
                consumer.seek(partition, first[partition])
            while left:
                batch = await consumer.getmany(*left, timeout_ms=int(1000 * READ_TIMEOUT_SECONDS))
                if not batch:
                    raise BrokerUnavailableError(
                        f"dead letters: no record came in {READ_TIMEOUT_SECONDS:g} s"
                    )
                for record in chain.from_iterable(batch.values()):
                    yield record
                left = {each for each in left if await consumer.position(each) < ends[each]}

    @asynccontextmanager
    async def _consumer(self) -> AsyncIterator[AIOKafkaConsumer]:
        consumer = self._kafka.new_consumer()
        try:
            async with reaching("dead letters", READ_TIMEOUT_SECONDS):
                await consumer.start()
            yield consumer
        finally:
            await disconnect(consumer)

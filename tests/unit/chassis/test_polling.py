"""The poll loop over a consumer in memory that meets records it can't read, as aiokafka does."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import (
    CorruptRecordException,
    GroupCoordinatorNotAvailableError,
    KafkaError,
    NotLeaderForPartitionError,
    UnsupportedCodecError,
)

from services.chassis.messaging.polling import PollLoop, RecordReader, Records
from tests.builders import raw_record
from tests.fakes import eventually

pytestmark = pytest.mark.anyio

A, B = TopicPartition("t", 0), TopicPartition("t", 1)
UNDECODABLE = UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")


class FakeConsumer:
    """A consumer of partitions whose entries are records (their values) or errors.

    As aiokafka's, it loses what it has read before an error in the same call, and is past that afterwards.
    """

    def __init__(self, **logs: list[bytes | Exception]) -> None:
        self.logs = {TopicPartition("t", int(name[1:])): log for name, log in logs.items()}
        self._positions = dict.fromkeys(self.logs, 0)
        self.committed = dict[TopicPartition, int | None].fromkeys(self.logs)
        self.failing: dict[TopicPartition, KafkaError] = {}
        self.failing_commits: list[KafkaError] = []

    def assignment(self) -> tuple[TopicPartition, ...]:
        return tuple(self.logs)

    async def getmany(
        self, *partitions: TopicPartition, timeout_ms: int = 0, max_records: int | None = None
    ) -> dict[TopicPartition, list[ConsumerRecord[Any, Any]]]:
        read: dict[TopicPartition, list[ConsumerRecord[Any, Any]]] = {}
        for partition in partitions or sorted(self.logs):
            if error := self.failing.get(partition):
                raise error
            while self._positions[partition] < len(self.logs[partition]):
                if sum(map(len, read.values())) == max_records:
                    return read
                offset = self._positions[partition]
                entry = self.logs[partition][offset]
                if isinstance(entry, Exception):
                    raise entry
                read.setdefault(partition, []).append(
                    raw_record([], entry, partition=partition.partition, offset=offset)
                )
                self._positions[partition] += 1
        if not read:
            await asyncio.sleep(timeout_ms / 1000)
        return read

    async def position(self, partition: TopicPartition) -> int:
        return self._positions[partition]

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self._positions[partition] = offset

    async def seek_to_committed(self) -> dict[TopicPartition, int | None]:
        if self.failing_commits:
            raise self.failing_commits.pop()
        self._positions |= {partition: offset for partition, offset in self.committed.items() if offset}
        return self.committed

    async def seek_to_beginning(self, partition: TopicPartition) -> None:
        self._positions[partition] = 0


async def polled(reader: RecordReader) -> list[ConsumerRecord[Any, Any]]:
    """Poll once, as the loop does: an error of Kafka's is no reason to end."""
    try:
        return list(await reader.poll(0.0))
    except KafkaError:
        return []


class Handled:
    """What a poll loop has handed on."""

    def __init__(self) -> None:
        self.values: list[bytes | None] = []

    async def __call__(self, records: Records) -> None:
        self.values += [record.value for record in records]


async def handed_on(consumer: Any, until: Callable[[Handled], bool | Awaitable[bool]]) -> list[bytes | None]:
    handled = Handled()
    loop = PollLoop(RecordReader(consumer, in_group=True), handled)
    try:
        await eventually(lambda: until(handled))
    finally:
        loop.stop()
    return handled.values


@pytest.mark.parametrize("error", [UNDECODABLE, UnsupportedCodecError("snappy"), CorruptRecordException()])
async def test_a_record_that_cannot_be_read_costs_none_of_the_others(error: Exception) -> None:
    consumer = FakeConsumer(p0=[b"a1", b"a2"], p1=[b"b1", error, b"b3"])
    handled = await handed_on(consumer, lambda handled: {b"b3", None} <= set(handled.values))
    assert set(handled) == {b"a1", b"a2", b"b1", None, b"b3"}


async def test_what_was_dropped_comes_again_though_the_committed_offsets_are_not_known_at_first() -> None:
    consumer = FakeConsumer(p0=[b"a1"], p1=[UNDECODABLE])
    consumer.failing_commits = [GroupCoordinatorNotAvailableError() for _ in range(2)]
    reader = RecordReader(consumer, in_group=True, max_records=2)
    assert await polled(reader) == await polled(reader) == []
    consumer.logs[A] += [b"a2", b"a3"]  # they fill a poll, so that it does not meet the other partition
    values: list[bytes | None] = []
    for _ in range(6):
        for record in await polled(reader):
            values.append(record.value)
            consumer.committed[TopicPartition("t", record.partition)] = record.offset + 1
    assert [value for value in values if value] == [b"a1", b"a2", b"a3"]


async def test_an_error_of_one_partition_loses_no_record_of_another() -> None:
    consumer = FakeConsumer(p0=[UNDECODABLE, b"a2"], p1=[b"b1"])
    reader = RecordReader(consumer, in_group=True)
    assert await polled(reader) == []  # from now on one at a time
    consumer.failing[B] = NotLeaderForPartitionError()
    read = [record for _ in range(3) for record in await polled(reader)]
    consumer.failing.clear()
    read += await polled(reader)
    assert [record.value for record in read] == [None, b"a2", b"b1"]


async def test_a_loop_that_has_ended_tells_by_which_error() -> None:
    consumer: Any = FakeConsumer(p0=[ZeroDivisionError("bug")])
    loop = PollLoop(RecordReader(consumer, in_group=True), Handled())
    assert loop.dead() is None
    await eventually(lambda: loop.dead() is not None)
    assert loop.dead() == "the poll task has ended: ZeroDivisionError('bug')"
    loop.stop()
    assert loop.dead() is None

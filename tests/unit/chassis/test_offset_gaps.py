"""Missing offsets are read again; those that stay missing are passed over."""

import asyncio
from typing import Any

import pytest
from aiokafka import ConsumerRecord, TopicPartition

from services.chassis.messaging import offset_gaps
from services.chassis.messaging.polling import RecordReader
from tests.builders import raw_record
from tests.fakes import eventually

pytestmark = pytest.mark.anyio

PARTITION = TopicPartition("t", 0)


class LateRecords:
    """A consumer of one partition that shows some of the records only later, as the embedded broker does."""

    def __init__(self, position: int, *visible: int) -> None:
        self._position = position
        self.visible = set(visible)

    def assignment(self) -> set[TopicPartition]:
        return {PARTITION}

    async def getmany(self, **_: Any) -> dict[TopicPartition, list[ConsumerRecord[Any, Any]]]:
        await asyncio.sleep(0)
        offsets = sorted(offset for offset in self.visible if offset >= self._position)
        self._position = offsets[-1] + 1 if offsets else self._position
        return {PARTITION: [raw_record([], b"", offset=offset) for offset in offsets]} if offsets else {}

    async def position(self, _: TopicPartition) -> int:
        return self._position

    def seek(self, _: TopicPartition, offset: int) -> None:
        self._position = offset


def reading(consumer: Any) -> RecordReader:
    return RecordReader(consumer, in_group=False, offset_gaps=True)


async def polled(reader: RecordReader) -> list[int]:
    return [record.offset for record in await reader.poll(0.0)]


async def test_a_record_that_is_shown_late_is_read_in_its_place() -> None:
    consumer = LateRecords(0, 0, 1, 3, 4)
    reader = reading(consumer)
    assert await polled(reader) == [0, 1]
    assert await polled(reader) == []
    consumer.visible.add(2)
    assert await polled(reader) == [2, 3, 4]


async def test_the_first_one_after_the_end_may_be_late_too() -> None:
    consumer = LateRecords(7)
    reader = reading(consumer)
    assert await polled(reader) == []
    consumer.visible.add(8)
    assert await polled(reader) == []
    consumer.visible.add(7)
    assert await polled(reader) == [7, 8]


async def test_what_stays_missing_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offset_gaps, "PATIENCE_SECONDS", 0.05)
    reader = reading(LateRecords(0, 0, 1, 3, 5))
    read: list[int] = []

    async def all_read() -> bool:
        read.extend(await polled(reader))
        return len(read) == 4

    await eventually(all_read)
    assert read == [0, 1, 3, 5]

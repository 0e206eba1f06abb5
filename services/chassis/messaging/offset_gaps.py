"""Offsets that are missing between two records: read again, on a broker where they appear a moment later."""

import asyncio
import time
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

log = structlog.get_logger()

Batch = dict[TopicPartition, list[ConsumerRecord[Any, Any]]]

PAUSE_SECONDS: Final = 0.005
PATIENCE_SECONDS: Final = 0.5
"""How long a missing record is read for."""
POSITION_SECONDS: Final = 0.05


class OffsetGaps:
    """Cuts what a consumer has read at the first missing offset, and lets it go on from there.

    The embedded broker numbers the records of several producers of a partition in one order and shows them in
    another, some milliseconds apart: a consumer at the end of the partition would pass over those that are
    shown later. An offset that stays missing is passed over after `PATIENCE_SECONDS`.
    """

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self._expected: dict[TopicPartition, int] = {}
        self._missing: dict[TopicPartition, tuple[int, float]] = {}

    def forget(self) -> None:
        """Expect no offsets: the consumer's positions were changed."""
        self._expected.clear()
        self._missing.clear()

    async def before_gap(self, batch: Batch) -> Batch:
        """Return the records before the first missing offset of each partition."""
        await self._follow_assignment(batch)
        whole = {partition: self._cut(partition, records) for partition, records in batch.items()}
        if self._missing:
            await asyncio.sleep(PAUSE_SECONDS)
        return whole

    def _cut(
        self, partition: TopicPartition, records: list[ConsumerRecord[Any, Any]]
    ) -> list[ConsumerRecord[Any, Any]]:
        expected = self._expected.get(partition, records[0].offset)
        for index, record in enumerate(records):
            if record.offset > expected and self._may_appear(partition, expected):
                self._consumer.seek(partition, expected)
                self._expected[partition] = expected
                return records[:index]
            expected = record.offset + 1
        self._expected[partition] = expected
        self._missing.pop(partition, None)
        return records

    def _may_appear(self, partition: TopicPartition, offset: int) -> bool:
        now = time.monotonic()
        known, since = self._missing.get(partition, (None, now))
        if known != offset:
            self._missing[partition] = offset, now
            return True
        if now - since < PATIENCE_SECONDS:
            return True
        log.warning(
            "records are missing", topic=partition.topic, partition=partition.partition, offset=offset
        )
        return False

    async def _follow_assignment(self, batch: Batch) -> None:
        """Note the positions of partitions that are new; forget those that are not assigned any more."""
        assigned = set(self._consumer.assignment())
        for gone in self._expected.keys() - assigned:
            del self._expected[gone]
            self._missing.pop(gone, None)
        for new in assigned - self._expected.keys() - batch.keys():
            try:
                async with asyncio.timeout(POSITION_SECONDS):
                    self._expected[new] = await self._consumer.position(new)
            except TimeoutError:
                return  # the group is still joined: the next call notes them

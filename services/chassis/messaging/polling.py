"""Polls a consumer in a loop, and skips records that the client can't read."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from itertools import chain
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import ConsumerStoppedError, CorruptRecordException, KafkaError, UnsupportedCodecError

from services.chassis.messaging.offset_gaps import OffsetGaps

log = structlog.get_logger()

Records = tuple[ConsumerRecord[Any, Any], ...]

UNREADABLE = (UnicodeDecodeError, UnsupportedCodecError, CorruptRecordException)
"""Raised for a header's name that is no UTF-8, for an unknown compression, for a wrong checksum."""
TASK_NAME = "poll loop"
POLL_SECONDS = 1.0
RETRY_SECONDS = 1.0
LAG_TIMEOUT_SECONDS = 0.4
"""Of each of the two calls that tell the lag: together less than the watchdog gives them."""
ONE_BY_ONE_SECONDS = 5.0
"""For how long records are read one at a time after one that can't be read."""
PAUSE_SECONDS = 0.05


class RecordReader:
    """Polls records from a consumer, and skips those that aiokafka can't read.

    Because of such a record aiokafka drops what it has fetched, of other partitions too, at every poll. Then
    the reader goes back to the offsets that its group has committed, and for some seconds reads one record at
    a time. In place of one that can't be read it returns an empty one with the header `unreadable`; those
    that its producer sent after it in the same batch can't be read either.

    Args:
        consumer: started.
        in_group: whether it has a group, with committed offsets.
        max_records: the most of one poll.
        offset_gaps: whether what is missing between two records is read again.

    """

    def __init__(
        self,
        consumer: AIOKafkaConsumer,
        *,
        in_group: bool,
        max_records: int | None = None,
        offset_gaps: bool = False,
    ) -> None:
        self.consumer = consumer
        self._in_group = in_group
        self._max_records = max_records
        self._dropped = False
        self._one_by_one_until = 0.0
        self._gaps = OffsetGaps(consumer) if offset_gaps else None

    async def poll(self, seconds: float) -> Records:
        """Return the records that are there; wait for the first one `seconds` at most."""
        if self._dropped:
            if self._in_group and self.consumer.assignment():
                await self._rewind()  # if it fails, the next poll tries it again
            self._dropped = False
            self._read_one_by_one()
        if time.monotonic() < self._one_by_one_until:
            return await self._one_of_each_partition()
        try:
            batch = await self.consumer.getmany(timeout_ms=int(1000 * seconds), max_records=self._max_records)
        except UNREADABLE as error:
            log.warning("a record can't be read, searching for it", error=str(error))
            self._dropped = True
            return ()
        if self._gaps:
            batch = await self._gaps.before_gap(batch)
        return tuple(chain.from_iterable(batch.values()))

    async def _one_of_each_partition(self) -> Records:
        records: list[ConsumerRecord[Any, Any]] = []
        try:
            for partition in self.consumer.assignment():
                records += await self._one_of(partition)
        except KafkaError:  # the next poll raises it again: the consumer won't return these records again
            if not records:
                raise
        if not records:
            await asyncio.sleep(PAUSE_SECONDS)
        return tuple(records)

    async def _one_of(self, partition: TopicPartition) -> Records:
        try:
            batch = await self.consumer.getmany(partition, max_records=1)
        except UNREADABLE as error:
            offset = await self.consumer.position(partition)
            log.warning("a record can't be read", topic=partition.topic, offset=offset, error=str(error))
            self.consumer.seek(partition, offset + 1)
            self._read_one_by_one()
            return (_unreadable(partition, offset, error),)
        return tuple(chain.from_iterable(batch.values()))

    def _read_one_by_one(self) -> None:
        if self._gaps:
            self._gaps.forget()
        self._one_by_one_until = time.monotonic() + ONE_BY_ONE_SECONDS

    async def _rewind(self) -> None:
        """Go back to the committed offsets: what comes before them is handled, the rest comes again."""
        for partition, committed in (await self.consumer.seek_to_committed()).items():
            if not committed:
                await self.consumer.seek_to_beginning(partition)


def _unreadable(partition: TopicPartition, offset: int, error: Exception) -> ConsumerRecord[Any, Any]:
    headers = (("unreadable", str(error).encode()),)
    now = int(1000 * time.time())
    return ConsumerRecord(
        partition.topic, partition.partition, offset, now, 0, None, None, None, -1, -1, headers
    )


class PollLoop:
    """Polls a reader in a task and hands each batch to `handle`, one batch after the other."""

    def __init__(self, reader: RecordReader, handle: Callable[[Records], Awaitable[None]]) -> None:
        self._reader = reader
        self._handle = handle
        self._polls = 0
        self._stopping = False
        self._task = asyncio.create_task(self._run(), name=TASK_NAME)

    @property
    def assigned(self) -> bool:
        """Whether there are partitions to read from."""
        return bool(self._reader.consumer.assignment())

    def dead(self) -> str | None:
        """Return why nothing will be polled any more; None while the loop runs, or was stopped."""
        if self._stopping or not self._task.done():
            return None
        error = None if self._task.cancelled() else self._task.exception()
        return f"the poll task has ended: {error!r}" if error else "the poll task has ended"

    async def waits(self) -> dict[str, Hashable]:
        """Return the number of polls, and the position in each partition that has records behind it."""
        waits: dict[str, Hashable] = {"poll": self._polls}
        for partition, position in (await _lagging(self._reader.consumer)).items():
            waits[f"lag of {partition.topic}/{partition.partition}"] = position
        return waits

    def finish(self) -> None:
        """Hand on no further batch."""
        self._stopping = True

    def stop(self) -> None:
        """End the task, whatever it does."""
        self._stopping = True
        self._task.cancel()

    async def _run(self) -> None:
        while not self._stopping:
            try:
                records = await self._reader.poll(POLL_SECONDS)
            except ConsumerStoppedError:
                return
            except KafkaError as error:
                log.warning("poll failed, trying again", error=repr(error), again=True)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            self._polls += 1
            if records and not self._stopping:
                await self._handle(records)


async def _lagging(consumer: AIOKafkaConsumer) -> dict[TopicPartition, int | None]:
    """Return the positions of partitions with records behind them; nothing where the broker does not say."""
    partitions = list(consumer.assignment())
    try:
        async with asyncio.timeout(LAG_TIMEOUT_SECONDS):
            ends = await consumer.end_offsets(partitions)
    except (KafkaError, TimeoutError):
        return {}
    positions = await asyncio.gather(*(_position(consumer, partition) for partition in partitions))
    return {
        partition: position
        for partition, position in zip(partitions, positions, strict=True)
        if position is None or position < ends[partition]
    }


async def _position(consumer: AIOKafkaConsumer, partition: TopicPartition) -> int | None:
    try:
        async with asyncio.timeout(LAG_TIMEOUT_SECONDS):
            position: int = await consumer.position(partition)
    except (KafkaError, TimeoutError):
        return None
    return position

"""Polls a consumer, and steps over records that the client can't read."""

import asyncio
import time
from itertools import chain
from typing import Any

import structlog
from aiokafka import ConsumerRecord, TopicPartition

log = structlog.get_logger()

Records = tuple[ConsumerRecord[Any, Any], ...]

CAREFUL_SECONDS = 5.0
PAUSE_SECONDS = 0.05


class Reading:
    """The way to a consumer's records.

    A header whose name is no UTF-8 makes aiokafka give up all that it has ready, of other partitions too, and
    each time again. Then records are read one at a time for a while, in a group from what it has committed.
    In the place of one that can't be read comes an empty one with the header `unreadable`, and so for those
    that its producer sent behind it in one batch.
    """

    def __init__(self, *, in_group: bool, max_records: int | None = None) -> None:
        self._in_group = in_group
        self._max_records = max_records
        self._careful_until = 0.0

    async def poll(self, consumer: Any, seconds: float) -> Records:  # noqa: ANN401 - aiokafka is untyped
        """Return what there is, after so many seconds at most."""
        if time.monotonic() < self._careful_until:
            return await self._one_of_each(consumer)
        try:
            batch = await consumer.getmany(timeout_ms=int(1000 * seconds), max_records=self._max_records)
        except UnicodeDecodeError as error:
            log.warning("a record can't be read, looking which", error=str(error))
            if self._in_group:
                await _rewind(consumer)
            self._be_careful()
            return ()
        return tuple(chain.from_iterable(batch.values()))

    async def _one_of_each(self, consumer: Any) -> Records:  # noqa: ANN401
        records: list[ConsumerRecord[Any, Any]] = []
        for partition in consumer.assignment():
            try:
                batch = await consumer.getmany(partition, max_records=1)
            except UnicodeDecodeError as error:
                place = await consumer.position(partition)
                log.warning("a record can't be read", topic=partition.topic, offset=place, error=str(error))
                records.append(_stand_in(partition, place, error))
                consumer.seek(partition, place + 1)
                self._be_careful()
            else:
                records += chain.from_iterable(batch.values())
        if not records:
            await asyncio.sleep(PAUSE_SECONDS)
        return tuple(records)

    def _be_careful(self) -> None:
        self._careful_until = time.monotonic() + CAREFUL_SECONDS


async def _rewind(consumer: Any) -> None:  # noqa: ANN401
    """Go back to what is committed: all behind it is handled, or comes again."""
    for partition, committed in (await consumer.seek_to_committed()).items():
        if not committed:
            await consumer.seek_to_beginning(partition)


def _stand_in(partition: TopicPartition, offset: int, error: Exception) -> ConsumerRecord[Any, Any]:
    headers = (("unreadable", str(error).encode()),)
    now = int(1000 * time.time())
    return ConsumerRecord(
        partition.topic, partition.partition, offset, now, 0, None, None, None, -1, -1, headers
    )

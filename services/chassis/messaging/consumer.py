"""A service's consumer: polls batches, handles different keys concurrently and one key in order, commits."""

import asyncio
from collections.abc import Collection, Hashable, Mapping
from functools import partial
from heapq import merge
from operator import attrgetter
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from faststream.kafka import KafkaRouter

from services.chassis.faults import fault_point
from services.chassis.messaging.faststream_names import processes
from services.chassis.messaging.kafka import Kafka
from services.chassis.messaging.middleware import HandlingMiddleware
from services.chassis.messaging.polling import PollLoop, RecordReader, Records
from services.chassis.messaging.reaching import connect, disconnect, reaching

log = structlog.get_logger()

Chains = dict[Hashable, list[ConsumerRecord[Any, Any]]]
JOIN_TIMEOUT_SECONDS = 40.0
COMMIT_TIMEOUT_SECONDS = 10.0
COMMIT_PAUSE_SECONDS = 0.1
"""Between two commits: one costs as much as a small batch, and a crash repeats no more than this."""
COMMIT_RETRY_SECONDS = 1.0


class Consumer:
    """Reads the topics of a router in the service's group and runs each record through the broker's pipeline.

    A process has one. A record is done when its handler has returned or it is in the dead-letter topic, which
    the middleware sees to. Offsets are committed when every record of a batch and of those before it is done.
    A batch begins while the one before waits for the database, unless they have a key in common.
    """

    def __init__(self, kafka: Kafka, router: KafkaRouter) -> None:
        self._kafka = kafka
        kafka.broker.include_router(router, middlewares=(partial(HandlingMiddleware, kafka=kafka),))
        self._processes = processes(router)
        self._consumer: AIOKafkaConsumer | None = None
        self._polling: PollLoop | None = None
        self._batch: asyncio.Task[None] | None = None
        self._keys: Collection[Hashable] = ()
        self._stopping = False
        self._handling: dict[tuple[str, int, int], None] = {}
        self._broken: str | None = None
        self._committer: asyncio.Task[None] | None = None
        self._done: dict[TopicPartition, int] = {}
        self._commits = 0
        self._commit_due = asyncio.Event()

    @property
    def ready(self) -> bool:
        """Whether there are partitions to read from."""
        return bool(self._polling and self._polling.assigned)

    def dead(self) -> str | None:
        """Return why no record will be handled or committed any more; None while they are."""
        if self._committer is None or self._polling is None:
            return None
        committing = "the commit task has ended" if self._committer.done() else None
        return self._broken or self._kafka.broken or self._polling.dead() or committing

    async def waits(self) -> Mapping[str, Hashable]:
        """Return what is waited for: the oldest record's handler, a commit, the next poll, what lags."""
        waits: dict[str, Hashable] = {}
        if self._handling:
            # What waits for a server is not stuck.
            waits["a record being handled"] = (next(iter(self._handling)), self._kafka.outages)
        if self._done:
            waits["a commit"] = (self._commits, self._kafka.outages)
        if self._polling and (self._batch is None or self._batch.done()):
            waits |= await self._polling.waits()
        return waits

    async def start(self) -> None:
        """Join the group and read from where it has committed. Raises BrokerUnavailableError."""
        settings = self._kafka.settings
        self._consumer = consumer = self._kafka.new_consumer(
            group_id=f"backchat-{self._kafka.service}",
            auto_offset_reset="earliest",
            session_timeout_ms=settings.kafka_session_timeout_ms,
            heartbeat_interval_ms=settings.kafka_session_timeout_ms // 3,
            max_poll_interval_ms=settings.kafka_max_poll_interval_ms,
        )
        consumer.subscribe(list(self._processes))
        # The group's other members may have to finish a batch first.
        seconds = JOIN_TIMEOUT_SECONDS + settings.kafka_max_poll_interval_ms / 1000
        async with reaching("the consumer group can't be joined", seconds):
            await connect(consumer)
        reader = RecordReader(
            consumer,
            in_group=True,
            max_records=settings.kafka_max_batch,
            offset_gaps=settings.kafka_offset_gaps,
        )
        self._polling = PollLoop(reader, self.consume)
        self._committer = asyncio.create_task(self._commit_when_due())

    async def stop(self, deadline: float) -> None:
        """Take no further batch, finish this one within `deadline` seconds, commit, leave the group."""
        if self._consumer is None or self._polling is None or self._committer is None:
            return
        self._stopping = True
        self._polling.finish()
        try:
            async with asyncio.timeout(deadline):
                await self.handled()
                self._committer.cancel()
                await self._commit()
        except TimeoutError:
            log.warning("batch not finished in time, it will be delivered again")
        self._committer.cancel()
        self._polling.stop()
        await disconnect(self._consumer)

    async def consume(self, records: Records) -> None:
        """Begin a batch, and return when the next may begin: at most two are handled at once."""
        chains, before = by_key(records), self._batch
        if before and not chains.keys().isdisjoint(self._keys):
            await before
        if self._broken or self._stopping:
            return
        self._keys = chains.keys()
        self._batch = asyncio.create_task(self._handle(records, chains, before))
        if before:
            await before

    async def handled(self) -> None:
        """Return when every batch that has begun is handled."""
        if self._batch:
            await self._batch

    async def _handle(self, records: Records, chains: Chains, before: asyncio.Task[None] | None) -> None:
        try:
            first, *others = map(self._in_order, chains.values())
            await (asyncio.gather(first, *others) if others else first)  # alone, it needs no task of its own
        except Exception as error:
            # The process ends: a commit of the next batch would commit this one too.
            self._broken = f"a batch was not finished: {error!r}"
            log.exception("a batch was not finished")
        if before:
            await before
        if self._broken:
            return
        fault_point("handled")
        for record in records:
            self._done[TopicPartition(record.topic, record.partition)] = record.offset + 1
        self._commit_due.set()

    async def _in_order(self, records: list[ConsumerRecord[Any, Any]]) -> None:
        for record in records:
            position = (record.topic, record.partition, record.offset)
            self._handling[position] = None
            try:
                await self._processes[record.topic](record)
            finally:
                del self._handling[position]

    async def _commit_when_due(self) -> None:
        """Commit in a task of its own: the next batch need not wait for it."""
        while True:
            await self._commit_due.wait()
            await self._commit()
            await asyncio.sleep(COMMIT_PAUSE_SECONDS)
            if self._done and not self._commit_due.is_set():
                await asyncio.sleep(COMMIT_RETRY_SECONDS)
                self._commit_due.set()

    async def _commit(self) -> None:
        self._commit_due.clear()
        assigned = self._consumer.assignment() if self._consumer else frozenset()
        self._done = {partition: offset for partition, offset in self._done.items() if partition in assigned}
        offsets = dict(self._done)
        if not (self._consumer and offsets):
            return
        try:
            async with asyncio.timeout(COMMIT_TIMEOUT_SECONDS):
                await self._consumer.commit(offsets)
        except Exception as error:  # noqa: BLE001 - whatever it is: the next commit must still come
            log.warning("offsets not committed, trying again", error=repr(error), again=True)
            if not await self._kafka.ping():
                self._kafka.outages += 1  # a commit that hangs although the broker answers is stuck
        else:
            self._commits += 1
            self._done = {key: offset for key, offset in self._done.items() if offsets.get(key) != offset}


def by_key(records: Records) -> Chains:
    """Group a batch into chains, each to be handled in order: one per key; a record without a key is alone.

    The topics of a batch are merged within a key, by the records' timestamps. The records of one partition
    keep their order, whatever the clocks of their producers say.
    """
    chains: dict[Hashable, dict[TopicPartition, list[ConsumerRecord[Any, Any]]]] = {}
    for record in records:
        partition = TopicPartition(record.topic, record.partition)
        key = (partition, record.offset) if record.key is None else record.key
        chains.setdefault(key, {}).setdefault(partition, []).append(record)
    by_time = attrgetter("timestamp")
    return {key: list(merge(*parts.values(), key=by_time)) for key, parts in chains.items()}

"""Public events as they happen, for as long as somebody watches: from the end, without a group."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from backchat_contracts import BY_EVENT, Event
from services.chassis.envelope import Delivery, MalformedRecordError, unseal
from services.chassis.errors import BrokerUnavailableError
from services.chassis.kafka import Kafka, reaching

log = structlog.get_logger()

START_TIMEOUT_SECONDS = 5.0
POLL_MS = 1000
RETRY_SECONDS = 1.0


class LiveEvents:
    """Hands the events of an aggregate to whoever watches it. Nobody watching, nothing is read."""

    def __init__(self, kafka: Kafka, events: Sequence[type[Event]]) -> None:
        self._kafka = kafka
        self._topics = [BY_EVENT[event].name for event in events]
        self._watchers: dict[bytes, set[asyncio.Queue[Delivery]]] = defaultdict(set)
        self._starting = asyncio.Lock()
        self._consumer: Any = None
        self._reader: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def watching(self, key: str) -> AsyncIterator[asyncio.Queue[Delivery]]:
        """Give a queue that gets every event of this key from now on.

        Raises:
            BrokerUnavailableError: the topics can't be read.

        """
        queue: asyncio.Queue[Delivery] = asyncio.Queue()
        watchers = self._watchers[key.encode()]
        watchers.add(queue)
        try:
            await self._start()
            yield queue
        finally:
            watchers.discard(queue)
            if not watchers:
                self._watchers.pop(key.encode(), None)
            if not self._watchers:
                await self.stop()

    async def stop(self) -> None:
        """Stop reading, unless somebody has come to watch meanwhile."""
        async with self._starting:
            if self._reader is not None and not self._watchers:
                self._reader.cancel()
                await asyncio.gather(self._reader, return_exceptions=True)
                await self._consumer.stop()
                self._reader = None

    async def _start(self) -> None:
        async with self._starting:
            if self._reader is not None:
                return
            await self._kafka.ensure_topics(self._topics)
            settings = self._kafka.settings
            consumer = AIOKafkaConsumer(
                bootstrap_servers=settings.kafka_bootstrap_servers.split(","),
                client_id=f"backchat-{self._kafka.service}",
                fetch_max_wait_ms=settings.kafka_fetch_wait_ms,
            )
            try:
                async with reaching("live events can't be read", START_TIMEOUT_SECONDS):
                    await consumer.start()
                    await self._assign(consumer)
            except BaseException:
                await consumer.stop()
                raise
            self._consumer = consumer
            self._reader = asyncio.create_task(self._read())

    async def _assign(self, consumer: Any) -> None:  # noqa: ANN401 - aiokafka is untyped
        layout = await self._kafka.layout()  # what the consumer itself knows may be older than the topics
        if absent := set(self._topics) - layout.keys():
            raise BrokerUnavailableError(f"live events can't be read: no topic {', '.join(sorted(absent))}")
        partitions = [TopicPartition(topic, number) for topic in self._topics for number in layout[topic]]
        consumer.assign(partitions)
        await consumer.seek_to_end(*partitions)
        for partition in partitions:
            await consumer.position(partition)  # resolved now: what comes from here on is seen

    async def _read(self) -> None:
        while True:
            try:
                batch = await self._consumer.getmany(timeout_ms=POLL_MS)
            except Exception as error:  # noqa: BLE001 - whatever it is, who watches must not be left alone
                log.warning("live events wait", error=repr(error))
                await asyncio.sleep(RETRY_SECONDS)
                continue
            for records in batch.values():
                for record in records:
                    self._hand_on(record)

    def _hand_on(self, record: Any) -> None:  # noqa: ANN401
        if not (watchers := self._watchers.get(record.key)):
            return
        try:
            delivery = unseal(record)
        except MalformedRecordError as error:
            log.warning("event skipped", topic=record.topic, error=str(error))
            return
        for queue in watchers:
            queue.put_nowait(delivery)

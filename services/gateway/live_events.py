"""Public events as they happen, for clients that follow an aggregate: read from the end, without a group."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from backchat_contracts import BY_EVENT, Event
from services.chassis.errors import BrokerUnavailableError
from services.chassis.messaging.decoding import MalformedRecordError, decode
from services.chassis.messaging.envelope import Delivery
from services.chassis.messaging.kafka import Kafka
from services.chassis.messaging.polling import RecordReader
from services.chassis.messaging.reaching import disconnect, reaching

log = structlog.get_logger()

START_TIMEOUT_SECONDS = 5.0
POLL_SECONDS = 1.0
RETRY_SECONDS = 1.0
QUERY_EVERY_SECONDS = 15.0
"""How often a stream asks for what it tells of: an event may have been missed."""
LONGEST_SECONDS = 600.0
"""How long a stream lasts at most; the client then connects again, with `Last-Event-ID`."""


async def next_event(event: Coroutine[Any, Any, Delivery], stopping: asyncio.Event) -> Delivery | None:
    """Wait for an event; None: there was none for a while, or the gateway stops."""
    new, stopped = asyncio.ensure_future(event), asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait({new, stopped}, timeout=QUERY_EVERY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        return new.result() if new.done() else None
    finally:
        new.cancel()
        stopped.cancel()


class LiveEvents:
    """Hands the events of an aggregate to its watchers; nothing is read while there are none.

    The reader is a task of its own that connects, reads while there are watchers, and disconnects: none of
    this is interrupted when the request of a watcher is cancelled.
    """

    def __init__(self, kafka: Kafka, events: Sequence[type[Event]]) -> None:
        self._kafka = kafka
        self._topics = [BY_EVENT[event].name for event in events]
        self._watchers: dict[bytes, set[asyncio.Queue[Delivery]]] = defaultdict(set)
        self._connected: asyncio.Future[None] | None = None
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
            if self._connected is None:
                self._connected = asyncio.get_running_loop().create_future()
                self._reader = asyncio.create_task(self._read(self._connected))
            await asyncio.shield(self._connected)
            yield queue
        finally:
            watchers.discard(queue)
            if not watchers:
                self._watchers.pop(key.encode(), None)

    async def stop(self) -> None:
        """Disconnect, also while there are watchers."""
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)

    async def _read(self, connected: "asyncio.Future[None]") -> None:
        consumer = self._kafka.new_consumer()
        try:
            try:
                await self._connect(consumer)
            except Exception as error:  # noqa: BLE001 - each watcher raises it
                connected.set_exception(error)
                return
            connected.set_result(None)
            reader = RecordReader(
                consumer, in_group=False, offset_gaps=self._kafka.settings.kafka_offset_gaps
            )
            while self._watchers:
                await self._hand_on_next(reader)
        finally:
            self._connected = None
            if not connected.done():  # cancelled while it was connecting
                connected.set_exception(
                    BrokerUnavailableError("live events can't be read: the reader has ended")
                )
            await disconnect(consumer)

    async def _connect(self, consumer: AIOKafkaConsumer) -> None:
        await self._kafka.ensure_topics(self._topics)
        async with reaching("live events can't be read", START_TIMEOUT_SECONDS):
            await consumer.start()
            await self._assign(consumer)

    async def _assign(self, consumer: AIOKafkaConsumer) -> None:
        layout = await self._kafka.layout()  # what the consumer itself knows may be older than the topics
        if absent := set(self._topics) - layout.keys():
            raise BrokerUnavailableError(f"live events can't be read: no topic {', '.join(sorted(absent))}")
        partitions = [TopicPartition(topic, number) for topic in self._topics for number in layout[topic]]
        consumer.assign(partitions)
        await consumer.seek_to_end(*partitions)
        for partition in partitions:
            await consumer.position(partition)  # resolved now: what comes from here on is seen

    async def _hand_on_next(self, reader: RecordReader) -> None:
        try:
            records = await reader.poll(POLL_SECONDS)
        except Exception as error:  # noqa: BLE001 - whatever it is, watchers still wait for events
            log.warning("live events not read, trying again", error=repr(error), again=True)
            await asyncio.sleep(RETRY_SECONDS)
            return
        for record in records:
            self._hand_on(record)

    def _hand_on(self, record: Any) -> None:  # noqa: ANN401
        if not (watchers := self._watchers.get(record.key)):
            return
        try:
            delivery = decode(record)
        except MalformedRecordError as error:
            log.warning("event skipped", topic=record.topic, error=str(error))
            return
        for queue in watchers:
            queue.put_nowait(delivery)

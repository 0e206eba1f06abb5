"""One consumer per process: batches in, keys side by side, one key in order, then a commit."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from heapq import merge
from itertools import chain
from typing import Any, Generic, TypeVar

import structlog
from aiokafka import ConsumerRecord, TopicPartition
from faststream import AckPolicy
from faststream.kafka.message import FAKE_CONSUMER, KafkaMessage
from faststream.kafka.schemas import Topic
from faststream.kafka.subscriber.usecase import BatchSubscriber
from pydantic import ValidationError

from backchat_contracts import BY_EVENT, Event, Refused
from services.chassis.deadletters import dead_letter
from services.chassis.envelope import Delivery, MalformedRecordError, unseal
from services.chassis.errors import RefusalError, UnavailableError
from services.chassis.kafka import Kafka, disconnect
from services.chassis.publishing import KafkaReply

log = structlog.get_logger()

E = TypeVar("E", bound=Event)
Records = tuple[ConsumerRecord[Any, Any], ...]
Handler = Callable[[E, Delivery], Awaitable[None]]

POLL_SECONDS = 1.0
COMMIT_TIMEOUT_SECONDS = 10.0
FIRST_RETRY_SECONDS = 0.1
LONGEST_RETRY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Route(Generic[E]):
    event: type[E]
    handle: Handler[E]


class Consumer:
    """Reads the topics of its routes in the service's group and hands each record to its handler.

    A record is done when its handler returned, or when it stands in the dead-letter topic. Offsets are
    committed when every record of a batch is done. A server that does not answer is waited for; any other
    error is tried `kafka_handler_attempts` times.
    """

    def __init__(self, kafka: Kafka) -> None:
        self._kafka = kafka
        self._reply = KafkaReply(kafka)
        self._routes: dict[str, Route[Any]] = {}
        self._subscriber: BatchSubscriber | None = None
        self._busy = asyncio.Lock()
        self._committer: asyncio.Task[None] | None = None
        self._done: dict[TopicPartition, int] = {}
        self._commit_due = asyncio.Event()
        self.polled_at = time.monotonic()

    def on(self, event: type[E], handle: Handler[E]) -> None:
        """Route an event's topic to a handler."""
        self._routes[BY_EVENT[event].name] = Route(event, handle)

    @property
    def ready(self) -> bool:
        """Whether partitions are assigned and the consumer takes its turns."""
        consumer = self._subscriber and self._subscriber.consumer
        taking_turns = self._busy.locked() or time.monotonic() - self.polled_at < 10 * POLL_SECONDS
        return bool(consumer and consumer.assignment() and taking_turns)

    async def start(self) -> None:
        await self._kafka.ensure_topics(self._routes)
        settings = self._kafka.settings
        self._subscriber = self._kafka.broker.subscriber(
            *(Topic(name, declare=False) for name in self._routes),
            group_id=f"backchat-{self._kafka.service}",
            batch=True,
            max_records=settings.kafka_max_batch,
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=settings.kafka_fetch_wait_ms,
            session_timeout_ms=settings.kafka_session_timeout_ms,
            heartbeat_interval_ms=settings.kafka_session_timeout_ms // 3,
            no_reply=True,
            parser=as_they_came,
            decoder=as_they_came,
        )
        wake_on_data(self._subscriber, self._polled)
        self._subscriber(self._consume)
        await self._subscriber.start()
        self._committer = asyncio.create_task(self._commit_when_due())

    async def stop(self, deadline: float) -> None:
        """Take no more, finish the batch in hand within `deadline` seconds, commit, leave the group."""
        if self._subscriber is None or self._committer is None:
            return
        self._subscriber.running = False
        try:
            async with asyncio.timeout(deadline), self._busy:
                self._committer.cancel()
                await self._commit()
        except TimeoutError:
            log.warning("batch not finished in time, it will be delivered again")
        self._committer.cancel()
        await disconnect(self._subscriber)

    def _polled(self) -> None:
        self.polled_at = time.monotonic()

    async def _consume(self, records: Records) -> None:
        async with self._busy:
            await asyncio.gather(*(self._in_order(of_a_key) for of_a_key in by_key(records)))
            for record in records:
                self._done[TopicPartition(record.topic, record.partition)] = record.offset + 1
            self._commit_due.set()

    async def _in_order(self, records: Iterable[ConsumerRecord[Any, Any]]) -> None:
        for record in records:
            await self._handle(record)

    async def _handle(self, record: ConsumerRecord[Any, Any]) -> None:
        route = self._routes[record.topic]
        try:
            delivery = unseal(record, expected=record.topic)
            event = route.event.model_validate_json(delivery.value)
        except (MalformedRecordError, ValidationError) as error:
            await dead_letter(self._kafka, record, error, attempts=1)
            return
        attempts = 0
        for delay in backoff():
            try:
                await self._call(route, event, delivery)
            except UnavailableError as error:
                log.warning("waiting for a server", topic=record.topic, error=str(error), delay=delay)
            except Exception as error:
                attempts += 1
                if attempts >= self._kafka.settings.kafka_handler_attempts:
                    await dead_letter(self._kafka, record, error, attempts)
                    return
                log.exception("handler failed", topic=record.topic, event_id=delivery.id, delay=delay)
            else:
                return
            await asyncio.sleep(delay)

    async def _call(self, route: Route[E], event: E, delivery: Delivery) -> None:
        try:
            await route.handle(event, delivery)
        except RefusalError as refusal:
            answer = Refused(code=refusal.code, detail=str(refusal), extra=refusal.extra)
            await self._reply(delivery.reply_address, answer)
        except asyncio.CancelledError as error:
            if asyncio.current_task().cancelling():  # type: ignore[union-attr]
                raise
            # Nobody cancelled this task: let out, it would end the consume loop for good.
            raise RuntimeError("a handler let a cancellation escape") from error

    async def _commit_when_due(self) -> None:
        """Commit beside the work: the next batch need not wait for it."""
        while True:
            await self._commit_due.wait()
            await self._commit()

    async def _commit(self) -> None:
        self._commit_due.clear()
        consumer = self._subscriber and self._subscriber.consumer
        if not (consumer and self._done):
            return
        assigned = consumer.assignment()
        offsets = {partition: offset for partition, offset in self._done.items() if partition in assigned}
        self._done.clear()
        try:
            async with asyncio.timeout(COMMIT_TIMEOUT_SECONDS):
                await consumer.commit(offsets)
        except Exception as error:  # noqa: BLE001 - whatever it is: the next commit must still come
            log.warning("offsets not committed, records will be delivered again", error=repr(error))


def by_key(records: Records) -> Iterable[list[ConsumerRecord[Any, Any]]]:
    """Group a batch into chains that must stay in order: one per key, alone without a key.

    Several topics come in one batch; within a key they are merged by their time. A partition's own order
    stays as it is, whatever the clocks of its producers say.
    """
    chains: dict[Any, dict[TopicPartition, list[ConsumerRecord[Any, Any]]]] = {}
    for record in records:
        log_of = TopicPartition(record.topic, record.partition)
        key = (log_of, record.offset) if record.key is None else record.key
        chains.setdefault(key, {}).setdefault(log_of, []).append(record)
    return [list(merge(*logs.values(), key=lambda record: record.timestamp)) for logs in chains.values()]


def backoff() -> Iterable[float]:
    """Yield delays in seconds, doubling up to a limit, without end."""
    delay = FIRST_RETRY_SECONDS
    while True:
        yield delay
        delay = min(2 * delay, LONGEST_RETRY_SECONDS)


def wake_on_data(subscriber: BatchSubscriber, polled: Callable[[], None] = lambda: None) -> None:
    """Replace the stock poll, which sleeps after every empty fetch, by one that data wakes."""

    async def get_msg(consumer: Any) -> Records:  # noqa: ANN401 - aiokafka is untyped
        polled()
        batch: Mapping[TopicPartition, list[ConsumerRecord[Any, Any]]] = await consumer.getmany(
            timeout_ms=int(1000 * POLL_SECONDS), max_records=subscriber.max_records
        )
        return tuple(chain.from_iterable(batch.values()))

    subscriber.get_msg = get_msg  # type: ignore[method-assign]


async def as_they_came(message: Any, _original: Any = None) -> Any:  # noqa: ANN401
    """Hand on the raw records: the stock parser gives a whole batch up for one bad header."""
    if isinstance(message, KafkaMessage):  # the decoder's turn
        return message.raw_message
    return KafkaMessage(body=b"", raw_message=message, consumer=FAKE_CONSUMER)

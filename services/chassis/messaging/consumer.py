"""One consumer per process: batches in, keys side by side, one key in order, then a commit."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from typing import Any, Generic, TypeVar

import structlog
from aiokafka import ConsumerRecord, TopicPartition
from faststream import AckPolicy
from faststream.kafka.schemas import Topic
from faststream.kafka.subscriber.usecase import BatchSubscriber
from pydantic import ValidationError

from backchat_contracts import BY_EVENT, Event, Refused
from services.chassis.errors import RefusalError, StaleError, UnavailableError
from services.chassis.faults import reach
from services.chassis.messaging.dead_letters import dead_letter
from services.chassis.messaging.envelope import Delivery, MalformedRecordError, decode
from services.chassis.messaging.kafka import Kafka, disconnect
from services.chassis.messaging.polling import Records
from services.chassis.messaging.publishing import KafkaReply
from services.chassis.messaging.subscription import Pulse

log = structlog.get_logger()

E = TypeVar("E", bound=Event)
Handler = Callable[[E, Delivery], Awaitable[None]]

COMMIT_TIMEOUT_SECONDS = 10.0
COMMIT_PAUSE_SECONDS = 0.1
"""Between two commits: one costs as much as a small batch, and a crash repeats but so much more."""
COMMIT_RETRY_SECONDS = 1.0
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
        self._pulse: Pulse | None = None
        self._busy = asyncio.Lock()
        self._in_hand: dict[tuple[str, int, int], None] = {}
        self._broken: str | None = None
        self._committer: asyncio.Task[None] | None = None
        self._done: dict[TopicPartition, int] = {}
        self._commits = 0
        self._commit_due = asyncio.Event()

    def on(self, event: type[E], handle: Handler[E]) -> None:
        """Route an event's topic to a handler."""
        self._routes[BY_EVENT[event].name] = Route(event, handle)

    @property
    def ready(self) -> bool:
        """Whether there are partitions to read from."""
        return bool(self._pulse and self._pulse.assigned)

    def dead(self) -> str | None:
        """Return why no record will ever be handled or committed again, where that is so."""
        if self._committer is None or self._pulse is None:
            return None
        committing = "the commit task is dead" if self._committer.done() else None
        return self._broken or self._kafka.broken or self._pulse.dead() or committing

    async def waits(self) -> Mapping[str, Hashable]:
        """Return what is under way: the oldest record, a commit; the poll and what it leaves behind."""
        waits: dict[str, Hashable] = {}
        if self._in_hand:
            waits["a record in hand"] = next(iter(self._in_hand))
        if self._done:
            waits["a commit"] = self._commits
        if self._pulse and not self._busy.locked():
            waits |= await self._pulse.waits()
        return waits

    async def start(self) -> None:
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
            max_poll_interval_ms=settings.kafka_max_poll_interval_ms,
        )
        self._pulse = Pulse(self._subscriber, self._consume)
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

    async def _consume(self, records: Records) -> None:
        async with self._busy:
            if self._broken:
                return
            try:
                await self._side_by_side(by_key(records))
            except Exception as error:
                # Were the next batch committed, so would be this one.
                self._broken = f"a batch was left undone: {error!r}"
                log.exception("a batch was left undone")
                return
            reach("handled")
            for record in records:
                self._done[TopicPartition(record.topic, record.partition)] = record.offset + 1
            self._commit_due.set()

    async def _side_by_side(self, chains: Sequence[Sequence[ConsumerRecord[Any, Any]]]) -> None:
        if len(chains) == 1:  # needs no task of its own
            await self._in_order(chains[0])
        else:
            await asyncio.gather(*map(self._in_order, chains))

    async def _in_order(self, records: Iterable[ConsumerRecord[Any, Any]]) -> None:
        for record in records:
            place = (record.topic, record.partition, record.offset)
            self._in_hand[place] = None
            try:
                await self._handle(record)
            finally:
                del self._in_hand[place]

    async def _handle(self, record: ConsumerRecord[Any, Any]) -> None:
        route = self._routes[record.topic]
        try:
            delivery = decode(record, expected=record.topic)
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
            except Exception as error:  # noqa: BLE001 - whatever it is, it may pass
                attempts += 1
                if attempts >= self._kafka.settings.kafka_handler_attempts:
                    await dead_letter(self._kafka, record, error, attempts)
                    await self._give_up(delivery)
                    return
                # That somebody else was faster is no fault to look into.
                say = log.info if isinstance(error, StaleError) else log.exception
                say("trying again", topic=record.topic, event_id=delivery.id, error=repr(error), delay=delay)
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

    async def _give_up(self, delivery: Delivery) -> None:
        """Tell who waits: silence would look like an answer that is late, and a command like one accepted."""
        detail = f"the request could not be handled; the log of the {self._kafka.service} service says why"
        await self._reply(delivery.reply_address, Refused(code="internal-error", detail=detail))

    async def _commit_when_due(self) -> None:
        """Commit beside the work: the next batch need not wait for it."""
        while True:
            await self._commit_due.wait()
            await self._commit()
            await asyncio.sleep(COMMIT_PAUSE_SECONDS)
            if self._done and not self._commit_due.is_set():
                await asyncio.sleep(COMMIT_RETRY_SECONDS)
                self._commit_due.set()

    async def _commit(self) -> None:
        self._commit_due.clear()
        consumer = self._subscriber and self._subscriber.consumer
        assigned = consumer.assignment() if consumer else frozenset()
        self._done = {partition: offset for partition, offset in self._done.items() if partition in assigned}
        offsets = dict(self._done)
        if not (consumer and offsets):
            return
        try:
            async with asyncio.timeout(COMMIT_TIMEOUT_SECONDS):
                await consumer.commit(offsets)
        except Exception as error:  # noqa: BLE001 - whatever it is: the next commit must still come
            log.warning("offsets not committed, trying again", error=repr(error))
        else:
            self._commits += 1
            self._done = {key: offset for key, offset in self._done.items() if offsets.get(key) != offset}


def by_key(records: Records) -> list[list[ConsumerRecord[Any, Any]]]:
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

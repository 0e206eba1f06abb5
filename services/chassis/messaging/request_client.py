"""Request and reply through Kafka: a process reads one partition of `gateway.replies`, from its end."""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Hashable, Iterator, Mapping
from contextlib import aclosing, contextmanager, suppress
from dataclasses import replace
from itertools import cycle
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from backchat_contracts import BacktestRejected, ChatFailed, ComparisonFailed, Contract, Event, Refused
from backchat_contracts.catalogue import REPLIES_TOPIC
from services.chassis.errors import NoReplyError
from services.chassis.messaging.decoding import MalformedRecordError, decode
from services.chassis.messaging.envelope import Delivery, Origin, ReplyAddress, encode
from services.chassis.messaging.kafka import Kafka
from services.chassis.messaging.polling import PollLoop, RecordReader, Records
from services.chassis.messaging.reaching import connect, disconnect, reaching
from services.chassis.messaging.topics import partitions_of

log = structlog.get_logger()

START_TIMEOUT_SECONDS = 10.0
TRIES = 5
"""How many partitions are tried in that time."""

_REFUSALS: Mapping[str, type[Contract]] = {
    "refused": Refused,
    "backtest.rejected": BacktestRejected,
    "chat.failed": ChatFailed,
    "comparison.failed": ComparisonFailed,
}


class RequestClient:
    """Publishes requests, matches replies to them by their correlation id, and joins a reply's parts."""

    def __init__(self, kafka: Kafka, start_timeout: float = START_TIMEOUT_SECONDS) -> None:
        self._kafka = kafka
        self._start_timeout = start_timeout
        self._partition = 0
        self._waiting: dict[str, Callable[[Delivery], None]] = {}
        self._parts: dict[str, dict[str, list[bytes]]] = {}  # by correlation id and id of the reply
        self._consumer: AIOKafkaConsumer | None = None
        self._polling: PollLoop | None = None

    @property
    def ready(self) -> bool:
        return bool(self._polling and self._polling.assigned)

    def dead(self) -> str | None:
        """Return why no request will be sent or answered any more; None while they are."""
        return self._kafka.broken or (self._polling.dead() if self._polling else None)

    async def waits(self) -> Mapping[str, Hashable]:
        """Return what is waited for: the next poll, and replies that were not fetched."""
        waits = await self._polling.waits() if self._polling else {}
        return {f"replies: {what}": progress for what, progress in waits.items()}

    async def start(self) -> None:
        """Read replies from now on.

        Raises:
            BrokerUnavailableError: there is no partition to read them from.

        """
        self._consumer = consumer = self._kafka.new_consumer(auto_offset_reset="latest")
        async with reaching(f"{REPLIES_TOPIC} can't be read", self._start_timeout):
            await connect(consumer)
            await self._assign(consumer)
        reader = RecordReader(consumer, in_group=False, offset_gaps=self._kafka.settings.kafka_offset_gaps)
        self._polling = PollLoop(reader, self.receive)

    async def _assign(self, consumer: AIOKafkaConsumer) -> None:
        """Read a partition that has a leader, from its end.

        It may be any: processes that share a partition skip each other's answers.
        """
        numbers = range(partitions_of(REPLIES_TOPIC, self._kafka.settings))
        for number in cycle(random.sample(numbers, len(numbers))):
            partition = TopicPartition(REPLIES_TOPIC, number)
            consumer.assign([partition])
            with suppress(TimeoutError):
                async with asyncio.timeout(self._start_timeout / TRIES):
                    await consumer.seek_to_end(partition)
                    await consumer.position(partition)  # resolved now: the first reply must come after it
                    self._partition = number
                    return
            log.warning("no leader", topic=REPLIES_TOPIC, partition=number)

    async def stop(self) -> None:
        if self._polling is not None:
            self._polling.stop()
        if self._consumer is not None:
            await disconnect(self._consumer)

    async def request(self, event: Event, origin: Origin, timeout: float) -> Delivery:  # noqa: ASYNC109
        """Publish a request and return the first answer to it.

        Raises:
            BrokerUnavailableError: the broker did not take the request in time; it may still do so.
            NoReplyError: no answer came within `timeout` seconds.

        """
        async with aclosing(self.stream(event, origin, timeout)) as answers:
            return await anext(answers)

    async def stream(
        self,
        event: Event,
        origin: Origin,
        timeout: float,  # noqa: ASYNC109
    ) -> AsyncGenerator[Delivery]:
        """Publish a request and yield its answers as they come, until the caller closes the generator.

        Raises:
            BrokerUnavailableError: the broker did not take the request in time; it may still do so.
            NoReplyError: the next answer took longer than `timeout` seconds.

        """
        address = ReplyAddress(REPLIES_TOPIC, self._partition, origin.correlation_id)
        record = encode(event, source=self._kafka.service, origin=origin, reply_address=address)
        came: asyncio.Queue[Delivery | asyncio.Future[Any]] = asyncio.Queue()  # answers, the acknowledgement
        with self._receiving(origin.correlation_id, came.put_nowait):
            async with reaching(record.topic, self._kafka.settings.kafka_ack_timeout_seconds):
                (await self._kafka.send(record)).add_done_callback(came.put_nowait)
                # An answer is as good as the acknowledgement.
                answer: Delivery | asyncio.Future[Any] | None = await came.get()
                if isinstance(answer, asyncio.Future):
                    answer.result()
            while True:
                try:
                    async with asyncio.timeout(timeout):
                        while not isinstance(answer, Delivery):
                            answer = await came.get()
                except TimeoutError as error:
                    raise NoReplyError(f"no answer to {record.topic} within {timeout:g} s") from error
                yield answer
                answer = None

    @contextmanager
    def _receiving(self, correlation_id: str, receive: Callable[[Delivery], None]) -> Iterator[None]:
        self._waiting[correlation_id] = receive
        try:
            yield
        finally:
            del self._waiting[correlation_id]
            self._parts.pop(correlation_id, None)

    async def receive(self, records: Records) -> None:
        """Hand each reply to the request that waits for it; the others are of other processes."""
        for record in records:
            try:
                delivery = decode(record)
            except MalformedRecordError as error:
                log.warning("reply skipped", error=str(error))
                continue
            receive = self._waiting.get(delivery.origin.correlation_id)
            if receive and (whole := self._joined(delivery)):
                receive(whole)

    def _joined(self, delivery: Delivery) -> Delivery | None:
        """Return a reply that is whole: it has no parts, or this is the last of them."""
        if delivery.part is None:
            return delivery
        number, count = delivery.part
        parts = self._parts.setdefault(delivery.origin.correlation_id, {}).setdefault(delivery.id, [])
        if number != len(parts) + 1:  # a part again, or one is missing: begin anew with the first
            parts.clear()
        if number == len(parts) + 1:
            parts.append(delivery.value)
        return replace(delivery, value=b"".join(parts), part=None) if len(parts) == count else None


def refusal_in(reply: Delivery) -> Refused | None:
    """Return why a request was refused or failed, if that is what the reply says."""
    refusal = _REFUSALS.get(reply.type)
    if refusal is None:
        return None
    said = refusal.model_validate_json(reply.value).model_dump(mode="json")
    extra = said.get("extra") or {key: said[key] for key in ("coverage", "turn_id") if said.get(key)}
    return Refused(code=said["code"], detail=said["detail"], extra=extra)

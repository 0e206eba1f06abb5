"""What handlers say: answers to whoever asked, and facts that no document stands for."""

from typing import Protocol

import structlog

from backchat_contracts import Contract, Event, Refused
from services.chassis.errors import BrokerUnavailableError, ChassisError, RecordTooLargeError
from services.chassis.messaging.envelope import Origin, ReplyAddress, encode, encode_reply
from services.chassis.messaging.kafka import Kafka

log = structlog.get_logger()

PASSING_TIMEOUT_SECONDS = 1.0
"""How long to wait for room in the producer: a partition without a leader soon has none."""


class Reply(Protocol):
    """Sends an answer to an address; to nobody where there is none."""

    async def __call__(self, to: ReplyAddress | None, answer: Contract) -> None: ...


class Publish(Protocol):
    """Publishes an event and returns when the broker has it."""

    async def __call__(self, event: Event, origin: Origin) -> None: ...


class PublishUnconfirmed(Protocol):
    """Sends an event that is worth no wait, and that nobody keeps."""

    async def __call__(self, event: Event, origin: Origin, sequence: int) -> None: ...


class KafkaPublishUnconfirmed:
    """Sends events like progress: the next one follows, and the end is told through an outbox."""

    def __init__(self, kafka: Kafka) -> None:
        self._kafka = kafka

    async def __call__(self, event: Event, origin: Origin, sequence: int) -> None:
        record = encode(event, source=self._kafka.service, origin=origin, sequence=sequence)
        try:
            await self._kafka.send(record, PASSING_TIMEOUT_SECONDS)
        except BrokerUnavailableError as error:
            log.warning("not told", topic=record.topic, error=repr(error))


class KafkaReply:
    """Answers in the requester's partition, without waiting: who misses the answer asks again."""

    def __init__(self, kafka: Kafka) -> None:
        self._kafka = kafka

    async def __call__(self, to: ReplyAddress | None, answer: Contract) -> None:
        if to is None:
            return
        try:
            try:
                await self._send(to, answer)
            except RecordTooLargeError as error:
                await self._send(to, Refused(code="answer-too-large", detail=str(error)))
        except (ChassisError, AssertionError) as error:  # the latter: a partition that is not there
            log.warning("answer not sent", topic=to.topic, partition=to.partition, error=repr(error))

    async def _send(self, to: ReplyAddress, answer: Contract) -> None:
        record = encode_reply(answer, source=self._kafka.service, to=to)
        await self._kafka.send(record, PASSING_TIMEOUT_SECONDS)


class KafkaPublish:
    """Publishes events that no stored document causes; the others go through an outbox.

    Raises:
        BrokerUnavailableError: the broker did not take it.

    """

    def __init__(self, kafka: Kafka) -> None:
        self._kafka = kafka

    async def __call__(self, event: Event, origin: Origin) -> None:
        await self._kafka.deliver(encode(event, source=self._kafka.service, origin=origin))

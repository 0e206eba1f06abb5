"""How handlers reply, and publish events that are in no outbox."""

from typing import Protocol

import structlog

from backchat_contracts import Contract, Event, Refused
from services.chassis.errors import BrokerUnavailableError, ChassisError, RecordTooLargeError
from services.chassis.messaging.envelope import Origin, ReplyAddress, encode, encode_reply
from services.chassis.messaging.kafka import Kafka

log = structlog.get_logger()

UNCONFIRMED_TIMEOUT_SECONDS = 1.0
"""How long to wait for room in the producer's buffer: it is soon full for a partition without a leader."""


class Reply(Protocol):
    """Sends an answer to a reply address; without an address it does nothing."""

    async def __call__(self, to: ReplyAddress | None, answer: Contract) -> None: ...


class KafkaPublishUnconfirmed:
    """Sends events that may be lost, such as progress: the next follows soon, the last is in an outbox."""

    def __init__(self, kafka: Kafka) -> None:
        self._kafka = kafka

    async def __call__(self, event: Event, origin: Origin, sequence: int) -> None:
        record = encode(event, source=self._kafka.service, origin=origin, sequence=sequence)
        try:
            await self._kafka.send(record, UNCONFIRMED_TIMEOUT_SECONDS)
        except BrokerUnavailableError as error:
            log.warning("event not sent", topic=record.topic, error=repr(error), again=True)


class KafkaReply:
    """Answers in the requester's partition, unconfirmed: a requester that gets no answer asks again."""

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
        except (ChassisError, AssertionError) as error:  # AssertionError: a partition that does not exist
            log.warning(
                "answer not sent", topic=to.topic, partition=to.partition, error=repr(error), again=True
            )

    async def _send(self, to: ReplyAddress, answer: Contract) -> None:
        record = encode_reply(answer, source=self._kafka.service, to=to)
        await self._kafka.send(record, UNCONFIRMED_TIMEOUT_SECONDS)


class KafkaPublish:
    """Publishes events that are in no outbox. Raises BrokerUnavailableError.

    `republished` marks one of the past, with the sequence that it had.
    """

    def __init__(self, kafka: Kafka, *, republished: bool = False) -> None:
        self._kafka = kafka
        self._republished = republished

    async def __call__(self, event: Event, origin: Origin, sequence: int | None = None) -> None:
        source, republished = self._kafka.service, self._republished
        await self._kafka.deliver(
            encode(event, source=source, origin=origin, sequence=sequence, republished=republished)
        )

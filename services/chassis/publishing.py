"""What handlers say: answers to whoever asked, and facts that no document stands for."""

from typing import Protocol

import structlog

from backchat_contracts import Contract, Event
from services.chassis.envelope import Origin, ReplyAddress, seal, seal_reply
from services.chassis.errors import BrokerUnavailableError, ChassisError
from services.chassis.kafka import Kafka

log = structlog.get_logger()


class Reply(Protocol):
    """Sends an answer to an address; to nobody where there is none."""

    async def __call__(self, to: ReplyAddress | None, answer: Contract) -> None: ...


class Publish(Protocol):
    """Publishes an event and returns when the broker has it."""

    async def __call__(self, event: Event, origin: Origin) -> None: ...


class Tell(Protocol):
    """Sends an event that is worth no wait, and that nobody keeps."""

    async def __call__(self, event: Event, origin: Origin, sequence: int) -> None: ...


class KafkaTell:
    """Sends events like progress: the next one follows, and the end is told through an outbox."""

    def __init__(self, kafka: Kafka) -> None:
        self._kafka = kafka

    async def __call__(self, event: Event, origin: Origin, sequence: int) -> None:
        record = seal(event, source=self._kafka.service, origin=origin, sequence=sequence)
        try:
            await self._kafka.send(record)
        except BrokerUnavailableError as error:
            log.warning("not told", topic=record.topic, error=repr(error))


class KafkaReply:
    """Answers through the asker's partition. An answer is not worth a wait: who misses it asks again."""

    def __init__(self, kafka: Kafka) -> None:
        self._kafka = kafka

    async def __call__(self, to: ReplyAddress | None, answer: Contract) -> None:
        if to is None:
            return
        try:
            await self._kafka.send(seal_reply(answer, source=self._kafka.service, to=to))
        except (ChassisError, AssertionError) as error:  # the latter: a partition that is not there
            log.warning("answer not sent", topic=to.topic, partition=to.partition, error=repr(error))


class KafkaPublish:
    """Publishes events that no stored document causes; the others go through an outbox.

    Raises:
        BrokerUnavailableError: the broker did not take it.

    """

    def __init__(self, kafka: Kafka) -> None:
        self._kafka = kafka

    async def __call__(self, event: Event, origin: Origin) -> None:
        await self._kafka.deliver(seal(event, source=self._kafka.service, origin=origin))

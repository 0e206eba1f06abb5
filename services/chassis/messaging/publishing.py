"""Sends replies, and events that are in no outbox."""

from collections.abc import Awaitable, Callable

import structlog

from backchat_contracts import Contract, Event
from services.chassis.errors import ChassisError
from services.chassis.messaging.envelope import Encoded, Origin, ReplyAddress, encode, encode_reply
from services.chassis.messaging.kafka import SEND_TIMEOUT_SECONDS, Kafka
from services.chassis.messaging.reaching import reaching

log = structlog.get_logger()

UNCONFIRMED_TIMEOUT_SECONDS = 1.0
"""How long to wait for room in the producer's buffer: it is soon full for a partition without a leader."""

HEADER_BYTES = 4096
"""How much of the largest record is left to headers and the record's own fields."""


Reply = Callable[[ReplyAddress | None, Contract | Encoded], Awaitable[None]]
"""Sends an answer to a reply address; without an address it does nothing."""


async def send_reply(kafka: Kafka, to: ReplyAddress | None, answer: Contract | Encoded) -> None:
    """Answer in the requester's partition, unconfirmed: a requester that gets no answer asks again."""
    if to is None:
        return
    largest = kafka.settings.kafka_max_record_bytes - HEADER_BYTES
    try:
        degraded = kafka.degraded()
        for part in encode_reply(answer, source=kafka.service, to=to, largest=largest, degraded=degraded):
            await kafka.send(part, UNCONFIRMED_TIMEOUT_SECONDS)
    except (ChassisError, AssertionError) as error:  # AssertionError: a partition that does not exist
        log.warning("answer not sent", topic=to.topic, partition=to.partition, error=repr(error), again=True)


async def publish_event(
    kafka: Kafka, event: Event, origin: Origin, sequence: int | None = None, *, republished: bool = False
) -> None:
    """Publish an event that is in no outbox, and return when the broker has it. Raises as `Kafka.send` does.

    `republished` marks one of the past, with the sequence that it had.
    """
    source = kafka.service
    record = encode(event, source=source, origin=origin, sequence=sequence, republished=republished)
    async with reaching(record.topic, SEND_TIMEOUT_SECONDS):
        await (await kafka.send(record))

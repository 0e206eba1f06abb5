"""Sends events that may be lost, such as progress: the next follows soon, the last is in an outbox."""

import structlog

from backchat_contracts import Event
from services.chassis.errors import BrokerUnavailableError
from services.chassis.messaging.envelope import Origin, encode
from services.chassis.messaging.kafka import Kafka
from services.chassis.messaging.publishing import UNCONFIRMED_TIMEOUT_SECONDS

log = structlog.get_logger()


async def publish_unconfirmed(kafka: Kafka, event: Event, origin: Origin, sequence: int) -> None:
    record = encode(event, source=kafka.service, origin=origin, sequence=sequence)
    try:
        await kafka.send(record, UNCONFIRMED_TIMEOUT_SECONDS)
    except BrokerUnavailableError as error:
        log.warning("event not sent", topic=record.topic, error=repr(error), again=True)

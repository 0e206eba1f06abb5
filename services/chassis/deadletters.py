"""Records that could not be handled: kept as they came, beside their topic."""

import asyncio
from typing import Any

import structlog
from aiokafka import ConsumerRecord

from backchat_contracts import BY_NAME
from services.chassis.envelope import Record
from services.chassis.errors import BrokerUnavailableError
from services.chassis.kafka import Kafka

log = structlog.get_logger()

RETRY_SECONDS = 1.0


async def dead_letter(
    kafka: Kafka, record: ConsumerRecord[Any, Any], error: Exception, attempts: int
) -> None:
    """Put a record into `<topic>.dlq`, with its bytes, position, error and attempts.

    Returns only when the broker has it: a record that stands nowhere must not be committed.
    """
    topic = BY_NAME[record.topic].dead_letters
    log.error("dead letter", topic=topic, offset=record.offset, attempts=attempts, error=str(error))
    letter = Record(
        id=f"{record.topic}-{record.partition}-{record.offset}",
        topic=topic,
        key=record.key.decode(errors="replace") if record.key is not None else None,
        value=record.value or b"",
        headers={
            **{name: value.decode(errors="replace") for name, value in record.headers},
            "dlq_topic": record.topic,
            "dlq_partition": str(record.partition),
            "dlq_offset": str(record.offset),
            "dlq_error": f"{type(error).__name__}: {error}"[:2000],
            "dlq_attempts": str(attempts),
        },
    )
    await kafka.ensure_topics([topic])
    while True:
        try:
            return await kafka.deliver(letter)
        except BrokerUnavailableError as unavailable:
            log.warning("dead letter not written, trying again", error=str(unavailable))
            await asyncio.sleep(RETRY_SECONDS)

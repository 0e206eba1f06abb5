"""Dead letters: records that could not be handled, kept as they came in `<topic>.dlq`, to be replayed."""

from collections.abc import Callable
from typing import Any, Final

import structlog
from aiokafka import ConsumerRecord

from backchat_contracts import BY_NAME
from services.chassis.errors import RecordTooLargeError, UnavailableError
from services.chassis.messaging.kafka import Headers, Kafka
from services.chassis.waiting import until_servers_answer

log = structlog.get_logger()

LONGEST_ERROR: Final = 2000

# A dead letter has the record's own headers, and after them those that say why; DLQ_TOPIC is their first.
DLQ_TOPIC: Final = "dlq_topic"
DLQ_LOST: Final = "dlq_lost"


async def dead_letter(
    kafka: Kafka, record: ConsumerRecord[Any, Any], error: Exception, attempts: int
) -> None:
    """Write a record to `<topic>.dlq`: its key, value and headers byte by byte, its position, the error.

    Returns only when the broker has acknowledged it, as the record's offset is committed after that. If it is
    too large for the broker, it is written without its value or, if that does not suffice, without key and
    headers too; the header `dlq_lost` names what is left out.
    """
    topic = BY_NAME[record.topic].dead_letters
    log.error("dead letter", topic=topic, offset=record.offset, attempts=attempts, error=str(error))
    reason = reason_of(record, error, attempts, kafka.redact)
    # aiokafka refuses a record with neither key nor value.
    value = b"" if record.key is None and record.value is None else record.value
    for key, kept, headers in (
        (record.key, value, [*record.headers, *reason]),
        (record.key, b"", [*record.headers, *reason, (DLQ_LOST, b"value")]),
        (None, b"", [*reason, (DLQ_LOST, b"key, value, headers")]),
    ):
        try:
            return await _write(kafka, topic, key, kept, headers)
        except RecordTooLargeError as too_large:
            log.warning("dead letter cut", topic=topic, offset=record.offset, error=str(too_large))
    raise AssertionError("the broker takes no dead letter, however small")


async def _write(kafka: Kafka, topic: str, key: bytes | None, value: bytes | None, headers: Headers) -> None:
    """Write a dead letter when the broker takes it, however long that lasts."""

    async def write() -> None:
        await kafka.ensure_topics([topic])
        await kafka.write(topic, key, value, headers)

    def on_failure(error: UnavailableError) -> None:
        kafka.outages += 1
        log.warning("dead letter not written, trying again", error=str(error), again=True)

    await until_servers_answer(write, on_failure)


def reason_of(
    record: ConsumerRecord[Any, Any], error: Exception, attempts: int, redact: Callable[[str], str]
) -> Headers:
    """Return the headers that say where a record was and why it could not be handled, without secrets."""
    said = {
        DLQ_TOPIC: record.topic,
        "dlq_partition": str(record.partition),
        "dlq_offset": str(record.offset),
        "dlq_error": redact(f"{type(error).__name__}: {error}")[:LONGEST_ERROR],
        "dlq_attempts": str(attempts),
        "dlq_size": "null" if record.value is None else str(len(record.value)),
    }
    return [(name, text.encode(errors="replace")) for name, text in said.items()]

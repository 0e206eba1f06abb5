"""FastStream routers whose handlers get typed events, and the delivery that an event came with."""

from contextvars import ContextVar
from typing import Any, Final

from aiokafka import ConsumerRecord
from faststream import AckPolicy
from faststream.kafka import KafkaMessage, KafkaRouter
from pydantic import ValidationError

from backchat_contracts import BY_NAME, Event
from services.chassis.messaging.decoding import MalformedRecordError, decode
from services.chassis.messaging.envelope import TRACEPARENT, Delivery
from services.chassis.messaging.faststream_names import NO_CONSUMER

DELIVERY: Final[ContextVar[Delivery]] = ContextVar("delivery")
LONGEST_DETAIL: Final = 2000


class InvalidEventError(ValueError):
    """An event that can be read, and is not what its contract asks for; the message names the fields."""


class EventMessage(KafkaMessage):
    """A record as FastStream's message: with its delivery, or with what is wrong with its envelope."""

    def __init__(self, record: ConsumerRecord[Any, Any], delivery: Delivery | MalformedRecordError) -> None:
        known = delivery if isinstance(delivery, Delivery) else None
        traceparent = known and known.origin.traceparent
        super().__init__(
            raw_message=record,
            body=known.value if known else record.value or b"",
            headers={TRACEPARENT: traceparent} if traceparent else {},
            message_id=known and known.id,
            correlation_id=known and known.origin.correlation_id,
            consumer=NO_CONSUMER,
        )
        self.record = record
        self.delivery = delivery


def event_router() -> KafkaRouter:
    """Return a router for handlers of catalogue topics, each with one parameter: the topic's event."""
    return KafkaRouter(parser=parse, decoder=decode_event, ack_policy=AckPolicy.MANUAL)


def current_delivery() -> Delivery:
    """Return what came with the event that is being handled: its id, origin, sequence and reply address."""
    return DELIVERY.get()


async def parse(record: ConsumerRecord[Any, Any]) -> EventMessage:
    """Read a record's envelope. It never raises: the middlewares would not see that."""
    try:
        return EventMessage(record, decode(record, expected=record.topic))
    except MalformedRecordError as error:
        return EventMessage(record, error)
    except Exception as error:  # noqa: BLE001 - let out, it would end the process, and the next run too
        return EventMessage(record, MalformedRecordError(f"the record can't be read: {error!r}"))


async def decode_event(message: EventMessage) -> Event:
    """Read the event.

    Raises:
        MalformedRecordError: the value is no JSON object.
        InvalidEventError: the value is not what the topic's contract asks for.

    """
    event = BY_NAME[message.record.topic].event
    try:
        return event.model_validate_json(message.body)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        if not found[0]["loc"] and found[0]["type"] in {"json_invalid", "model_type"}:
            raise MalformedRecordError(f"the value is no JSON object: {found[0]['msg']}") from error
        lines = [f"{'.'.join(map(str, each['loc'])) or 'the event'}: {each['msg']}" for each in found]
        raise InvalidEventError("; ".join(lines)[:LONGEST_DETAIL]) from error

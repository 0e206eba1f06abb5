"""The middleware around every handler: retries, refusals and dead letters."""

import asyncio
from functools import partial
from typing import Any, cast

import structlog
from faststream import BaseMiddleware, ContextRepo
from faststream.kafka import KafkaMessage
from pydantic import ValidationError
from pydantic_core import from_json

from backchat_contracts import BY_NAME, LONGEST_SENT_ID, REJECTIONS, Event, Refused
from services.chassis.errors import RefusalError, StaleError, StoreTroubleError, UnavailableError
from services.chassis.messaging.dead_letters import dead_letter
from services.chassis.messaging.decoding import MalformedRecordError
from services.chassis.messaging.envelope import Delivery
from services.chassis.messaging.kafka import Kafka
from services.chassis.messaging.publishing import publish_event, send_reply
from services.chassis.messaging.routing import DELIVERY, EventMessage, InvalidEventError
from services.chassis.waiting import MOST_TROUBLES, backoff, until_servers_answer

log = structlog.get_logger()


class HandlingMiddleware(BaseMiddleware[Any, Any]):
    """Calls a record's handler until the record is handled, refused, or in its dead-letter topic.

    While a server does not answer, the handler is tried again without end; with a database that reports
    trouble of its own, for minutes; after any other error, up to `kafka_handler_attempts` times. A record
    that can't be read is a dead letter at once; a command that can be read, and is not what its contract asks
    for, is refused. It is the innermost middleware: the others see a record once, however often it is tried,
    and a dead letter as handled.
    """

    def __init__(self, msg: Any, /, *, context: ContextRepo, kafka: Kafka) -> None:  # noqa: ANN401 - FastStream's
        super().__init__(msg, context=context)
        self._kafka = kafka

    async def consume_scope(self, call_next: Any, msg: KafkaMessage) -> None:  # type: ignore[override]  # noqa: ANN401
        message = cast("EventMessage", msg)
        if isinstance(message.delivery, MalformedRecordError):
            return await self._dead_letter(message, message.delivery, 1)
        delivery = message.delivery
        token = DELIVERY.set(delivery)
        try:
            await self._handle(call_next, message, delivery)
        finally:
            DELIVERY.reset(token)

    async def _handle(self, call_next: Any, message: EventMessage, delivery: Delivery) -> None:  # noqa: ANN401
        topic, attempts = message.record.topic, 0
        attempt = partial(self._attempt, call_next, message, delivery)

        def on_failure(error: UnavailableError) -> None:
            self._kafka.outages += 1
            log.warning("waiting for a server", topic=topic, error=str(error), again=True)

        for delay in backoff():
            try:
                return await until_servers_answer(attempt, on_failure)
            except (MalformedRecordError, InvalidEventError) as error:
                return await self._dead_letter(message, error, 1)
            except StoreTroubleError as error:
                return await self._dead_letter_and_reply(message, delivery, error, MOST_TROUBLES)
            except Exception as error:
                attempts += 1
                if attempts >= self._kafka.settings.kafka_handler_attempts:
                    return await self._dead_letter_and_reply(message, delivery, error, attempts)
                where = {"topic": topic, "event_id": delivery.id, "delay": delay}
                if isinstance(error, StaleError):
                    log.info("another writer was faster, trying again", **where)
                else:
                    log.exception("handler failed, trying again", error=repr(error), **where)
            await asyncio.sleep(delay)
        return None

    async def _attempt(self, call_next: Any, message: EventMessage, delivery: Delivery) -> None:  # noqa: ANN401, RET503
        """Call the handler; a refusal is published, where the catalogue has an event for it, and replied.

        An InvalidEventError is a refusal too, but raised if it can be neither published nor replied.
        """
        try:
            return await _uncancelled(call_next, message)
        except RefusalError as refusal:
            refused = Refused(code=refusal.code, detail=str(refusal), extra=refusal.extra)
            topic = message.record.topic
            rejection = rejection_of(topic, message.body, refused) if refusal.published else None
        except InvalidEventError as error:
            refused = Refused(code="invalid-request", detail=str(error))
            rejection = rejection_of(message.record.topic, message.body, refused)
            if rejection is None and delivery.reply_address is None:
                raise
        if rejection:
            await publish_event(self._kafka, rejection, delivery.origin)
        await send_reply(self._kafka, delivery.reply_address, refused)

    async def _dead_letter_and_reply(
        self, message: EventMessage, delivery: Delivery, error: Exception, attempts: int
    ) -> None:
        """Write the dead letter, then answer the requester: silence would look like a late answer."""
        await self._dead_letter(message, error, attempts)
        detail = f"the request could not be handled; the log of the {self._kafka.service} service says why"
        await send_reply(self._kafka, delivery.reply_address, Refused(code="internal-error", detail=detail))

    async def _dead_letter(self, message: EventMessage, error: Exception, attempts: int) -> None:
        await dead_letter(self._kafka, message.record, error, attempts)
        self._kafka.telemetry.count_dead_letter(message.record.topic)


async def _uncancelled(call_next: Any, message: EventMessage) -> None:  # noqa: ANN401
    """Call the handler; a cancellation that it raises by itself becomes an error.

    Let out, it would end the poll loop for good.
    """
    try:
        await call_next(message)
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise RuntimeError("a handler raised CancelledError, but its task was not cancelled") from error


def rejection_of(topic: str, body: bytes, refused: Refused) -> Event | None:
    """Return the event that says that a command was refused.

    None if the catalogue has none for this topic, or if the command has no id by which its publisher would
    recognise it: an id is text.
    """
    rejection = REJECTIONS.get(BY_NAME[topic].event)
    if rejection is None:
        return None
    sent = from_json(body)
    given = sent.items() if isinstance(sent, dict) else ()
    ids = {
        name: value
        for name, value in given
        if name in rejection.model_fields and isinstance(value, str) and len(value) <= LONGEST_SENT_ID
    }
    try:
        return rejection.model_validate({**ids, "code": refused.code, "detail": refused.detail})
    except ValidationError:
        return None

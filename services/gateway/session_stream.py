"""A conversation as server-sent events: its answers, also those that no message asked for."""

import time
from collections.abc import AsyncGenerator, Iterable

import structlog
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from backchat_contracts import ChatFailed, HistoryEntry, SessionQueried, SessionView
from services.chassis.errors import ChassisError
from services.gateway.live_events import LONGEST_SECONDS, next_event
from services.gateway.problems import problem
from services.gateway.response_models import ChatAnswer, TurnAnswer
from services.gateway.service_client import ServiceClient, read

log = structlog.get_logger()


async def follow(client: ServiceClient, session_id: str, after: str | None) -> AsyncGenerator[bytes]:
    """Yield an event for each answer of a session, and for each turn that ends without one.

    Args:
        client: asks the session service.
        session_id: of the session.
        after: the id of the turn that the client has seen last: it gets what came after it. None: it gets
            what comes from now on.

    When the session ends or the gateway stops, the stream ends.

    Raises:
        ProblemError: there is no such session.
        ChassisError: Kafka or the session service does not answer.

    """
    async with client.live.watching(session_id) as live:
        view = await _query(client, session_id, after)
        seen = after
        if after is None:
            answered = (each.turn_id for each in view.conversation_history if each.role == "assistant")
            seen = max(enumerate(answered), default=(0, None))[1]
            view = view.model_copy(update={"conversation_history": ()})
        yield KEEPALIVE_COMMENT
        ends_at = time.monotonic() + LONGEST_SECONDS
        while True:
            new = view.conversation_history
            replaces = any(each.replaces for each in new)  # the message came before
            whole = (await _query(client, session_id, None)).conversation_history if replaces else new
            for answer in answers_in(session_id, new, whole):
                seen = answer.turn.turn_id
                yield format_sse_event(event="message.completed", id=seen, data_str=answer.model_dump_json())
            if not view.is_active or time.monotonic() > ends_at:
                return
            event = await next_event(live.get(), client.stopping)
            if client.stopping.is_set():
                return
            if event is None:
                yield KEEPALIVE_COMMENT
            elif event.type == "chat.failed":
                failed = read(event, ChatFailed)
                body = bytes(problem(failed.code, failed.detail, {"turn_id": failed.turn_id}).body)
                yield format_sse_event(event="error", data_str=body.decode())
            try:
                view = await _query(client, session_id, seen)
            except ChassisError as error:  # the next query gets what is new
                log.warning("session not queried", session=session_id, error=repr(error), again=True)
                view = view.model_copy(update={"conversation_history": ()})


def answers_in(
    session_id: str, history: Iterable[HistoryEntry], whole: Iterable[HistoryEntry]
) -> Iterable[ChatAnswer]:
    """Yield the answers of a history as a chat gives them, each with the message that it answers.

    `whole`: the history that has these messages.
    """
    said: dict[str, str] = {}
    for entry in whole:
        if entry.role == "user":
            said[entry.turn_id] = entry.content
        elif entry.replaces:
            said[entry.turn_id] = said.get(entry.replaces, "")
    for entry in history:
        if entry.role == "user":
            continue
        turn = TurnAnswer(
            turn_id=entry.turn_id,
            message=said.get(entry.turn_id, ""),
            language=entry.language or "ko",
            strategy_ids=entry.strategy_ids,
            answered_at=entry.timestamp,
            replaces=entry.replaces,
        )
        yield ChatAnswer(
            session_id=session_id, answer=entry.content, provider=entry.provider or "computed", turn=turn
        )


async def _query(client: ServiceClient, session_id: str, after: str | None) -> SessionView:
    return read(await client.query(SessionQueried(session_id=session_id, after=after)), SessionView)

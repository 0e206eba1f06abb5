"""The turns of a conversation: as they are answered, and cancelled."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Header
from fastapi.responses import Response
from fastapi.sse import EventSourceResponse
from pydantic import TypeAdapter, ValidationError

from backchat_contracts import ChatCancelRequested, Id, TurnView
from services.gateway.documentation import (
    ASKING,
    PENDING,
    Examples,
    examples_of,
    problem_responses,
    response,
    streams,
)
from services.gateway.event_stream import resumed
from services.gateway.problems import KINDS, as_body
from services.gateway.response_models import ProblemDetails
from services.gateway.routes.chat import answers_as_examples
from services.gateway.routes.responses import as_sent, pending
from services.gateway.routes.sessions import PREFIX, SessionId, TurnId
from services.gateway.service_client import ServiceClient
from services.gateway.session_stream import follow

_TURN_ID: Final = TypeAdapter[str](Id)


def routes(client: ServiceClient) -> APIRouter:
    router = APIRouter(prefix=PREFIX, tags=["chat"])

    error = {"no-data": ProblemDetails(**as_body("no-data", KINDS["no-data"].title))}
    events: dict[str, Examples[Any]] = {
        "message.completed": answers_as_examples(),
        "error": Examples(ProblemDetails, error),
    }

    @router.get(
        "/session/{session_id}/events",
        response_class=Response,
        responses={200: streams(events, ids=True), **problem_responses(*ASKING, "session-not-found")},
    )
    async def follow_session(
        session_id: SessionId, last_event_id: Annotated[str | None, Header(max_length=200)] = None
    ) -> Response:
        """Stream the answers of a session as they come, also those that no message asked for.

        The end of a backtest that the chat started is one of these. A client that connects again with
        `Last-Event-ID` gets what came after that answer. The stream ends with the session.
        """
        answers = follow(client, session_id, _sent_id(last_event_id))
        first = await anext(answers)  # an unknown session is still a plain problem
        return EventSourceResponse(resumed(first, answers))

    @router.post(
        "/session/{session_id}/turns/{turn_id}/cancel",
        response_model=TurnView,
        responses={
            200: response(examples_of(TurnView, "turn.viewed")),
            202: PENDING,
            **problem_responses(*ASKING, "session-not-found", "turn-not-found", "turn-ended"),
        },
    )
    async def cancel_turn(session_id: SessionId, turn_id: TurnId) -> Response:
        """End a turn without an answer; its requester gets 409 `turn-cancelled`.

        What it has done stays done: a backtest that it has started runs on. Cancelling twice is fine.
        """
        reply = await client.command(ChatCancelRequested(session_id=session_id, turn_id=turn_id))
        if reply is None:
            return pending(f"{PREFIX}/session/{session_id}")
        return as_sent(reply)

    return router


def _sent_id(last_event_id: str | None) -> str | None:
    """Return the id of a turn that a client has seen; one that was never sent counts as none."""
    try:
        return _TURN_ID.validate_python(last_event_id) if last_event_id else None
    except ValidationError:
        return None

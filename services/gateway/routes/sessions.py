"""Sessions and chat."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Header, Path, Query
from fastapi.responses import Response
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event
from pydantic import ValidationError

from backchat_contracts import (
    ChatAnswered,
    ChatRequested,
    ChatRestarted,
    ChatStreamed,
    ChatToolCompleted,
    ChatToolStarted,
    Id,
    SessionEndRequested,
    SessionPage,
    SessionQueried,
    SessionRequested,
    SessionView,
)
from services.chassis.errors import ChassisError
from services.chassis.messaging.envelope import Delivery
from services.gateway.documentation import (
    ASKING,
    LATE,
    LOCATION,
    PENDING,
    WITH_BODY,
    Examples,
    examples_of,
    problem_responses,
    request_body,
    response,
    streams,
)
from services.gateway.problems import KINDS, ProblemError, as_body, problem
from services.gateway.request_models import ChatBody, IdempotencyKey, SessionBody, SessionsQuery
from services.gateway.response_models import (
    ChatAnswer,
    ChatDelta,
    ChatReset,
    ProblemDetails,
    SessionAnswer,
    TurnAnswer,
)
from services.gateway.routes.responses import as_json, as_sent, pending
from services.gateway.service_client import ServiceClient, derived_id, read

PREFIX = "/api/v1/chatops-advanced"
KEEPALIVE_SECONDS = 15.0
AGAIN_SECONDS = 0.5
PLAIN_SECONDS = 0.2
"""How long the headers of a stream wait for its first event: a refusal until then is a plain problem."""

T = TypeVar("T")

SessionId = Annotated[Id, Path(description="As `session/create` returned it.")]


def routes(client: ServiceClient) -> APIRouter:
    router = APIRouter(prefix=PREFIX, tags=["chat"])

    opened = response(examples_of(SessionAnswer, "session.created"), headers=LOCATION)

    @router.post(
        "/session/create",
        status_code=201,
        response_model=SessionAnswer,
        openapi_extra=request_body(examples_of(SessionBody, "session.requested")),
        responses={
            201: opened,
            202: opened | {"description": LATE, "model": SessionAnswer},
            **problem_responses(*WITH_BODY, *ASKING, "request-mismatch"),
        },
    )
    async def create_session(
        user_id: Annotated[Id | None, Query()] = None,
        body: SessionBody | None = None,
        key: IdempotencyKey = None,
    ) -> Response:
        """Open a session. The user is named in the query or in the body; without one it is `system`.

        `auto_run`: its chat starts backtests without asking first.
        """
        user = (body and body.user_id) or user_id or "system"
        session_id = derived_id(f"{PREFIX}/session/create", key, user)
        auto_run = body is not None and body.auto_run
        request = SessionRequested(session_id=session_id, user_id=user, auto_run=auto_run)
        reply = await client.command(request)
        status = HTTPStatus.ACCEPTED if reply is None else HTTPStatus.CREATED
        location = {"Location": f"{PREFIX}/session/{session_id}"}
        return as_json(SessionAnswer(session_id=session_id), status, location)

    given = answers_as_examples()
    error = {"no-data": ProblemDetails(**as_body("no-data", KINDS["no-data"].title))}
    events: dict[str, Examples[Any]] = {
        "message.delta": examples_of(ChatDelta, "chat.streamed"),
        "message.reset": examples_of(ChatReset, "chat.restarted"),
        "tool.started": examples_of(ChatToolStarted, "chat.tool-started"),
        "tool.completed": examples_of(ChatToolCompleted, "chat.tool-completed"),
        "message.completed": given,
        "error": Examples(ProblemDetails, error),
    }
    refused = (
        "session-not-found",
        "session-ended",
        "conversation-full",
        "turn-in-progress",
        "turn-cancelled",
        "budget-exceeded",
    )

    @router.post(
        "/session/{session_id}/chat",
        response_model=ChatAnswer,
        openapi_extra=request_body(examples_of(ChatBody, "chat.requested")),
        responses={
            200: {"content": response(given)["content"] | streams(events, ids=False)["content"]},
            202: PENDING,
            **problem_responses(*WITH_BODY, *ASKING, *refused, "request-mismatch", "no-data"),
        },
    )
    async def chat(
        session_id: SessionId,
        body: ChatBody,
        accept: Annotated[str, Header()] = "",
        key: IdempotencyKey = None,
    ) -> Response:
        """Send a message and get its answer; with `Accept: text/event-stream`, as it is written."""
        streamed = "text/event-stream" in accept
        request = ChatRequested(
            turn_id=derived_id(f"{PREFIX}/session/{session_id}/chat", key),
            session_id=session_id,
            message=body.message,
            language=body.language,
            stream=streamed,
        )
        wait = client.settings.chat_timeout_seconds
        if streamed:
            replies = _until_answered(lambda: _begun(client.stream(request)), request, wait)
            return EventSourceResponse(_events(await _soon_begun(replies), body.message))
        reply = await _until_answered(lambda: client.command(request, wait), request, wait)
        if reply is None:
            return pending(f"{PREFIX}/session/{session_id}")
        return as_json(_answer(read(reply, ChatAnswered), body.message))

    @router.get(
        "/session/{session_id}",
        response_model=SessionView,
        responses={
            200: response(examples_of(SessionView, "session.viewed")),
            **problem_responses(*ASKING, "session-not-found"),
        },
    )
    async def get_session(session_id: SessionId) -> Response:
        """Show a session with its messages and answers."""
        return as_sent(await client.query(SessionQueried(session_id=session_id)))

    @router.delete(
        "/session/{session_id}",
        status_code=204,
        responses={202: PENDING, **problem_responses(*ASKING, "session-not-found")},
    )
    async def end_session(session_id: SessionId) -> Response:
        """End a session; its history stays readable until it expires."""
        reply = await client.command(SessionEndRequested(session_id=session_id))
        if reply is None:
            return pending(f"{PREFIX}/session/{session_id}")
        return Response(status_code=HTTPStatus.NO_CONTENT)

    @router.get(
        "/sessions",
        response_model=SessionPage,
        responses={
            200: response(examples_of(SessionPage, "session.listed")),
            **problem_responses(*ASKING, "bad-cursor"),
        },
    )
    async def list_sessions(query: Annotated[SessionsQuery, Query()]) -> Response:
        """List a user's active sessions, the newest first."""
        return as_sent(
            await client.query(SessionQueried(user_id=query.user_id, limit=query.limit, cursor=query.cursor))
        )

    return router


Begun = asyncio.Future[tuple[AsyncGenerator[Delivery], Delivery]]


async def _soon_begun(replies: Awaitable[tuple[AsyncGenerator[Delivery], Delivery]]) -> Begun:
    """Wait a moment for the first reply. Raises what refuses the request until then: a plain problem."""
    begun = asyncio.ensure_future(replies)
    try:
        if (await asyncio.wait({begun}, timeout=PLAIN_SECONDS))[0]:
            begun.result()
    except asyncio.CancelledError:
        begun.cancel()
        raise
    return begun


async def _begun(replies: AsyncGenerator[Delivery]) -> tuple[AsyncGenerator[Delivery], Delivery]:
    """Wait for the first reply."""
    return replies, await anext(replies)


async def _until_answered(send: Callable[[], Awaitable[T]], request: ChatRequested, seconds: float) -> T:
    """Send a message; one that is repeated while it is being answered gets the same answer.

    The service replies only to the first request, so a repeated one is sent again until the answer is stored.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            return await send()
        except ProblemError as error:
            ours = error.code == "turn-in-progress" and error.extra.get("turn_id") == request.turn_id
            if not ours or time.monotonic() > deadline:
                raise
        await asyncio.sleep(AGAIN_SECONDS)


def answers_as_examples() -> Examples[ChatAnswer]:
    """Return answers with the messages that they answer, of the same scenarios."""
    asked, answered = (
        examples_of(ChatBody, "chat.requested").values,
        examples_of(ChatAnswered, "chat.answered").values,
    )
    given = {name: _answer(answered[name], asked[name].message) for name in asked.keys() & answered.keys()}
    return Examples(ChatAnswer, given)


def _answer(answered: ChatAnswered, message: str) -> ChatAnswer:
    turn = TurnAnswer(
        turn_id=answered.turn_id,
        message=message,
        language=answered.language,
        strategy_ids=answered.strategy_ids,
        answered_at=answered.answered_at,
    )
    return ChatAnswer(
        session_id=answered.session_id, answer=answered.answer, provider=answered.provider, turn=turn
    )


async def _events(begun: Begun, message: str) -> AsyncIterator[bytes]:
    """Yield the events of an answer as it is written, then one with the whole and valid text; or one `error`.

    A comment is sent at once where the first one takes long, and in every pause.
    """
    waiting: asyncio.Future[Any] = begun
    replies: AsyncGenerator[Delivery] | None = None
    try:
        if not begun.done():
            yield KEEPALIVE_COMMENT
        while not (await asyncio.wait({begun}, timeout=KEEPALIVE_SECONDS))[0]:
            yield KEEPALIVE_COMMENT
        replies, reply = await begun
        while event := _event_of(reply):
            yield event
            waiting = asyncio.ensure_future(anext(replies))
            while not (await asyncio.wait({waiting}, timeout=KEEPALIVE_SECONDS))[0]:
                yield KEEPALIVE_COMMENT
            reply = await waiting
        answer = _answer(read(reply, ChatAnswered), message)
        yield format_sse_event(event="message.completed", data_str=answer.model_dump_json())
    except ProblemError as error:
        yield _error(error.code, error.detail)
    except (ChassisError, ValidationError):
        yield _error("service-unavailable", "the answer broke off; ask again")
    finally:
        if not waiting.done():  # the client has disconnected
            waiting.cancel()
            await asyncio.wait({waiting})
        if replies is None and begun.done() and not (begun.cancelled() or begun.exception()):
            replies, _ = begun.result()
        if replies is not None:
            await replies.aclose()


def _event_of(reply: Delivery) -> bytes | None:
    """Write what happens to an answer before it is complete; None: it is something else."""
    match reply.type:
        case "chat.streamed":
            piece = read(reply, ChatStreamed)
            delta = ChatDelta(turn_id=piece.turn_id, index=piece.index, delta=piece.delta)
            return format_sse_event(event="message.delta", data_str=delta.model_dump_json())
        case "chat.restarted":
            reset = ChatReset(turn_id=read(reply, ChatRestarted).turn_id)
            return format_sse_event(event="message.reset", data_str=reset.model_dump_json())
        case "chat.tool-started":
            return format_sse_event(event="tool.started", data_str=reply.value.decode())
        case "chat.tool-completed":
            return format_sse_event(event="tool.completed", data_str=reply.value.decode())
    return None


def _error(code: str, detail: str) -> bytes:
    return format_sse_event(event="error", data_str=bytes(problem(code, detail).body).decode())

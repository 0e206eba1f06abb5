"""Messages and their answers: at once, or as they are written."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header
from fastapi.responses import Response
from fastapi.sse import EventSourceResponse

from backchat_contracts import (
    ChatAnswered,
    ChatRegenerateRequested,
    ChatRequested,
    ChatToolCompleted,
    ChatToolStarted,
    SessionForkRequested,
)
from services.gateway.chat_stream import Seen, Writer, answer_of, events, soon_begun
from services.gateway.documentation import (
    ASKING,
    LOCATION,
    PENDING,
    WITH_BODY,
    Examples,
    Responses,
    examples_of,
    problem_responses,
    request_body,
    response,
    streams,
)
from services.gateway.problems import KINDS, ProblemError, as_body, naming
from services.gateway.request_models import ChatBody, ForkBody, IdempotencyKey
from services.gateway.response_models import ChatAnswer, ChatDelta, ChatReset, ProblemDetails, SessionAnswer
from services.gateway.routes.responses import as_json, pending
from services.gateway.routes.sessions import PREFIX, SessionId, TurnId
from services.gateway.service_client import ServiceClient, derived_id, read

LastEventId = Annotated[
    str | None,
    Header(
        max_length=200,
        description="Of the last event of a stream that broke off: with the same `Idempotency-Key` and body, "
        "it goes on after that, through any gateway.",
    ),
]
REFUSED: Final = (
    "session-not-found",
    "session-ended",
    "conversation-full",
    "turn-in-progress",
    "turn-cancelled",
    "budget-exceeded",
)


def routes(client: ServiceClient) -> APIRouter:
    router = APIRouter(prefix=PREFIX, tags=["chat"])

    @router.post(
        "/session/{session_id}/chat",
        response_model=ChatAnswer,
        openapi_extra=request_body(examples_of(ChatBody, "chat.requested")),
        responses={
            **as_answered(),
            **problem_responses(*WITH_BODY, *ASKING, *REFUSED, "request-mismatch", "no-data"),
        },
    )
    async def chat(
        session_id: SessionId,
        body: ChatBody,
        accept: Annotated[str, Header()] = "",
        key: IdempotencyKey = None,
        last_event_id: LastEventId = None,
    ) -> Response:
        """Send a message and get its answer; with `Accept: text/event-stream`, as it is written.

        A client that leaves does not stop it: with the same key, it gets the answer later.
        """
        request = ChatRequested(
            turn_id=derived_id(f"{PREFIX}/session/{session_id}/chat", key),
            session_id=session_id,
            message=body.message,
            language=body.language,
            stream="text/event-stream" in accept,
        )
        _check_resumed(last_event_id, key)
        return await answered(client, request, body.message, last_event_id)

    again_path = "/session/{session_id}/turns/{turn_id}/regenerate"

    @router.post(
        again_path,
        response_model=ChatAnswer,
        responses={
            **as_answered(),
            **problem_responses(
                *ASKING,
                *REFUSED,
                *("turn-not-found", "not-last-turn", "turn-acted", "request-mismatch", "no-data"),
            ),
        },
    )
    async def regenerate(
        session_id: SessionId,
        turn_id: TurnId,
        accept: Annotated[str, Header()] = "",
        key: IdempotencyKey = None,
        last_event_id: LastEventId = None,
    ) -> Response:
        """Answer the message of a session's last turn again; streamed as the chat is.

        The answer before stays in the history, and the new one `replaces` it. A turn that has started or
        cancelled a backtest is refused: what was done is not done again.
        """
        path = again_path.format(session_id=session_id, turn_id=turn_id)
        request = ChatRegenerateRequested(
            turn_id=derived_id(f"{PREFIX}{path}", key),
            session_id=session_id,
            replaces=turn_id,
            stream="text/event-stream" in accept,
        )
        _check_resumed(last_event_id, key)
        return await answered(client, request, "", last_event_id)

    fork_path = "/session/{session_id}/turns/{turn_id}/fork"
    opened = response(examples_of(SessionAnswer, "session.created", "forked"), headers=LOCATION)

    @router.post(
        fork_path,
        response_model=ChatAnswer,
        openapi_extra=request_body(FORKS),
        responses={
            **as_answered(),
            201: opened | {"description": "Without a message: the new session.", "model": SessionAnswer},
            **problem_responses(
                *WITH_BODY, *ASKING, *REFUSED, "turn-not-found", "request-mismatch", "no-data"
            ),
        },
    )
    async def fork(
        session_id: SessionId,
        turn_id: TurnId,
        body: ForkBody,
        accept: Annotated[str, Header()] = "",
        key: IdempotencyKey = None,
        last_event_id: LastEventId = None,
    ) -> Response:
        """Open a session with what was said before a turn, and say something else there.

        The answer is that of the chat, in the new session. Nothing is proposed there any more, and no
        backtest is started twice.
        """
        _check_resumed(last_event_id, key)
        fork_id = derived_id(f"{PREFIX}{fork_path.format(session_id=session_id, turn_id=turn_id)}", key)
        made = await client.command(
            SessionForkRequested(session_id=session_id, turn_id=turn_id, fork_id=fork_id, title=body.title)
        )
        where = f"{PREFIX}/session/{fork_id}"
        if made is None:
            return pending(where)
        if body.message is None:
            return as_json(SessionAnswer(session_id=fork_id), HTTPStatus.CREATED, {"Location": where})
        request = ChatRequested(
            turn_id=derived_id(f"{where}/chat", key),
            session_id=fork_id,
            message=body.message,
            language=body.language,
            stream="text/event-stream" in accept,
        )
        return await answered(client, request, body.message, last_event_id)

    return router


FORKS: Final = Examples(
    ForkBody,
    {
        "another-question": ForkBody(message="그 전략의 소르티노 비율은?"),
        "only-the-session": ForkBody(title="What if by Sharpe ratio?"),
    },
)


def _check_resumed(last_event_id: str | None, key: str | None) -> None:
    """Refuse to go on with a stream whose request can't be told from a new one."""
    if last_event_id is not None and key is None:
        detail = "Last-Event-ID needs the Idempotency-Key of the request whose stream broke off"
        raise ProblemError("invalid-request", detail)


async def answered(
    client: ServiceClient,
    request: ChatRequested | ChatRegenerateRequested,
    message: str,
    last_event_id: str | None,
) -> Response:
    """Answer a request for an answer, as a whole or as a stream. Its problems name the session."""
    session_id = request.session_id
    if request.stream:
        if last_event_id == request.turn_id:
            return Response(status_code=HTTPStatus.NO_CONTENT)
        with naming(session_id=session_id):
            begun = await soon_begun(client.stream(request))
        writer = Writer(request.turn_id, message, Seen.read(last_event_id))
        return EventSourceResponse(events(begun, writer, session_id=session_id))
    with naming(session_id=session_id):
        reply = await client.command(request, client.settings.chat_timeout_seconds)
    if reply is None:
        return pending(f"{PREFIX}/session/{session_id}")
    return as_json(answer_of(read(reply, ChatAnswered), message))


def as_answered() -> Responses:
    """Return the responses of a request for an answer."""
    given = answers_as_examples()
    error = {"no-data": ProblemDetails(**as_body("no-data", KINDS["no-data"].title))}
    told: Mapping[str, Examples[Any]] = {
        "message.delta": examples_of(ChatDelta, "chat.streamed"),
        "message.reset": examples_of(ChatReset, "chat.restarted"),
        "tool.started": examples_of(ChatToolStarted, "chat.tool-started"),
        "tool.completed": examples_of(ChatToolCompleted, "chat.tool-completed"),
        "message.completed": given,
        "error": Examples(ProblemDetails, error),
    }
    return {
        200: {"content": response(given)["content"] | streams(told, ids=True)["content"]},
        202: PENDING,
        204: {"description": "The client has seen all of the answer: that is what `Last-Event-ID` says."},
    }


def answers_as_examples() -> Examples[ChatAnswer]:
    """Return answers with the messages that they answer, of the same scenarios or their own."""
    asked, answers = (
        examples_of(ChatBody, "chat.requested").values,
        examples_of(ChatAnswered, "chat.answered").values,
    )
    said = {name: asked[name].message if name in asked else answers[name].message for name in answers}
    given = {name: answer_of(answers[name], message) for name, message in said.items() if message}
    return Examples(ChatAnswer, given)

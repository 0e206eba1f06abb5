"""Sessions."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from backchat_contracts import (
    Id,
    SessionEndRequested,
    SessionPage,
    SessionQueried,
    SessionRenameRequested,
    SessionRequested,
    SessionView,
)
from services.gateway.documentation import (
    ASKING,
    LATE,
    LOCATION,
    PENDING,
    WITH_BODY,
    examples_of,
    problem_responses,
    request_body,
    response,
)
from services.gateway.request_models import IdempotencyKey, SessionBody, SessionsQuery, TitleBody
from services.gateway.response_models import SessionAnswer, SessionTitle
from services.gateway.routes.responses import as_json, as_sent, pending
from services.gateway.service_client import ServiceClient, derived_id

PREFIX = "/api/v1/chatops-advanced"
SessionId = Annotated[Id, Path(description="As `session/create` returned it.")]
TurnId = Annotated[Id, Path(description="As the stream of an answer, or the session, shows it.")]


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

    @router.patch(
        "/session/{session_id}",
        response_model=SessionTitle,
        openapi_extra=request_body(examples_of(TitleBody, "session.rename-requested")),
        responses={
            200: response(examples_of(SessionTitle, "session.renamed")),
            202: PENDING,
            **problem_responses(*WITH_BODY, *ASKING, "session-not-found"),
        },
    )
    async def rename_session(session_id: SessionId, body: TitleBody) -> Response:
        """Give a session another title than that of its first message."""
        reply = await client.command(SessionRenameRequested(session_id=session_id, title=body.title))
        if reply is None:
            return pending(f"{PREFIX}/session/{session_id}")
        return as_sent(reply)

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

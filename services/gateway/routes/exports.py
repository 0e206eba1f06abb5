"""Conversations, to read or to keep elsewhere: sessions expire."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from backchat_contracts import SessionQueried, SessionView
from services.gateway.documentation import ASKING, also_as, examples_of, problem_responses, response
from services.gateway.routes.sessions import PREFIX, SessionId
from services.gateway.service_client import ServiceClient, read
from services.gateway.transcripts import markdown_of


def routes(client: ServiceClient) -> APIRouter:
    router = APIRouter(prefix=PREFIX, tags=["chat"])

    shown = examples_of(SessionView, "session.viewed")
    written = {name: markdown_of(session) for name, session in shown.values.items()}

    @router.get(
        "/session/{session_id}/export",
        response_model=SessionView,
        responses={
            200: also_as("text/markdown", response(shown), written),
            **problem_responses(*ASKING, "session-not-found"),
        },
    )
    async def export_session(
        session_id: SessionId,
        form: Annotated[Literal["markdown", "json"], Query(alias="format")] = "markdown",
    ) -> Response:
        """Download a session with all that was said."""
        reply = await client.query(SessionQueried(session_id=session_id))
        if form == "json":
            return Response(reply.value, media_type="application/json", headers=_attached("json"))
        text = markdown_of(read(reply, SessionView))
        return Response(text, media_type="text/markdown", headers=_attached("md"))

    return router


def _attached(ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="conversation.{ending}"'}

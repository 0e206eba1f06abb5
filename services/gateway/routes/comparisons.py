"""Strategies side by side."""

from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import Response

from backchat_contracts import ComparisonRequested, ComparisonView
from backchat_contracts.comparisons import SummaryMode
from services.chassis.language import preferred_language
from services.gateway.bodies import CompareBody
from services.gateway.desk import Desk, new_id
from services.gateway.routes.responses import as_sent

AcceptLanguage = Annotated[str | None, Header()]


def routes(desk: Desk) -> APIRouter:
    router = APIRouter(prefix="/api/v1/chatops-advanced/strategies", tags=["compare"])

    async def compared(body: CompareBody, accept_language: str | None, summary: SummaryMode) -> Response:
        language = body.language or preferred_language(accept_language, desk.settings.default_language)
        request = ComparisonRequested(
            comparison_id=new_id(),
            strategy_ids=body.strategy_ids,
            query=body.query,
            language=language,
            summary=summary,
        )
        wait = desk.settings.chat_timeout_seconds if summary == "auto" else None  # a model may write it
        return as_sent(await desk.query(request, wait))

    @router.post("/compare", response_model=ComparisonView)
    async def compare(body: CompareBody, accept_language: AcceptLanguage = None) -> Response:
        """Compare strategies by their latest completed backtests; `summary` answers the query."""
        return await compared(body, accept_language, "auto")

    @router.post("/compare/debug", response_model=ComparisonView)
    async def compare_debug(body: CompareBody, accept_language: AcceptLanguage = None) -> Response:
        """Return the data that a comparison stands on; no language model is asked, there is no summary."""
        return await compared(body, accept_language, "none")

    return router

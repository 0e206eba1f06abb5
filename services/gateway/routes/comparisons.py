"""Strategies side by side."""

from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import Response

from backchat_contracts import ComparisonCompleted, ComparisonRequested
from backchat_contracts.comparisons import SummaryMode
from services.chassis.language import preferred_language
from services.gateway.answers import CompareAnswer, CompareDataAnswer
from services.gateway.bodies import CompareBody
from services.gateway.desk import Desk, new_id, read
from services.gateway.routes.responses import as_json

AcceptLanguage = Annotated[str | None, Header()]


def routes(desk: Desk) -> APIRouter:
    router = APIRouter(prefix="/api/v1/chatops-advanced/strategies", tags=["compare"])

    async def compared(
        body: CompareBody, accept_language: str | None, summary: SummaryMode
    ) -> ComparisonCompleted:
        language = body.language or preferred_language(accept_language, desk.settings.default_language)
        request = ComparisonRequested(
            comparison_id=new_id(),
            strategy_ids=body.strategy_ids,
            query=body.query,
            language=language,
            summary=summary,
        )
        return read(await desk.query(request), ComparisonCompleted)

    @router.post("/compare", response_model=CompareAnswer)
    async def compare(body: CompareBody, accept_language: AcceptLanguage = None) -> Response:
        """Compare strategies by their latest completed backtests; `summary` answers the query."""
        completed = await compared(body, accept_language, "auto")
        return as_json(
            CompareAnswer(
                query=completed.query,
                strategies_data=completed.strategies_data,
                total_strategies=completed.total_strategies,
                summary=completed.summary,
            )
        )

    @router.post("/compare/debug", response_model=CompareDataAnswer)
    async def compare_debug(body: CompareBody, accept_language: AcceptLanguage = None) -> Response:
        """Return the data that a comparison stands on; no language model is asked."""
        completed = await compared(body, accept_language, "none")
        return as_json(
            CompareDataAnswer(
                query=completed.query,
                strategies_data=completed.strategies_data,
                total_strategies=completed.total_strategies,
            )
        )

    return router

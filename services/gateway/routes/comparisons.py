"""Strategies side by side."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query
from fastapi.responses import Response

from backchat_contracts import ComparisonQueried, ComparisonRequested, ComparisonView, Id, PairPage
from backchat_contracts.comparisons import SummaryMode
from services.gateway.documentation import (
    ASKING,
    WITH_BODY,
    examples_of,
    problem_responses,
    request_body,
    response,
)
from services.gateway.request_models import CompareBody, IdempotencyKey, PageQuery
from services.gateway.routes.responses import as_sent
from services.gateway.service_client import ServiceClient, derived_id
from services.language.detection import preferred_language

PREFIX = "/api/v1/chatops-advanced/strategies"
STORED = "/api/v1/comparisons"

ComparisonId = Annotated[Id, Path()]

AcceptLanguage = Annotated[str | None, Header()]


def routes(client: ServiceClient) -> APIRouter:
    router = APIRouter(tags=["compare"])

    async def compared(
        body: CompareBody, accept_language: str | None, summary: SummaryMode, key: str | None = None
    ) -> Response:
        language = body.language or preferred_language(accept_language, client.settings.default_language)
        request = ComparisonRequested(
            comparison_id=derived_id(f"{PREFIX}/compare", key),
            strategy_ids=body.strategy_ids,
            backtest_ids=body.backtest_ids,
            query=body.query,
            window=body.window,
            language=language,
            summary=summary,
        )
        wait = client.settings.chat_timeout_seconds if summary == "auto" else None  # a model may write it
        return as_sent(await client.query(request, wait))

    scenarios = ("two-strategies-by-drawdown", "beside-the-benchmark", "in-a-window", "one-strategy-unknown")
    body = request_body(examples_of(CompareBody, "comparison.requested", *scenarios))
    refused = problem_responses(*WITH_BODY, *ASKING, "request-mismatch")

    @router.post(
        f"{PREFIX}/compare",
        response_model=ComparisonView,
        openapi_extra=body,
        responses={200: response(examples_of(ComparisonView, "comparison.viewed", *scenarios)), **refused},
    )
    async def compare(
        body: CompareBody, accept_language: AcceptLanguage = None, key: IdempotencyKey = None
    ) -> Response:
        """Compare strategies by the backtests that stand for them; `summary` answers the query."""
        return await compared(body, accept_language, "auto", key)

    data_only = examples_of(ComparisonView, "comparison.viewed", "data-only-with-no-completed-backtest")

    @router.post(
        f"{PREFIX}/compare/debug",
        response_model=ComparisonView,
        openapi_extra=body,
        responses={
            200: response(data_only),
            **problem_responses(*WITH_BODY, *ASKING, "too-many-comparisons"),
        },
    )
    async def compare_debug(body: CompareBody, accept_language: AcceptLanguage = None) -> Response:
        """Return the data of a comparison, without a summary; no language model is asked."""
        return await compared(body, accept_language, "none")

    missing = problem_responses(*ASKING, "comparison-not-found")

    @router.get(
        f"{STORED}/{{comparison_id}}",
        response_model=ComparisonView,
        responses={200: response(examples_of(ComparisonView, "comparison.viewed", *scenarios)), **missing},
    )
    async def get_comparison(comparison_id: ComparisonId) -> Response:
        """Show a comparison that was completed; they are kept for 30 days, or as long as is set."""
        return as_sent(await client.query(ComparisonQueried(comparison_id=comparison_id)))

    @router.get(
        f"{STORED}/{{comparison_id}}/pairs",
        response_model=PairPage,
        responses={
            200: response(examples_of(PairPage, "comparison-pair.listed")),
            **missing,
            **problem_responses("too-many-comparisons", "series-unavailable", "bad-cursor"),
        },
    )
    async def list_pairs(comparison_id: ComparisonId, query: Annotated[PageQuery, Query()]) -> Response:
        """List all pairs of a comparison with their statistics."""
        asked = ComparisonQueried(
            comparison_id=comparison_id, pairs=True, limit=query.limit, cursor=query.cursor
        )
        return as_sent(await client.query(asked))

    return router

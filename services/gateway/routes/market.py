"""The market: instruments with prices, and the report on the files that they come from."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from backchat_contracts import InstrumentPage, InstrumentQueried, MarketReport
from services.gateway.documentation import ASKING, examples_of, problem_responses, response
from services.gateway.request_models import InstrumentsQuery
from services.gateway.routes.responses import as_sent
from services.gateway.service_client import ServiceClient


def routes(client: ServiceClient) -> APIRouter:
    router = APIRouter(prefix="/api/v1/market", tags=["market"])

    @router.get(
        "/instruments",
        response_model=InstrumentPage,
        responses={
            200: response(examples_of(InstrumentPage, "instrument.listed")),
            **problem_responses(*ASKING, "bad-cursor"),
        },
    )
    async def list_instruments(query: Annotated[InstrumentsQuery, Query()]) -> Response:
        """List the instruments that have prices, by symbol: days, source, currency, warnings."""
        asked = InstrumentQueried(search=query.query, limit=query.limit, cursor=query.cursor)
        return as_sent(await client.query(asked))

    @router.get(
        "/report",
        response_model=MarketReport,
        responses={
            200: response(examples_of(MarketReport, "market-report.viewed")),
            **problem_responses(*ASKING),
        },
    )
    async def report() -> Response:
        """Say what is wrong in the files of prices, where, and what would be right."""
        return as_sent(await client.query(InstrumentQueried(report=True)))

    return router

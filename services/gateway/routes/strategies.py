"""The catalogue of strategies."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from backchat_contracts import (
    Id,
    StrategyDeleteRequested,
    StrategyPage,
    StrategyQueried,
    StrategySaveRequested,
    StrategyTypes,
    StrategyView,
    strategy_id,
)
from services.gateway.documentation import (
    ASKED,
    LATE,
    LOCATION,
    WITH_BODY,
    answers,
    late,
    problems,
    sends,
    shown,
)
from services.gateway.request_models import IdempotencyKey, PageQuery, StrategyBody
from services.gateway.response_models import PendingAnswer
from services.gateway.routes.responses import as_json, as_sent
from services.gateway.service_client import ServiceClient, derived_id

PATH = "/api/v1/strategies"

StrategyId = Annotated[Id, Path(description="As the catalogue lists it.")]


def routes(client: ServiceClient) -> APIRouter:
    router = APIRouter(prefix=PATH, tags=["strategies"])

    one = shown(StrategyView, "strategy.viewed")
    refused = ("strategy-exists", "unknown-strategy-type", "invalid-parameters", "request-mismatch")

    @router.post(
        "",
        status_code=201,
        response_model=StrategyView,
        openapi_extra=sends(shown(StrategyBody, "strategy.save-requested")),
        responses={201: answers(one, headers=LOCATION), 202: LATE, **problems(*WITH_BODY, *ASKED, *refused)},
    )
    async def save_strategy(body: StrategyBody, key: IdempotencyKey = None) -> Response:
        """Add a strategy. Its id comes from its name."""
        fields = {**body.model_dump(), "request_id": derived_id(PATH, key)}
        reply = await client.command(StrategySaveRequested.model_validate(fields))
        location = {"Location": f"{PATH}/{quote(strategy_id(body.name))}"}
        if reply is None:
            return as_json(PendingAnswer(), HTTPStatus.ACCEPTED, location)
        return Response(reply.value, HTTPStatus.CREATED, location, "application/json")

    @router.get(
        "",
        response_model=StrategyPage,
        responses={200: answers(shown(StrategyPage, "strategy.listed")), **problems(*ASKED, "bad-cursor")},
    )
    async def list_strategies(query: Annotated[PageQuery, Query()]) -> Response:
        """List the catalogue, the newest first."""
        return as_sent(await client.query(StrategyQueried(limit=query.limit, cursor=query.cursor)))

    @router.get(  # before the ids: no strategy has this one
        "/types",
        response_model=StrategyTypes,
        responses={200: answers(shown(StrategyTypes, "strategy-type.listed")), **problems(*ASKED)},
    )
    async def list_strategy_types() -> Response:
        """List the strategy types, each with the JSON Schema of its parameters."""
        return as_sent(await client.query(StrategyQueried(types=True)))

    @router.get(
        "/{strategy_id}",
        response_model=StrategyView,
        responses={200: answers(one), **problems(*ASKED, "strategy-not-found")},
    )
    async def get_strategy(strategy_id: StrategyId) -> Response:
        """Show a strategy."""
        return as_sent(await client.query(StrategyQueried(strategy_id=strategy_id)))

    @router.delete(
        "/{strategy_id}",
        status_code=204,
        responses={202: late(), **problems(*ASKED, "strategy-not-found")},
    )
    async def delete_strategy(strategy_id: StrategyId) -> Response:
        """Take a strategy out of the catalogue; its backtests stay."""
        reply = await client.command(StrategyDeleteRequested(strategy_id=strategy_id))
        return Response(status_code=HTTPStatus.ACCEPTED if reply is None else HTTPStatus.NO_CONTENT)

    return router

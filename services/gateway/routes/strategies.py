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
    ASKING,
    LOCATION,
    PENDING,
    WITH_BODY,
    examples_of,
    problem_responses,
    request_body,
    response,
)
from services.gateway.request_models import IdempotencyKey, PageQuery, StrategyBody
from services.gateway.routes.responses import as_sent, pending
from services.gateway.service_client import ServiceClient, derived_id

PATH = "/api/v1/strategies"

StrategyId = Annotated[Id, Path(description="As the catalogue lists it.")]


def routes(client: ServiceClient) -> APIRouter:
    router = APIRouter(prefix=PATH, tags=["strategies"])

    one = examples_of(StrategyView, "strategy.viewed")
    refused = (
        "strategy-exists",
        "unknown-strategy-type",
        "invalid-parameters",
        "too-many-versions",
        "request-mismatch",
    )

    @router.post(
        "",
        status_code=201,
        response_model=StrategyView,
        openapi_extra=request_body(examples_of(StrategyBody, "strategy.save-requested")),
        responses={
            201: response(one, headers=LOCATION),
            202: PENDING,
            **problem_responses(*WITH_BODY, *ASKING, *refused),
        },
    )
    async def save_strategy(body: StrategyBody, key: IdempotencyKey = None) -> Response:
        """Add a strategy. Its id comes from its name."""
        fields = {**body.model_dump(), "request_id": derived_id(PATH, key)}
        reply = await client.command(StrategySaveRequested.model_validate(fields))
        location = f"{PATH}/{quote(strategy_id(body.name))}"
        if reply is None:
            return pending(location)
        return Response(reply.value, HTTPStatus.CREATED, {"Location": location}, "application/json")

    @router.get(
        "",
        response_model=StrategyPage,
        responses={
            200: response(examples_of(StrategyPage, "strategy.listed")),
            **problem_responses(*ASKING, "bad-cursor"),
        },
    )
    async def list_strategies(query: Annotated[PageQuery, Query()]) -> Response:
        """List the catalogue, the newest first."""
        return as_sent(await client.query(StrategyQueried(limit=query.limit, cursor=query.cursor)))

    @router.get(  # before the ids: no strategy has this one
        "/types",
        response_model=StrategyTypes,
        responses={
            200: response(examples_of(StrategyTypes, "strategy-type.listed")),
            **problem_responses(*ASKING),
        },
    )
    async def list_strategy_types() -> Response:
        """List the strategy types, each with the JSON Schema of its parameters."""
        return as_sent(await client.query(StrategyQueried(types=True)))

    @router.get(
        "/{strategy_id}",
        response_model=StrategyView,
        responses={200: response(one), **problem_responses(*ASKING, "strategy-not-found")},
    )
    async def get_strategy(strategy_id: StrategyId) -> Response:
        """Show a strategy."""
        return as_sent(await client.query(StrategyQueried(strategy_id=strategy_id)))

    @router.delete(
        "/{strategy_id}",
        status_code=204,
        responses={202: PENDING, **problem_responses(*ASKING, "strategy-not-found")},
    )
    async def delete_strategy(strategy_id: StrategyId) -> Response:
        """Take a strategy out of the catalogue; its backtests stay."""
        reply = await client.command(StrategyDeleteRequested(strategy_id=strategy_id))
        if reply is None:
            return pending(f"{PATH}/{quote(strategy_id)}")
        return Response(status_code=HTTPStatus.NO_CONTENT)

    return router

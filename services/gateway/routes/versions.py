"""The versions of a strategy, and the backtest that stands for it."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import Response

from backchat_contracts import (
    StrategyQueried,
    StrategyStandingRequested,
    StrategyVersionPage,
    StrategyVersionRequested,
    StrategyView,
)
from services.gateway.documentation import (
    ASKING,
    PENDING,
    WITH_BODY,
    examples_of,
    problem_responses,
    request_body,
    response,
)
from services.gateway.request_models import PageQuery, StandingBody, VersionBody
from services.gateway.routes.responses import as_sent, pending
from services.gateway.routes.strategies import PATH, StrategyId
from services.gateway.service_client import ServiceClient


def routes(client: ServiceClient) -> APIRouter:
    router = APIRouter(prefix=PATH, tags=["strategies"])

    one = examples_of(StrategyView, "strategy.viewed")

    @router.post(
        "/{strategy_id}/versions",
        response_model=StrategyView,
        openapi_extra=request_body(examples_of(VersionBody, "strategy.version-requested")),
        responses={
            200: response(one),
            202: PENDING,
            **problem_responses(
                *WITH_BODY,
                *ASKING,
                "strategy-not-found",
                "unknown-strategy-type",
                "invalid-parameters",
                "too-many-versions",
            ),
        },
    )
    async def add_version(strategy_id: StrategyId, body: VersionBody) -> Response:
        """Make a type with parameters the current version; it is added if it is new.

        The same definition is the same version: a request may be sent again.
        """
        request = StrategyVersionRequested(
            strategy_id=strategy_id, type=body.type, parameters=body.parameters
        )
        reply = await client.command(request)
        return as_sent(reply) if reply else pending(f"{PATH}/{quote(strategy_id)}")

    @router.get(
        "/{strategy_id}/versions",
        response_model=StrategyVersionPage,
        responses={
            200: response(examples_of(StrategyVersionPage, "strategy-version.listed")),
            **problem_responses(*ASKING, "strategy-not-found", "bad-cursor"),
        },
    )
    async def list_versions(strategy_id: StrategyId, query: Annotated[PageQuery, Query()]) -> Response:
        """List the versions of a strategy, the newest first."""
        wanted = StrategyQueried(
            strategy_id=strategy_id, versions=True, limit=query.limit, cursor=query.cursor
        )
        return as_sent(await client.query(wanted))

    standing_problems = problem_responses(*ASKING, "strategy-not-found")

    @router.put(
        "/{strategy_id}/standing",
        response_model=StrategyView,
        openapi_extra=request_body(examples_of(StandingBody, "strategy.standing-requested")),
        responses={
            200: response(one),
            202: PENDING,
            **standing_problems,
            **problem_responses(*WITH_BODY, "backtest-not-found", "other-strategy", "result-not-ready"),
        },
    )
    async def choose_standing(strategy_id: StrategyId, body: StandingBody) -> Response:
        """Let a completed backtest stand for its strategy in comparisons, instead of the latest one."""
        return await _stand(strategy_id, body.backtest_id)

    @router.delete(
        "/{strategy_id}/standing",
        response_model=StrategyView,
        responses={200: response(one), 202: PENDING, **standing_problems},
    )
    async def unset_standing(strategy_id: StrategyId) -> Response:
        """Let the latest completed backtest stand for a strategy again."""
        return await _stand(strategy_id, None)

    async def _stand(strategy_id: str, backtest_id: str | None) -> Response:
        reply = await client.command(
            StrategyStandingRequested(strategy_id=strategy_id, backtest_id=backtest_id)
        )
        return as_sent(reply) if reply else pending(f"{PATH}/{quote(strategy_id)}")

    return router

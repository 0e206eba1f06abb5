"""Backtests: triggered, watched, read."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query
from fastapi.responses import Response
from fastapi.sse import EventSourceResponse

from backchat_contracts import (
    BacktestAccepted,
    BacktestCancelRequested,
    BacktestEstimate,
    BacktestEstimateQueried,
    BacktestPage,
    BacktestProgressed,
    BacktestQueried,
    BacktestRequested,
    BacktestView,
    Id,
    strategy_id,
)
from services.gateway.documentation import (
    ASKING,
    LOCATION,
    PENDING,
    WITH_BODY,
    Examples,
    examples_of,
    problem_responses,
    request_body,
    response,
    streams,
)
from services.gateway.event_stream import Seen, follow, resumed
from services.gateway.request_models import BacktestsQuery, IdempotencyKey, TriggerBody
from services.gateway.response_models import TriggerAnswer
from services.gateway.routes.responses import as_json, as_sent, pending
from services.gateway.service_client import ServiceClient, derived_id, read

PATH = "/api/v1/backtests"
TRIGGER = "/api/v1/chatops-advanced/backtest/trigger"

BacktestId = Annotated[Id, Path(description="As the trigger returned it.")]


def routes(client: ServiceClient) -> APIRouter:
    router = APIRouter(tags=["backtests"])

    viewed = "backtest.viewed"
    refused = (
        "unknown-strategy-type",
        "invalid-parameters",
        "outside-coverage",
        "mixed-currencies",
        "too-many-versions",
        "request-mismatch",
    )

    @router.post(
        TRIGGER,
        status_code=202,
        response_model=TriggerAnswer,
        openapi_extra=request_body(examples_of(TriggerBody, "backtest.requested")),
        responses={
            202: response(examples_of(TriggerAnswer, "backtest.accepted"), headers=LOCATION),
            **problem_responses(*WITH_BODY, *ASKING, *refused),
        },
    )
    async def trigger(body: TriggerBody, key: IdempotencyKey = None) -> Response:
        """Run a backtest in the background; the address in `Location` shows how it is going."""
        backtest_id = derived_id(TRIGGER, key, body.user_id)
        request = BacktestRequested(
            backtest_id=backtest_id,
            strategy_config=body.strategy_config,
            user_id=body.user_id,
            priority=body.priority,
            fresh=body.fresh,
            trigger_reason=body.trigger_reason,
            generate_report=body.generate_report,
            notify_on_completion=body.notify_on_completion,
        )
        reply = await client.command(request)
        accepted = read(reply, BacktestAccepted) if reply else None
        return as_json(
            TriggerAnswer(
                backtest_id=backtest_id,
                estimated_duration_seconds=accepted and accepted.estimated_duration_seconds,
                strategy_id=strategy_id(body.strategy_config.name),
                version=accepted and accepted.version,
            ),
            HTTPStatus.ACCEPTED,
            {"Location": f"{PATH}/{backtest_id}"},
        )

    @router.post(
        f"{PATH}/{{backtest_id}}/cancel",
        response_model=BacktestView,
        responses={
            200: response(examples_of(BacktestView, viewed, "cancelled")),
            202: PENDING,
            **problem_responses(*ASKING, "backtest-not-found", "backtest-ended"),
        },
    )
    async def cancel_backtest(backtest_id: BacktestId) -> Response:
        """End a backtest that waits or runs. Cancelling twice is fine; 409 where it has ended otherwise."""
        reply = await client.command(BacktestCancelRequested(backtest_id=backtest_id))
        if reply is None:
            return pending(f"{PATH}/{backtest_id}")
        return as_sent(reply)

    @router.get(
        PATH,
        response_model=BacktestPage,
        responses={
            200: response(examples_of(BacktestPage, "backtest.listed")),
            **problem_responses(*ASKING, "bad-cursor"),
        },
    )
    async def list_backtests(query: Annotated[BacktestsQuery, Query()]) -> Response:
        """List backtests, the newest first: all, or those that have what the query names."""
        return as_sent(await client.query(BacktestQueried.model_validate(query.model_dump())))

    @router.post(
        f"{PATH}/estimate",
        response_model=BacktestEstimate,
        openapi_extra=request_body(examples_of(TriggerBody, "backtest.requested")),
        responses={
            200: response(examples_of(BacktestEstimate, "backtest-estimate.viewed")),
            **problem_responses(
                *WITH_BODY,
                *ASKING,
                *("unknown-strategy-type", "invalid-parameters", "outside-coverage", "mixed-currencies"),
            ),
        },
    )
    async def estimate_backtest(body: TriggerBody) -> Response:
        """Tell what the trigger would run with this body, all defaults filled in, and when it would be done.

        Nothing is stored and nothing is run.
        """
        query = BacktestEstimateQueried(
            strategy_config=body.strategy_config, user_id=body.user_id, priority=body.priority
        )
        return as_sent(await client.query(query))

    @router.get(
        f"{PATH}/{{backtest_id}}",
        response_model=BacktestView,
        responses={
            200: response(examples_of(BacktestView, viewed)),
            **problem_responses(*ASKING, "backtest-not-found"),
        },
    )
    async def get_backtest(backtest_id: BacktestId) -> Response:
        """Show a backtest; once it is completed, with its performance."""
        return as_sent(await client.query(BacktestQueried(backtest_id=backtest_id)))

    events: dict[str, Examples[Any]] = {
        "progress": examples_of(BacktestProgressed, "backtest.progressed", "half-way"),
        "status": examples_of(BacktestView, viewed, "completed"),
    }

    @router.get(
        f"{PATH}/{{backtest_id}}/events",
        response_class=Response,
        responses={
            200: streams(events, ids=True),
            204: {"description": "The backtest has ended, and the client has seen all."},
            **problem_responses(*ASKING, "backtest-not-found"),
        },
    )
    async def follow_backtest(
        backtest_id: BacktestId, last_event_id: Annotated[str | None, Header()] = None
    ) -> Response:
        """Stream a backtest's life: `status` events with what GET shows, and `progress` while it runs long.

        The stream ends with the backtest. A client that connects again with `Last-Event-ID` gets what is new,
        or 204 if there is nothing.
        """
        seen = Seen.read(last_event_id)
        events = follow(client, backtest_id, seen)
        first = await anext(events, None)  # an unknown backtest is still a plain problem
        if first is None:
            return Response(status_code=HTTPStatus.NO_CONTENT)
        return EventSourceResponse(resumed(first, events))

    return router

"""Backtests: triggered, watched, read."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from backchat_contracts import (
    BacktestAccepted,
    BacktestPage,
    BacktestQueried,
    BacktestRequested,
    BacktestResultView,
    BacktestView,
    Id,
)
from services.gateway.answers import TriggerAnswer
from services.gateway.bodies import BacktestsQuery, TriggerBody
from services.gateway.desk import Desk, new_id, read
from services.gateway.routes.responses import as_json, as_sent

BacktestId = Annotated[Id, Path(description="As the trigger returned it.")]


def routes(desk: Desk) -> APIRouter:
    router = APIRouter(tags=["backtests"])

    @router.post("/api/v1/chatops-advanced/backtest/trigger", status_code=202, response_model=TriggerAnswer)
    async def trigger(body: TriggerBody) -> Response:
        """Run a backtest in the background; the address in `Location` shows how it is going."""
        backtest_id = new_id()
        request = BacktestRequested(
            backtest_id=backtest_id,
            strategy_config=body.strategy_config,
            user_id=body.user_id,
            trigger_reason=body.trigger_reason,
            generate_report=body.generate_report,
            notify_on_completion=body.notify_on_completion,
        )
        reply = await desk.command(request)
        seconds = read(reply, BacktestAccepted).estimated_duration_seconds if reply else None
        return as_json(
            TriggerAnswer(backtest_id=backtest_id, estimated_duration_seconds=seconds),
            HTTPStatus.ACCEPTED,
            {"Location": f"/api/v1/backtests/{backtest_id}"},
        )

    @router.get("/api/v1/backtests", response_model=BacktestPage)
    async def list_backtests(query: Annotated[BacktestsQuery, Query()]) -> Response:
        """List backtests, the newest first."""
        return as_sent(
            await desk.query(BacktestQueried(status=query.status, limit=query.limit, cursor=query.cursor))
        )

    @router.get("/api/v1/backtests/{backtest_id}", response_model=BacktestView)
    async def get_backtest(backtest_id: BacktestId) -> Response:
        """Show a backtest; once it is completed, with its performance."""
        return as_sent(await desk.query(BacktestQueried(backtest_id=backtest_id)))

    @router.get("/api/v1/backtests/{backtest_id}/result", response_model=BacktestResultView)
    async def get_result(backtest_id: BacktestId) -> Response:
        """Show a completed backtest's equity curve and trades."""
        return as_sent(await desk.query(BacktestQueried(backtest_id=backtest_id, include_result=True)))

    return router

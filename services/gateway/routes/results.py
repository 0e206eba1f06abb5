"""The results of backtests: as JSON, and as tables."""

import asyncio
from typing import Annotated, get_args

from fastapi import APIRouter, Header, Query
from fastapi.responses import Response

from backchat_contracts import (
    BacktestQueried,
    BacktestResultView,
    BacktestVerification,
    BacktestVerificationRequested,
)
from services.gateway.csv_tables import Part, csv_of, wants_csv
from services.gateway.documentation import ASKING, ETAG, also_as, examples_of, problem_responses, response
from services.gateway.problems import ProblemError
from services.gateway.routes.backtests import PATH, BacktestId
from services.gateway.routes.responses import as_sent, unchanging
from services.gateway.service_client import ServiceClient


def routes(client: ServiceClient) -> APIRouter:
    router = APIRouter(tags=["backtests"])

    writing = asyncio.Lock()
    results = examples_of(BacktestResultView, "backtest.result-viewed")
    shown = next(iter(results.values.values())).model_dump_json().encode()
    tables = {part: csv_of(shown, part).decode() for part in get_args(Part)}

    @router.get(
        f"{PATH}/{{backtest_id}}/result",
        response_model=BacktestResultView,
        responses={
            200: also_as("text/csv", response(results, headers=ETAG), tables),
            304: {"description": "It is what `If-None-Match` names.", "headers": ETAG},
            **problem_responses(*ASKING, "backtest-not-found", "result-not-ready", "trades-not-kept"),
        },
    )
    async def get_result(
        backtest_id: BacktestId,
        part: Annotated[Part | None, Query(description="Of the CSV: `equity` without it.")] = None,
        accept: Annotated[str | None, Header()] = None,
        if_none_match: Annotated[str | None, Header()] = None,
    ) -> Response:
        """Show a completed backtest's curves, trades and tear sheet. They never change: send the `ETag` back.

        With `Accept: text/csv` it is a table of the days or, with `part=trades`, of the trades.
        """
        as_csv = wants_csv(accept)
        if part and not as_csv:
            raise ProblemError("invalid-request", "part is of the CSV only: send `Accept: text/csv` with it")
        reply = await client.query(BacktestQueried(backtest_id=backtest_id, include_result=True))
        if not as_csv:
            return unchanging(reply.value, "application/json", if_none_match)
        table = part or "equity"
        async with writing:  # one at a time: the largest takes more than a hundred megabytes
            body = await asyncio.to_thread(csv_of, reply.value, table)
        named = {"Content-Disposition": f'attachment; filename="{table}.csv"'}
        return unchanging(body, "text/csv", if_none_match, named)

    @router.post(
        f"{PATH}/{{backtest_id}}/verify",
        response_model=BacktestVerification,
        responses={
            200: response(examples_of(BacktestVerification, "backtest-verification.viewed")),
            **problem_responses(
                *ASKING, "backtest-not-found", "result-not-ready", "not-repeated", "too-many-verifications"
            ),
        },
    )
    async def verify_backtest(backtest_id: BacktestId) -> Response:
        """Run a completed backtest again, and say whether the result is the same, or what differs."""
        timeout = client.settings.verification_timeout_seconds
        return as_sent(await client.query(BacktestVerificationRequested(backtest_id=backtest_id), timeout))

    return router

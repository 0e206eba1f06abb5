"""Backtests being run: claimed, brought to an end, told about."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog

from backchat_contracts import (
    BacktestCompleted,
    BacktestConfig,
    BacktestFailed,
    BacktestStarted,
    Event,
    Performance,
)
from services.backtest.domain.planning import estimate_seconds
from services.backtest.errors import JobError
from services.backtest.ports import BacktestStore, Engine
from services.backtest.views import about
from services.chassis.lease import Claim, Workers
from services.chassis.mongo import Document

log = structlog.get_logger()

REMEMBERED = 50


class Runner:
    """Runs one claimed backtest to its end; `completed` or `failed`, nothing else."""

    def __init__(
        self,
        backtests: BacktestStore,
        engine: Engine,
        durations: "Durations",
        attempts: int,
        clock: Callable[[], datetime],
    ) -> None:
        self._backtests = backtests
        self._engine = engine
        self._durations = durations
        self._attempts = attempts
        self._clock = clock

    def started(self, document: Document, attempt: int) -> tuple[Mapping[str, Any], Sequence[Event]]:
        """Return what a claim changes in a backtest, and the event of it."""
        if attempt > self._attempts:
            return {}, ()  # it will not run again, only be ended
        started_at = self._clock()
        event = BacktestStarted(**about(document), attempt=attempt, started_at=started_at)
        return {"status": "running", "started_at": started_at}, [event]

    async def run(self, claim: Claim) -> None:
        if claim.fence > self._attempts:
            detail = f"given up: {self._attempts} attempts ended without a result"
            return await self._fail(claim, JobError("poison", detail))
        try:
            result = await self._engine.run(claim.document["config"])
        except JobError as error:
            return await self._fail(claim, error)
        return await self._complete(claim, result)

    async def _complete(self, claim: Claim, result: Document) -> None:
        document = claim.document
        completed_at = self._clock()
        seconds = (completed_at - document["started_at"]).total_seconds()
        # The fence is part of the result's id: a worker that lost its claim can't overwrite the holder's.
        result_id = f"{claim.job_id}:{claim.fence}"
        performance = result.pop("performance")
        await self._backtests.keep_result({"_id": result_id, **result})
        completed = BacktestCompleted(
            **about(document),
            config=BacktestConfig(**document["config"]),
            performance=Performance(**performance),
            user_id=document["user_id"],
            duration_seconds=seconds,
            generate_report=document["generate_report"],
            notify_on_completion=document["notify_on_completion"],
            completed_at=completed_at,
        )
        fields = {
            "status": "completed",
            "completed_at": completed_at,
            "duration_seconds": seconds,
            "performance": performance,
            "result_id": result_id,
        }
        if await self._backtests.end(document, fields, [completed]):
            self._durations.remember(seconds)
        else:
            log.warning("late result refused", backtest=claim.job_id, fence=claim.fence)

    async def _fail(self, claim: Claim, error: JobError) -> None:
        document = claim.document
        failed_at = self._clock()
        failed = BacktestFailed(
            **about(document),
            code=error.code,
            detail=str(error),
            user_id=document["user_id"],
            notify_on_completion=document["notify_on_completion"],
            failed_at=failed_at,
        )
        problem = {"code": error.code, "detail": str(error)}
        await self._backtests.end(
            document, {"status": "failed", "completed_at": failed_at, "error": problem}, [failed]
        )
        log.warning("backtest failed", backtest=claim.job_id, **problem)


class Durations:
    """How long the last backtests took."""

    def __init__(self, seconds: Sequence[float] = ()) -> None:
        self._seconds = deque(seconds, maxlen=REMEMBERED)

    def remember(self, seconds: float) -> None:
        self._seconds.append(seconds)

    def estimate(self, ahead: int, workers: int) -> float:
        return estimate_seconds(self._seconds, ahead, workers)


class Pool:
    """The workers as the handlers see them."""

    def __init__(self, workers: Workers, durations: Durations, slots: int) -> None:
        self._workers = workers
        self._durations = durations
        self._slots = slots

    def announce(self, backtest_id: str) -> None:
        self._workers.announce(backtest_id)

    def estimate_seconds(self) -> float:
        return self._durations.estimate(self._workers.backlog, self._slots)

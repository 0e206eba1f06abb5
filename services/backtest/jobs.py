"""Backtests being run: claimed, brought to an end, told about."""

from collections import deque
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import structlog

from backchat_contracts import BacktestProgressed, BacktestStarted, Event
from services.backtest.admission import outcome_of
from services.backtest.domain.fair_queue import FairQueue
from services.backtest.domain.planning import estimate_seconds
from services.backtest.errors import JobError
from services.backtest.followers import Followers
from services.backtest.ports import REVOKED, BacktestStore, Clock, Engine, Report
from services.backtest.progress import Stage
from services.backtest.views import about, completed_event, failed_event
from services.chassis.jobs.queue import ASLEEP, Claim, due_rank
from services.chassis.jobs.workers import Ending, Workers
from services.chassis.messaging.envelope import origin_of
from services.chassis.messaging.publishing import PublishUnconfirmed
from services.chassis.storage.mongo import Document

log = structlog.get_logger()

REMEMBERED = 50
AHEAD_SECONDS = 0.1
MOST_AHEAD = 32


class Runner:
    """Brings a claimed backtest to its end: `completed`, `failed`, or back to wait."""

    def __init__(
        self,
        backtests: BacktestStore,
        engine: Engine,
        durations: "Durations",
        followers: Followers,
        attempts: int,
        tell: PublishUnconfirmed,
        clock: Clock,
    ) -> None:
        self._backtests = backtests
        self._engine = engine
        self._durations = durations
        self._followers = followers
        self._attempts = attempts
        self._tell = tell
        self._clock = clock

    def started(self, document: Document, attempt: int) -> tuple[Mapping[str, Any], Sequence[Event]]:
        """Return what a claim changes in a backtest, and the event of it."""
        if attempt > self._attempts or "attached_to" in document or document["status"] == REVOKED:
            return {}, ()  # it will not run now, only be ended, put back or forgotten
        started_at = self._clock()
        event = BacktestStarted(**about(document), attempt=attempt, started_at=started_at)
        return {"status": "running", "started_at": started_at, "progress": None}, [event]

    async def run(self, claim: Claim) -> Ending:
        """Do the work of a claimed backtest, and return what is left: to write what came of it."""
        document = claim.document
        if document["status"] == REVOKED:
            return partial(self._backtests.forget, document)
        if "attached_to" in document:
            return partial(self._follow, document)
        if claim.attempt > self._attempts:
            detail = f"given up: {self._attempts} attempts ended without a result"
            return partial(self._fail, document, JobError("poison", detail))
        try:
            result, seconds = await self._engine.run(document["config"], self._reporter(claim))
        except JobError as error:
            return partial(self._fail, document, error)
        return partial(self._complete, claim, result, seconds)

    async def _complete(self, claim: Claim, result: Document, seconds: float) -> None:
        now = self._clock()
        # The fence is part of the result's id: a worker that lost its claim can't overwrite the holder's.
        result_id = f"{claim.job_id}:{claim.fence}"
        performance = result.pop("performance")
        fields = {
            "status": "completed",
            "completed_at": now,
            "duration_seconds": (now - claim.document["started_at"]).total_seconds(),
            "run_seconds": seconds,
            "performance": performance,
            "result_id": result_id,
        }
        ended = {**claim.document, **fields}
        events = [completed_event(ended)]
        if await self._backtests.end(claim.document, fields, events, {"_id": result_id, **result}):
            self._durations.remember(seconds)
            await self._followers.ended(claim.job_id)
        else:
            log.warning("late result refused", backtest=claim.job_id, fence=claim.fence)

    async def _fail(self, document: Document, error: JobError) -> None:
        problem = {"code": error.code, "detail": str(error)}
        fields = {"status": "failed", "completed_at": self._clock(), "error": problem}
        if await self._backtests.end(document, fields, [failed_event({**document, **fields})]):
            log.warning("backtest failed", backtest=document["_id"], **problem)
            await self._followers.ended(document["_id"])

    async def _follow(self, document: Document) -> None:
        """Do with a follower what its leader's end asks for."""
        leader = await self._backtests.get(document["attached_to"])
        if leader and leader["status"] == "completed":
            fields = outcome_of(leader, self._clock())
            await self._backtests.end(document, fields, [completed_event({**document, **fields})])
        elif leader and leader["status"] == "failed":
            await self._fail(document, JobError(**leader["error"]))
        elif leader and leader["status"] in {"pending", "running"}:
            await self._backtests.put(document, {"rank": ASLEEP, "attempt": 0})
        else:  # it was cancelled: this one runs itself
            fields = {"rank": due_rank(self._clock()), "attempt": 0}
            await self._backtests.put(document, fields, gone=["attached_to"])

    def _reporter(self, claim: Claim) -> Report:
        document, began = claim.document, self._clock()

        async def report(stage: Stage) -> None:
            now = self._clock()
            elapsed = (now - began).total_seconds()
            eta = elapsed * (1.0 - stage.fraction) / stage.fraction if stage.fraction else None
            progress = {"fraction": stage.fraction, "stage": stage.name, "eta_seconds": eta}
            claim.notes["progress"] = {**progress, "progressed_at": now}
            event = BacktestProgressed(
                **about(document), attempt=claim.attempt, **progress, progressed_at=now
            )
            await self._tell(event, origin_of(document), document["sequence"])

        return report


class Durations:
    """How long the last backtests took in their worker processes."""

    def __init__(self, seconds: Sequence[float] = ()) -> None:
        self._seconds = deque(seconds, maxlen=REMEMBERED)

    def remember(self, seconds: float) -> None:
        self._seconds.append(seconds)

    def estimate(self, ahead: int, workers: int) -> float:
        return estimate_seconds(self._seconds, ahead, workers)

    def at_once(self, processes: int, busy_seconds: float = 0.0) -> int:
        """Tell how many backtests to claim at once.

        One per process, and of short ones so many more that claims and ends can share the database's calls,
        but never more than a moment's work: what is claimed can't be overtaken. When no process has become
        free for so long, the work is not as short as it was.
        """
        moment = AHEAD_SECONDS - busy_seconds
        return processes * max(1, min(MOST_AHEAD, int(moment / self.estimate(0, 1))))


class Pool:
    """The workers as the handlers see them."""

    def __init__(self, workers: Workers, fair_queue: FairQueue, durations: Durations, processes: int) -> None:
        self._workers = workers
        self._fair_queue = fair_queue
        self._durations = durations
        self._processes = processes

    def place(self, user_id: str, priority: str) -> float:
        return self._fair_queue.place(user_id, priority)

    def leave(self, user_id: str, priority: str, rank: float) -> None:
        self._fair_queue.leave(user_id, priority, rank)

    def announce(self, backtest_id: str, rank: float) -> None:
        self._workers.announce(backtest_id, rank)

    def drop(self, backtest_id: str) -> None:
        self._workers.drop(backtest_id)

    def estimate_seconds(self, rank: float) -> float:
        return self._durations.estimate(self._workers.ahead_of(rank), self._processes)

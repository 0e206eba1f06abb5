"""Runs claimed backtests: starts them, publishes their progress, ends them."""

from contextlib import suppress
from functools import partial

import structlog

from backchat_contracts import UNDER_WAY, Problem, Progress
from services.backtest.domain.acceptance import CancelledEarly, Entry
from services.backtest.domain.backtest import Backtest
from services.backtest.domain.change import Change
from services.backtest.errors import JobError
from services.backtest.followers import Followers
from services.backtest.output import Output
from services.backtest.ports import BacktestStore, Clock, Engine, PublishUnconfirmed, Report
from services.backtest.previous_runs import PreviousRuns
from services.backtest.progress import Stage
from services.backtest.workload import Durations
from services.chassis.errors import StaleError
from services.chassis.jobs.queue import Claim
from services.chassis.jobs.rank import Asleep, Due
from services.chassis.jobs.workers import Ending
from services.chassis.stored import Stored

log = structlog.get_logger()


class Runner:
    """Runs a claimed backtest and ends it, or puts it back to be claimed again."""

    def __init__(
        self,
        backtests: BacktestStore,
        engine: Engine,
        durations: Durations,
        followers: Followers,
        previous: PreviousRuns,
        attempts: int,
        publish: PublishUnconfirmed,
        clock: Clock,
    ) -> None:
        self._backtests = backtests
        self._engine = engine
        self._durations = durations
        self._followers = followers
        self._previous = previous
        self._attempts = attempts
        self._publish = publish
        self._clock = clock

    def start(self, entry: Entry, attempt: int) -> Change[Entry]:
        """Return how a claim changes an entry: it starts, unless it is only to be ended or put back."""
        if isinstance(entry, CancelledEarly) or entry.follows or attempt > self._attempts:
            return Change(entry)
        return entry.start(attempt, self._clock())

    async def run(self, claim: Claim[Entry]) -> Ending:
        """Run a claimed backtest, and return how to store its outcome."""
        read = claim.job.of(Backtest)
        if read is None:  # an early cancellation whose backtest did not come
            return partial(self._backtests.forget, claim.job)
        if read.state.follows:
            return partial(self._follow, read, read.state.follows)
        if claim.attempt > self._attempts:
            detail = f"given up: {self._attempts} attempts ended without a result"
            return partial(self._fail, read, Problem(code="poison", detail=detail))
        try:
            output, seconds = await self._engine.run(read.state.spec.config, self._reporter(claim, read))
        except JobError as error:
            return partial(self._fail, read, Problem(code=error.code, detail=str(error)))
        # The fence is part of the result's id: a worker that lost its claim can't overwrite the holder's.
        return partial(self._complete, read, output, f"{claim.job_id}:{claim.fence}", seconds)

    async def _complete(self, read: Stored[Backtest], output: Output, result_id: str, seconds: float) -> None:
        spec = read.state.spec
        warnings = (*output.warnings, *await self._previous.warnings(spec))
        completed = read.state.complete(
            output.performance, result_id, seconds, self._clock(), warnings, output.provenance
        )
        try:
            await self._backtests.end(read, completed, output.result)
        except StaleError:
            log.warning("late result refused", backtest=read.id, result=result_id)
            return
        self._previous.completed(spec)
        self._durations.remember(seconds)
        await self._followers.ended(read.id)

    async def _fail(self, read: Stored[Backtest], error: Problem) -> None:
        with suppress(StaleError):  # it was cancelled, or another worker has claimed it
            await self._backtests.end(read, read.state.fail(error, self._clock()))
            log.warning("backtest failed", backtest=read.id, code=error.code, detail=error.detail)
            await self._followers.ended(read.id)

    async def _follow(self, read: Stored[Backtest], leader_id: str) -> None:
        """End a follower as its leader has ended; if that was cancelled, let the follower run itself."""
        stored = await self._backtests.get(leader_id)
        found = stored.of(Backtest) if stored else None
        leader, now = found.state if found else None, self._clock()
        with suppress(StaleError):  # it was cancelled, or another worker has claimed it
            if leader and leader.status == "completed" and leader.leads:
                changed = await self._previous.warnings(read.state.spec)
                await self._backtests.end(read, read.state.reuse(leader, now, changed))
                self._previous.completed(read.state.spec)
            elif leader and leader.error:
                await self._fail(read, leader.error)
            elif leader and leader.status in UNDER_WAY:
                await self._backtests.requeue(read, Change(read.state), Asleep())
            else:  # it was cancelled, or ran on other prices than when it was accepted
                await self._backtests.requeue(read, read.state.detach(), Due(now))

    def _reporter(self, claim: Claim[Entry], read: Stored[Backtest]) -> Report:
        began = self._clock()

        async def report(stage: Stage) -> None:
            now = self._clock()
            elapsed = (now - began).total_seconds()
            eta = elapsed * (1.0 - stage.fraction) / stage.fraction if stage.fraction else None
            progress = Progress(fraction=stage.fraction, stage=stage.name, eta_seconds=eta, progressed_at=now)
            claim.note = progress
            event = read.state.progressed(claim.attempt, progress)
            await self._publish(event, read.origin, read.sequence)

        return report

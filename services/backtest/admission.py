"""Accepts backtests: into the queue, as the follower of an equal one, or with the result of one."""

from contextlib import suppress
from dataclasses import dataclass

from backchat_contracts import UNDER_WAY, BacktestAccepted, Priority
from services.backtest.domain.acceptance import (
    CancelledEarly,
    accept,
    accept_following,
    accept_reusing,
    accepted_event,
)
from services.backtest.domain.backtest import Backtest, Specification
from services.backtest.followers import Followers
from services.backtest.ports import BacktestStore, Clock, Workload
from services.backtest.previous_runs import PreviousRuns
from services.chassis.errors import ExistsError, RequestMismatchError, StaleError
from services.chassis.messaging.envelope import Origin
from services.chassis.stored import Stored

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Admitted:
    """A backtest that was accepted, now or before (`again`), and when it was estimated to be done."""

    backtest: Backtest
    estimated_seconds: float
    again: bool = False

    @property
    def event(self) -> BacktestAccepted:
        return accepted_event(self.backtest, self.estimated_seconds)


class Admission:
    """Accepts what is specified. The same id again is the same backtest."""

    def __init__(
        self,
        backtests: BacktestStore,
        followers: Followers,
        previous: PreviousRuns,
        workload: Workload,
        clock: Clock,
    ) -> None:
        self._backtests = backtests
        self._followers = followers
        self._previous = previous
        self._workload = workload
        self._clock = clock

    async def admit(self, spec: Specification, origin: Origin, *, fresh: bool) -> Admitted:
        """Store a backtest, or find it.

        Raises:
            RequestMismatchError: there is another backtest of this id.
            StaleError: equal ones came and went in every round.

        """
        for _ in range(ROUNDS):
            with suppress(ExistsError):
                return await self._queue(spec, origin, leads=not fresh)
            with suppress(ExistsError, StaleError):  # another request was faster: look again
                if admitted := await self._join(spec, origin):
                    return admitted
        raise StaleError(spec.id)

    async def accepted(self, backtest_id: str) -> Backtest | None:
        """Return the backtest of this id, if it was accepted before."""
        stored = await self._backtests.get(backtest_id)
        backtest = stored.of(Backtest) if stored else None
        return backtest.state if backtest else None

    def estimate_seconds(self, user_id: str, priority: Priority) -> float:
        """Estimate in how many seconds a backtest that is accepted now would be done."""
        rank = self._workload.rank(user_id, priority)
        self._workload.take_back(user_id, priority, rank)
        return self._workload.estimate_seconds(rank)

    async def _queue(self, spec: Specification, origin: Origin, *, leads: bool) -> Admitted:
        rank = self._workload.rank(spec.user_id, spec.priority)
        seconds = self._workload.estimate_seconds(rank)
        accepted = accept(spec, rank, seconds, leads=leads)
        try:
            await self._backtests.add(accepted, origin)
        except ExistsError:
            self._workload.take_back(spec.user_id, spec.priority, rank)
            raise
        self._workload.announce(spec.id, rank)
        return Admitted(accepted.state, seconds)

    async def _join(self, spec: Specification, origin: Origin) -> Admitted | None:
        """Accept it by what is stored under its id, or as equal to its leader; None: that is gone by now."""
        if stored := await self._backtests.get(spec.id):
            if backtest := stored.of(Backtest):
                return self._again(spec, backtest.state)
            cancellation = stored.of(CancelledEarly)
            return await self._cancelled(spec, cancellation, origin) if cancellation else None
        if leader := await self._backtests.leader(spec.work):
            join = self._follow if leader.state.status in UNDER_WAY else self._reuse
            return await join(spec, leader.state, origin)
        return None

    def _again(self, spec: Specification, backtest: Backtest) -> Admitted:
        """Return what was accepted the first time."""
        if backtest.spec.request != spec.request:
            raise RequestMismatchError(spec.id)
        under_way = backtest.status in UNDER_WAY
        seconds = self._workload.estimate_seconds(backtest.queue_rank) if under_way else 0.0
        return Admitted(backtest, seconds, again=True)

    async def _cancelled(
        self, spec: Specification, cancellation: Stored[CancelledEarly], origin: Origin
    ) -> Admitted:
        accepted = cancellation.state.accept(spec, self._clock())
        await self._backtests.accept_cancelled(cancellation, accepted, origin)
        return Admitted(accepted.state, 0.0)

    async def _reuse(self, spec: Specification, leader: Backtest, origin: Origin) -> Admitted:
        changed = await self._previous.warnings(spec)
        accepted = accept_reusing(spec, leader, self._clock(), changed)
        await self._backtests.add(accepted, origin)
        self._previous.completed(spec)
        return Admitted(accepted.state, 0.0)

    async def _follow(self, spec: Specification, leader: Backtest, origin: Origin) -> Admitted:
        """Accept it as a follower. One that is more urgent than its leader moves that forward."""
        seconds = self._workload.estimate_seconds(await self._hastened(leader, spec))
        accepted = accept_following(spec, leader, seconds)
        self._followers.note(leader.id)
        await self._backtests.add(accepted, origin)
        return Admitted(accepted.state, seconds)

    async def _hastened(self, leader: Backtest, spec: Specification) -> float | None:
        """Return the rank of a leader in the queue, moved forward to its follower's where that is less."""
        if leader.queue_rank is None:
            return None
        wanted = self._workload.rank(spec.user_id, spec.priority)
        self._workload.take_back(spec.user_id, spec.priority, wanted)
        if wanted >= leader.queue_rank:
            return leader.queue_rank
        try:
            await self._backtests.hasten(leader.id, wanted)
        except StaleError:
            return leader.queue_rank
        self._workload.announce(leader.id, wanted)
        return wanted

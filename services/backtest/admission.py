"""How a backtest gets in: on its own, beside an equal one that is under way, or with the result of one."""

from dataclasses import asdict, dataclass
from datetime import datetime
from math import inf

from backchat_contracts import BacktestAccepted
from services.backtest.followers import Followers
from services.backtest.ports import REVOKED, BacktestStore, Clock, Workload
from services.backtest.views import cancelled_event, completed_event, view_config
from services.chassis.errors import RequestMismatchError, StaleError
from services.chassis.jobs.queue import ASLEEP, in_line
from services.chassis.messaging.envelope import Origin
from services.chassis.storage.mongo import Document

ROUNDS = 5
NEXT = -inf
"""The rank of what does not wait in line any more."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A backtest as it is stored now, when it was estimated to be done, and whether it was there before."""

    document: Document
    estimated_seconds: float
    again: bool = False

    @property
    def event(self) -> BacktestAccepted:
        document = self.document
        return BacktestAccepted(
            backtest_id=document["_id"],
            strategy_id=document["strategy_id"],
            strategy_name=document["strategy_name"],
            config=view_config(document),
            user_id=document["user_id"],
            priority=document["priority"],
            estimated_duration_seconds=self.estimated_seconds,
            accepted_at=document["created_at"],
        )


class Admission:
    """Takes in what is planned. The same id again is the same backtest."""

    def __init__(
        self, backtests: BacktestStore, followers: Followers, workload: Workload, clock: Clock
    ) -> None:
        self._backtests = backtests
        self._followers = followers
        self._workload = workload
        self._clock = clock

    async def admit(self, planned: Document, origin: Origin, *, fresh: bool) -> Admitted:
        """Store a backtest, or find it.

        Raises:
            RequestMismatchError: there is another backtest of this id.
            StaleError: equal ones came and went faster than we could follow.

        """
        for _ in range(ROUNDS):
            if admitted := await self._alone(planned, origin, fresh=fresh):
                return admitted
            if stored := await self._backtests.get(planned["_id"]):
                if stored["status"] != REVOKED:
                    return self._again(planned, stored)
                if admitted := await self._revoked(planned, stored, origin):
                    return admitted
                continue
            if leader := await self._backtests.leader(planned["work"]):
                join = self._reuse if leader["status"] == "completed" else self._attach
                if admitted := await join(planned, leader, origin):
                    return admitted
        raise StaleError(planned["_id"])

    async def _alone(self, planned: Document, origin: Origin, *, fresh: bool) -> Admitted | None:
        rank = self._workload.place(planned["user_id"], planned["priority"])
        leading = {} if fresh else {"leading": planned["work"]}
        admitted = Admitted(
            {**planned, **leading, "status": "pending", "rank": rank}, self._workload.estimate_seconds(rank)
        )
        if not await self._backtests.add(admitted.document, [admitted.event], origin):
            self._workload.leave(planned["user_id"], planned["priority"], rank)
            return None
        self._workload.announce(planned["_id"], rank)
        return admitted

    def _again(self, planned: Document, stored: Document) -> Admitted:
        """Return what was accepted the first time."""
        if stored["request"] != planned["request"]:
            raise RequestMismatchError(planned["_id"])
        waits = stored["status"] in {"pending", "running"}
        rank = stored["rank"] if in_line(stored) else NEXT
        seconds = self._workload.estimate_seconds(rank) if waits else 0.0
        return Admitted(stored, seconds, again=True)

    async def _revoked(self, planned: Document, place: Document, origin: Origin) -> Admitted | None:
        """Take it in as cancelled, as its cancellation came before it."""
        fields = {**planned, "origin": asdict(origin), "status": "cancelled", "completed_at": self._clock()}
        admitted = Admitted(fields, 0.0)
        events = [admitted.event, cancelled_event(fields)]
        changes = {name: fields[name] for name in fields if name != "_id"}
        return admitted if await self._backtests.end({**place, **fields}, changes, events) else None

    async def _reuse(self, planned: Document, leader: Document, origin: Origin) -> Admitted | None:
        now = self._clock()
        admitted = Admitted({**planned, **outcome_of(leader, now)}, 0.0)
        events = [admitted.event, completed_event(admitted.document)]
        return admitted if await self._backtests.add(admitted.document, events, origin) else None

    async def _attach(self, planned: Document, leader: Document, origin: Origin) -> Admitted | None:
        """Let it wait for the other's end. A more urgent one hastens the other."""
        rank = NEXT
        if in_line(leader):
            rank = leader["rank"]
            wanted = self._workload.place(planned["user_id"], planned["priority"])
            self._workload.leave(planned["user_id"], planned["priority"], wanted)
            if wanted < rank and await self._backtests.hasten(leader["_id"], wanted):
                self._workload.announce(leader["_id"], wanted)
                rank = wanted
        follower = {**planned, "status": "pending", "attached_to": leader["_id"], "rank": ASLEEP}
        admitted = Admitted(follower, self._workload.estimate_seconds(rank))
        self._followers.note(leader["_id"])
        return admitted if await self._backtests.add(follower, [admitted.event], origin) else None


def outcome_of(leader: Document, now: datetime) -> Document:
    """Return what a backtest takes over from the equal one that has completed."""
    taken = {name: leader[name] for name in ("performance", "result_id")}
    return {**taken, "status": "completed", "completed_at": now, "reused_from": leader["_id"]}

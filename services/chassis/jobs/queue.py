"""Work outside the handlers: claimed by compare-and-set, held by a lease, given to one worker at a time.

A job has a `rank`, the smallest first. It is a place in line, or the time when the job is due: because
something is to be done about it then, or because the lease of whoever claimed it runs out. A claim turns the
one into the other. So one index finds what waits and what a dead worker left behind.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from backchat_contracts import Event
from services.chassis.messaging.envelope import origin_of
from services.chassis.storage.aggregates import Aggregates, counters_after
from services.chassis.storage.mongo import ASCENDING, Document, translated

SHORTLIST = 1000
LINE_BEGINS = -1e10
"""Every rank in a line is greater."""
DUE_BEGINS = 2 * LINE_BEGINS
"""From here on, up to the line, ranks are times."""
ASLEEP = 3 * LINE_BEGINS
"""The rank of a job that nobody claims until it gets another."""


class Candidate(NamedTuple):
    """A job that could be claimed; the smallest rank first."""

    rank: float
    job_id: str


def due_rank(at: datetime) -> float:
    """Return the rank of what does not wait in line, but is due at a time: the longest due is first."""
    return DUE_BEGINS + at.timestamp()


def in_line(document: Document) -> bool:
    """Tell whether a job has a place in line."""
    return "rank" in document and document["rank"] > LINE_BEGINS


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that is ours until the lease runs out.

    `fence` grows with every claim of the job and every return: ours is the last. `attempt` counts the claims
    that were used; one that was given back unused does not count. What is put into `notes` is stored at the
    next heartbeat.
    """

    job_id: str
    fence: int
    attempt: int
    document: Document
    notes: dict[str, Any] = field(default_factory=dict)


Started = Callable[[Document, int], tuple[Mapping[str, Any], Sequence[Event]]]


def _nothing(_document: Document, _attempt: int) -> tuple[Mapping[str, Any], Sequence[Event]]:
    return {}, ()


class Queue:
    """The jobs among a collection's aggregates: those with a `rank`.

    Args:
        aggregates: the collection.
        started: what else the claim of a document sets at an attempt, and the events it causes.
        with_line: whether there are jobs in line.

    """

    def __init__(
        self, aggregates: Aggregates, started: Started = _nothing, *, with_line: bool = False
    ) -> None:
        self._aggregates = aggregates
        self._started = started
        self._with_line = with_line

    async def start(self) -> None:
        await self._aggregates.collection.create_index("rank", sparse=True)

    async def candidates(self, now: datetime) -> list[Candidate]:
        """Return what could be claimed, at most `SHORTLIST`: what is due, then the line from its head."""
        due = await self._head({"$gte": DUE_BEGINS, "$lte": due_rank(now)}, SHORTLIST)
        room = SHORTLIST - len(due) if self._with_line else 0
        return due + await self._head({"$gt": LINE_BEGINS}, room)

    async def _head(self, wanted: Document, limit: int) -> list[Candidate]:
        if not limit:
            return []
        with translated():
            cursor = self._aggregates.collection.find({"rank": wanted}, {"rank": 1}).sort("rank", ASCENDING)
            found = await cursor.limit(limit).to_list(limit)
        return [Candidate(document["rank"], document["_id"]) for document in found]

    async def claim(self, job_id: str, now: datetime, until: datetime) -> Claim | None:
        """Take the job if it waits or is due, and nobody else takes it; None otherwise."""
        new = self._aggregates.take_new(job_id)
        if new and (claim := await self._claim(new, now, until)):
            return claim
        document = await self._aggregates.get(job_id)
        return await self._claim(document, now, until) if document else None

    async def _claim(self, document: Document, now: datetime, until: datetime) -> Claim | None:
        if not claimable(document, now):
            return None
        claim, changes, events = claimed(document, until, self._started)
        made = await self._aggregates.change(document, {"$set": changes}, events, origin_of(document))
        return claim if made else None

    async def renew(self, claim: Claim, until: datetime) -> bool:
        """Prolong the lease and store the notes; False: the job is no longer ours."""
        return await self._set(claim, {"$set": {"rank": due_rank(until), **claim.notes}})

    async def release(self, claim: Claim, due: datetime, *, used: bool) -> None:
        """Give the job back, to be claimed again from `due` on. `used`: the attempt counts.

        The fence goes up, so that a renewal which is under way comes too late.
        """
        given_back = {"$set": {"rank": due_rank(due)}, "$inc": {"attempt": 0 if used else -1, "fence": 1}}
        await self._set(claim, given_back)

    async def _set(self, claim: Claim, update: Document) -> bool:
        ours = {"_id": claim.job_id, "fence": claim.fence, "rank": {"$exists": True}}
        with translated():
            return bool((await self._aggregates.collection.update_one(ours, update)).matched_count)


def claimable(document: Document, now: datetime) -> bool:
    """Tell whether a job waits in line or is due."""
    rank: float = document.get("rank", ASLEEP)
    return rank > LINE_BEGINS or DUE_BEGINS <= rank <= due_rank(now)


def claimed(
    document: Document, until: datetime, started: Started
) -> tuple[Claim, Mapping[str, Any], Sequence[Event]]:
    """Return the claim of a job as it was read, what it changes, and the events of that."""
    fence, attempt = document.get("fence", 0) + 1, document.get("attempt", 0) + 1
    fields, events = started(document, attempt)
    changes = {**fields, "rank": due_rank(until), "fence": fence, "attempt": attempt}
    held = {**document, **changes, **counters_after(document, len(events))}
    return Claim(document["_id"], fence, attempt, held), changes, events

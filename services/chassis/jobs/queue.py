"""The queue of jobs in a collection: candidates, claims, leases.

A job is an aggregate with a `rank`, which says when it can be claimed. A claim makes it due at the time when
the lease of its holder ends, and every renewal of the lease makes that later. So one query finds the jobs
that wait and those of workers that died.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from backchat_contracts import Event
from services.chassis.errors import LeaseLostError, StaleError
from services.chassis.jobs.rank import (
    LOWEST_DUE,
    LOWEST_QUEUED,
    Due,
    Rank,
    is_claimable,
    number_of,
    rank_of,
)
from services.chassis.messaging.envelope import Origin, ReplyAddress
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.mongo import ASCENDING, Document, create_index, translated
from services.chassis.storage.reading import as_stored
from services.chassis.stored import Stored

SHORTLIST = 1000

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Candidate(NamedTuple):
    """A job that could be claimed; candidates are sorted by the number of their rank."""

    number: float
    job_id: str

    @property
    def rank(self) -> Rank:
        return rank_of(self.number)


@dataclass(slots=True)
class Claim(Generic[T_co]):
    """A job that this worker holds until the lease ends, in the state after the claim.

    `fence` grows with every claim of the job and every return; only the holder of the newest may change it.
    `attempt` counts the claims that were used; one that was given back unused does not count. What the run
    puts into `note`, such as its progress, is stored at the next heartbeat.
    """

    job: Stored[T_co]
    attempt: int
    note: object = None

    @property
    def job_id(self) -> str:
        return self.job.id

    @property
    def fence(self) -> int:
        return self.job.fence

    @property
    def state(self) -> T_co:
        return self.job.state


@dataclass(frozen=True, slots=True)
class Started(Generic[T_co]):
    """How an attempt at a job begins: the new state, the stored fields that change with it, its events."""

    state: T_co
    fields: Mapping[str, Any] = field(default_factory=dict)
    events: Sequence[Event] = ()


Decode = Callable[[Document], T]
Start = Callable[[T, int], Started[T]]
EncodeNote = Callable[[Any], Document]


def unchanged(state: T, _attempt: int) -> Started[T]:
    """Begin an attempt that does not change the job's state."""
    return Started(state)


def no_fields(_note: object) -> Document:
    """Return the fields of a note that is not stored."""
    return {}


class Queue(Generic[T]):
    """The jobs among a collection's aggregates: those with a `rank`.

    Args:
        aggregates: the collection.
        decode: reads the state of a job.
        start: returns how an attempt, counted from 1, begins with a state.
        encode_note: returns the fields in which the note of a claim is stored.
        queued: whether jobs may be in a queue, and not only due.

    """

    def __init__(
        self,
        aggregates: Aggregates,
        decode: Decode[T],
        start: Start[T] = unchanged,
        encode_note: EncodeNote = no_fields,
        *,
        queued: bool = False,
    ) -> None:
        self._aggregates = aggregates
        self._decode = decode
        self._start = start
        self._encode_note = encode_note
        self._queued = queued

    async def start(self) -> None:
        await create_index(self._aggregates.collection, "rank", sparse=True)

    async def candidates(self, now: datetime) -> list[Candidate]:
        """Return what could be claimed, at most `SHORTLIST`: what is due, then the head of the queue."""
        due = await self._head({"$gte": LOWEST_DUE, "$lte": number_of(Due(now))}, SHORTLIST)
        room = SHORTLIST - len(due) if self._queued else 0
        return due + await self._head({"$gt": LOWEST_QUEUED}, room)

    async def _head(self, wanted: Document, limit: int) -> list[Candidate]:
        if not limit:
            return []
        with translated():
            cursor = self._aggregates.collection.find({"rank": wanted}, {"rank": 1}).sort("rank", ASCENDING)
            found = await cursor.limit(limit).to_list(limit)
        return [Candidate(document["rank"], document["_id"]) for document in found]

    async def claim(self, job_id: str, now: datetime, until: datetime) -> Claim[T] | None:
        """Take the job, if it is in the queue or due and no other worker takes it; None otherwise."""
        new = self._aggregates.take_new(job_id)
        if new and (claim := await self._claim(new, now, until)):
            return claim
        document = await self._aggregates.get(job_id)
        return await self._claim(document, now, until) if document else None

    async def _claim(self, document: Document, now: datetime, until: datetime) -> Claim[T] | None:
        if "rank" not in document or not is_claimable(document["rank"], now):
            return None
        claim, fields, events = claimed(document, until, self._decode, self._start)
        try:
            await self._aggregates.change(document, {"$set": fields}, events, claim.job.origin)
        except StaleError:
            return None
        return claim

    async def renew(self, claim: Claim[T], until: datetime) -> None:
        """Prolong the lease and store the note. Raises LeaseLostError."""
        note = self._encode_note(claim.note) if claim.note is not None else {}
        if not await self._set(claim, {"$set": {"rank": number_of(Due(until)), **note}}):
            raise LeaseLostError(claim.job_id)

    async def retry(self, claim: Claim[T], due: datetime) -> None:
        """Release the job after an attempt that failed: it is due again then."""
        await self._release(claim, due, attempts=0)

    async def give_back(self, claim: Claim[T], due: datetime) -> None:
        """Release the job as if it had not been claimed: the attempt does not count."""
        await self._release(claim, due, attempts=-1)

    async def _release(self, claim: Claim[T], due: datetime, attempts: int) -> None:
        """Make the job due. The fence goes up, so that a renewal which is under way comes too late."""
        released = {"$set": {"rank": number_of(Due(due))}, "$inc": {"attempt": attempts, "fence": 1}}
        await self._set(claim, released)

    async def _set(self, claim: Claim[T], update: Document) -> bool:
        """Change the job, if this claim still holds it; return whether it does."""
        ours = {"_id": claim.job_id, "fence": claim.fence, "rank": {"$exists": True}}
        with translated():
            return bool((await self._aggregates.collection.update_one(ours, update)).matched_count)


def claimed(
    document: Document, until: datetime, decode: Decode[T], start: Start[T]
) -> tuple[Claim[T], Document, Sequence[Event]]:
    """Return the claim of a job as it was read, the fields that it sets, and the events of that."""
    read = as_stored(document, decode(document))
    attempt = document.get("attempt", 0) + 1
    started = start(read.state, attempt)
    job = replace(read.changed(started.state, len(started.events)), fence=read.fence + 1)
    claim = Claim(job, attempt)
    return claim, {**started.fields, **fields_of(claim, until)}, started.events


def first_claim(
    read: Stored[Any], state: T, origin: Origin, reply_address: ReplyAddress | None, events: int = 0
) -> Claim[T]:
    """Return the claim of a job that is held from its beginning: a change to this state makes it one.

    `origin` and `reply_address` are of the message that causes it; the change causes a number of `events`.
    """
    changed = read.changed(state, events)
    return Claim(
        replace(changed, fence=read.fence + 1, origin=origin, reply_address=reply_address), attempt=1
    )


def waiting_from(due: datetime) -> Document:
    """Return the stored fields of a new job that any worker may claim from then on."""
    return {"rank": number_of(Due(due)), "attempt": 0}


def fields_of(claim: Claim[Any], until: datetime) -> Document:
    """Return the stored fields of a claim."""
    return {"rank": number_of(Due(until)), "fence": claim.fence, "attempt": claim.attempt}

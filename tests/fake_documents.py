"""`Aggregates` and `Queue` in memory: the stores of `fake_stores.py` are built on them."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from backchat_contracts import Event
from services.chassis.errors import ExistsError, StaleError
from services.chassis.jobs.queue import (
    Candidate,
    Claim,
    Decode,
    EncodeNote,
    Queue,
    Start,
    claimed,
    no_fields,
    unchanged,
)
from services.chassis.jobs.rank import ASLEEP_NUMBER, is_claimable
from services.chassis.messaging.envelope import Origin, Record, encode
from services.chassis.storage.aggregates import counters_after
from services.chassis.storage.mongo import Document

T = TypeVar("T")


class Memory:
    """Documents as `Aggregates` keeps them: with version and sequence, changed only as they were read."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.sent: list[Record] = []
        self._interfering = False

    def interfere(self) -> None:
        """Let the next change come too late: another one is made just before it."""
        self._interfering = True

    def get(self, aggregate_id: str) -> Document | None:
        document = self.documents.get(aggregate_id)
        return dict(document) if document else None

    def insert(self, document: Document, events: Sequence[Event], origin: Origin) -> None:
        if document["_id"] in self.documents:
            raise ExistsError(document["_id"])
        self._publish(events, origin, 0)
        self.documents[document["_id"]] = {**document, "version": 1, "sequence": len(events)}

    def change(
        self,
        read: Document,
        fields: Mapping[str, Any],
        events: Sequence[Event],
        origin: Origin,
        gone: Sequence[str] = (),
    ) -> None:
        document = self.documents.get(read["_id"])
        if document and self._interfering:
            self._interfering = False
            document["version"] += 1
        if document is None or document["version"] != read["version"]:
            raise StaleError(read["_id"])
        self._publish(events, origin, read["sequence"])
        kept = {name: value for name, value in document.items() if name not in gone}
        self.documents[read["_id"]] = {**kept, **fields, **counters_after(document, len(events))}

    def _publish(self, events: Sequence[Event], origin: Origin, after: int) -> None:
        self.sent += [
            encode(event, source="test", origin=origin, sequence=after + number)
            for number, event in enumerate(events, start=1)
        ]


class FakeQueue(Queue[T]):
    """The jobs among a memory's documents. While `failing` is set, every call raises it."""

    def __init__(
        self,
        memory: Memory,
        decode: Decode[T],
        start: Start[T] = unchanged,
        encode_note: EncodeNote = no_fields,
    ) -> None:
        self._memory = memory
        self._decode = decode
        self._start = start
        self._encode_note = encode_note
        self.failing: Exception | None = None
        self.failed = 0
        self.searched: list[datetime] = []

    async def start(self) -> None:
        pass

    def _maybe_fail(self) -> None:
        if self.failing:
            self.failed += 1
            raise self.failing

    async def candidates(self, now: datetime) -> list[Candidate]:
        self._maybe_fail()
        self.searched.append(now)
        documents = self._memory.documents.values()
        ranked = [
            Candidate(document["rank"], document["_id"]) for document in documents if "rank" in document
        ]
        return sorted(candidate for candidate in ranked if is_claimable(candidate.number, now))

    async def due(self, now: datetime) -> list[str]:
        """Return the ids of the candidates."""
        return [candidate.job_id for candidate in await self.candidates(now)]

    async def claim(self, job_id: str, now: datetime, until: datetime) -> Claim[T] | None:
        self._maybe_fail()
        document = self._memory.get(job_id)
        if document is None or not is_claimable(document.get("rank", ASLEEP_NUMBER), now):
            return None
        claim, fields, events = claimed(document, until, self._decode, self._start)
        await asyncio.sleep(0)  # as at a server: another call may come first
        try:
            self._memory.change(document, fields, events, claim.job.origin)
        except StaleError:
            return None
        return claim

    async def _set(self, claim: Claim[T], update: Document) -> bool:
        self._maybe_fail()
        document = self._memory.documents.get(claim.job_id, {})
        if document.get("fence") != claim.fence or "rank" not in document:
            return False
        document |= update["$set"]
        for name, by in update.get("$inc", {}).items():
            document[name] += by
        return True

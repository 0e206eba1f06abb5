"""A store under test: the fake in memory, or the real one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from services.chassis.jobs.queue import Queue
from services.chassis.messaging.envelope import Record

Kind = Literal["memory", "mongo"]
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class StoreUnderTest(Generic[S]):
    """A store, the queue of the jobs among its documents, and what it published."""

    store: S
    queue: Queue[Any]
    sent: Sequence[Record]

    async def due(self, now: datetime) -> list[str]:
        return [candidate.job_id for candidate in await self.queue.candidates(now)]

    def topics(self) -> list[str]:
        return [record.topic for record in self.sent]

    def sequences(self) -> list[str]:
        return [record.headers["ce_sequence"] for record in self.sent]

"""Jobs in memory, and workers that run them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from services.chassis.jobs.queue import Claim
from services.chassis.jobs.rank import Due, InQueue, Rank, number_of
from services.chassis.jobs.workers import Ending, Run, Workers, nothing_left
from services.chassis.messaging.envelope import Origin
from services.chassis.settings import ServiceSettings
from services.chassis.storage.mongo import Document
from services.chassis.storage.reading import as_read
from tests.builders import new_id
from tests.fakes import FakeQueue, Memory


class Jobs:
    """A queue in memory. `run` counts the jobs that run, and ends them once `may_end` is set."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.queue = FakeQueue[Document](self.memory, dict)
        self.ran: Counter[str] = Counter()
        self.running: set[str] = set()
        self.cancelled: list[str] = []
        self.may_end = asyncio.Event()

    def add(self, *, due: datetime | None = None) -> str:
        return self._add(Due(due or datetime.now(UTC)))

    def enqueue(self, number: float) -> str:
        return self._add(InQueue(number))

    def _add(self, rank: Rank) -> str:
        job_id = new_id("job")
        self.memory.insert({"_id": job_id, "rank": number_of(rank)}, [], Origin())
        return job_id

    def end(self, claim: Claim[Document]) -> None:
        self.memory.change(as_read(claim.job), {"done_by": claim.fence}, [], Origin(), ("rank",))

    async def run(self, claim: Claim[Document]) -> Ending:
        self.ran[claim.job_id] += 1
        self.running.add(claim.job_id)
        try:
            await self.may_end.wait()
            self.end(claim)
        except asyncio.CancelledError:
            self.cancelled.append(claim.job_id)
            raise
        finally:
            self.running.discard(claim.job_id)
        return nothing_left

    def done(self, job_id: str) -> bool:
        return "done_by" in self.memory.documents[job_id]


@asynccontextmanager
async def working(
    jobs: Jobs, run: Run[Document] | None = None, slots: int = 2, heartbeat: float = 10.0
) -> AsyncIterator[Workers[Document]]:
    workers = Workers(
        jobs.queue, run or jobs.run, lambda: slots, ServiceSettings(heartbeat_seconds=heartbeat)
    )
    workers.start()
    try:
        yield workers
    finally:
        await workers.stop(0)

"""Jobs whose work is done, while their end is being written."""

import asyncio
from datetime import datetime
from math import inf

import pytest

from services.chassis.errors import StoreTroubleError, StoreUnavailableError
from services.chassis.jobs.queue import Claim
from services.chassis.jobs.rank import InQueue
from services.chassis.jobs.workers import HELD_PER_SLOT, Ending
from services.chassis.storage.mongo import Document
from tests.fakes import FakeQueue, eventually
from tests.unit.chassis.jobs import Jobs, working

pytestmark = pytest.mark.anyio


class Endings:
    """Runs jobs at once, and ends them once the test allows it."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self.begun: list[str] = []
        self.may_end = asyncio.Event()

    async def run(self, claim: Claim[Document]) -> Ending:
        async def end() -> None:
            await self.may_end.wait()
            self._jobs.end(claim)

        self.begun.append(claim.job_id)
        return end


async def test_while_an_end_is_written_others_are_at_work(jobs: Jobs) -> None:
    endings = Endings(jobs)
    ids = [jobs.enqueue(float(rank)) for rank in range(HELD_PER_SLOT + 1)]
    async with working(jobs, endings.run, slots=1) as workers:
        await eventually(lambda: endings.begun == ids[:HELD_PER_SLOT])
        assert workers.ahead_of(InQueue(inf)) == 1  # only the last still waits
        endings.may_end.set()
        await eventually(lambda: all(map(jobs.done, ids)))


class CountingHeartbeats(FakeQueue[Document]):
    """Counts heartbeats."""

    beats = 0

    async def renew(self, claim: Claim[Document], until: datetime) -> None:
        self.beats += 1
        await super().renew(claim, until)


async def test_an_end_that_is_being_written_is_not_stopped(jobs: Jobs) -> None:
    endings, job_id = Endings(jobs), jobs.add()
    jobs.queue = queue = CountingHeartbeats(jobs.memory, dict)
    async with working(jobs, endings.run, heartbeat=0.01) as workers:
        await eventually(lambda: endings.begun == [job_id])
        held = jobs.memory.documents[job_id].pop("rank")  # the end is stored: a heartbeat finds no lease
        workers.drop(job_id)
        before = queue.beats
        await eventually(lambda: queue.beats > before + 2)  # none of which may do anything
        jobs.memory.documents[job_id]["rank"] = held
        endings.may_end.set()
        await eventually(lambda: jobs.done(job_id))
    assert jobs.memory.documents[job_id]["fence"] == 1


@pytest.mark.parametrize("error", [StoreUnavailableError, StoreTroubleError])
async def test_an_end_waits_for_the_database_and_no_work_is_done_again(
    jobs: Jobs, error: type[Exception]
) -> None:
    ran, tries, job_id = 0, 0, jobs.add()

    async def run(claim: Claim[Document]) -> Ending:
        nonlocal ran
        ran += 1

        async def end() -> None:
            nonlocal tries
            tries += 1
            if tries < 3:
                raise error("the disk is full")
            jobs.end(claim)

        return end

    async with working(jobs, run):
        await eventually(lambda: jobs.done(job_id))
    assert (ran, tries, jobs.memory.documents[job_id]["attempt"]) == (1, 3, 1)


async def test_an_end_that_the_database_never_takes_uses_up_the_attempts(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.chassis.waiting.MOST_TROUBLES", 2)
    monkeypatch.setattr("services.chassis.jobs.workers.SEARCH_EVERY_SECONDS", 0.1)
    monkeypatch.setattr("services.chassis.jobs.workers.RETRY_SECONDS", 0.1)
    job_id = jobs.add()

    async def run(claim: Claim[Document]) -> Ending:
        async def end() -> None:
            if claim.attempt == 1:
                raise StoreTroubleError("a defect that this document meets")
            jobs.end(claim)

        return end

    async with working(jobs, run):
        await eventually(lambda: jobs.done(job_id))
    assert jobs.memory.documents[job_id]["attempt"] == 2

"""Leases: workers renew them, and stop the jobs whose lease they have lost."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from services.chassis.errors import StoreUnavailableError
from services.chassis.jobs.queue import Claim
from services.chassis.jobs.rank import Due, number_of
from services.chassis.jobs.workers import Ending
from services.chassis.storage.mongo import Document
from tests.fakes import FakeQueue, Memory, eventually
from tests.unit.chassis.jobs import Jobs, working

pytestmark = pytest.mark.anyio


async def test_the_heartbeat_prolongs_the_lease(jobs: Jobs) -> None:
    job_id = jobs.add()
    async with working(jobs, heartbeat=0.01):
        await eventually(lambda: job_id in jobs.running)
        first = jobs.memory.documents[job_id]["rank"]
        assert first > number_of(Due(datetime.now(UTC) + timedelta(seconds=20)))
        await eventually(lambda: jobs.memory.documents[job_id]["rank"] > first)
        assert jobs.running == {job_id}
        jobs.may_end.set()
        await eventually(lambda: jobs.done(job_id))


async def test_a_job_whose_lease_was_taken_is_stopped_and_the_slot_goes_on(jobs: Jobs) -> None:
    lost = jobs.add()
    async with working(jobs, slots=1, heartbeat=0.01) as workers:
        await eventually(lambda: lost in jobs.running)
        jobs.memory.documents[lost] |= {
            "fence": 2,
            "rank": number_of(Due(datetime.now(UTC) + timedelta(hours=1))),
        }
        await eventually(lambda: jobs.cancelled == [lost])
        jobs.may_end.set()
        after = jobs.add()
        workers.announce(after)
        await eventually(lambda: jobs.done(after))
    assert not jobs.done(lost)


async def test_a_heartbeat_that_finds_no_server_is_tried_again(jobs: Jobs) -> None:
    job_id = jobs.add()
    async with working(jobs, heartbeat=0.01):
        await eventually(lambda: job_id in jobs.running)
        jobs.queue.failing = StoreUnavailableError("away")
        await eventually(lambda: jobs.queue.failed > 2)
        jobs.queue.failing = None
        jobs.may_end.set()
        await eventually(lambda: jobs.done(job_id))
    assert jobs.cancelled == []


async def test_a_job_whose_lease_ran_out_is_claimed_again_with_the_next_fence(jobs: Jobs) -> None:
    jobs.may_end.set()
    job_id = jobs.add()
    past = datetime.now(UTC) - timedelta(seconds=1)
    assert await jobs.queue.claim(job_id, datetime.now(UTC), past)  # by a worker that died
    async with working(jobs):
        await eventually(lambda: jobs.done(job_id))
    assert jobs.memory.documents[job_id]["done_by"] == 2


async def test_a_job_that_is_dropped_stops_at_once(jobs: Jobs) -> None:
    job_id = jobs.add()
    async with working(jobs) as workers:
        await eventually(lambda: jobs.running == {job_id})
        workers.drop(job_id)
        await eventually(lambda: jobs.cancelled == [job_id])
        workers.drop(job_id)  # it is not there any more


async def test_the_next_claim_of_a_job_is_not_dropped_with_the_one_before(jobs: Jobs) -> None:
    job_id = jobs.add()
    async with working(jobs) as workers:
        await eventually(lambda: jobs.running == {job_id})
        fence = jobs.memory.documents[job_id]["fence"]
        workers.drop(job_id, fence - 1)
        await asyncio.sleep(0)
        assert jobs.running == {job_id}
        workers.drop(job_id, fence)
        await eventually(lambda: jobs.cancelled == [job_id])


class SlowToRelease(FakeQueue[Document]):
    """A queue whose `retry` takes until `may_go` is set; it counts the renewals meanwhile."""

    def __init__(self, memory: Memory) -> None:
        super().__init__(memory, dict)
        self.releasing = 0
        self.renewals = 0
        self.may_go = asyncio.Event()

    async def retry(self, claim: Claim[Document], due: datetime) -> None:
        self.releasing += 1
        await self.may_go.wait()
        await super().retry(claim, due)

    async def renew(self, claim: Claim[Document], until: datetime) -> None:
        self.renewals += self.releasing
        await super().renew(claim, until)


async def test_a_job_that_is_released_is_not_renewed(jobs: Jobs) -> None:
    async def run(claim: Claim[Document]) -> Ending:
        raise KeyError(claim.job_id)

    jobs.queue = queue = SlowToRelease(jobs.memory)
    job_id = jobs.add()
    async with working(jobs, run, heartbeat=0.01):
        await eventually(lambda: queue.releasing == 1)
        await asyncio.sleep(0.1)  # some heartbeats
        assert queue.renewals == 0
        queue.may_go.set()
        await eventually(lambda: jobs.memory.documents[job_id]["fence"] == 2)


async def test_a_note_is_stored_with_the_heartbeat(jobs: Jobs) -> None:
    async def run(claim: Claim[Document]) -> Ending:
        claim.note = 0.5
        return await jobs.run(claim)

    jobs.queue = FakeQueue(jobs.memory, dict, encode_note=lambda note: {"progress": note})
    job_id = jobs.add()
    async with working(jobs, run, heartbeat=0.01):
        await eventually(lambda: jobs.memory.documents[job_id].get("progress") == 0.5)

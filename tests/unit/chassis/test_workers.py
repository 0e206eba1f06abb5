"""Workers: they find, claim and run jobs, as many at once as they have slots."""

import asyncio
import gc
from datetime import UTC, datetime, timedelta
from math import inf

import pytest

from services.chassis.errors import StoreUnavailableError
from services.chassis.jobs.queue import Candidate, Claim
from services.chassis.jobs.rank import Due, InQueue, number_of
from services.chassis.jobs.workers import Ending, Workers
from services.chassis.settings import ServiceSettings
from services.chassis.storage.mongo import Document
from tests.fakes import FakeQueue, eventually
from tests.unit.chassis.jobs import Jobs, working

pytestmark = pytest.mark.anyio


@pytest.fixture
def _quick_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.chassis.jobs.workers.SEARCH_EVERY_SECONDS", 0.1)


async def test_what_is_due_is_found_claimed_and_run(jobs: Jobs) -> None:
    jobs.may_end.set()
    job_id = jobs.add()
    async with working(jobs):
        await eventually(lambda: jobs.done(job_id))
    assert jobs.memory.documents[job_id]["fence"] == 1


class FindsNothing(FakeQueue[Document]):
    """A queue whose search finds nothing."""

    async def candidates(self, now: datetime) -> list[Candidate]:
        await super().candidates(now)
        return []


async def test_an_announced_job_need_not_be_found(jobs: Jobs) -> None:
    jobs.may_end.set()
    jobs.queue = FindsNothing(jobs.memory, dict)
    job_id = jobs.add()
    async with working(jobs) as workers:
        workers.announce(job_id)
        await eventually(lambda: jobs.done(job_id))


async def claimed(jobs: Jobs, workers: Workers[Document]) -> Claim[Document]:
    """Store a job as held from its beginning."""
    until = workers.lease()
    assert until is not None
    claim = await jobs.queue.claim(jobs.add(), datetime.now(UTC), until)
    assert claim is not None
    return claim


async def test_a_job_that_is_held_from_its_beginning_is_not_claimed_again(jobs: Jobs) -> None:
    jobs.may_end.set()
    jobs.queue = FindsNothing(jobs.memory, dict)
    async with working(jobs) as workers:
        claim = await claimed(jobs, workers)
        workers.adopt(claim)
        await eventually(lambda: jobs.done(claim.job_id))
    document = jobs.memory.documents[claim.job_id]
    assert (document["fence"], document["done_by"]) == (1, claim.fence)


async def test_it_waits_for_the_end_of_the_run_before_it(jobs: Jobs) -> None:
    jobs.queue = FindsNothing(jobs.memory, dict)
    async with working(jobs) as workers:
        claim = await claimed(jobs, workers)
        workers.adopt(claim)
        await eventually(lambda: jobs.running == {claim.job_id})
        workers.adopt(claim)
        await asyncio.sleep(0.05)
        assert jobs.ran[claim.job_id] == 1
        jobs.may_end.set()
        await eventually(lambda: jobs.ran[claim.job_id] == 2)


async def test_without_a_free_slot_no_job_is_held_from_its_beginning(jobs: Jobs) -> None:
    async with working(jobs, slots=1) as workers:
        jobs.add()
        await eventually(lambda: len(jobs.running) == 1)
        assert workers.lease() is None
        jobs.may_end.set()
        await eventually(lambda: workers.lease() is not None)


class Unreleasable(FakeQueue[Document]):
    """Can't take a job back, by an error that is not one of the chassis."""

    async def retry(self, claim: Claim[Document], due: datetime) -> None:
        raise KeyError(claim, due)


async def test_a_job_that_cannot_be_given_up_ends_no_task_with_an_error(
    jobs: Jobs,
) -> None:
    async def fail(_claim: Claim[Document]) -> Ending:
        raise StoreUnavailableError("away")

    told: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: told.append(context["message"]))
    jobs.queue = Unreleasable(jobs.memory, dict)
    job_id = jobs.add()
    async with working(jobs, run=fail) as workers:
        await eventually(lambda: jobs.memory.documents[job_id].get("fence") == 1)
        await eventually(lambda: workers.running == 0)
    gc.collect()
    assert told == []


class Unclaimable(FakeQueue[Document]):
    """A queue whose claims fail."""

    async def claim(self, job_id: str, now: datetime, until: datetime) -> Claim[Document] | None:
        raise KeyError(job_id, now, until)


@pytest.mark.usefixtures("_quick_search")
async def test_a_job_that_cannot_be_claimed_is_not_tried_without_a_pause(jobs: Jobs) -> None:
    jobs.queue = Unclaimable(jobs.memory, dict)
    jobs.add()
    async with working(jobs, slots=1):
        await eventually(lambda: len(jobs.queue.searched) >= 5)
    first, last = jobs.queue.searched[0], jobs.queue.searched[4]
    assert last - first > timedelta(seconds=0.15)


async def test_a_job_that_is_not_due_is_left_alone(jobs: Jobs) -> None:
    jobs.may_end.set()
    later, now = jobs.add(due=datetime.now(UTC) + timedelta(hours=1)), jobs.add()
    async with working(jobs) as workers:
        workers.announce(later)
        workers.announce(now)
        await eventually(lambda: jobs.done(now))
    assert jobs.ran[later] == 0


async def test_jobs_run_side_by_side_but_no_more_than_there_are_slots(jobs: Jobs) -> None:
    ids = [jobs.add() for _ in range(3)]
    async with working(jobs, slots=2) as workers:
        await eventually(lambda: len(jobs.running) == 2)
        assert workers.ahead_of(InQueue(inf)) == 3
        jobs.may_end.set()
        await eventually(lambda: all(map(jobs.done, ids)))
        await eventually(lambda: workers.ahead_of(InQueue(inf)) == 0)


async def test_two_workers_run_a_job_once(jobs: Jobs) -> None:
    jobs.may_end.set()
    ids = [jobs.add() for _ in range(20)]
    async with working(jobs, slots=4) as one, working(jobs, slots=4) as other:
        for job_id in ids:
            one.announce(job_id)
            other.announce(job_id)
        await eventually(lambda: all(map(jobs.done, ids)))
    assert set(jobs.ran.values()) == {1}


async def test_a_job_announced_again_while_it_runs_is_not_run_again(jobs: Jobs) -> None:
    job_id, other = jobs.add(), jobs.add()
    async with working(jobs, slots=2) as workers:
        await eventually(lambda: jobs.running == {job_id, other})
        workers.announce(job_id)
        jobs.may_end.set()
        await eventually(lambda: jobs.done(job_id) and workers.ahead_of(InQueue(inf)) == 0)
    assert jobs.ran == {job_id: 1, other: 1}


@pytest.mark.parametrize("error", [StoreUnavailableError("away"), KeyError("bug")])
async def test_a_job_that_fails_leaves_its_slot_to_the_next(jobs: Jobs, error: Exception) -> None:
    async def run(claim: Claim[Document]) -> Ending:
        if claim.job_id == bad:
            jobs.ran[bad] += 1
            raise error
        return await jobs.run(claim)

    jobs.may_end.set()
    bad, good = jobs.add(), jobs.add()
    async with working(jobs, run, slots=1):
        await eventually(lambda: jobs.done(good))
    document = jobs.memory.documents[bad]
    assert (jobs.ran[bad], document["attempt"]) == (1, 1)
    assert document["rank"] < number_of(
        Due(datetime.now(UTC) + timedelta(seconds=2))
    )  # sooner than its lease runs out


@pytest.mark.usefixtures("_quick_search")
async def test_the_search_goes_on_after_an_error(jobs: Jobs) -> None:
    jobs.may_end.set()
    jobs.queue.failing = KeyError("bug")
    job_id = jobs.add()
    async with working(jobs):
        await eventually(lambda: jobs.queue.failed > 0)
        jobs.queue.failing = None
        await eventually(lambda: jobs.done(job_id))


async def test_dispatching_goes_on_after_an_error(jobs: Jobs) -> None:
    asked = 0

    def slots() -> int:
        nonlocal asked
        asked += 1
        if asked == 3:  # the first two are those of the start and of the announcement
            raise ZeroDivisionError
        return 2

    workers = Workers(jobs.queue, jobs.run, slots, ServiceSettings())
    workers.start()
    job_id = jobs.add()
    jobs.may_end.set()
    workers.announce(job_id)
    await eventually(lambda: jobs.done(job_id))
    assert asked > 3
    await workers.stop(1)


async def test_without_slots_nothing_is_taken(jobs: Jobs) -> None:
    job_id = jobs.add()
    workers = Workers(jobs.queue, jobs.run, lambda: 0, ServiceSettings())
    workers.start()
    workers.announce(job_id)
    assert workers.ahead_of(InQueue(inf)) == 0
    await workers.stop(0)
    assert jobs.queue.searched == []


@pytest.mark.usefixtures("_quick_search")
async def test_a_search_that_took_long_does_not_delay_the_next_for_long(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.chassis.jobs.workers.SEARCHING_AT_MOST", 1e-9)
    monkeypatch.setattr("services.chassis.jobs.workers.LONGEST_PAUSE_SECONDS", 0.2)
    async with working(jobs):
        await eventually(lambda: len(jobs.queue.searched) >= 3)


async def test_queued_jobs_are_claimed_by_rank_and_not_as_they_were_announced(jobs: Jobs) -> None:
    async def run(claim: Claim[Document]) -> Ending:
        order.append(claim.job_id)
        return await jobs.run(claim)

    order: list[str] = []
    taken: list[float] = []
    workers = Workers(jobs.queue, run, lambda: 1, ServiceSettings(), taken.append)
    first = jobs.enqueue(5.0)
    workers.start()
    await eventually(lambda: jobs.running == {first})
    for rank in (9.0, 7.0, -1.0, 8.0):
        workers.announce(jobs.enqueue(rank), InQueue(rank))
    jobs.may_end.set()
    await eventually(lambda: len(order) == 5)
    await workers.stop(1)
    assert taken == [5.0, -1.0, 7.0, 8.0, 9.0]


async def test_what_a_worker_may_have_died_of_runs_with_nothing_beside_it(jobs: Jobs) -> None:
    async def run(claim: Claim[Document]) -> Ending:
        together.append(set(jobs.running) | {claim.job_id})
        return await jobs.run(claim)

    together: list[set[str]] = []
    suspects = [jobs.add() for _ in range(3)]
    others = [jobs.enqueue(float(rank)) for rank in range(8)]
    workers = Workers(jobs.queue, run, lambda: 8, ServiceSettings(), most_beside_due=1)
    workers.start()
    jobs.may_end.set()
    await eventually(lambda: all(map(jobs.done, (*suspects, *others))))
    await workers.stop(1)
    assert [each for each in together if each & set(suspects)] == [{suspect} for suspect in suspects]


@pytest.mark.usefixtures("_quick_search")
async def test_nothing_is_claimed_beside_a_job_that_a_worker_may_have_died_of(jobs: Jobs) -> None:
    suspect = jobs.add()
    others = [jobs.enqueue(float(rank)) for rank in range(3)]
    workers = Workers(jobs.queue, jobs.run, lambda: 8, ServiceSettings(), most_beside_due=1)
    workers.start()
    await eventually(lambda: jobs.running == {suspect})
    for rank, job_id in enumerate(others):
        workers.announce(job_id, InQueue(float(rank)))
    before = len(jobs.queue.searched)
    await eventually(lambda: len(jobs.queue.searched) > before)
    assert jobs.running == {suspect}
    jobs.may_end.set()
    await eventually(lambda: all(map(jobs.done, others)))
    await workers.stop(1)


async def test_a_cut_shortlist_that_is_used_up_is_searched_for_again(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.chassis.jobs.shortlist.SHORTLIST", 1)  # a list of one is a cut one
    jobs.queue = OneByOne(jobs.memory, dict)
    jobs.may_end.set()
    ids = [jobs.enqueue(float(rank)) for rank in range(20)]
    began = datetime.now(UTC)
    async with working(jobs, slots=1):
        await eventually(lambda: all(map(jobs.done, ids)))
    assert datetime.now(UTC) - began < timedelta(seconds=5)  # not one per second


class OneByOne(FakeQueue[Document]):
    """A queue whose search finds one job at a time."""

    async def candidates(self, now: datetime) -> list[Candidate]:
        return (await super().candidates(now))[:1]

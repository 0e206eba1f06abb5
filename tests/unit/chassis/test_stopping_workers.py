"""A stop of workers: what runs may finish, or is given back."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from services.chassis.jobs.queue import Claim
from services.chassis.jobs.rank import Due, number_of
from services.chassis.jobs.workers import Ending, Workers
from services.chassis.settings import ServiceSettings
from services.chassis.storage.mongo import Document
from tests.fakes import eventually
from tests.unit.chassis.jobs import Jobs

pytestmark = pytest.mark.anyio


async def test_a_stop_lets_running_jobs_finish_and_starts_no_others(jobs: Jobs) -> None:
    running, waiting = jobs.add(due=datetime.now(UTC) - timedelta(seconds=1)), jobs.add()
    workers = Workers(jobs.queue, jobs.run, lambda: 1, ServiceSettings())
    workers.start()
    await eventually(lambda: jobs.running == {running})
    stop = asyncio.create_task(workers.stop(10))
    await asyncio.wait([stop], timeout=0.01)
    assert not stop.done()
    jobs.may_end.set()
    await stop
    assert jobs.done(running)
    assert jobs.ran[waiting] == 0


async def test_what_is_not_finished_in_time_is_stopped_and_given_back(jobs: Jobs) -> None:
    job_id = jobs.add()
    workers = Workers(jobs.queue, jobs.run, lambda: 1, ServiceSettings())
    workers.start()
    await eventually(lambda: job_id in jobs.running)
    async with asyncio.timeout(5):
        await workers.stop(0.01)
    assert jobs.cancelled == [job_id]
    document = jobs.memory.documents[job_id]
    assert document["rank"] <= number_of(Due(datetime.now(UTC)))
    assert (document["fence"], document["attempt"]) == (2, 0)  # the attempt was not its fault


async def test_what_fails_while_we_stop_may_have_been_stopped_with_us(jobs: Jobs) -> None:
    async def run(_claim: Claim[Document]) -> Ending:
        await jobs.may_end.wait()
        raise RuntimeError("its process got the signal too")

    job_id = jobs.add()
    workers = Workers(jobs.queue, run, lambda: 1, ServiceSettings())
    workers.start()
    await eventually(lambda: "attempt" in jobs.memory.documents[job_id])
    stop = asyncio.create_task(workers.stop(10))
    await asyncio.sleep(0)
    jobs.may_end.set()
    await stop
    assert jobs.memory.documents[job_id]["attempt"] == 0


async def test_idle_workers_stop_at_once(jobs: Jobs) -> None:
    workers = Workers(jobs.queue, jobs.run, lambda: 3, ServiceSettings())
    workers.start()
    await eventually(lambda: len(jobs.queue.searched) >= 1)
    async with asyncio.timeout(1):
        await workers.stop(60)


@pytest.mark.parametrize("steps", range(12))
async def test_workers_stop_at_once_in_any_moment_after_a_job(jobs: Jobs, steps: int) -> None:
    jobs.may_end.set()
    job_id = jobs.add()
    workers = Workers(jobs.queue, jobs.run, lambda: 1, ServiceSettings())
    workers.start()
    while not jobs.done(job_id):  # noqa: ASYNC110 - step by step
        await asyncio.sleep(0)
    for _ in range(steps):
        await asyncio.sleep(0)
    async with asyncio.timeout(1):
        await workers.stop(0)

"""Jobs and their leases, in memory and in MongoDB."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from backchat_contracts import BacktestStarted
from services.chassis.errors import LeaseLostError
from services.chassis.jobs.queue import Queue, Started
from services.chassis.jobs.rank import Due, number_of
from services.chassis.messaging.envelope import Origin
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.mongo import Document
from services.chassis.storage.reading import as_stored
from tests.builders import NOW, delivery, new_id
from tests.fakes import FakeKafka, FakeQueue, Memory
from tests.stores.under_test import Kind

pytestmark = pytest.mark.anyio

LEASE = timedelta(seconds=30)


def start(job: Document, attempt: int) -> Started[Document]:
    event = BacktestStarted(
        backtest_id=job["_id"], strategy_id="s", strategy_name="S", attempt=attempt, started_at=NOW
    )
    return Started({**job, "status": "running"}, {"status": "running"}, [event])


class Jobs:
    """A queue, and a way to fill it and to look into it."""

    def __init__(self, kind: Kind, aggregates: Aggregates, kafka: FakeKafka) -> None:
        self._aggregates = aggregates if kind == "mongo" else None
        self._memory = Memory()
        self.sent = kafka.sent if self._aggregates else self._memory.sent
        self.queue = (
            Queue(self._aggregates, dict, start, queued=True)
            if self._aggregates
            else FakeQueue(self._memory, dict, start)
        )

    async def add(self, due: datetime | None = NOW, origin: Origin | None = None) -> str:
        document: Document = {"_id": new_id("job"), **delivery().lineage()}
        if origin:
            document["origin"] = {"correlation_id": origin.correlation_id, "traceparent": origin.traceparent}
        if due:
            document["rank"] = number_of(Due(due))
        if self._aggregates:
            await self._aggregates.insert(document, [], Origin())
        else:
            self._memory.insert(document, [], Origin())
        return str(document["_id"])

    async def read(self, job_id: str) -> Document:
        document = await self._aggregates.get(job_id) if self._aggregates else self._memory.get(job_id)
        assert document is not None
        document.pop("unsent_since", None)  # the outbox's
        return document

    async def due(self, now: datetime) -> list[str]:
        return [candidate.job_id for candidate in await self.queue.candidates(now)]

    async def change(self, job_id: str, **fields: Any) -> None:
        document = await self.read(job_id)
        if self._aggregates:
            await self._aggregates.change(document, {"$set": fields}, [], Origin())
        else:
            self._memory.change(document, fields, [], Origin())

    async def end(self, job_id: str) -> None:
        document = await self.read(job_id)
        if self._aggregates:
            await self._aggregates.change(document, {"$unset": {"rank": ""}}, [], Origin())
        else:
            self._memory.change(document, {}, [], Origin(), ("rank",))


@pytest.fixture
async def jobs(kind: Kind, aggregates: Aggregates, kafka: FakeKafka) -> Jobs:
    jobs = Jobs(kind, aggregates, kafka)
    await jobs.queue.start()
    return jobs


async def test_what_is_due_is_told_the_longest_waiting_first(jobs: Jobs) -> None:
    ids = [await jobs.add(NOW + timedelta(seconds=number)) for number in (2, 0, 1, 3)]
    await jobs.add(due=None)

    assert await jobs.due(NOW + timedelta(seconds=2)) == [ids[1], ids[2], ids[0]]


async def test_a_claim_takes_the_job_until_its_lease_runs_out(jobs: Jobs) -> None:
    job_id = await jobs.add()
    claim = await jobs.queue.claim(job_id, NOW, NOW + LEASE)

    assert claim is not None
    assert (claim.job_id, claim.fence) == (job_id, 1)
    stored = await jobs.read(job_id)
    assert claim.job == as_stored(stored, claim.state)
    assert claim.state["status"] == "running"
    assert (stored["fence"], stored["rank"], stored["status"]) == (1, number_of(Due(NOW + LEASE)), "running")
    assert await jobs.due(NOW) == []
    assert await jobs.queue.claim(job_id, NOW, NOW + LEASE) is None


async def test_a_job_that_was_changed_since_it_came_is_claimed_as_it_is(jobs: Jobs) -> None:
    job_id = await jobs.add()
    await jobs.change(job_id, note="changed")
    claim = await jobs.queue.claim(job_id, NOW, NOW + LEASE)

    assert claim is not None
    assert claim.job == as_stored(await jobs.read(job_id), claim.state)
    assert claim.state["note"] == "changed"


async def test_a_claim_publishes_that_the_job_has_started(jobs: Jobs) -> None:
    origin = delivery().origin
    job_id = await jobs.add(origin=origin)
    await jobs.queue.claim(job_id, NOW, NOW + LEASE)

    (record,) = jobs.sent
    assert (record.topic, record.key) == ("backtest.started", job_id)
    assert record.headers["correlation_id"] == origin.correlation_id


async def test_of_several_claims_at_once_one_wins(jobs: Jobs) -> None:
    job_id = await jobs.add()
    claims = await asyncio.gather(*(jobs.queue.claim(job_id, NOW, NOW + LEASE) for _ in range(8)))

    assert [claim.fence for claim in claims if claim] == [1]
    assert len(jobs.sent) == 1


@pytest.mark.parametrize("due", [None, NOW + timedelta(milliseconds=1)])
async def test_what_is_not_due_cannot_be_claimed(jobs: Jobs, due: datetime | None) -> None:
    job_id = await jobs.add(due)

    assert await jobs.queue.claim(job_id, NOW, NOW + LEASE) is None
    assert jobs.sent == []


async def test_what_is_not_there_cannot_be_claimed(jobs: Jobs) -> None:
    assert await jobs.queue.claim(new_id(), NOW, NOW + LEASE) is None


async def test_a_job_whose_lease_ran_out_is_due_again_under_the_next_fence(jobs: Jobs) -> None:
    job_id = await jobs.add()
    first = await jobs.queue.claim(job_id, NOW, NOW + LEASE)
    later = NOW + LEASE
    assert await jobs.due(later) == [job_id]
    second = await jobs.queue.claim(job_id, later, later + LEASE)

    assert first is not None
    assert second is not None
    assert second.fence == first.fence + 1
    with pytest.raises(LeaseLostError):
        await jobs.queue.renew(first, later + 2 * LEASE)
    assert (await jobs.read(job_id))["rank"] == number_of(Due(later + LEASE))


async def test_a_lease_is_prolonged_by_its_holder(jobs: Jobs) -> None:
    job_id = await jobs.add()
    claim = await jobs.queue.claim(job_id, NOW, NOW + LEASE)
    assert claim is not None
    await jobs.queue.renew(claim, NOW + 2 * LEASE)

    assert await jobs.due(NOW + LEASE) == []
    stored = await jobs.read(job_id)
    assert stored["rank"] == number_of(Due(NOW + 2 * LEASE))
    assert (stored["version"], stored["sequence"]) == (
        claim.job.version,
        claim.job.sequence,
    )  # so that the holder may still end it


async def test_the_lease_of_a_job_that_has_ended_is_not_prolonged(jobs: Jobs) -> None:
    job_id = await jobs.add()
    claim = await jobs.queue.claim(job_id, NOW, NOW + LEASE)
    assert claim is not None
    await jobs.end(job_id)

    with pytest.raises(LeaseLostError):
        await jobs.queue.renew(claim, NOW + LEASE)
    assert "rank" not in await jobs.read(job_id)
    assert await jobs.due(NOW + 2 * LEASE) == []


@pytest.mark.parametrize("used", [True, False])
async def test_what_was_given_back_is_not_renewed_any_more(jobs: Jobs, used: bool) -> None:  # noqa: FBT001
    job_id = await jobs.add()
    claim = await jobs.queue.claim(job_id, NOW, NOW + LEASE)
    assert claim is not None
    await (jobs.queue.retry if used else jobs.queue.give_back)(claim, NOW)

    with pytest.raises(LeaseLostError):
        await jobs.queue.renew(claim, NOW + 2 * LEASE)
    again = await jobs.queue.claim(job_id, NOW, NOW + LEASE)
    assert again is not None
    assert again.attempt == 1 + used
    assert again.fence > claim.fence

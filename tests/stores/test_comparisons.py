"""Comparisons, in memory and in MongoDB."""

from datetime import timedelta

import pytest

from backchat_contracts import ComparisonCompleted, ComparisonFailed, ComparisonRequested
from services.chassis.errors import ExistsError, StaleError
from services.chassis.jobs.queue import Queue
from services.chassis.messaging.envelope import ReplyAddress
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.mongo import Database
from services.compare.migrations import add_requests
from services.compare.mongo import MongoComparisons, read_comparison
from services.compare.ports import Comparison, ComparisonStore
from tests.builders import NOW, comparison_completed, comparison_requested, delivery, figures, gap, new_id
from tests.fakes import FakeComparisons, FakeKafka, FakeQueue
from tests.stores.under_test import Kind, StoreUnderTest

pytestmark = pytest.mark.anyio

DIGEST = "digest of the request"
LARGEST = 900_000


@pytest.fixture
def under_test(kind: Kind, aggregates: Aggregates, kafka: FakeKafka) -> StoreUnderTest[ComparisonStore]:
    if kind == "memory":
        fake = FakeComparisons()
        return StoreUnderTest(fake, FakeQueue(fake.memory, read_comparison), fake.memory.sent)
    return StoreUnderTest(
        MongoComparisons(aggregates, LARGEST), Queue(aggregates, read_comparison), kafka.sent
    )


def completed_of(asked: ComparisonRequested) -> ComparisonCompleted:
    return comparison_completed(figures(), comparison_id=asked.comparison_id)


async def stored(under_test: StoreUnderTest[ComparisonStore], comparison_id: str) -> Comparison:
    found = await under_test.store.get(comparison_id)
    assert found is not None
    return found.state


async def test_a_completed_comparison_is_published_once(under_test: StoreUnderTest[ComparisonStore]) -> None:
    completed, came = comparison_completed(figures(), gap()), delivery()
    await under_test.store.add_completed(completed, DIGEST, came)
    with pytest.raises(ExistsError):
        await under_test.store.add_completed(completed, DIGEST, delivery())

    (record,) = under_test.sent
    assert ComparisonCompleted.model_validate_json(record.value) == completed
    assert record.headers["correlation_id"] == came.origin.correlation_id
    assert await under_test.due(NOW + timedelta(days=1)) == []
    assert await stored(under_test, completed.comparison_id) == Comparison(DIGEST, completed=completed)


async def test_a_comparison_that_is_not_there_is_none(under_test: StoreUnderTest[ComparisonStore]) -> None:
    assert await under_test.store.get(new_id("nothing")) is None


async def test_a_pending_one_is_work_and_not_published(under_test: StoreUnderTest[ComparisonStore]) -> None:
    asked, came = comparison_requested(), delivery()
    await under_test.store.add_pending(asked, DIGEST, came, NOW)
    assert under_test.sent == []
    assert await under_test.due(NOW - timedelta(seconds=1)) == []
    assert await under_test.due(NOW) == [asked.comparison_id]

    claim = await under_test.queue.claim(asked.comparison_id, NOW, NOW)
    assert claim is not None
    assert came.reply_address is not None
    assert claim.state == Comparison(DIGEST, asked, (came.reply_address,))


async def test_its_writer_completes_a_pending_one(under_test: StoreUnderTest[ComparisonStore]) -> None:
    asked, came = comparison_requested(), delivery()
    await under_test.store.add_pending(asked, DIGEST, came, NOW)
    claim = await under_test.queue.claim(asked.comparison_id, NOW, NOW)
    assert claim is not None
    written = completed_of(asked)
    await under_test.store.complete(claim.job, written)

    (record,) = under_test.sent
    assert ComparisonCompleted.model_validate_json(record.value) == written
    assert record.headers["correlation_id"] == came.origin.correlation_id
    assert record.headers["traceparent"] == came.origin.traceparent
    assert await under_test.due(NOW + timedelta(days=1)) == []
    with pytest.raises(StaleError):
        await under_test.store.complete(claim.job, completed_of(asked))
    assert len(under_test.sent) == 1


async def test_a_pending_one_that_can_not_be_completed_fails(
    under_test: StoreUnderTest[ComparisonStore],
) -> None:
    asked, came = comparison_requested(), delivery()
    await under_test.store.add_pending(asked, DIGEST, came, NOW)
    lost = await under_test.queue.claim(asked.comparison_id, NOW, NOW)
    claim = await under_test.queue.claim(asked.comparison_id, NOW, NOW)
    assert lost is not None
    assert claim is not None
    failed = ComparisonFailed(comparison_id=asked.comparison_id, code="internal-error", detail="odd")
    with pytest.raises(StaleError):
        await under_test.store.fail(lost.job, failed)
    await under_test.store.fail(claim.job, failed)

    (record,) = under_test.sent
    assert (record.topic, record.headers["correlation_id"]) == (
        "comparison.failed",
        came.origin.correlation_id,
    )
    now = await stored(under_test, asked.comparison_id)
    assert (now.failure, now.waiting) == (failed, (came.reply_address,))
    assert await under_test.due(NOW + timedelta(days=1)) == []


async def test_a_writer_that_lost_its_claim_completes_nothing(
    under_test: StoreUnderTest[ComparisonStore],
) -> None:
    asked = comparison_requested()
    await under_test.store.add_pending(asked, DIGEST, delivery(), NOW)
    lost = await under_test.queue.claim(asked.comparison_id, NOW, NOW)
    assert lost is not None
    assert await under_test.queue.claim(asked.comparison_id, NOW, NOW)

    with pytest.raises(StaleError):
        await under_test.store.complete(lost.job, completed_of(asked))
    assert under_test.sent == []


async def test_a_request_that_comes_again_does_not_start_over(
    under_test: StoreUnderTest[ComparisonStore],
) -> None:
    asked = comparison_requested()
    await under_test.store.add_pending(asked, DIGEST, delivery(), NOW)
    claim = await under_test.queue.claim(asked.comparison_id, NOW, NOW + timedelta(seconds=30))
    assert claim is not None
    with pytest.raises(ExistsError):
        await under_test.store.add_pending(asked, DIGEST, delivery(), NOW)

    assert await under_test.due(NOW) == []
    await under_test.store.complete(claim.job, completed_of(asked))


async def test_others_may_come_to_wait_while_a_summary_is_written(
    under_test: StoreUnderTest[ComparisonStore],
) -> None:
    asked, came, other = comparison_requested(), delivery(), delivery()
    await under_test.store.add_pending(asked, DIGEST, came, NOW)
    claim = await under_test.queue.claim(asked.comparison_id, NOW, NOW)
    assert claim is not None
    assert other.reply_address is not None
    both = (came.reply_address, other.reply_address)
    for _ in range(2):  # the second time nothing happens
        await under_test.store.join(asked.comparison_id, DIGEST, other.reply_address)

    assert (await stored(under_test, asked.comparison_id)).waiting == both
    await under_test.store.complete(claim.job, completed_of(asked))  # it is still the writer's
    assert (await stored(under_test, asked.comparison_id)).waiting == both


async def test_no_requester_waits_for_another_request_or_for_what_is_completed(
    under_test: StoreUnderTest[ComparisonStore],
) -> None:
    pending, completed = comparison_requested(), comparison_completed(figures())
    await under_test.store.add_pending(pending, DIGEST, delivery(), NOW)
    await under_test.store.add_completed(completed, DIGEST, delivery())
    address = ReplyAddress("gateway.replies", 3, "c")

    with pytest.raises(StaleError):
        await under_test.store.join(pending.comparison_id, "another digest", address)
    with pytest.raises(StaleError):
        await under_test.store.join(completed.comparison_id, DIGEST, address)


async def test_the_oldest_are_forgotten_first_and_the_young_are_not(
    under_test: StoreUnderTest[ComparisonStore],
) -> None:
    times = [NOW + timedelta(days=day) for day in range(4)]
    made = [comparison_completed(completed_at=moment) for moment in times]
    for completed in (made[1], made[3], made[0], made[2]):
        await under_test.store.add_completed(completed, DIGEST, delivery())

    async def kept() -> list[int]:
        found = [await under_test.store.get(completed.comparison_id) for completed in made]
        return [day for day, comparison in enumerate(found) if comparison]

    await under_test.store.forget(times[3], 2)
    assert await kept() == [2, 3]
    await under_test.store.forget(times[3], 2)
    assert await kept() == [3]
    await under_test.store.forget(times[3], 2)
    assert await kept() == [3]


async def test_the_indexes_are_these_and_no_others(aggregates: Aggregates) -> None:
    await MongoComparisons(aggregates, LARGEST).start()
    await Queue(aggregates, read_comparison).start()

    found = await aggregates.collection.index_information()
    assert {index["key"][0][0] for index in found.values()} == {"_id", "unsent_since", "rank", "created_at"}


async def test_a_pending_one_of_before_is_computed_anew(database: Database) -> None:
    draft = comparison_completed(figures("Calm"), gap("lost"))
    completed = comparison_completed(figures())
    collection = database["comparisons"]
    rest = {"request": DIGEST, "created_at": NOW, "version": 1, "sequence": 0, "outbox": [], "origin": {}}
    for each, more in ((draft, {"rank": 1.0}), (completed, {})):
        body = each.model_dump(mode="json")
        await collection.insert_one({"_id": each.comparison_id, "comparison": body, **rest, **more})
    await add_requests(database)

    pending, ended = [
        read_comparison(document)
        for each in (draft, completed)
        if (document := await collection.find_one({"_id": each.comparison_id}))
    ]
    assert pending.completed is None
    assert pending.asked == ComparisonRequested(
        comparison_id=draft.comparison_id, strategy_ids=("calm", "lost"), query=draft.query
    )
    assert (ended.completed, ended.asked) == (completed, None)

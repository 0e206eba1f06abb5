"""Comparisons, in memory and in MongoDB."""

from datetime import timedelta

import pytest

from backchat_contracts import ComparisonCompleted, ComparisonFailed
from services.chassis.jobs.queue import Queue
from services.chassis.messaging.envelope import ReplyAddress
from services.chassis.storage.aggregates import Aggregates
from services.compare.mongo import MongoComparisons, read_comparison
from services.compare.ports import Comparison, ComparisonStore
from tests.builders import NOW, comparison_completed, delivery, figures, gap, new_id
from tests.fakes import FakeComparisons, FakeKafka, FakeQueue
from tests.stores.stand import Kind, Stand

pytestmark = pytest.mark.anyio

DIGEST = "digest of the request"


@pytest.fixture
def stand(kind: Kind, aggregates: Aggregates, kafka: FakeKafka) -> Stand[ComparisonStore]:
    if kind == "memory":
        fake = FakeComparisons()
        return Stand(fake, FakeQueue(fake.memory, read_comparison), fake.memory.sent)
    return Stand(MongoComparisons(aggregates), Queue(aggregates, read_comparison), kafka.sent)


async def stored(stand: Stand[ComparisonStore], comparison_id: str) -> Comparison:
    found = await stand.store.get(comparison_id)
    assert found is not None
    return found.state


async def test_a_completed_comparison_is_published_once(stand: Stand[ComparisonStore]) -> None:
    completed, came = comparison_completed(figures(), gap()), delivery()
    assert await stand.store.add_completed(completed, DIGEST, came)
    assert not await stand.store.add_completed(completed, DIGEST, delivery())

    (record,) = stand.sent
    assert ComparisonCompleted.model_validate_json(record.value) == completed
    assert record.headers["correlation_id"] == came.origin.correlation_id
    assert await stand.due(NOW + timedelta(days=1)) == []
    assert await stored(stand, completed.comparison_id) == Comparison(completed, DIGEST)


async def test_a_comparison_that_is_not_there_is_none(stand: Stand[ComparisonStore]) -> None:
    assert await stand.store.get(new_id("nothing")) is None


async def test_a_pending_one_is_work_and_not_published(stand: Stand[ComparisonStore]) -> None:
    draft, came = comparison_completed(figures(), gap()), delivery()
    assert await stand.store.add_pending(draft, DIGEST, came, NOW)
    assert stand.sent == []
    assert await stand.due(NOW - timedelta(seconds=1)) == []
    assert await stand.due(NOW) == [draft.comparison_id]

    claim = await stand.queue.claim(draft.comparison_id, NOW, NOW)
    assert claim is not None
    assert came.reply_address is not None
    assert claim.state == Comparison(draft, DIGEST, (came.reply_address,))


async def test_its_writer_completes_a_pending_one(stand: Stand[ComparisonStore]) -> None:
    draft, came = comparison_completed(figures()), delivery()
    await stand.store.add_pending(draft, DIGEST, came, NOW)
    claim = await stand.queue.claim(draft.comparison_id, NOW, NOW)
    assert claim is not None
    written = draft.model_copy(update={"summary": "Prose.", "provider": "a-model"})
    assert await stand.store.complete(claim.job, written)

    (record,) = stand.sent
    assert ComparisonCompleted.model_validate_json(record.value) == written
    assert record.headers["correlation_id"] == came.origin.correlation_id
    assert record.headers["traceparent"] == came.origin.traceparent
    assert await stand.due(NOW + timedelta(days=1)) == []
    assert not await stand.store.complete(claim.job, draft)
    assert len(stand.sent) == 1


async def test_a_pending_one_that_can_not_be_completed_fails(stand: Stand[ComparisonStore]) -> None:
    draft, came = comparison_completed(figures()), delivery()
    await stand.store.add_pending(draft, DIGEST, came, NOW)
    lost = await stand.queue.claim(draft.comparison_id, NOW, NOW)
    claim = await stand.queue.claim(draft.comparison_id, NOW, NOW)
    assert lost is not None
    assert claim is not None
    failed = ComparisonFailed(comparison_id=draft.comparison_id, code="internal-error", detail="odd")
    assert not await stand.store.fail(lost.job, failed)
    assert await stand.store.fail(claim.job, failed)

    (record,) = stand.sent
    assert (record.topic, record.headers["correlation_id"]) == (
        "comparison.failed",
        came.origin.correlation_id,
    )
    now = await stored(stand, draft.comparison_id)
    assert (now.failure, now.waiting) == (failed, (came.reply_address,))
    assert await stand.due(NOW + timedelta(days=1)) == []


async def test_a_writer_that_lost_its_claim_completes_nothing(stand: Stand[ComparisonStore]) -> None:
    draft = comparison_completed(figures())
    await stand.store.add_pending(draft, DIGEST, delivery(), NOW)
    lost = await stand.queue.claim(draft.comparison_id, NOW, NOW)
    assert lost is not None
    assert await stand.queue.claim(draft.comparison_id, NOW, NOW)

    assert not await stand.store.complete(lost.job, draft)
    assert stand.sent == []


async def test_a_request_that_comes_again_does_not_start_over(stand: Stand[ComparisonStore]) -> None:
    draft = comparison_completed(figures())
    await stand.store.add_pending(draft, DIGEST, delivery(), NOW)
    claim = await stand.queue.claim(draft.comparison_id, NOW, NOW + timedelta(seconds=30))
    assert claim is not None
    assert not await stand.store.add_pending(draft, DIGEST, delivery(), NOW)

    assert await stand.due(NOW) == []
    assert await stand.store.complete(claim.job, draft)


async def test_others_may_come_to_wait_while_a_summary_is_written(stand: Stand[ComparisonStore]) -> None:
    draft, came, other = comparison_completed(figures()), delivery(), delivery()
    await stand.store.add_pending(draft, DIGEST, came, NOW)
    claim = await stand.queue.claim(draft.comparison_id, NOW, NOW)
    assert claim is not None
    assert other.reply_address is not None
    both = (came.reply_address, other.reply_address)
    for _ in range(2):  # the second time nothing happens
        assert await stand.store.join(draft.comparison_id, DIGEST, other.reply_address)

    assert (await stored(stand, draft.comparison_id)).waiting == both
    assert await stand.store.complete(claim.job, draft)  # it is still the writer's
    assert (await stored(stand, draft.comparison_id)).waiting == both


async def test_no_requester_waits_for_another_request_or_for_what_is_completed(
    stand: Stand[ComparisonStore],
) -> None:
    pending, completed = comparison_completed(figures()), comparison_completed(figures())
    await stand.store.add_pending(pending, DIGEST, delivery(), NOW)
    await stand.store.add_completed(completed, DIGEST, delivery())
    address = ReplyAddress("gateway.replies", 3, "c")

    assert not await stand.store.join(pending.comparison_id, "another digest", address)
    assert not await stand.store.join(completed.comparison_id, DIGEST, address)


async def test_the_oldest_are_forgotten_first_and_the_young_are_not(stand: Stand[ComparisonStore]) -> None:
    times = [NOW + timedelta(days=day) for day in range(4)]
    made = [comparison_completed(completed_at=moment) for moment in times]
    for completed in (made[1], made[3], made[0], made[2]):
        await stand.store.add_completed(completed, DIGEST, delivery())

    async def kept() -> list[int]:
        found = [await stand.store.get(completed.comparison_id) for completed in made]
        return [day for day, comparison in enumerate(found) if comparison]

    await stand.store.forget(times[3], 2)
    assert await kept() == [2, 3]
    await stand.store.forget(times[3], 2)
    assert await kept() == [3]
    await stand.store.forget(times[3], 2)
    assert await kept() == [3]


async def test_the_indexes_are_these_and_no_others(aggregates: Aggregates) -> None:
    await MongoComparisons(aggregates).start()
    await Queue(aggregates, read_comparison).start()

    found = await aggregates.collection.index_information()
    assert {index["key"][0][0] for index in found.values()} == {"_id", "unsent_since", "rank", "created_at"}

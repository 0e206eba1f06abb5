"""The catalogue of strategies, in memory and in MongoDB."""

import asyncio
from datetime import timedelta

import pytest

from backchat_contracts import StrategyDeleted, StrategySaved
from services.backtest.mongo import MongoStrategies
from services.backtest.ports import IdTaken, RequestMark, Saved, SavedBefore, StrategyStore
from services.chassis.errors import StaleError
from services.chassis.jobs.queue import Queue
from services.chassis.messaging.envelope import Origin
from services.chassis.paging import cursor_of
from services.chassis.storage.aggregates import Aggregates
from tests.builders import NOW, delivery, strategy_saved
from tests.fakes import FakeKafka, FakeQueue, FakeStrategies
from tests.stores.under_test import Kind, StoreUnderTest

pytestmark = pytest.mark.anyio

ORIGIN = delivery().origin
LATER = NOW + timedelta(days=1)


@pytest.fixture
async def under_test(kind: Kind, aggregates: Aggregates, kafka: FakeKafka) -> StoreUnderTest[StrategyStore]:
    if kind == "memory":
        fake = FakeStrategies()
        return StoreUnderTest(fake, FakeQueue(fake.memory, dict), fake.memory.sent)
    strategies = MongoStrategies(aggregates)
    await strategies.start()
    return StoreUnderTest(strategies, Queue(aggregates, dict), kafka.sent)


async def test_a_strategy_comes_back_as_it_was_saved(under_test: StoreUnderTest[StrategyStore]) -> None:
    strategy = strategy_saved("황금 교차", description="빠르다", parameters={"fast": 5, "slow": 9.5})
    assert await under_test.store.save(strategy, ORIGIN) == Saved()

    assert await under_test.store.get(strategy.strategy_id) == strategy
    (record,) = under_test.sent
    assert StrategySaved.model_validate_json(record.value) == strategy
    assert record.headers["correlation_id"] == ORIGIN.correlation_id


async def test_there_is_one_strategy_of_an_id(under_test: StoreUnderTest[StrategyStore]) -> None:
    first = strategy_saved("SMA", type="rsi")
    assert await under_test.store.save(first, ORIGIN) == Saved()
    assert await under_test.store.save(strategy_saved("SMA"), ORIGIN) == IdTaken()

    assert await under_test.store.get("sma") == first
    assert under_test.topics() == ["strategy.saved"]


async def test_a_request_that_comes_again_is_told_what_it_has_saved(
    under_test: StoreUnderTest[StrategyStore],
) -> None:
    first, mark = strategy_saved("SMA"), RequestMark("request-1", "a digest")
    assert await under_test.store.save(first, ORIGIN, mark) == Saved()
    before = SavedBefore(first, "a digest")

    again = RequestMark("request-1", "another digest")
    assert await under_test.store.save(strategy_saved("SMA", type="rsi"), ORIGIN, again) == before
    assert await under_test.store.save(strategy_saved("RSI"), ORIGIN, again) == before
    await under_test.store.delete("sma", LATER, ORIGIN)
    assert await under_test.store.save(first, ORIGIN, mark) == before
    assert await under_test.store.save(first, ORIGIN, RequestMark("request-2", "a digest")) == Saved()


async def test_a_deleted_strategy_is_not_revived_unless_that_is_wanted(
    under_test: StoreUnderTest[StrategyStore],
) -> None:
    await under_test.store.save(strategy_saved("SMA"), ORIGIN)
    await under_test.store.delete("sma", LATER, ORIGIN)

    assert await under_test.store.save(strategy_saved("SMA"), ORIGIN, revive=False) == IdTaken()
    assert await under_test.store.get("sma") is None


async def test_of_concurrent_saves_one_wins(under_test: StoreUnderTest[StrategyStore]) -> None:
    strategies = [strategy_saved("SMA", description=str(number)) for number in range(8)]
    saved = await asyncio.gather(*(under_test.store.save(strategy, ORIGIN) for strategy in strategies))

    assert saved.count(Saved()) == 1
    assert await under_test.store.get("sma") == strategies[saved.index(Saved())]
    assert under_test.topics() == ["strategy.saved"]


async def test_a_deleted_strategy_is_gone_until_it_is_saved_again(
    under_test: StoreUnderTest[StrategyStore],
) -> None:
    await under_test.store.save(strategy_saved("SMA", type="rsi", parameters={"window": 14}), ORIGIN)
    deleted = StrategyDeleted(strategy_id="sma", deleted_at=LATER)
    assert await under_test.store.delete("sma", LATER, ORIGIN) == deleted
    assert await under_test.store.get("sma") is None
    assert await under_test.store.page(10, None) == []
    assert StrategyDeleted.model_validate_json(under_test.sent[-1].value) == deleted

    again = strategy_saved("SMA")
    assert await under_test.store.save(again, ORIGIN) == Saved()
    assert await under_test.store.get("sma") == again
    assert under_test.topics() == ["strategy.saved", "strategy.deleted", "strategy.saved"]
    assert under_test.sequences() == ["1", "2", "3"]


async def test_no_range_of_the_list_has_what_is_deleted(aggregates: Aggregates) -> None:
    store = MongoStrategies(aggregates)
    for name in map(str, range(30)):  # some of them are in the sample
        await store.save(strategy_saved(name), ORIGIN)
        await store.delete(name, LATER, ORIGIN)

    assert await aggregates.collection.count_documents({"listed": {"$exists": True}}) == 0
    assert await aggregates.collection.count_documents({"sampled": {"$exists": True}}) == 0
    assert await store.save(strategy_saved("7"), ORIGIN) == Saved()
    assert [each.strategy_id for each in await store.page(10, None)] == ["7"]


async def test_what_is_not_there_is_not_deleted(under_test: StoreUnderTest[StrategyStore]) -> None:
    assert await under_test.store.delete("nothing", NOW, ORIGIN) is None
    await under_test.store.save(strategy_saved("SMA"), ORIGIN)
    await under_test.store.delete("sma", NOW, ORIGIN)

    assert await under_test.store.delete("sma", LATER, ORIGIN) is None
    assert under_test.topics() == ["strategy.saved", "strategy.deleted"]


async def test_of_concurrent_deletes_one_wins(under_test: StoreUnderTest[StrategyStore]) -> None:
    await under_test.store.save(strategy_saved("SMA"), ORIGIN)
    deletes = (under_test.store.delete("sma", NOW, Origin()) for _ in range(5))
    outcomes = await asyncio.gather(*deletes, return_exceptions=True)

    assert sum(isinstance(outcome, StrategyDeleted) for outcome in outcomes) == 1
    assert all(outcome is None or isinstance(outcome, StaleError) for outcome in outcomes[1:])
    assert under_test.topics().count("strategy.deleted") == 1


async def test_a_page_shows_the_newest_first_and_ids_settle_ties(
    under_test: StoreUnderTest[StrategyStore],
) -> None:
    moments = {"delta": 2, "alpha": 1, "가": 1, "charlie": 1, "bravo": 0}
    for name, seconds in moments.items():
        await under_test.store.save(strategy_saved(name, created_at=NOW + timedelta(seconds=seconds)), ORIGIN)
    await under_test.store.delete("charlie", NOW, ORIGIN)

    async def ids(limit: int, behind: str | None = None) -> list[str]:
        before = cursor_of(NOW + timedelta(seconds=moments[behind]), behind) if behind else None
        return [strategy.strategy_id for strategy in await under_test.store.page(limit, before)]

    assert await ids(10) == ["delta", "가", "alpha", "bravo"]
    assert await ids(2) == ["delta", "가"]
    assert await ids(2, "가") == ["alpha", "bravo"]
    assert await ids(10, "charlie") == ["alpha", "bravo"]
    assert await ids(10, "bravo") == []


async def test_the_last_event_of_each_strategy_can_be_had_again(
    under_test: StoreUnderTest[StrategyStore],
) -> None:
    kept, deleted = strategy_saved("황금 교차"), strategy_saved("역추세")
    for strategy in (kept, deleted):
        assert await under_test.store.save(strategy, ORIGIN) == Saved()
    await under_test.store.delete(deleted.strategy_id, LATER, ORIGIN)

    events = {event.strategy_id: (event, number) async for event, number in under_test.store.last_events()}
    assert events == {
        kept.strategy_id: (kept, 1),
        deleted.strategy_id: (StrategyDeleted(strategy_id=deleted.strategy_id, deleted_at=LATER), 2),
    }

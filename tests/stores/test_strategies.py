"""The catalogue of strategies, in memory and in MongoDB."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from backchat_contracts import StrategySaved
from services.backtest.domain.catalogue import Strategy
from services.backtest.domain.planning import Definition
from services.backtest.mongo import MongoStrategies
from services.backtest.ports import RequestMark, SavedBefore, StrategyStore
from services.chassis.errors import ExistsError, StaleError
from services.chassis.jobs.queue import Queue
from services.chassis.messaging.envelope import Origin
from services.chassis.paging import cursor_of
from services.chassis.storage.aggregates import Aggregates
from services.chassis.stored import Stored
from tests.builders import NOW, delivery, strategy
from tests.fakes import FakeKafka, FakeQueue, FakeStrategies
from tests.stores.under_test import Kind, StoreUnderTest

pytestmark = pytest.mark.anyio

ORIGIN = delivery().origin
LATER = NOW + timedelta(days=1)
OTHER = Definition("rsi", {"window": 14, "lower": 20.5, "upper": 80.0})

WEIGHTED = Definition(
    "fixed_weights", {"weights": {"BRK.B": 0.5, "^KS11": 0.25, "KRW=X": 0.25}, "rebalance": "weekly"}
)
"""Names of fields that have a meaning in queries."""


@pytest.fixture
async def under_test(kind: Kind, aggregates: Aggregates, kafka: FakeKafka) -> StoreUnderTest[StrategyStore]:
    if kind == "memory":
        fake = FakeStrategies()
        return StoreUnderTest(fake, FakeQueue(fake.memory, dict), fake.memory.sent)
    strategies = MongoStrategies(aggregates)
    await strategies.start()
    return StoreUnderTest(strategies, Queue(aggregates, dict), kafka.sent)


async def read(under_test: StoreUnderTest[StrategyStore], strategy_id: str) -> Stored[Strategy]:
    found = await under_test.store.get(strategy_id)
    assert found is not None
    return found


async def deleted(under_test: StoreUnderTest[StrategyStore], strategy_id: str) -> None:
    stored = await read(under_test, strategy_id)
    await under_test.store.change(stored, stored.state.delete(LATER), ORIGIN)


async def test_a_strategy_comes_back_as_it_was_saved(under_test: StoreUnderTest[StrategyStore]) -> None:
    new = strategy("황금 교차", description="빠르다")
    await under_test.store.add(new.create(), ORIGIN)

    assert (await read(under_test, new.id)).state == new
    (record,) = under_test.sent
    assert StrategySaved.model_validate_json(record.value) == new.saved()
    assert record.headers["correlation_id"] == ORIGIN.correlation_id


@pytest.mark.parametrize("other", [OTHER, WEIGHTED])
async def test_it_comes_back_with_all_its_versions(
    under_test: StoreUnderTest[StrategyStore], other: Definition
) -> None:
    new = strategy("SMA")
    await under_test.store.add(new.create(), ORIGIN)
    changed = new.use(other, LATER)
    await under_test.store.change(await read(under_test, "sma"), changed, ORIGIN)

    assert (await read(under_test, "sma")).state == changed.state
    assert under_test.sequences() == ["1", "2"]
    assert StrategySaved.model_validate_json(under_test.sent[-1].value) == changed.state.saved()


async def test_there_is_one_strategy_of_an_id(under_test: StoreUnderTest[StrategyStore]) -> None:
    first = strategy("SMA")
    await under_test.store.add(first.create(), ORIGIN)
    with pytest.raises(ExistsError):
        await under_test.store.add(strategy("SMA", description="another").create(), ORIGIN)

    assert (await read(under_test, "sma")).state == first
    assert under_test.topics() == ["strategy.saved"]


async def test_a_request_saves_one_strategy_and_can_be_asked_for_it(
    under_test: StoreUnderTest[StrategyStore],
) -> None:
    first, mark = strategy("SMA"), RequestMark("request-1", "a digest")
    await under_test.store.add(first.create(), ORIGIN, mark)
    with pytest.raises(ExistsError):
        await under_test.store.add(strategy("RSI").create(), ORIGIN, mark)

    assert await under_test.store.saved_by("request-1") == SavedBefore(first, "a digest")
    assert await under_test.store.saved_by("request-2") is None


async def test_of_concurrent_saves_one_wins(under_test: StoreUnderTest[StrategyStore]) -> None:
    strategies = [strategy("SMA", description=str(number)) for number in range(8)]
    adding = (under_test.store.add(each.create(), ORIGIN) for each in strategies)
    outcomes = await asyncio.gather(*adding, return_exceptions=True)

    assert [outcome for outcome in outcomes if not isinstance(outcome, ExistsError)] == [None]
    assert (await read(under_test, "sma")).state == strategies[outcomes.index(None)]
    assert under_test.topics() == ["strategy.saved"]


async def test_a_deleted_strategy_is_not_listed_until_it_is_saved_again(
    under_test: StoreUnderTest[StrategyStore],
) -> None:
    await under_test.store.add(strategy("SMA").create(), ORIGIN)
    await deleted(under_test, "sma")
    stored = await read(under_test, "sma")
    assert stored.state == strategy("SMA", deleted_at=LATER)
    assert await under_test.store.page(10, None) == []

    revived = stored.state.revive(strategy("SMA", created_at=LATER, description="again"))
    await under_test.store.change(stored, revived, ORIGIN)
    assert (await read(under_test, "sma")).state == revived.state
    assert await under_test.store.page(10, None) == [revived.state]
    assert under_test.topics() == ["strategy.saved", "strategy.deleted", "strategy.saved"]
    assert under_test.sequences() == ["1", "2", "3"]


async def test_no_range_of_the_list_has_what_is_deleted(aggregates: Aggregates) -> None:
    store: StoreUnderTest[StrategyStore] = StoreUnderTest(
        MongoStrategies(aggregates), Queue(aggregates, dict), []
    )
    for name in map(str, range(30)):  # some of them are in the sample
        await store.store.add(strategy(name).create(), ORIGIN)
        await deleted(store, name)

    assert await aggregates.collection.count_documents({"listed": {"$exists": True}}) == 0
    assert await aggregates.collection.count_documents({"sampled": {"$exists": True}}) == 0
    stored = await read(store, "7")
    await store.store.change(stored, stored.state.revive(strategy("7")), ORIGIN)
    assert [each.id for each in await store.store.page(10, None)] == ["7"]


async def test_of_concurrent_changes_one_wins(under_test: StoreUnderTest[StrategyStore]) -> None:
    await under_test.store.add(strategy("SMA").create(), ORIGIN)
    stored = await read(under_test, "sma")
    changes = (under_test.store.change(stored, stored.state.delete(NOW), Origin()) for _ in range(5))
    outcomes = await asyncio.gather(*changes, return_exceptions=True)

    assert [outcome for outcome in outcomes if not isinstance(outcome, StaleError)] == [None]
    assert under_test.topics().count("strategy.deleted") == 1


async def test_a_page_shows_the_newest_first_and_ids_settle_ties(
    under_test: StoreUnderTest[StrategyStore],
) -> None:
    moments = {"delta": 2, "alpha": 1, "가": 1, "charlie": 1, "bravo": 0}
    for name, seconds in moments.items():
        new = strategy(name, created_at=NOW + timedelta(seconds=seconds))
        await under_test.store.add(new.create(), ORIGIN)
    await deleted(under_test, "charlie")

    async def ids(limit: int, behind: str | None = None) -> list[str]:
        before = cursor_of(NOW + timedelta(seconds=moments[behind]), behind) if behind else None
        return [each.id for each in await under_test.store.page(limit, before)]

    assert await ids(10) == ["delta", "가", "alpha", "bravo"]
    assert await ids(2) == ["delta", "가"]
    assert await ids(2, "가") == ["alpha", "bravo"]
    assert await ids(10, "charlie") == ["alpha", "bravo"]
    assert await ids(10, "bravo") == []


async def test_all_can_be_had_also_those_that_were_deleted(under_test: StoreUnderTest[StrategyStore]) -> None:
    kept, gone = strategy("황금 교차"), strategy("역추세")
    for each in (kept, gone):
        await under_test.store.add(each.create(), ORIGIN)
    await deleted(under_test, gone.id)

    found = {stored.id: (stored.state, stored.sequence) async for stored in under_test.store.all()}
    assert found == {kept.id: (kept, 1), gone.id: (replace(gone, deleted_at=LATER), 2)}

"""The definitions that were run, in memory and in MongoDB."""

import asyncio
import time
from collections.abc import Sequence

import pytest

from backchat_contracts import BacktestCompleted
from services.chassis.storage.mongo import Database
from services.compare.domain.trials import Trial, definition_of, search_of
from services.compare.mongo import MongoTrials, trials
from services.compare.ports import TrialStore
from tests.builders import backtest_completed, config, performance
from tests.fakes import FakeTrials
from tests.stores.under_test import Kind

pytestmark = pytest.mark.anyio


@pytest.fixture
async def store(kind: Kind, database: Database) -> TrialStore:
    if kind == "memory":
        return FakeTrials()
    store = MongoTrials(database["trials"])
    await store.start()
    return store


async def of(store: TrialStore, event: BacktestCompleted) -> Sequence[Trial]:
    search = search_of(event)
    return (await store.of([search]))[search]


async def test_each_definition_is_kept_once_with_its_first_sharpe_ratio(store: TrialStore) -> None:
    first = backtest_completed(performance=performance(sharpe_ratio=0.5))
    again = backtest_completed(performance=performance(sharpe_ratio=0.9))
    other = backtest_completed(config=config(parameters={"fast": 5, "slow": 50}), performance=None)
    for event in (first, again, other):
        await store.add(event)

    found = {trial.definition: trial.sharpe_ratio for trial in await of(store, first)}
    assert found == {definition_of(first.config): 0.5, definition_of(other.config): None}


async def test_a_search_is_of_one_user_on_one_set_of_symbols(store: TrialStore) -> None:
    mine = backtest_completed(config=config(symbols=("AAPL", "IBM")))
    turned = backtest_completed(config=config(symbols=("IBM", "AAPL"), parameters={"fast": 9, "slow": 50}))
    others = [backtest_completed(user_id="another"), backtest_completed(config=config(symbols=("GOOG",)))]
    for event in (mine, turned, *others):
        await store.add(event)

    assert search_of(mine) == search_of(turned)
    assert len(await of(store, mine)) == 2
    assert [len(await of(store, event)) for event in others] == [1, 1]
    searches = {search_of(event) for event in (mine, *others)}
    assert (await store.of(searches)).keys() == searches
    assert await store.of([]) == {}


async def test_many_at_once_are_all_kept(store: TrialStore) -> None:
    events = [
        backtest_completed(config=config(parameters={"fast": fast, "slow": 200})) for fast in range(2, 60)
    ]
    await asyncio.gather(*(store.add(event) for event in [*events, *events]))

    assert len(await of(store, events[0])) == len(events)


async def test_what_was_read_is_read_again_after_one_is_added(store: TrialStore) -> None:
    first = backtest_completed()
    assert not await of(store, first)
    await store.add(first)

    assert len(await of(store, first)) == 1


async def test_one_that_is_added_is_told_without_reading_all_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = MongoTrials(database["trials"])
    first, second = (backtest_completed(config=config(parameters={"fast": n, "slow": 99})) for n in (2, 3))
    await store.add(first)
    assert len(await of(store, first)) == 1
    monkeypatch.setattr(database["trials"].__class__, "find", None)
    await store.add(second)

    assert {each.definition for each in await of(store, first)} == {
        definition_of(each.config) for each in (first, second)
    }


async def test_what_another_process_adds_comes_later(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = MongoTrials(database["trials"]), MongoTrials(database["trials"])
    event = backtest_completed()
    assert await of(other, event) == ()
    await one.add(event)
    assert await of(other, event) == ()
    later = time.monotonic() + 2 * trials.READ_AGAIN_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: later)

    assert len(await of(other, event)) == 1

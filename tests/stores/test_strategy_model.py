"""The read model of strategies, in memory and in MongoDB."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from backchat_contracts import StrategyDeleted, StrategyStandingChanged, strategy_id
from services.chassis.storage.mongo import (
    DUPLICATE_KEY,
    BulkWriteError,
    Collection,
    Database,
    Document,
    UpdateOne,
)
from services.compare.domain.gathering import KnownStrategy
from services.compare.migrations import add_ids_of_names, add_list_keys
from services.compare.mongo import MongoStrategyModel, catalogue
from services.compare.mongo.catalogue import NEVER
from services.compare.ports import StrategyModel
from tests.builders import NOW, backtest_completed, config, strategy_saved
from tests.fakes import FakeStrategyModel
from tests.stores.under_test import Kind

pytestmark = pytest.mark.anyio

LATER = NOW + timedelta(seconds=1)
DELETED = StrategyDeleted(strategy_id="sma", deleted_at=NOW)
sma = partial(KnownStrategy, "sma", symbols=("AAPL",))  # as `strategy_saved` saves it


@pytest.fixture
async def model(kind: Kind, database: Database) -> StrategyModel:
    if kind == "memory":
        return FakeStrategyModel()
    model = MongoStrategyModel(database["strategies"])
    await model.start()
    return model


async def test_a_saved_strategy_is_known_without_a_backtest(model: StrategyModel) -> None:
    await model.saved(strategy_saved("SMA"), 1)

    assert await model.get(["sma"]) == {"sma": sma("SMA", None)}


@pytest.mark.parametrize("saved_first", [True, False])
async def test_a_completed_backtest_is_known_with_its_strategy_in_any_order(
    model: StrategyModel, *, saved_first: bool
) -> None:
    completed = backtest_completed("SMA")
    if saved_first:
        await model.saved(strategy_saved("SMA"), 1)
    await model.completed(completed)
    if not saved_first:
        assert await model.get(["sma"]) == {}
        await model.saved(strategy_saved("SMA"), 1)

    assert await model.get(["sma"]) == {"sma": sma("SMA", completed)}


async def test_what_has_changed_is_read_again_and_nothing_else(database: Database) -> None:
    model = MongoStrategyModel(database["strategies"])
    await model.start()
    await model.saved(strategy_saved("SMA"), 1)
    first = await known_sma(model)
    assert await known_sma(model) is first

    completed = backtest_completed("SMA")
    await model.completed(completed)
    assert (await known_sma(model)).latest == completed
    await model.chosen(StrategyStandingChanged(strategy_id="sma", standing=completed, changed_at=NOW), 1)
    assert (await known_sma(model)).chosen == completed
    await model.saved(strategy_saved("SMA").model_copy(update={"name": "Moving"}), 2)
    assert await known_sma(model) == sma("Moving", completed, completed)
    assert await known_sma(model) is await known_sma(model)


async def known_sma(model: StrategyModel) -> KnownStrategy:
    return (await model.get(["sma"]))["sma"]


async def test_parameters_may_be_objects_of_any_symbols(model: StrategyModel) -> None:
    weighted = config(type="fixed_weights", parameters={"weights": {"BRK.B": 0.5, "^KS11": 0.5}})
    await model.saved(strategy_saved("SMA"), 1)
    completed = backtest_completed("SMA", config=weighted)
    await model.completed(completed)

    assert (await model.get(["sma"]))["sma"].latest == completed


async def test_a_backtest_without_a_result_is_known_too(model: StrategyModel) -> None:
    await model.saved(strategy_saved("SMA"), 1)
    completed = backtest_completed("SMA", performance=None)
    await model.completed(completed)

    assert (await model.get(["sma"]))["sma"].latest == completed


@pytest.mark.parametrize("seconds", [-1, 0])
async def test_only_a_newer_backtest_takes_the_place_of_the_latest(
    model: StrategyModel, seconds: int
) -> None:
    await model.saved(strategy_saved("SMA"), 1)
    latest = backtest_completed("SMA", completed_at=LATER)
    await model.completed(latest)
    await model.completed(backtest_completed("SMA", completed_at=LATER + timedelta(seconds=seconds)))
    assert (await model.get(["sma"]))["sma"].latest == latest

    newer = backtest_completed("SMA", completed_at=LATER + timedelta(milliseconds=1))
    await model.completed(newer)
    assert (await model.get(["sma"]))["sma"].latest == newer


async def test_a_deleted_strategy_is_unknown_and_keeps_its_backtest(model: StrategyModel) -> None:
    completed = backtest_completed("SMA")
    await model.saved(strategy_saved("SMA"), 1)
    await model.completed(completed)
    await model.deleted(DELETED, 2)
    assert await model.get(["sma"]) == {}
    assert (await model.catalogue()).rows == []

    await model.saved(strategy_saved("SMA"), 3)
    assert (await model.get(["sma"]))["sma"].latest == completed


@pytest.mark.parametrize("sequence", [1, 2])
async def test_an_event_of_the_catalogue_that_is_not_newer_changes_nothing(
    model: StrategyModel, sequence: int
) -> None:
    await model.deleted(DELETED, 2)
    await model.saved(strategy_saved("SMA"), sequence)

    assert await model.get(["sma"]) == {}


async def test_a_saved_strategy_takes_its_new_name(model: StrategyModel) -> None:
    await model.saved(strategy_saved("SMA"), 1)
    await model.saved(strategy_saved("sma"), 3)

    assert (await model.get(["sma"]))["sma"].name == "sma"


async def test_only_what_is_asked_for_is_told(model: StrategyModel) -> None:
    for name in ("a", "b", "c"):
        await model.saved(strategy_saved(name), 1)

    assert set(await model.get(["c", "a", "unknown", "a"])) == {"a", "c"}
    assert await model.get([]) == {}


async def test_callers_at_once_get_each_their_own(model: StrategyModel) -> None:
    for name in ("a", "b", "c"):
        await model.saved(strategy_saved(name), 1)

    got = await asyncio.gather(*(model.get([name]) for name in ("a", "b", "c", "unknown")))
    assert [set(known) for known in got] == [{"a"}, {"b"}, {"c"}, set()]


async def test_all_are_told_from_the_one_with_the_latest_backtest(model: StrategyModel) -> None:
    for number, name in enumerate(("old", "none", "new", "gone")):
        await model.saved(strategy_saved(name), 1)
        if name != "none":
            await model.completed(backtest_completed(name, completed_at=NOW + timedelta(seconds=number)))
    await model.deleted(StrategyDeleted(strategy_id="gone", deleted_at=NOW), 2)

    catalogue = await model.catalogue()
    assert [row.strategy_id for row in catalogue.rows] == ["new", "old", "none"]
    assert [row.strategy_id for row in catalogue.completed] == ["new", "old"]


async def test_old_documents_are_listed_by_their_latest_backtest(database: Database) -> None:
    common = {"catalogued": True, "latest": None, "strategy_sequence": 1}
    common |= {"chosen": None, "standing_sequence": 0}
    completed = [NOW + timedelta(seconds=number) for number in range(3)]
    times = {"old": completed[0], "none": NEVER, "new": completed[2], "between": completed[1]}
    documents = [{"_id": name, "name": name, "latest_at": time, **common} for name, time in times.items()]
    await database["strategies"].insert_many(documents)
    await add_list_keys(database)
    model = MongoStrategyModel(database["strategies"])
    await model.start()

    assert [row.strategy_id for row in (await model.catalogue()).rows] == ["new", "between", "old", "none"]


async def test_events_that_come_at_once_are_all_kept(model: StrategyModel) -> None:
    names = [f"s{number}" for number in range(20)]
    events = [(strategy_saved(name), backtest_completed(name)) for name in names]
    await asyncio.gather(
        *(model.saved(saved, 1) for saved, _ in events), *(model.completed(done) for _, done in events)
    )

    known = await model.get(names)
    assert {name: entry.latest for name, entry in known.items()} == {
        done.strategy_id: done for _, done in events
    }


async def test_of_backtests_that_end_at_once_the_latest_is_kept_however_they_come(
    model: StrategyModel,
) -> None:
    times = [NOW + timedelta(seconds=number) for number in (3, 1, 4, 1, 5, 9, 2, 6, 9)]
    events = [backtest_completed(name, completed_at=time) for time in times for name in ("a", "b")]
    for name in ("a", "b"):
        await model.saved(strategy_saved(name), 1)
    await asyncio.gather(*(model.completed(event) for event in events))
    latest = {name: entry.latest for name, entry in (await model.get(["a", "b"])).items()}
    assert latest == {"a": events[10], "b": events[11]}

    await asyncio.gather(*(model.completed(event) for event in events))
    assert {name: entry.latest for name, entry in (await model.get(["a", "b"])).items()} == latest


async def test_backtests_that_end_at_once_share_their_writes(database: Database) -> None:
    counting: Any = Counting(database["strategies"])
    model = MongoStrategyModel(counting)
    await model.saved(strategy_saved("a"), 1)
    counting.writes.clear()
    events = [
        backtest_completed(name, completed_at=NOW + timedelta(seconds=number))
        for number in range(50)
        for name in ("a", "b")
    ]
    await asyncio.gather(*(model.completed(event) for event in events))

    assert sum(counting.writes) <= 4
    assert (await model.get(["a"]))["a"].latest == events[-2]


class Counting:
    """A collection that notes how many writes each call brings."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self.writes: list[int] = []

    def find(self, query: Document) -> Any:
        return self._collection.find(query)

    async def bulk_write(self, updates: Sequence[UpdateOne], *, ordered: bool) -> None:
        self.writes.append(len(updates))
        await self._collection.bulk_write(updates, ordered=ordered)


class Racing:
    """A collection into which another process inserts the document first, as may happen in MongoDB.

    It repeats an upsert by itself only where the query has equalities alone.
    """

    def __init__(self, collection: Collection, other: Callable[[], Awaitable[None]]) -> None:
        self._collection = collection
        self._other = other
        self._raced = False

    async def bulk_write(self, updates: Sequence[UpdateOne], *, ordered: bool) -> None:
        if not self._raced:
            self._raced = True
            await self._other()
            raise BulkWriteError({"writeErrors": [{"index": 0, "code": DUPLICATE_KEY}]})
        await self._collection.bulk_write(updates, ordered=ordered)


@pytest.mark.parametrize("saved_first", [True, False])
async def test_an_event_that_lost_the_race_to_insert_is_not_lost(
    database: Database, *, saved_first: bool
) -> None:
    model = MongoStrategyModel(database["strategies"])
    completed = backtest_completed("SMA")
    save, complete = partial(model.saved, strategy_saved("SMA"), 1), partial(model.completed, completed)
    racing: Any = Racing(database["strategies"], save if saved_first else complete)
    loser = MongoStrategyModel(racing)
    await (loser.completed(completed) if saved_first else loser.saved(strategy_saved("SMA"), 1))

    assert await model.get(["sma"]) == {"sma": sma("SMA", completed)}


async def test_a_chosen_backtest_stands_until_it_is_unset(model: StrategyModel) -> None:
    first, latest = backtest_completed("SMA"), backtest_completed("SMA", completed_at=NOW + timedelta(days=1))
    await model.saved(strategy_saved("SMA"), 1)
    for completed in (first, latest):
        await model.completed(completed)
    assert (await model.get(["sma"]))["sma"].standing == latest

    chosen = StrategyStandingChanged(strategy_id="sma", standing=first, changed_at=NOW)
    unset = StrategyStandingChanged(strategy_id="sma", standing=None, changed_at=NOW)
    await model.chosen(chosen, 2)
    assert (await model.get(["sma"]))["sma"] == sma("SMA", latest, first)
    await model.chosen(unset, 3)
    await model.chosen(chosen, 2)  # a late delivery
    assert (await model.get(["sma"]))["sma"].standing == latest


async def test_events_of_a_strategy_come_in_any_order(model: StrategyModel) -> None:
    completed = backtest_completed("SMA")
    await model.chosen(StrategyStandingChanged(strategy_id="sma", standing=completed, changed_at=NOW), 3)
    assert await model.get(["sma"]) == {}
    await model.saved(strategy_saved("SMA"), 2)
    assert (await model.get(["sma"]))["sma"] == sma("SMA", None, completed)
    await model.completed(completed)
    assert (await model.get(["sma"]))["sma"] == sma("SMA", completed, completed)


async def test_names_that_shared_an_id_are_two_entries_after_the_migration(database: Database) -> None:
    store = MongoStrategyModel(database["strategies"])
    await store.start()
    await store.saved(strategy_saved("Momentum +5%", strategy_id="momentum-5"), 3)
    ran = backtest_completed("Momentum -5%", strategy_id="momentum-5")
    await store.completed(ran)
    await store.saved(strategy_saved("RSI 14"), 1)
    await store.completed(own := backtest_completed("C++", strategy_id="c"))
    await store.saved(strategy_saved("C++", strategy_id="c"), 1)
    for _ in range(2):  # an interruption, and the next start
        await add_ids_of_names(database)

    known = await known_by_name(database)
    assert known.keys() == {"Momentum +5%", "Momentum -5%", "RSI 14", "C++"}
    assert all(each.strategy_id == strategy_id(name) for name, each in known.items())
    assert known["Momentum +5%"].latest is None
    assert known["Momentum -5%"].latest == ran.model_copy(
        update={"strategy_id": strategy_id(ran.strategy_name)}
    )
    assert known["C++"].latest == own.model_copy(update={"strategy_id": strategy_id("C++")})


async def known_by_name(database: Database) -> dict[str, KnownStrategy]:
    model = MongoStrategyModel(database["strategies"])
    return {each.name: each for each in (await model.get(list(await model.names()))).values()}


@pytest.mark.parametrize(("saved", "ran"), [("RSI 14", "RSI (14)"), ("RSI (14)", "RSI 14")])
async def test_one_of_two_names_may_keep_the_id_that_they_shared(
    database: Database, saved: str, ran: str
) -> None:
    store = MongoStrategyModel(database["strategies"])
    await store.start()
    await store.saved(strategy_saved(saved, strategy_id="rsi-14"), 3)
    await store.completed(backtest_completed(ran, strategy_id="rsi-14"))
    for _ in range(2):
        await add_ids_of_names(database)

    known = await known_by_name(database)
    assert known.keys() == {saved, ran}
    assert known[saved].latest is None
    assert known[ran].latest is not None


async def test_after_the_migration_a_rebuild_brings_versions(database: Database) -> None:
    store = MongoStrategyModel(database["strategies"])
    await store.start()
    await store.saved(strategy_saved("SMA"), 1)
    await store.completed(ran := backtest_completed("SMA"))
    await database["strategies"].update_one({"_id": "sma"}, {"$unset": {"latest.version": ""}})
    await add_ids_of_names(database)
    await store.completed(again := ran.model_copy(update={"version": 3}))

    assert (await store.get(["sma"]))["sma"].latest == again


async def test_the_names_are_those_of_the_catalogue(model: StrategyModel) -> None:
    await model.saved(strategy_saved("SMA"), 1)
    await model.completed(backtest_completed("Unsaved"))
    assert await model.names() == {"sma": "SMA"}

    await model.saved(strategy_saved("RSI"), 1)
    await model.deleted(DELETED, 2)
    assert await model.names() == {"rsi": "RSI"}

    renamed = strategy_saved("RSI").model_copy(update={"name": "RSI 역추세"})
    await model.saved(renamed, 2)
    await model.saved(strategy_saved("RSI"), 1)  # again, and late
    names = await model.names()
    assert names == {"rsi": "RSI 역추세"}
    assert names.near.nearest("RSI 역추새") == ["rsi"]


async def test_names_that_another_process_received_come_later(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (MongoStrategyModel(database["strategies"]) for _ in range(2))
    await one.start()
    await one.saved(strategy_saved("SMA"), 1)
    assert await other.names() == {"sma": "SMA"}

    await one.saved(strategy_saved("RSI"), 1)
    await one.deleted(DELETED, 2)
    assert await other.names() == {"sma": "SMA"}
    later = time.monotonic() + catalogue.READ_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert await other.names() == {"rsi": "RSI"}
    await one.saved(strategy_saved("SMA"), 3)
    assert await one.names() == {"rsi": "RSI", "sma": "SMA"}
    await one.stop()

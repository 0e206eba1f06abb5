"""The catalogue in memory follows the read model: what is written here, and by other processes."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from backchat_contracts import METRICS, ResultWarning, StrategyDeleted, StrategyStandingChanged, Texts
from services.chassis.errors import StoreUnavailableError
from services.chassis.storage.mongo import Collection, Database, Document
from services.compare.domain.catalogue import Catalogue, Row
from services.compare.mongo import MongoStrategyModel
from services.compare.mongo.catalogue import AT_ONCE, IDS_AT_ONCE, WRITTEN
from services.compare.ports import StrategyModel
from tests.builders import NOW, backtest_completed, config, performance, strategy_saved
from tests.fakes import FakeStrategyModel, eventually
from tests.stores.under_test import Kind

pytestmark = pytest.mark.anyio


@pytest.fixture
async def model(kind: Kind, database: Database) -> StrategyModel:
    return FakeStrategyModel() if kind == "memory" else await started(database)


async def test_it_can_be_stopped_while_it_is_read_first(database: Database) -> None:
    model = await started(database)
    await model.stop()
    await model.stop()

    assert (await model.catalogue()).rows == []


async def started(database: Database) -> MongoStrategyModel:
    model = MongoStrategyModel(database["strategies"])
    await model.start()
    return model


async def row_of(model: StrategyModel, strategy_id: str = "sma") -> Row:
    return (await model.catalogue()).by_id[strategy_id]


async def test_an_empty_one_has_no_figures(model: StrategyModel) -> None:
    catalogue = await model.catalogue()

    assert (catalogue.rows, catalogue.measured, catalogue.names) == ([], [], {})
    assert catalogue.figures.shape == (0, len(METRICS))


async def test_a_row_has_the_figures_and_the_settings_of_what_stands(model: StrategyModel) -> None:
    ran = config(symbols=("AAPL", "MSFT"), commission_rate=0.002, slippage_rate=0.001, initial_cash=5_000.0)
    figures = performance(sharpe_ratio=1.5, trades=7)
    completed = backtest_completed("SMA", config=ran, performance=figures)
    await model.saved(strategy_saved("SMA"), 1)
    assert (await row_of(model)).ran is None
    await model.completed(completed)

    row = await row_of(model)
    assert row.ran
    assert (row.ran.backtest_id, row.ran.completed_at) == (completed.backtest_id, NOW)
    assert (row.ran.symbols, row.ran.type) == (("AAPL", "MSFT"), ran.type)
    assert (row.ran.commission_rate, row.ran.slippage_rate) == (0.002, 0.001)
    assert {name: row.value(name) for name in METRICS} == pytest.approx(figures.model_dump())


async def test_what_was_chosen_stands_in_the_catalogue_too(model: StrategyModel) -> None:
    first = backtest_completed("SMA", performance=performance(sharpe_ratio=1.0))
    latest = backtest_completed(
        "SMA", performance=performance(sharpe_ratio=2.0), completed_at=NOW + timedelta(1)
    )
    await model.saved(strategy_saved("SMA"), 1)
    await model.completed(first)
    await model.completed(latest)
    assert (await row_of(model)).value("sharpe_ratio") == 2.0

    await model.chosen(StrategyStandingChanged(strategy_id="sma", standing=first, changed_at=NOW), 1)
    assert (await row_of(model)).value("sharpe_ratio") == 1.0
    await model.chosen(StrategyStandingChanged(strategy_id="sma", standing=None, changed_at=NOW), 2)
    assert (await row_of(model)).value("sharpe_ratio") == 2.0


async def test_what_is_deleted_or_renamed_is_so_at_once(model: StrategyModel) -> None:
    await model.saved(strategy_saved("SMA"), 1)
    await model.saved(strategy_saved("Sma"), 2)
    assert (await row_of(model)).name == "Sma"

    await model.deleted(StrategyDeleted(strategy_id="sma", deleted_at=NOW), 3)
    assert (await model.catalogue()).rows == []


@pytest.mark.parametrize("code", ["no-trades", "short-window"])
async def test_what_does_not_compare_has_no_rank(model: StrategyModel, code: str) -> None:
    warning = ResultWarning.model_validate({"code": code, "detail": Texts(ko=".", en=".")})
    for name, given in {
        "warned": {"warnings": (warning,)},
        "failed": {"performance": None},
        "fine": {},
    }.items():
        await model.saved(strategy_saved(name), 1)
        await model.completed(backtest_completed(name, **given))

    catalogue = await model.catalogue()
    assert [row.strategy_id for row in catalogue.completed] == ["failed", "fine", "warned"]
    assert [row.strategy_id for row in catalogue.measured] == ["fine", "warned"]
    assert catalogue.ranked.tolist() == [True, False]


async def test_what_another_process_writes_is_read_some_seconds_later(database: Database) -> None:
    model, other = await started(database), await started(database)
    await model.saved(strategy_saved("SMA"), 1)
    assert "sma" in (await model.catalogue()).names
    await other.catalogue()
    await model.completed(backtest_completed("SMA"))
    await model.saved(strategy_saved("RSI"), 1)

    async def has_come() -> bool:
        rows = (await other.catalogue()).by_id
        return "rsi" in rows and rows["sma"].ran is not None

    await eventually(has_come)
    await model.deleted(StrategyDeleted(strategy_id="rsi", deleted_at=NOW), 2)

    async def has_gone() -> bool:
        return "rsi" not in (await other.catalogue()).by_id

    await eventually(has_gone)


async def test_what_does_not_change_is_not_read_again(database: Database) -> None:
    model = await started(database)
    for name in ("a", "b"):
        await model.saved(strategy_saved(name), 1)
    before = await model.catalogue()
    await model.completed(backtest_completed("a"))
    after = await model.catalogue()

    assert after.by_id["b"] is before.by_id["b"]
    assert after.by_id["a"] is not before.by_id["a"]
    assert await model.catalogue() is after


async def test_many_documents_of_before_are_read(database: Database) -> None:
    model = MongoStrategyModel(database["strategies"])
    for name in ("a", "b"):
        await model.saved(strategy_saved(name), 1)
        await model.completed(backtest_completed(name))
    document = await database["strategies"].find_one({"_id": "a"})
    assert document
    copies = [{**document, "_id": f"a-{number}"} for number in range(AT_ONCE + 1)]
    await database["strategies"].insert_many(copies)
    await database["strategies"].update_many({}, {"$unset": {WRITTEN: ""}})

    catalogue: Catalogue = await (await started(database)).catalogue()
    assert len(catalogue.completed) == AT_ONCE + 3


class Away:
    """A collection that can't be read while it is `away`."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self.away = False

    def find(self, *given: Any) -> Any:
        if self.away:
            raise AutoReconnect("the database is away")
        return self._collection.find(*given)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._collection, name)


async def test_what_could_not_be_read_is_read_when_the_database_answers_again(database: Database) -> None:
    collection: Any = Away(database["strategies"])
    model = MongoStrategyModel(collection)
    await model.saved(strategy_saved("a"), 1)
    assert "a" in (await model.catalogue()).names
    await model.saved(strategy_saved("b"), 1)
    collection.away = True
    with pytest.raises(StoreUnavailableError):
        await model.catalogue()
    collection.away = False

    assert (await model.catalogue()).names == {"a": "a", "b": "b"}


class Counting:
    """A collection that counts the calls that read it, and those that write."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self.reads: list[Document] = []
        self.writes = 0

    def find(self, query: Document, *given: Any) -> Any:
        self.reads.append(query)
        return self._collection.find(query, *given)

    async def bulk_write(self, updates: Any, *, ordered: bool) -> None:
        self.writes += 1
        await self._collection.bulk_write(updates, ordered=ordered)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._collection, name)


async def test_events_that_come_again_after_a_start_are_not_written_again(database: Database) -> None:
    before = await started(database)
    names = [f"s{number}" for number in range(20)]
    ran = [backtest_completed(name) for name in names]
    chosen = [
        StrategyStandingChanged(strategy_id=each.strategy_id, standing=each, changed_at=NOW) for each in ran
    ]
    counting: Any = Counting(database["strategies"])

    async def all_events(model: StrategyModel) -> None:
        for name, completed, choice in zip(names, ran, chosen, strict=True):
            await model.saved(strategy_saved(name), 1)
            await model.completed(completed)
            await model.chosen(choice, 1)

    await all_events(before)
    model = MongoStrategyModel(counting)
    await model.start()
    await all_events(model)
    assert counting.writes == 0

    await model.deleted(StrategyDeleted(strategy_id="s0", deleted_at=NOW), 2)
    assert counting.writes == 1
    assert "s0" not in (await model.catalogue()).names


async def test_events_wait_for_the_first_reading(database: Database) -> None:
    """Those that come again would be written again, which keeps a slow database from being read."""
    collection: Any = Away(database["strategies"])
    collection.away = True
    model = MongoStrategyModel(collection)
    await model.start()
    with pytest.raises(StoreUnavailableError):
        await model.saved(strategy_saved("a"), 1)
    collection.away = False
    await model.saved(strategy_saved("a"), 1)

    assert (await model.catalogue()).names == {"a": "a"}


async def test_events_at_once_share_their_writes(database: Database) -> None:
    counting: Any = Counting(database["strategies"])
    model = MongoStrategyModel(counting)
    names = [f"s{number}" for number in range(100)]
    await asyncio.gather(*(model.saved(strategy_saved(name), 1) for name in names))

    assert counting.writes <= 2
    assert (await model.catalogue()).names.keys() == set(names)


async def test_many_that_have_changed_are_read_some_at_a_time(database: Database) -> None:
    """The embedded database takes a time that grows with the square of how many ids are asked for."""
    counting: Any = Counting(database["strategies"])
    model = MongoStrategyModel(counting)
    await model.catalogue()
    names = [f"s{number}" for number in range(2 * IDS_AT_ONCE + 1)]
    await asyncio.gather(*(model.saved(strategy_saved(name), 1) for name in names))
    counting.reads.clear()

    assert (await model.catalogue()).names.keys() == set(names)
    asked = [len(query["_id"]["$in"]) for query in counting.reads if "_id" in query]
    assert sorted(asked) == [1, IDS_AT_ONCE, IDS_AT_ONCE]
    assert (await model.get(names)).keys() == set(names)


async def test_what_the_catalogue_has_unchanged_is_not_read_again(database: Database) -> None:
    counting: Any = Counting(database["strategies"])
    model, other = MongoStrategyModel(counting), await started(database)
    for name in ("a", "b"):
        await model.saved(strategy_saved(name), 1)
        await model.completed(backtest_completed(name))
    await model.catalogue()
    first = await model.catalogued(["a", "b", "unknown"])
    assert first.keys() == {"a", "b"}
    counting.reads.clear()
    assert await model.catalogued(["b", "a"]) == first
    assert counting.reads == []

    await model.completed(later := backtest_completed("a", completed_at=NOW + timedelta(1)))
    await model.catalogue()
    assert (await model.catalogued(["a", "b"]))["a"].latest == later
    await other.deleted(StrategyDeleted(strategy_id="b", deleted_at=NOW), 2)

    async def has_gone() -> bool:
        await model.catalogue()
        return "b" not in await model.catalogued(["a", "b"])

    await eventually(has_gone)

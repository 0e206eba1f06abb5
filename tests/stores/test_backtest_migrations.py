"""Strategies and backtests that earlier versions stored: they get versions, and the ids of their names."""

from datetime import timedelta
from typing import Any

import pytest

from services.backtest.documents import read_backtest, read_result, read_strategy
from services.backtest.migrations import add_versions, pack_results
from services.chassis.storage.mongo import Database
from tests.builders import NOW, config

pytestmark = pytest.mark.anyio

SMA = {"type": "sma_crossover", "parameters": {"fast": 20, "slow": 50}}
HOLD: dict[str, Any] = {"type": "buy_and_hold", "parameters": {}}


def entry(name: str, old_id: str, definition: dict[str, Any], **given: Any) -> dict[str, Any]:
    """A strategy as it was stored: its type and parameters, and the id that names shared."""
    fields = {"strategy_id": old_id, "name": name, "description": "kept", "symbols": ["AAPL"]}
    times = {"created_at": NOW, "version": 1, "sequence": 1, "outbox": [], "listed": f"x~{old_id}"}
    return {"_id": old_id, **fields, **definition, **times, "request_id": f"r-{name}", "request": "d"} | given


def backtest(number: int, name: str, old_id: str, definition: dict[str, Any]) -> dict[str, Any]:
    """A backtest as it was stored, without the version of its strategy."""
    body = config(**definition).model_dump(mode="json")
    names = {"strategy_id": old_id, "strategy_name": name, "user_id": "kim", "priority": "normal"}
    listed = {"listed": f"2026-03-02T09:30:{number:02}.000Z~b-{number}"}
    times = {
        "created_at": NOW + timedelta(seconds=number),
        "version": 1,
        "sequence": 1,
        "outbox": [],
        **listed,
    }
    flags = {"generate_report": False, "notify_on_completion": False, "reason": "manual"}
    request = {"request": "digest", "work": "w", "status": "pending", "config": body}
    return {"_id": f"b-{number}", **names, **times, **flags, **request}


async def migrated(database: Database) -> dict[str, Any]:
    await add_versions(database)
    await add_versions(database)  # after an interruption it is made again
    found = [read_strategy(each) async for each in database["strategies"].find({})]
    return {strategy.name: strategy for strategy in found}


async def test_what_ran_under_a_name_are_its_versions(database: Database) -> None:
    await database["strategies"].insert_one(entry("Golden", "golden", SMA))
    runs = [SMA, HOLD, SMA, {**SMA, "parameters": {"fast": 10, "slow": 50}}]
    await database["backtests"].insert_many(
        [backtest(number, "Golden", "golden", run) for number, run in enumerate(runs)]
    )

    golden = (await migrated(database))["Golden"]

    assert [version.definition.type for version in golden.versions] == [
        *("sma_crossover", "buy_and_hold", "sma_crossover")
    ]
    assert (golden.current, golden.definition.parameters) == (1, {"fast": 20, "slow": 50})
    documents = await database["backtests"].find({}).sort("created_at", 1).to_list()
    assert [read_backtest(document).spec.version for document in documents] == [1, 2, 1, 3]


async def test_names_that_shared_an_id_are_two_strategies(database: Database) -> None:
    await database["strategies"].insert_one(entry("Momentum +5%", "momentum-5", SMA))
    await database["backtests"].insert_many(
        [
            backtest(0, "Momentum +5%", "momentum-5", SMA),
            backtest(1, "Momentum -5%", "momentum-5", HOLD),
            {"_id": "cancelled early", "status": "revoked"},
        ]
    )

    up, down = (await migrated(database)).values()

    assert {up.name, down.name} == {"Momentum +5%", "Momentum -5%"}
    assert up.id != down.id
    assert up.id.startswith("momentum-5-")
    documents = await database["backtests"].find({"strategy_name": {"$exists": True}}).to_list()
    ids = {document["strategy_name"]: document["strategy_id"] for document in documents}
    assert ids == {up.name: up.id, down.name: down.id}


async def test_a_deleted_strategy_stays_deleted(database: Database) -> None:
    await database["strategies"].insert_one(entry("C++", "c", SMA, deleted_at=NOW))

    (gone,) = (await migrated(database)).values()

    assert (gone.name, gone.deleted_at, gone.description) == ("C++", NOW, "kept")
    (document,) = await database["strategies"].find({}).to_list()
    assert not {"type", "request_id"} & document.keys()


async def test_names_that_differ_in_case_alone_are_one_strategy(database: Database) -> None:
    await database["strategies"].insert_one(entry("Momentum", "momentum", SMA, sequence=4))
    await database["backtests"].insert_many(
        [backtest(0, "momentum", "momentum", HOLD), backtest(1, "MOMENTUM", "momentum", SMA)]
    )

    (strategy,) = (await migrated(database)).values()

    assert (strategy.name, strategy.description) == ("Momentum", "kept")
    assert [version.definition.type for version in strategy.versions] == ["sma_crossover", "buy_and_hold"]
    documents = await database["backtests"].find({}).sort("listed", 1).to_list()
    assert [document["strategy_version"] for document in documents] == [2, 1]
    (document,) = await database["strategies"].find({}).to_list()
    assert (document["sequence"], document["request_id"]) == (4, "r-Momentum")


async def test_a_name_that_shared_the_id_of_a_deleted_strategy_stays_out_of_the_catalogue(
    database: Database,
) -> None:
    await database["strategies"].insert_one(entry("RSI 14", "rsi-14", SMA, deleted_at=NOW))
    await database["backtests"].insert_one(backtest(0, "RSI (14)", "rsi-14", HOLD))

    strategies = await migrated(database)

    assert {name: each.deleted_at for name, each in strategies.items()} == {"RSI 14": NOW, "RSI (14)": NOW}


@pytest.mark.parametrize("after", range(1, 6))
async def test_an_interruption_leaves_nothing_that_can_not_be_read(database: Database, after: int) -> None:
    await database["strategies"].insert_many([entry("C++", "c", SMA), entry("RSI 14", "rsi-14", SMA)])
    await database["backtests"].insert_many(
        [backtest(0, "C++", "c", HOLD), backtest(1, "C#", "c", SMA), backtest(2, "RSI 14", "rsi-14", HOLD)]
    )
    with pytest.raises(InterruptedError):
        await add_versions(_Interrupted(database, after))  # type: ignore[arg-type]

    strategies = await migrated(database)

    assert {name: len(each.versions) for name, each in strategies.items()} == {"C++": 2, "C#": 1, "RSI 14": 2}
    assert await database["strategies"].count_documents({"versions": {"$exists": False}}) == 0


class _Interrupted:
    """A database whose process ends before one of its writes."""

    def __init__(self, database: Database, after: int) -> None:
        self._database = database
        self.left = after

    def __getitem__(self, name: str) -> "_Collection":
        return _Collection(self, self._database[name])


class _Collection:
    def __init__(self, database: _Interrupted, collection: Any) -> None:
        self._database = database
        self._collection = collection

    def __getattr__(self, name: str) -> Any:
        if name != "find":
            self._database.left -= 1
            if self._database.left <= 0:
                raise InterruptedError
        return getattr(self._collection, name)


async def test_results_are_packed(database: Database) -> None:
    """A result as versions 1 to 3 stored it: lists of days, figures and trades."""
    results = database["backtest_results"]
    bought = {"date": "2010-01-05", "symbol": "MSFT", "shares": 10.0, "price": 30.0, "commission": 0.3}
    sold = {"date": "2010-01-06", "symbol": "AAPL", "shares": -4.0, "price": 31.0, "commission": 0.2}
    curve = {"dates": ["2010-01-04", "2010-01-05", "2010-01-06"], "equity": [100.0, 101.0, 99.0]}
    trades = [{**bought, "profit": None}, {**sold, "profit": 3.5}]
    await results.insert_one({"_id": "b-1:1", **curve, "trades": trades, "missing_warm_up_bars": 2})
    await results.insert_one({"_id": "b-2:1", **curve, "trades": []})

    await pack_results(database)
    await pack_results(database)  # after an interruption it is made again

    result = read_result(await results.find_one({"_id": "b-1:1"}) or {})
    assert [str(day) for day in result.days] == curve["dates"]
    assert result.equity.tolist() == curve["equity"]
    assert (result.benchmark, result.exposure, result.missing_warm_up_bars) == (None, None, 2)
    fills = result.fills
    assert [str(result.days[bar]) for bar in fills.bar] == ["2010-01-05", "2010-01-06"]
    assert [result.symbols[number] for number in fills.symbol] == ["MSFT", "AAPL"]
    assert fills.shares.tolist() == [10.0, -4.0]
    assert fills.realised_pnl.tolist() == [0.0, 3.5]
    empty = read_result(await results.find_one({"_id": "b-2:1"}) or {})
    assert (len(empty.fills.bar), empty.missing_warm_up_bars) == (0, 0)

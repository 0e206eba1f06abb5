"""Strategies and backtests that earlier versions stored: they get versions, and the ids of their names."""

from datetime import timedelta
from typing import Any

import pytest

from services.backtest.documents import read_backtest, read_strategy
from services.backtest.mongo import add_versions
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
    times = {"created_at": NOW + timedelta(seconds=number), "version": 1, "sequence": 1, "outbox": []}
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

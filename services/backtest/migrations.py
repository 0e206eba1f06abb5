"""Bring what earlier versions stored to what this one reads, one version after the other."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final

import numpy as np

from backchat_contracts import strategy_id
from services.backtest.documents import read_strategy, result_document
from services.backtest.domain.catalogue import MOST_VERSIONS, Strategy, Version
from services.backtest.domain.planning import Definition
from services.backtest.domain.result import Result
from services.backtest.mongo import catalogued, listed_backtests, listed_strategies
from services.chassis.storage.mongo import ASCENDING, Database, Document, translated
from services.chassis.storage.newest import MIGRATED_AT_ONCE
from services.metrics.account import Fills


async def add_list_keys(database: Database) -> None:
    """Store the keys by which strategies and backtests are listed: the migration to version 2."""
    await listed_strategies(database["strategies"]).migrate("created_at")
    await listed_backtests(database["backtests"]).migrate("created_at")


async def add_versions(database: Database) -> None:
    """Give strategies their versions, and the ids that names have by now: the migration to version 3.

    What backtests ran under a name, in the order in which they came, are the versions after the catalogue's.
    A name that shared the id of another one gets an entry of its own. After an interruption it is made again:
    what is removed, is removed last.
    """
    catalogue, backtests = database["strategies"], database["backtests"]
    with translated():
        stored = await catalogue.find({}).to_list()
        deleted = {each["_id"]: each.get("deleted_at") for each in stored}
        stored.sort(key=lambda each: each["_id"] == strategy_id(each["name"]))  # the new ones last: they hold
        entries = {strategy_id(each["name"]): each for each in stored}
        strategies = {key: _migrated(key, entry) for key, entry in entries.items()}
        numbers = {key: {_digest(strategy.versions[0]): 1} for key, strategy in strategies.items()}
        ran: dict[tuple[str, int], list[str]] = {}
        fields = {"strategy_id": 1, "strategy_name": 1, "config": 1, "created_at": 1}
        accepted = {"strategy_name": {"$exists": True}, "listed": {"$gt": ""}}
        async for document in backtests.find(accepted, fields).sort("listed", ASCENDING):
            key, version = strategy_id(document["strategy_name"]), _version_of(document)
            if key not in strategies:
                strategies[key] = _first_of(document, version, deleted.get(document["strategy_id"]))
            known = numbers.setdefault(key, {_digest(version): 1})
            number = known.setdefault(_digest(version), len(known) + 1)
            if len(strategies[key].versions) < min(number, MOST_VERSIONS):
                versions = (*strategies[key].versions, version)
                strategies[key] = replace(strategies[key], versions=versions)
            ran.setdefault((key, number), []).append(document["_id"])
        for key, strategy in strategies.items():
            await catalogue.replace_one({"_id": key}, _renamed(strategy, entries.get(key)), upsert=True)
        for (key, number), ids in ran.items():
            new = {"strategy_id": key, "strategy_version": number}
            for first in range(0, len(ids), MIGRATED_AT_ONCE):
                group = {"_id": {"$in": ids[first : first + MIGRATED_AT_ONCE]}}
                await backtests.update_many(group, {"$set": new})
        await catalogue.delete_many({"_id": {"$in": [key for key in deleted if key not in strategies]}})


def _migrated(key: str, entry: Document) -> Strategy:
    """Read an entry as versions 1 and 2 stored it, or an interrupted migration left it."""
    first = {name: entry[name] for name in ("type", "parameters", "created_at") if name in entry}
    document = {"versions": [first], "current": 1, "standing": None, "deleted_at": None, **entry}
    return read_strategy({**document, "_id": key})


def _renamed(strategy: Strategy, entry: Document | None) -> Document:
    """Return the document of a strategy; events and request of one that had another id are forgotten."""
    old = entry or {"_id": None, "version": 1, "sequence": 1}
    renamed = old["_id"] != strategy.id
    dropped = {"type", "parameters", *(("unsent_since", "request_id", "request") if renamed else ())}
    kept = {key: value for key, value in old.items() if key not in dropped}
    outbox = [] if renamed else old["outbox"]
    return {**kept, **catalogued(strategy, None), "_id": strategy.id, "outbox": outbox}


def _version_of(document: Document) -> Version:
    config = document["config"]
    return Version(Definition(config["type"], config["parameters"]), document["created_at"])


def _digest(version: Version) -> str:
    return json.dumps(asdict(version.definition), sort_keys=True)


def _first_of(document: Document, version: Version, deleted_at: datetime | None) -> Strategy:
    name = document["strategy_name"]
    return Strategy(
        id=strategy_id(name),
        name=name,
        description="",
        symbols=tuple(document["config"]["symbols"]),
        created_at=version.created_at,
        versions=(version,),
        deleted_at=deleted_at,
    )


async def pack_results(database: Database) -> None:
    """Store results as arrays of bytes instead of lists: the migration to version 4.

    They have no benchmark and no exposure, which were not kept.
    """
    results = database["backtest_results"]
    with translated():
        async for document in results.find({"dates": {"$exists": True}}):
            packed = result_document(document["_id"], _listed_result(document))
            await results.replace_one({"_id": document["_id"]}, packed)


def _listed_result(document: Mapping[str, Any]) -> Result:
    """Read a result as versions 1 to 3 stored it."""
    days = np.array(document["dates"], dtype="datetime64[D]")
    trades: Sequence[Mapping[str, Any]] = document["trades"]
    symbols = sorted({trade["symbol"] for trade in trades})

    def column(name: str) -> Any:  # noqa: ANN401 - an array of floats
        return np.array([trade[name] or 0.0 for trade in trades], dtype=np.float64)

    return Result(
        days=days,
        equity=np.array(document["equity"], dtype=np.float64),
        benchmark=None,
        exposure=None,
        symbols=tuple(symbols),
        fills=Fills(
            np.searchsorted(days, np.array([trade["date"] for trade in trades], dtype="datetime64[D]")),
            np.array([symbols.index(trade["symbol"]) for trade in trades], dtype=np.int64),
            *(column(name) for name in ("shares", "price", "commission", "profit")),
        ),
        missing_warm_up_bars=document.get("missing_warm_up_bars", 0),
    )


MIGRATIONS: Final = (add_list_keys, add_versions, pack_results)

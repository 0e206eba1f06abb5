"""What brings stored data to the present version."""

from datetime import datetime, timedelta
from typing import Final

from backchat_contracts import ComparisonRequested, strategy_id
from services.chassis.storage.mongo import Database, Document, translated
from services.chassis.storage.newest import NewestFirst, list_key
from services.compare.mongo.catalogue import NEVER


async def add_list_keys(database: Database) -> None:
    """Store the keys by which strategies are listed: the migration to version 2."""
    completed = {"completed": {"$gt": ["$latest_at", NEVER]}}
    listed = NewestFirst(database["strategies"], [("catalogued", "completed")])
    await listed.migrate("latest_at", completed)


async def add_ids_of_names(database: Database) -> None:
    """Give strategies the ids that names have by now: the migration to version 3.

    A backtest of a name that shared the id of another one gets an entry of its own. What it replaced is not
    here any more, nor which version backtests have run: `make rebuild` brings that.
    """
    collection = database["strategies"]
    with translated():
        unchosen = {"chosen": None, "standing_sequence": 0}
        await collection.update_many({"standing_sequence": {"$exists": False}}, {"$set": unchosen})
        for entry in await collection.find({}).to_list():
            latest = entry["latest"]
            if latest and "version" not in latest:  # let the same event, published again, be newer
                entry["latest_at"] -= timedelta(milliseconds=1)
                older = {"$set": {"latest_at": entry["latest_at"]}}
                await collection.update_one({"_id": entry["_id"]}, older)
            name, ran = entry["name"], latest["strategy_name"] if latest else entry["name"]
            if entry["_id"] == strategy_id(name) == strategy_id(ran):
                continue
            without = {"latest": None, "latest_at": NEVER, "completed": False}
            of_name = entry if ran == name else entry | without
            entries = [of_name] if ran == name else [of_name, entry | {"name": ran, "strategy_sequence": 0}]
            for each in entries:
                await collection.replace_one({"_id": strategy_id(each["name"])}, _named(each), upsert=True)
            if entry["_id"] not in {strategy_id(each["name"]) for each in entries}:
                await collection.delete_one({"_id": entry["_id"]})


def _named(entry: Document) -> Document:
    """Return an entry with the id of its name."""
    key, latest = strategy_id(entry["name"]), entry["latest"]
    moment = datetime.fromisoformat(latest["completed_at"]) if latest else entry["latest_at"]
    return {**entry, "_id": key, "latest": latest and {**latest, "strategy_id": key}} | list_key(key, moment)


async def add_requests(database: Database) -> None:
    """Store with each pending comparison what was asked for, not a draft of the answer: to version 4."""
    collection = database["comparisons"]
    with translated():
        for pending in await collection.find({"rank": {"$exists": True}}).to_list():
            draft = pending["comparison"]
            asked = ComparisonRequested(
                comparison_id=pending["_id"],
                session_id=draft["session_id"],
                strategy_ids=tuple(entry["strategy_id"] for entry in draft["strategies_data"]),
                query=draft["query"],
            )
            update = {"$set": {"asked": asked.model_dump(mode="json")}, "$unset": {"comparison": ""}}
            await collection.update_one({"_id": pending["_id"]}, update)


MIGRATIONS: Final = (add_list_keys, add_ids_of_names, add_requests)

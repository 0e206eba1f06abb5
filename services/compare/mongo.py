"""The read model and the comparisons in MongoDB."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from backchat_contracts import (
    BacktestCompleted,
    ComparisonCompleted,
    ComparisonFailed,
    StrategyDeleted,
    StrategySaved,
    StrategyStandingChanged,
    strategy_id,
)
from services.chassis.errors import StaleError
from services.chassis.jobs.rank import Due, number_of
from services.chassis.messaging.envelope import Delivery, ReplyAddress
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.grouped import Grouped
from services.chassis.storage.mongo import (
    ASCENDING,
    BulkWriteError,
    Collection,
    Database,
    Document,
    UpdateOne,
    create_index,
    duplicates,
    translated,
)
from services.chassis.storage.newest import NewestFirst, list_key
from services.chassis.storage.reading import as_read, as_stored
from services.chassis.stored import Stored
from services.compare.domain.gathering import KnownStrategy
from services.compare.ports import Comparison

NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
AT_FIRST: Final = {"latest_at": NEVER, "latest": None, "completed": False}
"""Of a strategy that has not completed a backtest."""


def listed_strategies(collection: Collection) -> NewestFirst:
    return NewestFirst(collection, [("catalogued", "completed")])


async def add_list_keys(database: Database) -> None:
    """Store the keys by which strategies are listed: the migration to version 2."""
    completed = {"completed": {"$gt": ["$latest_at", NEVER]}}
    await listed_strategies(database["strategies"]).migrate("latest_at", completed)


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


MIGRATIONS: Final = (add_list_keys, add_ids_of_names)


class _Upsert(NamedTuple):
    """What to set where something `older` is stored, and what else where nothing is."""

    older: Document
    fields: Document
    at_first: Document


class MongoStrategyModel:
    """The collection `strategies`: one document each, from streams of events that come in any order.

    `strategy_sequence` is the number of the newest event that saved or deleted it, `standing_sequence` that
    of the newest one that chose a backtest to stand for it, `latest_at` the time of the newest completed
    backtest; an event that is not newer changes nothing. Those that completed one are listed first,
    each group by the time when the strategy last completed a backtest, else was first heard of.
    """

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._list = listed_strategies(collection)
        self._get: Grouped[Sequence[str], Mapping[str, KnownStrategy]] = Grouped(self._get_all)
        self._complete: Grouped[BacktestCompleted, None] = Grouped(self._complete_all)

    async def start(self) -> None:
        await self._list.start()

    async def saved(self, event: StrategySaved, sequence: int) -> None:
        fields = {"catalogued": True, "name": event.name}
        await self._catalogue(event.strategy_id, sequence, fields, event.created_at)

    async def deleted(self, event: StrategyDeleted, sequence: int) -> None:
        await self._catalogue(event.strategy_id, sequence, {"catalogued": False}, event.deleted_at)

    async def chosen(self, event: StrategyStandingChanged, sequence: int) -> None:
        standing = event.standing and event.standing.model_dump(mode="json")
        older = {"_id": event.strategy_id, "standing_sequence": {"$lt": sequence}}
        fields = {"chosen": standing, "standing_sequence": sequence}
        at_first = {"catalogued": False, "name": "", "strategy_sequence": 0, **AT_FIRST}
        await self._upsert([_Upsert(older, fields, at_first | list_key(event.strategy_id, event.changed_at))])

    async def completed(self, event: BacktestCompleted) -> None:
        await self._complete(event)

    async def get(self, strategy_ids: Sequence[str]) -> Mapping[str, KnownStrategy]:
        return await self._get(strategy_ids)

    async def all(self, limit: int) -> Sequence[KnownStrategy]:
        found = await self._list.read({"catalogued": True, "completed": True}, limit)
        if len(found) < limit:
            found += await self._list.read({"catalogued": True, "completed": False}, limit - len(found))
        return [_known(document) for document in found]

    async def _catalogue(self, strategy_id: str, sequence: int, fields: Document, moment: datetime) -> None:
        older = {"_id": strategy_id, "strategy_sequence": {"$lt": sequence}}
        at_first = {"chosen": None, "standing_sequence": 0, **AT_FIRST} | list_key(strategy_id, moment)
        await self._upsert([_Upsert(older, {**fields, "strategy_sequence": sequence}, at_first)])

    async def _complete_all(self, events: Sequence[BacktestCompleted]) -> Sequence[None]:
        """Write the newest of each strategy: the others would be overwritten at once."""
        newest: dict[str, BacktestCompleted] = {}
        for event in events:
            known = newest.setdefault(event.strategy_id, event)
            if known.completed_at < event.completed_at:
                newest[event.strategy_id] = event
        await self._upsert([self._completion(event) for event in newest.values()])
        return [None] * len(events)

    def _completion(self, event: BacktestCompleted) -> _Upsert:
        moment = event.completed_at
        latest = {"latest_at": moment, "latest": event.model_dump(mode="json"), "completed": True}
        return _Upsert(
            {"_id": event.strategy_id, "latest_at": {"$lt": moment}},
            latest | list_key(event.strategy_id, moment),
            {
                "catalogued": False,
                "name": event.strategy_name,
                "strategy_sequence": 0,
                "chosen": None,
                "standing_sequence": 0,
            },
        )

    async def _upsert(self, upserts: Sequence[_Upsert]) -> None:
        try:
            await self._write(
                [
                    UpdateOne(older, {"$set": fields, "$setOnInsert": at_first}, upsert=True)
                    for older, fields, at_first in upserts
                ]
            )
        except BulkWriteError as error:  # stored is a newer one, or what the other stream has just brought
            there = [upserts[index] for index in sorted(duplicates(error))]
            await self._write([UpdateOne(older, {"$set": fields}) for older, fields, _ in there])
        for upsert in upserts:
            self._list.add({**upsert.at_first, **upsert.fields})

    async def _write(self, updates: Sequence[UpdateOne]) -> None:
        with translated():
            await self._collection.bulk_write(updates, ordered=False)

    async def _get_all(self, calls: Sequence[Sequence[str]]) -> list[Mapping[str, KnownStrategy]]:
        wanted = {strategy_id for strategy_ids in calls for strategy_id in strategy_ids}
        with translated():
            cursor = self._collection.find({"_id": {"$in": list(wanted)}})
            documents = await cursor.to_list(len(wanted))
        found = {document["_id"]: _known(document) for document in documents if document["catalogued"]}
        return [{key: found[key] for key in strategy_ids if key in found} for strategy_ids in calls]


class MongoComparisons:
    """The collection `comparisons`: pending while a language model writes the summary, completed after.

    `comparison` is the event that completes it, or the draft of that.
    """

    def __init__(self, aggregates: Aggregates) -> None:
        self._aggregates = aggregates

    async def start(self) -> None:
        await create_index(self._aggregates.collection, "created_at")

    async def get(self, comparison_id: str) -> Stored[Comparison] | None:
        document = await self._aggregates.get(comparison_id)
        return as_stored(document, read_comparison(document)) if document else None

    async def add_completed(self, event: ComparisonCompleted, digest: str, delivery: Delivery) -> None:
        await self._aggregates.insert(_document(event, digest, delivery), [event], delivery.origin)

    async def add_pending(
        self, draft: ComparisonCompleted, digest: str, delivery: Delivery, now: datetime
    ) -> None:
        requester = delivery.reply_address
        pending = {"rank": number_of(Due(now)), "waiting": [asdict(requester)] if requester else []}
        document = {**_document(draft, digest, delivery), **pending}
        await self._aggregates.insert(document, [], delivery.origin)

    async def join(self, comparison_id: str, digest: str, address: ReplyAddress) -> None:
        # The version stays as it is: the summary's worker changes the comparison as it was read.
        pending = {"_id": comparison_id, "request": digest, "rank": {"$exists": True}}
        update = {"$addToSet": {"waiting": asdict(address)}}
        with translated():
            result = await self._aggregates.collection.update_one(pending, update)
        if not result.matched_count:
            raise StaleError(comparison_id)

    async def complete(self, read: Stored[Comparison], event: ComparisonCompleted) -> None:
        await self._end(read, "comparison", event)

    async def fail(self, read: Stored[Comparison], event: ComparisonFailed) -> None:
        await self._end(read, "failure", event)

    async def _end(
        self, read: Stored[Comparison], name: str, event: ComparisonCompleted | ComparisonFailed
    ) -> None:
        update: dict[str, Document] = {"$set": {name: _body(event)}, "$unset": {"rank": ""}}
        await self._aggregates.change(as_read(read), update, [event], read.origin)

    async def forget(self, before: datetime, most: int) -> None:
        collection = self._aggregates.collection
        with translated():
            old = collection.find({"created_at": {"$lt": before}}, {"_id": 1}).sort("created_at", ASCENDING)
            ids = [document["_id"] for document in await old.limit(most).to_list(most)]
            if ids:
                await collection.delete_many({"_id": {"$in": ids}})


def read_comparison(document: Mapping[str, Any]) -> Comparison:
    """Read a comparison from its document."""
    failure = document.get("failure")
    return Comparison(
        ComparisonCompleted.model_validate(document["comparison"]),
        document["request"],
        tuple(ReplyAddress(**address) for address in document.get("waiting", ())),
        ComparisonFailed.model_validate(failure) if failure else None,
    )


def _document(event: ComparisonCompleted, digest: str, delivery: Delivery) -> Document:
    return {
        "_id": event.comparison_id,
        "comparison": _body(event),
        "request": digest,
        "created_at": event.completed_at,
        "origin": asdict(delivery.origin),
    }


def _body(event: ComparisonCompleted | ComparisonFailed) -> dict[str, Any]:
    return event.model_dump(mode="json")


def _known(document: Document) -> KnownStrategy:
    latest, chosen = document["latest"], document["chosen"]
    return KnownStrategy(
        document["_id"],
        document["name"],
        latest and BacktestCompleted.model_validate(latest),
        chosen and BacktestCompleted.model_validate(chosen),
    )

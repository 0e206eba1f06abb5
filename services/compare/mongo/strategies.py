"""The read model of strategies in MongoDB."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from backchat_contracts import (
    BacktestCompleted,
    StrategyDeleted,
    StrategySaved,
    StrategyStandingChanged,
)
from services.chassis.storage.grouped import Grouped
from services.chassis.storage.mongo import (
    BulkWriteError,
    Collection,
    Document,
    UpdateOne,
    duplicates,
    translated,
)
from services.chassis.storage.newest import NewestFirst, list_key
from services.compare.domain.gathering import KnownStrategy
from services.language.name_index import Names

NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
AT_FIRST: Final = {"latest_at": NEVER, "latest": None, "completed": False}
"""Of a strategy that has not completed a backtest."""
REMEMBERED: Final = 1_000
"""How many strategies, those read last, are not parsed again while they do not change; some 5 kB each."""
NAMES_SECONDS: Final = 30.0
"""How long the names are not read again, where this process receives no other ones."""


def listed_strategies(collection: Collection) -> NewestFirst:
    return NewestFirst(collection, [("catalogued", "completed")])


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
        self._names = Names({})
        self._names_until = 0.0
        self._renamed: set[str] = set()
        self._reading = asyncio.Lock()
        self._read: OrderedDict[str, tuple[tuple[int, int, datetime], KnownStrategy]] = OrderedDict()
        self._get: Grouped[Sequence[str], Mapping[str, KnownStrategy]] = Grouped(self._get_all)
        self._complete: Grouped[BacktestCompleted, None] = Grouped(self._complete_all)

    async def start(self) -> None:
        await self._list.start()

    async def names(self) -> Names:
        """Return them as they are in memory; what other processes receive comes in some seconds."""
        if self._renamed or time.monotonic() >= self._names_until:
            async with self._reading:  # what is read first is put in first
                await self._read_names()
        return self._names

    async def _read_names(self) -> None:
        """Read the names that may have changed: those that this process received, or at times all."""
        renamed, self._renamed = self._renamed, set()
        if time.monotonic() < self._names_until:
            if not renamed:
                return  # they were read while this call waited
            found = await self._names_of({"_id": {"$in": list(renamed)}})
            for strategy_id in renamed - found.keys():
                self._names.drop(strategy_id)
            for strategy_id, name in found.items():
                self._names.put(strategy_id, name)
            return
        found = await self._names_of({})
        if self._names:
            self._names.become(found)
        else:
            self._names = await asyncio.to_thread(_indexed, found)
        self._names_until = time.monotonic() + NAMES_SECONDS

    async def _names_of(self, wanted: Document) -> dict[str, str]:
        """Return the names of those in the catalogue; where that fails, all are read the next time."""
        until, self._names_until = self._names_until, 0.0
        with translated():
            found = await self._collection.find({"catalogued": True, **wanted}, {"name": 1}).to_list()
        self._names_until = until
        return {document["_id"]: document["name"] for document in found}

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
        return [self._known(document) for document in found]

    async def _catalogue(self, strategy_id: str, sequence: int, fields: Document, moment: datetime) -> None:
        older = {"_id": strategy_id, "strategy_sequence": {"$lt": sequence}}
        at_first = {"chosen": None, "standing_sequence": 0, **AT_FIRST} | list_key(strategy_id, moment)
        await self._upsert([_Upsert(older, {**fields, "strategy_sequence": sequence}, at_first)])
        self._renamed.add(strategy_id)

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
        found = {document["_id"]: self._known(document) for document in documents if document["catalogued"]}
        return [{key: found[key] for key in strategy_ids if key in found} for strategy_ids in calls]

    def _known(self, document: Document) -> KnownStrategy:
        """Read a document; one that has not changed is the same object as before, which is quickly equal."""
        key, revision = document["_id"], _revision(document)
        before, known = self._read.pop(key, (None, None))
        if known is None or before != revision:
            known = _known(document)
        self._read[key] = revision, known
        if len(self._read) > REMEMBERED:
            self._read.popitem(last=False)
        return known


def _indexed(names: Mapping[str, str]) -> Names:
    """Index names in all ways: some 0.1 ms each, so call it in a thread."""
    indexed = Names(names)
    _ = indexed.near
    return indexed


def _revision(document: Document) -> tuple[int, int, datetime]:
    """Return what is another whenever a strategy's document has changed."""
    return document["strategy_sequence"], document["standing_sequence"], document["latest_at"]


def _known(document: Document) -> KnownStrategy:
    latest, chosen = document["latest"], document["chosen"]
    return KnownStrategy(
        document["_id"],
        document["name"],
        latest and BacktestCompleted.model_validate(latest),
        chosen and BacktestCompleted.model_validate(chosen),
    )

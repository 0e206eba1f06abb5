"""The read model of strategies in MongoDB."""

import asyncio
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
from services.compare.domain.catalogue import Catalogue
from services.compare.domain.gathering import KnownStrategy
from services.compare.mongo.catalogue import NEVER, WRITTEN, CatalogueMemory, Revision, by_id, revision_of
from services.language.name_index import Names

AT_FIRST: Final = {"latest_at": NEVER, "latest": None}
"""Of a strategy that has not completed a backtest."""
REMEMBERED: Final = 1_000
"""How many strategies, those read last, are not parsed again while they do not change; some 5 kB each."""


class _Upsert(NamedTuple):
    """What to set where something `older` is stored, and what else where nothing is."""

    older: Document
    fields: Document
    at_first: Document


class MongoStrategyModel:
    """The collection `strategies`: one document each, from streams of events that come in any order.

    `strategy_sequence` is the number of the newest event that saved or deleted it, `standing_sequence` that
    of the newest one that chose a backtest to stand for it, `latest_at` the time of the newest completed
    backtest; an event that is not newer changes nothing, which memory tells of most without the database.
    """

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._catalogue = CatalogueMemory(collection)
        self._names, self._named = Names({}), Catalogue()
        self._naming = asyncio.Lock()
        self._read: OrderedDict[str, tuple[Revision, KnownStrategy]] = OrderedDict()
        self._get: Grouped[Sequence[str], Mapping[str, KnownStrategy]] = Grouped(self._get_all)
        self._complete: Grouped[BacktestCompleted, None] = Grouped(self._complete_all)
        self._upsert: Grouped[_Upsert, None] = Grouped(self._upsert_all)

    async def start(self) -> None:
        await self._catalogue.start()

    async def stop(self) -> None:
        await self._catalogue.stop()

    async def names(self) -> Names:
        """Return them as they are in memory; what other processes receive comes in some seconds."""
        async with self._naming:
            catalogue = await self.catalogue()
            if catalogue is not self._named:
                if self._names:
                    self._names.become(catalogue.names)
                else:
                    self._names = await asyncio.to_thread(_indexed, catalogue.names)
                self._named = catalogue
        return self._names

    async def catalogue(self) -> Catalogue:
        """Return it as it is in memory; what other processes receive comes in some seconds."""
        return await self._catalogue.get()

    async def saved(self, event: StrategySaved, sequence: int) -> None:
        fields = {"catalogued": True, "name": event.name, "symbols": list(event.symbols)}
        await self._list_or_delist(event.strategy_id, sequence, fields)

    async def deleted(self, event: StrategyDeleted, sequence: int) -> None:
        await self._list_or_delist(event.strategy_id, sequence, {"catalogued": False})

    async def chosen(self, event: StrategyStandingChanged, sequence: int) -> None:
        if (await self._revision(event.strategy_id)).standing_sequence >= sequence:
            return
        standing = event.standing and event.standing.model_dump(mode="json")
        older = {"_id": event.strategy_id, "standing_sequence": {"$lt": sequence}}
        fields = {"chosen": standing, "standing_sequence": sequence}
        at_first = {"catalogued": False, "name": "", "strategy_sequence": 0, **AT_FIRST}
        await self._upsert(_Upsert(older, fields, at_first))

    async def completed(self, event: BacktestCompleted) -> None:
        if (await self._revision(event.strategy_id)).latest_at < event.completed_at:
            await self._complete(event)

    async def get(self, strategy_ids: Sequence[str]) -> Mapping[str, KnownStrategy]:
        return await self._get(strategy_ids)

    async def catalogued(self, strategy_ids: Sequence[str]) -> Mapping[str, KnownStrategy]:
        """Return them as `get` does; those that are in memory as the catalogue has them are not read."""
        found = {key: known for key in strategy_ids if (known := self._remembered(key))}
        found |= await self.get(rest) if (rest := [key for key in strategy_ids if key not in found]) else {}
        return {key: found[key] for key in strategy_ids if key in found}

    async def _revision(self, strategy_id: str) -> Revision:
        await self._catalogue.read()
        return self._catalogue.revision(strategy_id)

    async def _list_or_delist(self, strategy_id: str, sequence: int, fields: Document) -> None:
        if (await self._revision(strategy_id)).strategy_sequence >= sequence:
            return
        older = {"_id": strategy_id, "strategy_sequence": {"$lt": sequence}}
        at_first = {"chosen": None, "standing_sequence": 0, **AT_FIRST}
        await self._upsert(_Upsert(older, {**fields, "strategy_sequence": sequence}, at_first))

    async def _complete_all(self, events: Sequence[BacktestCompleted]) -> Sequence[None]:
        """Write the newest of each strategy: the others would be overwritten at once."""
        newest: dict[str, BacktestCompleted] = {}
        for event in events:
            known = newest.setdefault(event.strategy_id, event)
            if known.completed_at < event.completed_at:
                newest[event.strategy_id] = event
        await self._upsert_all([self._completion(event) for event in newest.values()])
        return [None] * len(events)

    def _completion(self, event: BacktestCompleted) -> _Upsert:
        moment = event.completed_at
        return _Upsert(
            {"_id": event.strategy_id, "latest_at": {"$lt": moment}},
            {"latest_at": moment, "latest": event.model_dump(mode="json")},
            {
                "catalogued": False,
                "name": event.strategy_name,
                "strategy_sequence": 0,
                "chosen": None,
                "standing_sequence": 0,
            },
        )

    async def _upsert_all(self, upserts: Sequence[_Upsert]) -> Sequence[None]:
        written = {WRITTEN: datetime.now(UTC)}
        try:
            await self._write(
                [
                    UpdateOne(older, {"$set": fields | written, "$setOnInsert": at_first}, upsert=True)
                    for older, fields, at_first in upserts
                ]
            )
        except BulkWriteError as error:  # stored is a newer one, or what the other stream has just brought
            there = [upserts[index] for index in sorted(duplicates(error))]
            await self._write([UpdateOne(older, {"$set": fields | written}) for older, fields, _ in there])
        finally:
            self._catalogue.changed(upsert.older["_id"] for upsert in upserts)
        return [None] * len(upserts)

    async def _write(self, updates: Sequence[UpdateOne]) -> None:
        with translated():
            await self._collection.bulk_write(updates, ordered=False)

    async def _get_all(self, calls: Sequence[Sequence[str]]) -> list[Mapping[str, KnownStrategy]]:
        wanted = {strategy_id for strategy_ids in calls for strategy_id in strategy_ids}
        documents: list[Document] = []
        with translated():
            for query in by_id(wanted):
                documents += await self._collection.find(query).to_list()
        found = {document["_id"]: self._known(document) for document in documents if document["catalogued"]}
        return [{key: found[key] for key in strategy_ids if key in found} for strategy_ids in calls]

    def _remembered(self, strategy_id: str) -> KnownStrategy | None:
        revision, known = self._read.get(strategy_id, (None, None))
        return known if revision == self._catalogue.revision(strategy_id) else None

    def _known(self, document: Document) -> KnownStrategy:
        """Read a document; one that has not changed is the same object as before, which is quickly equal."""
        key, revision = document["_id"], revision_of(document)
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


def _known(document: Document) -> KnownStrategy:
    latest, chosen = document["latest"], document["chosen"]
    return KnownStrategy(
        document["_id"],
        document["name"],
        latest and BacktestCompleted.model_validate(latest),
        chosen and BacktestCompleted.model_validate(chosen),
        tuple(document.get("symbols", ())),  # not of one that was saved by an earlier version
    )

"""Documents that change together with the events they cause."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from backchat_contracts import Event
from services.chassis.faults import reach
from services.chassis.messaging.envelope import Origin, Record, encode
from services.chassis.messaging.kafka import Kafka
from services.chassis.settings import ServiceSettings
from services.chassis.storage.mongo import (
    BulkWriteError,
    Collection,
    Document,
    Grouped,
    duplicates,
    translated,
)
from services.chassis.storage.outbox import Outbox


class Aggregates:
    """A collection whose documents carry a `version`, a `sequence` and the events they still have to publish.

    A change of state and its events are one atomic update of one document; then the events go out.
    `version` counts the changes: a change names the one it has read, and fails if another came between.
    `sequence` counts the events, so that who follows them can tell that one is missing. What is long and
    never changes is no part of the document, which is written again and again, but an attachment to it.

    Args:
        collection: where the documents are.
        kafka: where the events go.
        settings: of the service.
        attachments: where what is attached is.
        kept: how many documents to remember for `take_new`, the last that were inserted.

    """

    def __init__(
        self,
        collection: Collection,
        kafka: Kafka,
        settings: ServiceSettings,
        attachments: Collection | None = None,
        kept: int = 0,
    ) -> None:
        self.collection = collection
        self._attachments = attachments
        self._kept = kept
        self._new: dict[str, Document] = {}
        self.outbox = Outbox(collection, kafka, settings)
        self._source = kafka.service
        self._insert: Grouped[Document, bool] = Grouped(self._insert_all)
        self._find: Grouped[str, Document | None] = Grouped(self._find_all)
        self._update: Grouped[_Change, bool] = Grouped(self._update_all)

    async def start(self) -> None:
        await self.collection.create_index("unsent_since", sparse=True)
        self.outbox.start()

    async def stop(self) -> None:
        await self.outbox.stop()

    async def get(self, aggregate_id: str) -> Document | None:
        """Return the document of this id, without its outbox."""
        return await self._find(aggregate_id)

    def take_new(self, aggregate_id: str) -> Document | None:
        """Return a document as it was inserted here, once; it may have changed since."""
        return self._new.pop(aggregate_id, None)

    async def insert(self, document: Document, events: Sequence[Event], origin: Origin) -> bool:
        """Store a new document and publish its events; False: one like it is there already.

        That is one of the same `_id`, or of the same value where an index says that there is but one.
        """
        records = self._seal(events, origin, after=0)
        new = {**document, "version": 1, "sequence": len(records)}
        with self._noticed():
            stored = await self._insert({**new, **_unsent(records)})
        if stored:
            self._keep(new)
            await self._publish(document["_id"], records)
        return stored

    async def change(
        self,
        document: Document,
        update: Mapping[str, Mapping[str, Any]],
        events: Sequence[Event],
        origin: Origin,
        attachment: Document | None = None,
    ) -> bool:
        """Change a document as it was read, and publish its events; False: it has changed since.

        Changes that set and remove fields and cause events share a call with others like them. With them, an
        attachment can be stored; it is there before they are.
        """
        records = self._seal(events, origin, after=document["sequence"])
        as_read = {"_id": document["_id"], "version": document["version"]}
        fields = {**update.get("$set", {}), **counters_after(document, len(records))}
        with self._noticed():
            if records and update.keys() <= {"$set", "$unset"}:
                change = _Change(as_read, fields, update.get("$unset", {}), records, attachment)
                changed = await self._update(change)
            else:
                if attachment:
                    await self._attach([attachment])
                changed = await self._change_alone(as_read, {**update, "$set": fields}, records)
        if changed:
            await self._publish(document["_id"], records)
        return changed

    @contextmanager
    def _noticed(self) -> Iterator[None]:
        """Tell the relay of a write that fails, or is waited for no more: it may be made all the same."""
        try:
            yield
        except BaseException:
            self.outbox.be_wary()
            raise

    def _keep(self, new: Document) -> None:
        if self._kept:
            self._new[new["_id"]] = new
            if len(self._new) > self._kept:
                del self._new[next(iter(self._new))]

    async def _change_alone(
        self, as_read: Document, update: Mapping[str, Mapping[str, Any]], records: Sequence[Record]
    ) -> bool:
        if records:
            unsent = _unsent(records)
            since = {"unsent_since": unsent["unsent_since"]}
            outbox = {"outbox": {"$each": unsent["outbox"]}}
            update = {
                **update,
                "$set": {**update["$set"], **since},
                "$push": {**update.get("$push", {}), **outbox},
            }
        with translated():
            return bool((await self.collection.update_one(as_read, update)).matched_count)

    async def _publish(self, aggregate_id: str, records: Sequence[Record]) -> None:
        for record in records:
            reach(f"stored:{record.topic}")
        await self.outbox.publish(aggregate_id, records)

    def _seal(self, events: Sequence[Event], origin: Origin, after: int) -> list[Record]:
        return [
            encode(event, source=self._source, origin=origin, sequence=after + number)
            for number, event in enumerate(events, start=1)
        ]

    async def _insert_all(self, documents: Sequence[Document]) -> list[bool]:
        try:
            with translated():
                await self.collection.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            there = duplicates(error)
            return [index not in there for index in range(len(documents))]
        return [True] * len(documents)

    async def _update_all(self, changes: Sequence["_Change"]) -> list[bool]:
        """Make changes in one call, which the database syncs once.

        It tells how many were made; if not all were, look which: their events are there.
        """
        if attachments := [change.attachment for change in changes if change.attachment]:
            await self._attach(attachments)
        theirs = {"_id": {"$in": [change.as_read["_id"] for change in changes]}}
        with translated():
            pipeline, variables = _pipeline(changes), _variables(changes)
            result = await self.collection.update_many(theirs, pipeline, let=variables)
            if result.modified_count in {0, len(changes)}:
                return [bool(result.modified_count)] * len(changes)
            cursor = self.collection.find(theirs, {"outbox.id": 1})
            stored = {entry["id"] for document in await cursor.to_list(None) for entry in document["outbox"]}
        return [change.records[0].id in stored for change in changes]

    async def _attach(self, attachments: Sequence[Document]) -> None:
        if self._attachments is None:
            raise TypeError("no collection for attachments")
        try:
            with translated():
                await self._attachments.insert_many(attachments, ordered=False)
        except BulkWriteError as error:
            duplicates(error)  # the same, stored the time before
        reach("attached")

    async def _find_all(self, ids: Sequence[str]) -> list[Document | None]:
        with translated():
            cursor = self.collection.find({"_id": {"$in": list(set(ids))}}, {"outbox": 0})
            found = {document["_id"]: document for document in await cursor.to_list(len(ids))}
        return [found.get(aggregate_id) for aggregate_id in ids]


def counters_after(document: Document, events: int) -> Document:
    """Return the counters of a document after a change that causes so many events."""
    return {"version": document["version"] + 1, "sequence": document["sequence"] + events}


@dataclass(frozen=True, slots=True)
class _Change:
    as_read: Document
    fields: Document
    gone: Mapping[str, Any]
    records: Sequence[Record]
    attachment: Document | None


PLACE = {"$indexOfArray": ["$$as_read", {"_id": "$_id", "version": "$version"}]}
MERGED: Document = {
    "$mergeObjects": ["$$ROOT", "$$mine.fields", {"outbox": {"$concatArrays": ["$outbox", "$$mine.events"]}}]
}


def _pipeline(changes: Sequence[_Change]) -> list[Document]:
    """Return the update in which every document finds its own change, by id and version, or stays as it is.

    The filter names the ids alone: with a version for each, the embedded database would look through all. And
    it is one stage, as that database copies the whole document before each `$set`.
    """
    changed = MERGED
    for name in {name for change in changes for name in change.gone}:
        without = {"$setField": {"field": name, "input": "$$changed", "value": "$$REMOVE"}}
        either = {"$cond": [{"$in": [name, "$$mine.gone"]}, without, "$$changed"]}
        changed = {"$let": {"vars": {"changed": changed}, "in": either}}
    mine = {"$arrayElemAt": ["$$changes", PLACE]}
    return [{"$replaceWith": {"$let": {"vars": {"mine": mine}, "in": changed}}}]


def _variables(changes: Sequence[_Change]) -> Document:
    """Return the changes as the pipeline reads them.

    A document that is not as it was read has place -1, and what stands there, at the end, is nothing.
    """
    nothing: Document = {"fields": {}, "gone": [], "events": []}
    lists = {
        "as_read": [change.as_read for change in changes],
        "changes": [*map(_parts, changes), nothing],
    }
    return {name: {"$literal": values} for name, values in lists.items()}


def _parts(change: _Change) -> Document:
    unsent = _unsent(change.records)
    fields = {**change.fields, "unsent_since": unsent["unsent_since"]}
    return {"fields": fields, "gone": list(change.gone), "events": unsent["outbox"]}


def _unsent(records: Sequence[Record]) -> Document:
    if not records:
        return {"outbox": []}
    return {"outbox": [record.to_document() for record in records], "unsent_since": datetime.now(UTC)}

"""Documents that change together with the events they cause."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from backchat_contracts import Event
from services.chassis.envelope import Origin, Record, seal
from services.chassis.errors import StoreUnavailableError
from services.chassis.kafka import Kafka
from services.chassis.mongo import BulkWriteError, Collection, Document, Grouped, translated
from services.chassis.outbox import Outbox
from services.chassis.settings import ServiceSettings

DUPLICATE_KEY = 11000


class Aggregates:
    """A collection whose documents carry a `sequence` and the events they still have to publish.

    A change of state and its events are one atomic update of one document; then the events go out.
    `sequence` grows with every change: a change names the one it has read, and fails if another came between.
    """

    def __init__(self, collection: Collection, kafka: Kafka, settings: ServiceSettings) -> None:
        self.collection = collection
        self.outbox = Outbox(collection, kafka, settings.relay_interval_seconds, settings.relay_after_seconds)
        self._source = kafka.service
        self._insert: Grouped[Document, bool] = Grouped(self._insert_all)
        self._find: Grouped[str, Document | None] = Grouped(self._find_all)

    async def start(self) -> None:
        await self.collection.create_index("unsent_since", sparse=True)
        self.outbox.start()

    async def stop(self) -> None:
        await self.outbox.stop()

    async def get(self, aggregate_id: str) -> Document | None:
        """Return the document of this id, without its outbox."""
        return await self._find(aggregate_id)

    async def insert(self, document: Document, events: Sequence[Event], origin: Origin) -> bool:
        """Store a new document and publish its events; False: there is one of this `_id` already."""
        records = self._seal(events, origin, after=0)
        stored = await self._insert({**document, "sequence": max(1, len(records)), **_unsent(records)})
        if stored:
            await self.outbox.publish(document["_id"], records)
        return stored

    async def change(
        self,
        document: Document,
        update: Mapping[str, Mapping[str, Any]],
        events: Sequence[Event],
        origin: Origin,
    ) -> bool:
        """Change a document as it was read, and publish its events; False: it has changed since."""
        read = document["sequence"]
        records = self._seal(events, origin, after=read)
        merged = {operator: dict(fields) for operator, fields in update.items()}
        merged.setdefault("$set", {})["sequence"] = read + max(1, len(records))
        if records:
            unsent = _unsent(records)
            merged["$set"]["unsent_since"] = unsent["unsent_since"]
            merged.setdefault("$push", {})["outbox"] = {"$each": unsent["outbox"]}
        with translated():
            result = await self.collection.update_one({"_id": document["_id"], "sequence": read}, merged)
        if result.matched_count:
            await self.outbox.publish(document["_id"], records)
        return bool(result.matched_count)

    def _seal(self, events: Sequence[Event], origin: Origin, after: int) -> list[Record]:
        return [
            seal(event, source=self._source, origin=origin, sequence=after + number)
            for number, event in enumerate(events, start=1)
        ]

    async def _insert_all(self, documents: Sequence[Document]) -> list[bool]:
        try:
            with translated():
                await self.collection.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            codes = {entry["index"]: entry["code"] for entry in error.details["writeErrors"]}
            if set(codes.values()) - {DUPLICATE_KEY}:
                raise StoreUnavailableError(f"MongoDB: {error}"[:500]) from error
            return [index not in codes for index in range(len(documents))]
        return [True] * len(documents)

    async def _find_all(self, ids: Sequence[str]) -> list[Document | None]:
        with translated():
            cursor = self.collection.find({"_id": {"$in": list(set(ids))}}, {"outbox": 0})
            found = {document["_id"]: document for document in await cursor.to_list(len(ids))}
        return [found.get(aggregate_id) for aggregate_id in ids]


def _unsent(records: Sequence[Record]) -> Document:
    if not records:
        return {"outbox": []}
    return {"outbox": [record.to_document() for record in records], "unsent_since": datetime.now(UTC)}

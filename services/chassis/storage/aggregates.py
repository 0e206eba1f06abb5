"""Documents that change together with the events they cause."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from backchat_contracts import Event
from services.chassis.errors import ExistsError, StaleError
from services.chassis.faults import fault_point
from services.chassis.messaging.envelope import Origin, Record, encode
from services.chassis.messaging.kafka import Kafka
from services.chassis.settings import ServiceSettings
from services.chassis.storage.grouped import Grouped
from services.chassis.storage.grouped_update import Change, update_grouped
from services.chassis.storage.mongo import Collection, Document, create_index, insert, size_of, translated
from services.chassis.storage.outbox import Outbox

_ChangeToMake = tuple[Change, Document | None]
"""A change, and an attachment to store before it."""


class Aggregates:
    """A collection whose documents are changed together with their events, in one atomic update.

    The fields `version` (the number of changes), `sequence` (the number of events), `outbox` (the events that
    are not cleared yet) and `unsent_since` (when the last of them was stored) are set here. What is long and
    never changes belongs in an attachment, as a document is written again at each change.

    Args:
        collection: where the documents are.
        kafka: where the events are sent.
        settings: those of the service.
        attachments: where the attachments are.
        kept: how many inserted documents, the newest, are remembered for `take_new`.

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
        self._insert: Grouped[Document, None] = Grouped(self._insert_all)
        self._find: Grouped[str, Document | None] = Grouped(self._find_all)
        self._update: Grouped[_ChangeToMake, None] = Grouped(self._update_all, _variables_size)

    async def start(self) -> None:
        await create_index(self.collection, "unsent_since", sparse=True)
        self.outbox.start()

    async def stop(self) -> None:
        await self.outbox.stop()

    async def get(self, aggregate_id: str) -> Document | None:
        """Return the document with this id, without its outbox."""
        return await self._find(aggregate_id)

    def take_new(self, aggregate_id: str) -> Document | None:
        """Return a document as this process inserted it, once; it may have changed since."""
        return self._new.pop(aggregate_id, None)

    async def insert(self, document: Document, events: Sequence[Event], origin: Origin) -> None:
        """Store a new document and publish its events.

        Raises:
            ExistsError: its `_id`, or another value that is unique, is stored already.

        """
        records = self._encode(events, origin, after=0)
        new = {**document, "version": 1, "sequence": len(records)}
        with self._suspecting_unsent():
            await self._insert({**new, **_unsent(records)})
        self._remember(new)
        await self._publish(document["_id"], records)

    async def change(
        self,
        document: Document,
        update: Mapping[str, Mapping[str, Any]],
        events: Sequence[Event],
        origin: Origin,
        attachment: Document | None = None,
    ) -> None:
        """Change a document and publish its events.

        An update with events, and only `$set` and `$unset` of top-level fields, shares a call with concurrent
        ones. An attachment is stored before the document is changed.

        Raises:
            StaleError: the document has changed since it was read.

        """
        records = self._encode(events, origin, after=document["sequence"])
        as_read = {"_id": document["_id"], "version": document["version"]}
        fields = {**update.get("$set", {}), **counters_after(document, len(records))}
        unsent = _unsent(records)
        new_events = unsent.pop("outbox")
        fields |= unsent
        with self._suspecting_unsent():
            if records and update.keys() <= {"$set", "$unset"}:
                change = Change(as_read, fields, list(update.get("$unset", ())), new_events)
                await self._update((change, attachment))
            else:
                if attachment:
                    await self._attach([attachment])
                alone = {**update, "$set": fields}
                if records:
                    alone["$push"] = {**update.get("$push", {}), "outbox": {"$each": new_events}}
                with translated():
                    result = await self.collection.update_one(as_read, alone)
                if not result.matched_count:
                    raise StaleError(document["_id"])
        await self._publish(document["_id"], records)

    @contextmanager
    def _suspecting_unsent(self) -> Iterator[None]:
        """Tell the relay when a write fails or is cancelled: the server may have made it before that."""
        try:
            yield
        except (ExistsError, StaleError):  # the server says that it has not made it
            raise
        except BaseException:
            self.outbox.suspect_unsent()
            raise

    def _remember(self, new: Document) -> None:
        if self._kept:
            self._new[new["_id"]] = new
            if len(self._new) > self._kept:
                del self._new[next(iter(self._new))]

    async def _publish(self, aggregate_id: str, records: Sequence[Record]) -> None:
        for record in records:
            fault_point(f"stored:{record.topic}")
        await self.outbox.publish(aggregate_id, records)

    def _encode(self, events: Sequence[Event], origin: Origin, after: int) -> list[Record]:
        return [
            encode(event, source=self._source, origin=origin, sequence=after + number)
            for number, event in enumerate(events, start=1)
        ]

    async def _insert_all(self, documents: Sequence[Document]) -> list[Exception | None]:
        return await insert(self.collection, documents)

    async def _update_all(self, items: Sequence[_ChangeToMake]) -> list[StaleError | None]:
        if attachments := [attachment for _, attachment in items if attachment]:
            await self._attach(attachments)
        return await update_grouped(self.collection, [change for change, _ in items])

    async def _attach(self, attachments: Sequence[Document]) -> None:
        if self._attachments is None:
            raise TypeError("no collection for attachments")
        for outcome in await insert(self._attachments, attachments):
            if outcome and not isinstance(outcome, ExistsError):  # which is the same, of an earlier attempt
                raise outcome
        fault_point("attached")

    async def _find_all(self, ids: Sequence[str]) -> list[Document | None]:
        with translated():
            if len(ids) == 1:
                return [await self.collection.find_one({"_id": ids[0]}, {"outbox": 0})]
            cursor = self.collection.find({"_id": {"$in": list(set(ids))}}, {"outbox": 0})
            found = {document["_id"]: document for document in await cursor.to_list(len(ids))}
        return [found.get(aggregate_id) for aggregate_id in ids]


def counters_after(document: Document, events: int) -> Document:
    """Return the counters of a document after a change that causes this number of events."""
    return {"version": document["version"] + 1, "sequence": document["sequence"] + events}


def _variables_size(item: _ChangeToMake) -> int:
    change, _ = item  # the driver splits what is inserted
    return size_of({"fields": change.fields, "events": change.events})


def _unsent(records: Sequence[Record]) -> Document:
    """Return the fields of a document in which these events are stored."""
    if not records:
        return {"outbox": []}
    return {"outbox": [record.to_document() for record in records], "unsent_since": datetime.now(UTC)}

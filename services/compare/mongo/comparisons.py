"""Comparisons in MongoDB."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from backchat_contracts import ComparisonCompleted, ComparisonFailed, ComparisonRequested
from services.chassis.errors import StaleError
from services.chassis.jobs.rank import Due, number_of
from services.chassis.messaging.envelope import Delivery, ReplyAddress
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.mongo import ASCENDING, Document, create_index, translated
from services.chassis.storage.reading import as_read, as_stored
from services.chassis.stored import Stored
from services.compare.domain.fitting import fit
from services.compare.ports import Comparison

Outcome = ComparisonCompleted | ComparisonFailed


class MongoComparisons:
    """The collection `comparisons`: pending while a worker computes it, completed after.

    `asked` is the request of one that is pending, `comparison` the event that completes it.
    """

    def __init__(self, aggregates: Aggregates, largest: int) -> None:
        self._aggregates = aggregates
        self._largest = largest

    async def start(self) -> None:
        await create_index(self._aggregates.collection, "created_at")

    async def get(self, comparison_id: str) -> Stored[Comparison] | None:
        document = await self._aggregates.get(comparison_id)
        return as_stored(document, read_comparison(document)) if document else None

    async def add_completed(self, event: ComparisonCompleted, digest: str, delivery: Delivery) -> None:
        document = _document(event, digest, event.completed_at, delivery)
        published = fit(event, self._largest)
        await self._aggregates.insert({**document, "comparison": _body(event)}, [published], delivery.origin)

    async def add_pending(
        self, request: ComparisonRequested, digest: str, delivery: Delivery, now: datetime
    ) -> None:
        requester = delivery.reply_address
        pending = {
            "asked": request.model_dump(mode="json"),
            "rank": number_of(Due(now)),
            "waiting": [asdict(requester)] if requester else [],
        }
        document = {**_document(request, digest, now, delivery), **pending}
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
        await self._end(read, "comparison", event, fit(event, self._largest))

    async def fail(self, read: Stored[Comparison], event: ComparisonFailed) -> None:
        await self._end(read, "failure", event, event)

    async def _end(self, read: Stored[Comparison], name: str, outcome: Outcome, published: Outcome) -> None:
        update: dict[str, Document] = {"$set": {name: _body(outcome)}, "$unset": {"rank": "", "asked": ""}}
        await self._aggregates.change(as_read(read), update, [published], read.origin)

    async def forget(self, before: datetime, most: int) -> None:
        collection = self._aggregates.collection
        with translated():
            old = collection.find({"created_at": {"$lt": before}}, {"_id": 1}).sort("created_at", ASCENDING)
            ids = [document["_id"] for document in await old.limit(most).to_list(most)]
            if ids:
                await collection.delete_many({"_id": {"$in": ids}})


def read_comparison(document: Mapping[str, Any]) -> Comparison:
    """Read a comparison from its document."""
    asked, completed, failure = (document.get(name) for name in ("asked", "comparison", "failure"))
    return Comparison(
        request=document["request"],
        asked=ComparisonRequested.model_validate(asked) if asked else None,
        waiting=tuple(ReplyAddress(**address) for address in document.get("waiting", ())),
        completed=ComparisonCompleted.model_validate(completed) if completed else None,
        failure=ComparisonFailed.model_validate(failure) if failure else None,
    )


def _document(
    of: ComparisonCompleted | ComparisonRequested, digest: str, created_at: datetime, delivery: Delivery
) -> Document:
    return {
        "_id": of.comparison_id,
        "request": digest,
        "created_at": created_at,
        "origin": asdict(delivery.origin),
    }


def _body(event: Outcome) -> dict[str, Any]:
    return event.model_dump(mode="json")

"""Makes changes of many documents in one update statement, each only if its document is still as it was read.

The embedded database syncs once per statement: with 32 changes in one, a change costs 0.6 ms, against 1.4 ms
with a `bulk_write` of 32 updates and 1.1 ms with a `$switch` that has a branch for each.

The statement gets the changes as variables, in two lists: `as_read` has the id and version of each document
as it was read, `changes` has at the same index what to do with it. A document looks up its own id and present
version in `as_read`; if they are not there (-1), it was changed since, and stays as it is (`$$ROOT`). For

    Change({"_id": "a", "version": 3}, {"version": 4, "status": "ended"}, ["rank"], [{"id": "e1"}])
    Change({"_id": "b", "version": 7}, {"version": 8, "status": "running"}, [], [{"id": "e2"}])

the call is `update_many(matching, pipeline, let=variables)` with

    matching = {"_id": {"$in": ["a", "b"]}}
    pipeline = [{"$replaceWith": {"$let": {
        "vars": {"index": {"$indexOfArray": ["$$as_read", {"_id": "$_id", "version": "$version"}]}},
        "in": {"$cond": [{"$lt": ["$$index", 0]}, "$$ROOT", {"$let": {
            "vars": {"mine": {"$arrayElemAt": ["$$changes", "$$index"]}},
            "in": {"$mergeObjects": [
                {"$setField": {"field": "rank", "input": "$$ROOT", "value":
                    {"$cond": [{"$in": ["rank", "$$mine.removed"]}, "$$REMOVE", "$rank"]}}},
                "$$mine.fields",
                {"outbox": {"$concatArrays": ["$outbox", "$$mine.events"]}},
            ]},
        }}]},
    }}}]
    variables = {
        "as_read": {"$literal": [{"_id": "a", "version": 3}, {"_id": "b", "version": 7}]},
        "changes": {"$literal": [
            {"fields": {"version": 4, "status": "ended"}, "removed": ["rank"], "events": [{"id": "e1"}]},
            {"fields": {"version": 8, "status": "running"}, "removed": [], "events": [{"id": "e2"}]},
        ]},
    }
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.errors import StaleError
from services.chassis.storage.mongo import Collection, Document, translated


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one document: top-level fields to set and to remove, and events to append to `outbox`.

    `as_read` has its `_id` and `version`, in this order. `fields` has the new version; `events` is not empty.
    """

    as_read: Document
    fields: Document
    removed: Sequence[str]
    events: Sequence[Document]


async def update_grouped(collection: Collection, changes: Sequence[Change]) -> list[StaleError | None]:
    """Make the changes; return a StaleError for each that was not made.

    The server tells how many were. Unless that is all, the stored events tell which: of none, they may have
    been made by an earlier call, which failed for another of its changes.
    """
    matching, pipeline, variables = render(changes)
    with translated():
        result = await collection.update_many(matching, pipeline, let=variables)
        if result.modified_count == len(changes):
            return [None] * len(changes)
        documents = await collection.find(matching, {"outbox.id": 1}).to_list()
    stored = {event["id"] for document in documents for event in document["outbox"]}
    return [
        None if change.events[0]["id"] in stored else StaleError(change.as_read["_id"]) for change in changes
    ]


def render(changes: Sequence[Change]) -> tuple[Document, list[Document], Document]:
    """Return the filter, the pipeline and the variables of the statement.

    The filter has ids alone, as anything more makes the embedded database scan the collection; the pipeline
    has one stage, as that database copies the document for each.
    """
    kept: str | Document = "$$ROOT"
    for name in sorted({name for change in changes for name in change.removed}):
        value = {"$cond": [{"$in": [name, "$$mine.removed"]}, "$$REMOVE", f"${name}"]}
        kept = {"$setField": {"field": name, "input": kept, "value": value}}
    outbox = {"$concatArrays": ["$outbox", "$$mine.events"]}
    changed = {"$mergeObjects": [kept, "$$mine.fields", {"outbox": outbox}]}
    mine = {"$arrayElemAt": ["$$changes", "$$index"]}
    found = {"$let": {"vars": {"mine": mine}, "in": changed}}
    index = {"$indexOfArray": ["$$as_read", {"_id": "$_id", "version": "$version"}]}
    either = {"$cond": [{"$lt": ["$$index", 0]}, "$$ROOT", found]}
    pipeline: list[Document] = [{"$replaceWith": {"$let": {"vars": {"index": index}, "in": either}}}]
    as_read = [change.as_read for change in changes]
    todo = [{"fields": each.fields, "removed": each.removed, "events": each.events} for each in changes]
    variables = {"as_read": {"$literal": as_read}, "changes": {"$literal": todo}}
    return {"_id": {"$in": [each["_id"] for each in as_read]}}, pipeline, variables

"""Lists, the newest first, read in ranges that hold few documents each."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zlib import crc32

from services.chassis.paging import cursor_of
from services.chassis.storage.mongo import (
    ASCENDING,
    DESCENDING,
    Collection,
    Document,
    create_index,
    translated,
)

ONE_IN: Final = 32
MOST_SAMPLES: Final = 20_000
"""The most keys in memory: of 640,000 documents. The older ones are then read in one range."""
MIGRATED_AT_ONCE: Final = 500


class NewestFirst:
    """Reads the documents of a collection in the order of their field `listed`, the last one first.

    `listed` is a time and the document's id, as in a cursor. A database may read all that a query's range
    matches before it sorts and cuts (SecantusDB does, MongoDB stops at the limit), so a list is asked for in
    narrow ranges. What is narrow depends on how documents are spread over time. Therefore one in `ONE_IN`,
    chosen by its id, has its key in the field `sampled` too: about `ONE_IN` documents lie between neighbours
    of this sample. Each process reads the sample at its start and adds to it what it stores itself; where
    other processes store much, its ranges hold more until its next start, and still miss nothing.
    """

    def __init__(self, collection: Collection, left_out: Sequence[str] = ()) -> None:
        self._collection = collection
        self._left_out = dict.fromkeys(left_out, 0)
        self._sample: list[str] = []

    async def start(self, *filters: Sequence[str]) -> None:
        """Create an index for each combination of fields that queries name, and read the sample."""
        with translated():
            for fields in filters:
                await create_index(self._collection, [(field, ASCENDING) for field in (*fields, "listed")])
            await create_index(self._collection, "sampled", sparse=True)
            found = self._collection.find({"sampled": {"$gt": ""}}, {"_id": 0, "sampled": 1})
            newest = await found.sort("sampled", DESCENDING).limit(MOST_SAMPLES).to_list()
        self._sample = [document["sampled"] for document in reversed(newest)]

    def place(self, document_id: str, moment: datetime) -> Document:
        """Return the fields to store with a document that is listed by this time."""
        fields = _place(document_id, moment)
        if "sampled" in fields:
            insort(self._sample, fields["sampled"])
            del self._sample[:-MOST_SAMPLES]
        return fields

    async def read(self, query: Document, limit: int, before: str | None = None) -> list[Document]:
        """Return the last documents that match, of those before this cursor.

        `query` compares fields for equality.

        Raises:
            StoreUnavailableError: the database does not answer.

        """
        found: list[Document] = []
        end, width = before, limit // ONE_IN + 2
        position = bisect_left(self._sample, before) if before else len(self._sample)
        while len(found) < limit:
            position -= width
            start = self._sample[position] if position > 0 else ""
            matching = await self._find(
                {**query, "listed": {"$gte": start, **({"$lt": end} if end else {})}}, limit - len(found)
            )
            found += matching
            if position <= 0:
                break
            end = start
            width *= 2 if matching else 8
        return found

    async def _find(self, query: Document, limit: int) -> list[Document]:
        with translated():
            cursor = self._collection.find(query, self._left_out).sort("listed", DESCENDING)
            return await cursor.limit(limit).to_list()


async def place_stored(collection: Collection, by: str, more: Document | None = None) -> None:
    """Add the fields of `NewestFirst`, and `more`, to documents that were stored without them: a migration.

    An interrupted one is continued. The indexes must exist already, and some hundred documents are changed at
    once: SecantusDB may hang in a statement that writes ten thousand keys of an index.

    Args:
        collection: where the documents are.
        by: the field with the time; a document without it is in no list.
        more: further fields to set, as expressions of an aggregation.

    """
    time = {"$dateToString": {"date": f"${by}", "format": "%Y-%m-%dT%H:%M:%S.%LZ"}}
    key = {"$concat": [time, "~", "$_id"]}
    with translated():
        documents = await collection.find({}, {by: 1, "listed": 1}).to_list()
        ids = [document["_id"] for document in documents if by in document and "listed" not in document]
        for first in range(0, len(ids), MIGRATED_AT_ONCE):
            group = ids[first : first + MIGRATED_AT_ONCE]
            chosen = [document_id for document_id in group if _in_sample(document_id)]
            await collection.update_many({"_id": {"$in": chosen}}, [{"$set": {"sampled": key}}])
            await collection.update_many({"_id": {"$in": group}}, [{"$set": {"listed": key, **(more or {})}}])


def _place(document_id: str, moment: datetime) -> Document:
    key = cursor_of(moment, document_id)
    return {"listed": key, **({"sampled": key} if _in_sample(document_id) else {})}


def _in_sample(document_id: str) -> bool:
    return crc32(document_id.encode()) % ONE_IN == 0

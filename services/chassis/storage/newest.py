"""Lists, the newest first, read in ranges of time that hold few documents each."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from zlib import crc32

from services.chassis.storage.mongo import (
    ASCENDING,
    DESCENDING,
    Collection,
    Document,
    translated,
)

ONE_IN: Final = 32
MOST_SAMPLES: Final = 20_000
"""The most times in memory: of 640,000 documents. The older ones are then read in one range."""

OLDEST: Final = datetime(1970, 1, 1, tzinfo=UTC)


class NewestFirst:
    """Reads the documents of a collection by a time, the newest first.

    A database may read all that a query's range matches before it sorts and cuts (MongoDB stops at the limit,
    SecantusDB does not), so a list is asked for in narrow ranges. What is narrow depends on how the documents
    are spread over time. Therefore one in `ONE_IN` of them, chosen by its id, has its time in the field
    `sampled` too: about `ONE_IN` documents lie between two neighbours of this sample. Each process reads the
    sample at its start and adds to it what it stores itself; where other processes store much, its ranges
    hold more until its next start, and still miss nothing.

    Args:
        collection: where the documents are.
        by: the field with the time.
        left_out: the fields that are not read.

    """

    def __init__(self, collection: Collection, by: str, left_out: Sequence[str] = ()) -> None:
        self._collection = collection
        self._by = by
        self._left_out = dict.fromkeys(left_out, 0)
        self._sample: list[datetime] = []

    async def start(self, *filters: Sequence[str]) -> None:
        """Create an index for each combination of fields that queries name, and read the sample."""
        with translated():
            for fields in filters:
                # Ascending: of a descending one SecantusDB leaves out what equals the start of a range.
                keys = [(field, ASCENDING) for field in (*fields, self._by, "_id")]
                await self._collection.create_index(keys)
            await self._collection.create_index("sampled", sparse=True)
            found = self._collection.find({"sampled": {"$gt": OLDEST}}, {"_id": 0, "sampled": 1})
            newest = await found.sort("sampled", DESCENDING).limit(MOST_SAMPLES).to_list()
        self._sample = [document["sampled"] for document in reversed(newest)]

    def sampled(self, document_id: str, moment: datetime) -> Document:
        """Return the fields to store with a document that has this time."""
        if not _in_sample(document_id):
            return {}
        insort(self._sample, moment)
        del self._sample[:-MOST_SAMPLES]
        return {"sampled": moment}

    async def read(
        self, query: Document, limit: int, before: tuple[datetime, str] | None = None
    ) -> list[Document]:
        """Return the newest documents that match; with `before`, those that follow this time and id.

        `query` compares fields for equality.

        Raises:
            StoreUnavailableError: the database does not answer.

        """
        found: list[Document] = []
        end, position = None, len(self._sample)
        if before:
            end, last_id = before
            position = bisect_left(self._sample, end)
            found += await self._find({**query, self._by: end, "_id": {"$lt": last_id}}, limit)
        width = limit // ONE_IN + 2
        while len(found) < limit:
            position -= width
            start = self._sample[position] if position > 0 else OLDEST
            span = {"$gte": start, "$lt": end} if end else {"$gte": start}
            matching = await self._find({**query, self._by: span}, limit - len(found))
            found += matching
            if position <= 0:
                break
            end = start
            width *= 2 if matching else 8
        return found

    async def _find(self, query: Document, limit: int) -> list[Document]:
        order = [(self._by, DESCENDING), ("_id", DESCENDING)]
        with translated():
            return await self._collection.find(query, self._left_out).sort(order).limit(limit).to_list()


async def sample_stored(collection: Collection, by: str) -> None:
    """Choose the sample among documents that were stored without one: a migration."""
    with translated():
        async for document in collection.find({by: {"$gt": OLDEST}}, {by: 1}):
            if _in_sample(document["_id"]):
                marked = {"$set": {"sampled": document[by]}}
                await collection.update_one({"_id": document["_id"]}, marked)


def _in_sample(document_id: str) -> bool:
    return crc32(document_id.encode()) % ONE_IN == 0

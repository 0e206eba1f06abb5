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

Group = tuple[str, object]
"""The documents with this value of a field."""

ALL: Final[Group] = ("", None)
LIST_KEY: Final = ("listed", "sampled")
ONE_IN: Final = 8
MOST_SAMPLES: Final = 20_000
"""The most keys in memory: of 160,000 documents. The older ones are then read in one range."""
MIGRATED_AT_ONCE: Final = 200


class NewestFirst:
    """Reads the documents of a collection in the order of their field `listed`, the last one first.

    `listed` is a time and the document's id, as in a cursor. A database may read all that a query's range
    matches before it sorts and cuts (SecantusDB does, MongoDB stops at the limit), so a list is asked for in
    narrow ranges. What is narrow depends on how documents are spread over time. Therefore one in `ONE_IN`,
    chosen by its id, has its key in the field `sampled` too: about `ONE_IN` documents lie between neighbours
    of this sample. Each process reads the sample at its start and adds to it what it stores itself; where
    other processes store much, its ranges hold more until its next start, and still miss nothing.

    Args:
        collection: where the documents are.
        filters: each combination of fields that queries name.
        left_out: fields that are not read.
        apart: fields whose values are sampled apart, so that in a query that names one, documents of others,
            however many are newer, widen no range. A changed value is told with `add`.

    """

    def __init__(
        self,
        collection: Collection,
        filters: Sequence[Sequence[str]],
        left_out: Sequence[str] = (),
        apart: Sequence[str] = (),
    ) -> None:
        self._collection = collection
        self._filters = filters
        self._left_out = dict.fromkeys(left_out, 0)
        self._apart = apart
        self._samples: dict[Group, list[str]] = {}
        """The keys of the sample, sorted, of each group of documents."""
        self._keys: dict[str, tuple[str, frozenset[Group]]] = {}
        """Key and groups of each document of the sample, in the order in which they were added."""

    async def start(self) -> None:
        """Create the indexes that are missing, and read the sample. Raises StoreUnavailableError."""
        await self._create_indexes()
        with translated():
            fields = dict.fromkeys([*self._apart, "sampled"], 1)
            found = self._collection.find({"sampled": {"$gt": ""}}, {"_id": 0, **fields})
            newest = await found.sort("sampled", DESCENDING).limit(MOST_SAMPLES).to_list()
        for document in reversed(newest):
            self.add(document)

    async def migrate(self, by: str, more: Document | None = None) -> None:
        """Add the fields of `list_key`, and `more`, to documents that were stored without them.

        An interrupted migration is continued. The indexes are created first, and some hundred documents are
        changed at once: SecantusDB may hang in a statement that writes ten thousand keys of an index.

        Args:
            by: the field with the time; a document without it is in no list.
            more: further fields to set, as expressions of an aggregation.

        """
        await self._create_indexes()
        time = {"$dateToString": {"date": f"${by}", "format": "%Y-%m-%dT%H:%M:%S.%LZ"}}
        key = {"$concat": [time, "~", "$_id"]}
        with translated():
            documents = await self._collection.find({}, {by: 1, "listed": 1}).to_list()
            ids = [document["_id"] for document in documents if by in document and "listed" not in document]
            for first in range(0, len(ids), MIGRATED_AT_ONCE):
                group = ids[first : first + MIGRATED_AT_ONCE]
                chosen = {"_id": {"$in": list(filter(_in_sample, group))}}
                await self._collection.update_many(chosen, [{"$set": {"sampled": key}}])
                listed = {"$set": {"listed": key, **(more or {})}}
                await self._collection.update_many({"_id": {"$in": group}}, [listed])

    async def _create_indexes(self) -> None:
        for fields in self._filters:
            await create_index(self._collection, [(field, ASCENDING) for field in (*fields, "listed")])
        await create_index(self._collection, "sampled", sparse=True)

    def add(self, stored: Document) -> None:
        """Add a document that has been stored to the sample, if it is of it. Of its keys, the last holds."""
        if (key := stored.get("sampled")) is None:
            return
        document_id, groups = key.partition("~")[2], frozenset([ALL, *self._groups_of(stored)])
        if document_id in self._keys:
            if self._keys[document_id][0] > key or self._keys[document_id] == (key, groups):
                return
            self._forget(document_id)
        self._keys[document_id] = key, groups
        for group in groups:
            insort(self._samples.setdefault(group, []), key)
        if len(self._keys) > MOST_SAMPLES:
            self._forget(next(iter(self._keys)))

    def _forget(self, document_id: str) -> None:
        key, groups = self._keys.pop(document_id)
        for group in groups:
            sample = self._samples[group]
            del sample[bisect_left(sample, key)]
            if not sample:
                del self._samples[group]

    def _groups_of(self, document: Document) -> list[Group]:
        """Return the groups of a document, or those that a query names."""
        return [(field, document[field]) for field in self._apart if field in document]

    async def read(self, query: Document, limit: int, before: str | None = None) -> list[Document]:
        """Return the last documents that match, of those before this cursor.

        `query` compares fields for equality.

        Raises:
            StoreUnavailableError: the database does not answer.

        """
        found: list[Document] = []
        groups = self._groups_of(query) or [ALL]
        sample = min((self._samples.get(group, []) for group in groups), key=len)
        end, width = before, limit // ONE_IN + 2
        while len(found) < limit:
            at = bisect_left(sample, end) if end else len(sample)
            start = sample[at - width] if at > width else ""
            between = {"$gte": start, **({"$lt": end} if end else {})}
            matching = await self._find({**query, "listed": between}, limit - len(found))
            found += matching
            if not start:
                break
            end = start
            width *= 2 if matching else 8
        return found

    async def _find(self, query: Document, limit: int) -> list[Document]:
        with translated():
            cursor = self._collection.find(query, self._left_out).sort("listed", DESCENDING)
            return await cursor.limit(limit).to_list()


def list_key(document_id: str, moment: datetime) -> Document:
    """Return the fields to store with a document that is listed by this time."""
    key = cursor_of(moment, document_id)
    return {"listed": key, **({"sampled": key} if _in_sample(document_id) else {})}


def _in_sample(document_id: str) -> bool:
    return crc32(document_id.encode()) % ONE_IN == 0

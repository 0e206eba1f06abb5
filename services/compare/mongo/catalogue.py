"""The catalogue in memory, and how it is kept as the collection `strategies` is."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final, NamedTuple

from services.chassis.errors import UnavailableError
from services.chassis.storage.mongo import Collection, Document, create_index, translated
from services.compare.domain.catalogue import FIELDS, Catalogue, Row, row_of

READ_SECONDS: Final = 2.0
"""How long what other processes have written is not looked for again."""
REST: Final = 10
"""Where it is longer, this many times as long as it took to read."""
CLOCKS_DIFFER: Final = timedelta(minutes=1)
"""By how much the clocks of two processes differ at the most."""
AT_ONCE: Final = 500
"""How many documents are in memory while they are read."""
IDS_AT_ONCE: Final = 50
"""How many documents are asked for by their ids: the embedded database takes 1.7 s for 500."""
WRITTEN: Final = "written_at"
"""The field with the time of a document's last write; those of before it was added lack it."""
NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Revision(NamedTuple):
    """What is another whenever a strategy's document has changed: each of these only grows."""

    strategy_sequence: int = -1
    standing_sequence: int = -1
    latest_at: datetime = NEVER


NOT_READ: Final = Revision()
_PROJECTION: Final = {
    **dict.fromkeys(("catalogued", "name", *Revision._fields), 1),
    **{".".join((standing, *path)): 1 for standing in ("latest", "chosen") for path in FIELDS},
}


class CatalogueMemory:
    """Reads the whole collection once, then what has changed: by this process, and by others.

    What this process has written is read again at the next question, so that a question sees what was
    answered before it. What others have written is found by its time, some seconds later.
    """

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._rows: dict[str, Row] = {}
        self._revisions: dict[str, Revision] = {}
        self._catalogue: Catalogue | None = None  # it is made again of the rows where one has changed
        self._changed: set[str] = set()
        self._newest: datetime | None = None
        self._read_again_at = 0.0
        self._reading = asyncio.Lock()
        self._first: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Create the index that is missing, and begin to read: a question that comes earlier waits for it."""
        await create_index(self._collection, WRITTEN, sparse=True)
        self._first = asyncio.create_task(self._read_first())

    async def stop(self) -> None:
        """Read no more of the first reading."""
        if self._first:
            self._first.cancel()
            await asyncio.gather(self._first, return_exceptions=True)

    async def read(self) -> None:
        """Return once all was read first. Raises StoreUnavailableError."""
        if self._first and self._newest is None:
            await self.get()

    def revision(self, strategy_id: str) -> Revision:
        """Return the one in memory: what is stored is not older."""
        return self._revisions.get(strategy_id, NOT_READ)

    def changed(self, strategy_ids: Iterable[str]) -> None:
        """Note what this process has written."""
        self._changed.update(strategy_ids)

    async def get(self) -> Catalogue:
        """Return the catalogue. Raises StoreUnavailableError."""
        async with self._reading:
            if (began := time.monotonic()) >= self._read_again_at:
                now = datetime.now(UTC)
                after = self._newest and {WRITTEN: {"$gt": self._newest - CLOCKS_DIFFER}}
                await self._read(after or {})
                self._newest = now
                took = time.monotonic() - began
                self._read_again_at = began + took + max(READ_SECONDS, REST * took)
            if changed := self._changed:
                self._changed = set()
                try:
                    for query in by_id(changed):
                        await self._read(query)
                except UnavailableError:
                    self._changed |= changed
                    raise
            if self._catalogue is None:
                self._catalogue = Catalogue(list(self._rows.values()))
            return self._catalogue

    async def _read_first(self) -> None:
        with suppress(UnavailableError):  # the first question reads it
            await self.get()

    async def _read(self, query: Document) -> None:
        with translated():
            cursor = self._collection.find(query, _PROJECTION).batch_size(AT_ONCE)
            while documents := await cursor.to_list(AT_ONCE):
                for document in documents:
                    self._take(document)

    def _take(self, document: Document) -> None:
        """Take a document as it is stored, if it is another one than before."""
        key, revision = document["_id"], revision_of(document)
        if self._revisions.get(key) == revision:
            return
        self._revisions[key], self._catalogue = revision, None
        if document["catalogued"]:
            self._rows[key] = _row_of(document)
        else:
            self._rows.pop(key, None)


def by_id(strategy_ids: Iterable[str]) -> Iterator[Document]:
    """Yield queries for documents by their ids, for some at a time."""
    remaining = iter(strategy_ids)
    while ids := list(islice(remaining, IDS_AT_ONCE)):
        yield {"_id": {"$in": ids}}


def revision_of(document: Document) -> Revision:
    return Revision(*(document[name] for name in Revision._fields))


def _row_of(document: Document) -> Row:
    standing = document.get("chosen") or document.get("latest")
    return row_of(document["_id"], document["name"], document["latest_at"], standing)

"""The catalogue in memory, and how it is kept as the collection `strategies` is."""

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from services.chassis.errors import UnavailableError
from services.chassis.storage.mongo import Collection, Document, create_index, translated
from services.compare.domain.catalogue import FIELDS, Catalogue, Row, row_of

READ_SECONDS: Final = 2.0
"""How long what other processes have written is not looked for again."""
CLOCKS_DIFFER: Final = timedelta(minutes=1)
"""By how much the clocks of two processes differ at the most."""
AT_ONCE: Final = 500
"""How many documents are in memory while they are read."""
WRITTEN: Final = "written_at"
"""The field with the time of a document's last write; those of before it was added lack it."""
Revision = tuple[int, int, datetime]
_REVISION: Final = ("strategy_sequence", "standing_sequence", "latest_at")
_PROJECTION: Final = {
    **dict.fromkeys(("catalogued", "name", *_REVISION), 1),
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

    def changed(self, strategy_ids: Iterable[str]) -> None:
        """Note what this process has written."""
        self._changed.update(strategy_ids)

    async def get(self) -> Catalogue:
        """Return the catalogue. Raises StoreUnavailableError."""
        async with self._reading:
            if time.monotonic() >= self._read_again_at:
                now = datetime.now(UTC)
                after = self._newest and {WRITTEN: {"$gt": self._newest - CLOCKS_DIFFER}}
                await self._read(after or {})
                self._newest = now
                self._read_again_at = time.monotonic() + READ_SECONDS
            if changed := self._changed:
                self._changed = set()
                try:
                    await self._read({"_id": {"$in": list(changed)}})
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


def revision_of(document: Document) -> Revision:
    """Return what is another whenever a strategy's document has changed."""
    return document["strategy_sequence"], document["standing_sequence"], document["latest_at"]


def _row_of(document: Document) -> Row:
    standing = document.get("chosen") or document.get("latest")
    return row_of(document["_id"], document["name"], document["latest_at"], standing)

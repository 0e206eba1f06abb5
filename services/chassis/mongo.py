"""The one place that knows the MongoDB driver: connection, aggregates with their outbox, grouped calls."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo import ASCENDING, DESCENDING
from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError

from services.chassis.envelope import Record
from services.chassis.errors import StoreUnavailableError
from services.chassis.settings import MongoSettings

__all__ = [
    "ASCENDING",
    "DESCENDING",
    "Aggregates",
    "Collection",
    "Database",
    "Document",
    "connect",
    "translated",
]

Document = dict[str, Any]
Collection = AsyncIOMotorCollection[Document]
Database = AsyncIOMotorDatabase[Document]

DUPLICATE_KEY = 11000

T = TypeVar("T")
R = TypeVar("R")


@asynccontextmanager
async def connect(settings: MongoSettings, database: str) -> AsyncIterator[Database]:
    """Open a service's database: majority writes in the journal, majority reads, a time limit on all."""
    client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
        settings.mongodb_uri.get_secret_value(),
        serverSelectionTimeoutMS=settings.mongodb_timeout_ms,
        connectTimeoutMS=settings.mongodb_timeout_ms,
        socketTimeoutMS=2 * settings.mongodb_timeout_ms,
        w="majority",
        journal=True,
        readConcernLevel="majority",
        tz_aware=True,
        tzinfo=UTC,
        appname=f"backchat-{database}",
    )
    try:
        with translated():
            await client.admin.command("ping")
        yield client.get_database(f"backchat_{database}")
    finally:
        client.close()


@contextmanager
def translated() -> Iterator[None]:
    """Translate the driver's errors: all but a duplicate key mean that the store is out of reach."""
    try:
        yield
    except (DuplicateKeyError, BulkWriteError):
        raise
    except PyMongoError as error:
        raise StoreUnavailableError(f"MongoDB: {error}"[:500]) from error


class Grouped(Generic[T, R]):
    """Turns calls that come while one is under way into a single call for all of them.

    The embedded database syncs once per call, and a round trip costs more than a document: at one caller
    nothing waits, at many they share.
    """

    def __init__(self, call: Callable[[Sequence[T]], Awaitable[Sequence[R]]]) -> None:
        self._call = call
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, item: T) -> R:
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        try:
            while group := self._waiting:
                self._waiting = []
                await self._settle(group)
        finally:
            self._running = None

    async def _settle(self, group: list[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            results = await self._call([item for item, _ in group])
        except Exception as error:  # noqa: BLE001 - every caller gets it
            for _, future in group:
                if not future.done():
                    future.set_exception(error)
        else:
            for (_, future), result in zip(group, results, strict=True):
                if not future.done():
                    future.set_result(result)


class Aggregates:
    """A collection whose documents carry a `sequence` and the events they still have to publish.

    A change of state and its events are one atomic update of one document. `sequence` counts the events;
    a change names the one it has read, and fails if another came between.
    """

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self._insert: Grouped[Document, bool] = Grouped(self._insert_all)
        self._find: Grouped[str, Document | None] = Grouped(self._find_all)

    async def ensure_indexes(self) -> None:
        await self.collection.create_index("unsent_since", sparse=True)

    async def get(self, aggregate_id: str) -> Document | None:
        """Return the document of this id, without its outbox."""
        return await self._find(aggregate_id)

    async def insert(self, document: Document, records: Sequence[Record]) -> bool:
        """Store a new document (its `_id` and `sequence` included); False: there is one of this id."""
        return await self._insert({**document, **_unsent(records)})

    async def change(
        self, aggregate_id: str, read: int, update: Mapping[str, Any], records: Sequence[Record]
    ) -> bool:
        """Apply an update to the document as it was at sequence `read`; False: it has changed since."""
        merged: Document = {operator: dict(fields) for operator, fields in update.items()}
        if records:
            entries = [record.to_document() for record in records]
            merged.setdefault("$push", {})["outbox"] = {"$each": entries}
            merged.setdefault("$set", {}).update(sequence=read + len(records), unsent_since=datetime.now(UTC))
        with translated():
            result = await self.collection.update_one({"_id": aggregate_id, "sequence": read}, merged)
        return result.matched_count == 1

    async def _insert_all(self, documents: Sequence[Document]) -> list[bool]:
        try:
            with translated():
                await self.collection.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            failed = {entry["index"]: entry["code"] for entry in error.details["writeErrors"]}
            if set(failed.values()) - {DUPLICATE_KEY}:
                raise StoreUnavailableError(f"MongoDB: {error}"[:500]) from error
            return [index not in failed for index in range(len(documents))]
        return [True] * len(documents)

    async def _find_all(self, ids: Sequence[str]) -> list[Document | None]:
        with translated():
            cursor = self.collection.find({"_id": {"$in": list(set(ids))}}, {"outbox": 0})
            found = {document["_id"]: document async for document in cursor}
        return [found.get(aggregate_id) for aggregate_id in ids]


def _unsent(records: Sequence[Record]) -> Document:
    if not records:
        return {"outbox": []}
    return {"outbox": [record.to_document() for record in records], "unsent_since": datetime.now(UTC)}

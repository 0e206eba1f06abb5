"""The one place that knows the MongoDB driver: connection, translated errors, grouped calls."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo import ASCENDING, DESCENDING, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError, WriteError

from services.chassis.errors import StoreUnavailableError
from services.chassis.settings import MongoSettings

DUPLICATE_KEY = 11000

__all__ = [
    "ASCENDING",
    "DESCENDING",
    "BulkWriteError",
    "Collection",
    "Database",
    "Document",
    "DuplicateKeyError",
    "Grouped",
    "UpdateOne",
    "behind",
    "connect",
    "duplicates",
    "translated",
]

Document = dict[str, Any]
Collection = AsyncIOMotorCollection[Document]
Database = AsyncIOMotorDatabase[Document]

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
    """Translate the driver's errors: the store is out of reach, unless it says what is wrong with a write."""
    try:
        yield
    except BulkWriteError:
        raise
    except PyMongoError as error:
        if isinstance(error, WriteError) and not error.has_error_label("RetryableWriteError"):
            raise
        raise StoreUnavailableError(f"MongoDB: {error}"[:500]) from error


def duplicates(error: BulkWriteError) -> set[int]:
    """Return which documents of an insert were there. Raises StoreUnavailableError for anything else.

    So it does where the others are not known to be safe: what no majority has may be rolled back.
    """
    codes = {entry["index"]: entry["code"] for entry in error.details["writeErrors"]}
    if set(codes.values()) - {DUPLICATE_KEY} or error.details.get("writeConcernErrors"):
        raise StoreUnavailableError(f"MongoDB: {error}"[:500]) from error
    return set(codes)


def behind(field: str, entry: tuple[datetime, str]) -> list[Document]:
    """Return the conditions (for `$or`) of what comes after an entry in a list by time, newest first."""
    moment, entry_id = entry
    return [{field: {"$lt": moment}}, {field: moment, "_id": {"$lt": entry_id}}]


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
            answered = list(zip(group, results, strict=True))
        except Exception as error:  # noqa: BLE001 - every caller gets it
            for _, future in group:
                if not future.done():
                    future.set_exception(error)
        else:
            for (_, future), result in answered:
                if not future.done():
                    future.set_result(result)

"""The only module that imports the MongoDB driver: its names, the connection, the translation of errors."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any

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
    "UpdateOne",
    "behind",
    "connect",
    "duplicates",
    "insert",
    "translated",
]

Document = dict[str, Any]
Collection = AsyncIOMotorCollection[Document]
Database = AsyncIOMotorDatabase[Document]


@asynccontextmanager
async def connect(settings: MongoSettings, service: str) -> AsyncIterator[Database]:
    """Connect to a service's database: journaled majority writes, majority reads, time limits on all."""
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
        appname=f"backchat-{service}",
    )
    try:
        yield client.get_database(f"backchat_{service}")
    finally:
        client.close()


@contextmanager
def translated() -> Iterator[None]:
    """Raise StoreUnavailableError for the driver's errors, but those that say what is wrong with a write."""
    try:
        yield
    except BulkWriteError:
        raise
    except PyMongoError as error:
        if isinstance(error, WriteError) and not error.has_error_label("RetryableWriteError"):
            raise
        raise StoreUnavailableError(f"MongoDB: {error}"[:500]) from error


async def insert(collection: Collection, documents: Sequence[Document]) -> set[int]:
    """Insert documents; return the indexes of those that existed. Raises StoreUnavailableError."""
    try:
        with translated():
            if len(documents) == 1:  # takes 0.3 ms less than in bulk
                await collection.insert_one(documents[0])
            else:
                await collection.insert_many(documents, ordered=False)
    except DuplicateKeyError:
        return {0}
    except BulkWriteError as error:
        return duplicates(error)
    return set()


def duplicates(error: BulkWriteError) -> set[int]:
    """Return the indexes of the inserted documents that existed. Raises StoreUnavailableError for all else.

    So it does if a majority has not confirmed the others: they may be rolled back.
    """
    codes = {entry["index"]: entry["code"] for entry in error.details["writeErrors"]}
    if set(codes.values()) - {DUPLICATE_KEY} or error.details.get("writeConcernErrors"):
        raise StoreUnavailableError(f"MongoDB: {error}"[:500]) from error
    return set(codes)


def behind(field: str, entry: tuple[datetime, str]) -> list[Document]:
    """Return the conditions, for `$or`, of what follows an entry in a list by time, the newest first."""
    moment, entry_id = entry
    return [{field: {"$lt": moment}}, {field: moment, "_id": {"$lt": entry_id}}]

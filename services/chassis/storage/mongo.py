"""The only module that imports the MongoDB driver: its names, the connection, the translation of errors."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC
from typing import Any, Final

from bson import encode
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo import ASCENDING, DESCENDING, ReadPreference, UpdateOne, WriteConcern
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern

from services.chassis.errors import StoreUnavailableError
from services.chassis.settings import MongoSettings

DUPLICATE_KEY: Final = 11000
TRANSIENT: Final = frozenset(
    {
        *(6, 7, 89, 9001),  # the network between its members
        *(91, 189, 10107, 11600, 11602, 13435, 13436),  # it is no primary now, or is shutting down
        *(50, 64, 100, 112, 134, 246, 262),  # out of time, a conflict, or no majority yet
        *(1, 8, 39, 14031),  # trouble of its own, a full disk for one
        *(13, 18),  # rights, which an operator must mend
    }
)
"""Codes of errors after which the same command can succeed. The driver's labels are not on errors of writes.

Source: https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
"""

__all__ = [
    "ASCENDING",
    "DESCENDING",
    "BulkWriteError",
    "Collection",
    "Database",
    "Document",
    "UpdateOne",
    "connect",
    "duplicates",
    "insert",
    "size_of",
    "translated",
]

Document = dict[str, Any]
Collection = AsyncIOMotorCollection[Document]
Database = AsyncIOMotorDatabase[Document]


@asynccontextmanager
async def connect(settings: MongoSettings, service: str) -> AsyncIterator[Database]:
    """Connect to a service's database: journaled majority writes, majority reads of the primary.

    The concerns are the database's, as those of the client would give way to what the URI says.
    """
    client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
        settings.mongodb_uri.get_secret_value(),
        serverSelectionTimeoutMS=settings.mongodb_timeout_ms,
        connectTimeoutMS=settings.mongodb_timeout_ms,
        socketTimeoutMS=2 * settings.mongodb_timeout_ms,
        tz_aware=True,
        tzinfo=UTC,
        appname=f"backchat-{service}",
    )
    try:
        yield client.get_database(
            f"backchat_{service}",
            read_preference=ReadPreference.PRIMARY,
            write_concern=WriteConcern("majority", j=True),
            read_concern=ReadConcern("majority"),
        )
    finally:
        client.close()


@contextmanager
def translated() -> Iterator[None]:
    """Raise StoreUnavailableError for the driver's errors, but those that blame the command."""
    try:
        yield
    except BulkWriteError:
        raise
    except PyMongoError as error:
        if isinstance(error, OperationFailure) and error.code not in TRANSIENT:
            raise
        raise _unavailable(error) from error


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
    """Return the indexes of the inserted documents that existed.

    Raises:
        BulkWriteError: there is something wrong with one of the others.
        StoreUnavailableError: one was not written, or a majority has not confirmed it: it may be rolled back.

    """
    codes = {entry["index"]: entry["code"] for entry in error.details["writeErrors"]}
    others = set(codes.values()) - {DUPLICATE_KEY}
    if others - TRANSIENT:
        raise error
    if others or error.details.get("writeConcernErrors"):
        raise _unavailable(error) from error
    return set(codes)


def size_of(document: Document) -> int:
    """Return how many bytes a document has in a command."""
    return len(encode(document))


def _unavailable(error: PyMongoError) -> StoreUnavailableError:
    return StoreUnavailableError(f"MongoDB: {error}"[:500])

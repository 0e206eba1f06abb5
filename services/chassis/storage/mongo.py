"""The only module that imports the MongoDB driver: its names, the connection, the translation of errors."""

import re
import warnings
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, timedelta
from typing import Any, Final

from bson import encode
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo import ASCENDING, DESCENDING, IndexModel, MongoClient, ReadPreference, UpdateOne, WriteConcern
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure, PyMongoError, WriteError
from pymongo.read_concern import ReadConcern

from services.chassis.errors import ExistsError, StoreTroubleError, StoreUnavailableError
from services.chassis.settings import MongoSettings

DUPLICATE_KEY: Final = 11000
INDEX_NOT_FOUND: Final = 27
INDEX_CONFLICTS: Final = (85, 86)
"""Codes for an index that is there with other options."""
REFUSED: Final = frozenset({13, 18})
"""Codes for a user without the right to do it, and for a wrong user or password."""
TROUBLE: Final = frozenset({1, 8})
"""Codes for trouble of its own: it has failed, or has a defect, which may meet one command alone."""
TRANSIENT: Final = frozenset(
    {
        *(6, 7, 89, 133, 9001),  # the network between its members
        *(91, 189, 10107, 11600, 11602, 13435, 13436),  # it is no primary now, or is shutting down
        *(43, 175, 237),  # it has lost the cursor or the plan of a query
        *(39, 14031),  # its disk is full
        *(24, 46, 50, 262),  # out of time, or locked for too long
        *(64, 100, 112, 134, 246, 365, 407, 449),  # in conflict, no majority yet, or overloaded
        *TROUBLE,
        *REFUSED,  # which an operator must mend
    }
)
"""Codes of errors after which the same command can succeed. The driver's labels are not on errors of writes.

Source: https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
"""

__all__ = ["ASCENDING", "DESCENDING", "BulkWriteError", "UpdateOne"]  # the driver's, for adapters

USER_INFO: Final = re.compile(r"//.*@", re.DOTALL)

Document = dict[str, Any]
Collection = AsyncIOMotorCollection[Document]
Database = AsyncIOMotorDatabase[Document]


def check_uri(settings: MongoSettings) -> None:
    """Check of `MONGODB_URI` what can be checked without a server.

    Raises:
        ValueError: it is not valid, has an option that the driver does not know, or names a file that can't
            be used. The message has no part of user and password.

    """
    uri = settings.mongodb_uri.get_secret_value()
    if not uri.startswith(("mongodb://", "mongodb+srv://")):
        raise ValueError("it does not begin with mongodb:// or mongodb+srv://")
    if _fault(uri) is None:
        return
    with_any_user = _fault(USER_INFO.sub("//user:password@", uri))
    raise ValueError(
        with_any_user
        or "user and password are needed, percent-encoded: %40 for @, %3A for :, %2F for /, %25 for %"
    )


def _fault(uri: str) -> str | None:
    """Return what the driver says is wrong with a URI, which may quote it; None if nothing is."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)  # an option that it does not know, and would ignore
            MongoClient[Document](uri, connect=False).close()
    except OSError as error:
        return f"a file that it names can't be used: {error}"
    except (PyMongoError, TypeError, ValueError, UserWarning) as error:
        return str(error)
    return None


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
            f"{settings.mongodb_database_prefix}{service}",
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


async def insert(collection: Collection, documents: Sequence[Document]) -> list[Exception | None]:
    """Insert documents; return of each why it was not stored: `ExistsError`, or what is wrong with it.

    Raises:
        StoreUnavailableError: one was not written, or a majority has not confirmed it: it may be rolled back.

    """
    try:
        with translated():
            if len(documents) == 1:  # takes 0.3 ms less than in bulk
                await collection.insert_one(documents[0])
            else:
                await collection.insert_many(documents, ordered=False)
    except DuplicateKeyError:
        return [ExistsError(documents[0]["_id"])]
    except BulkWriteError as error:
        outcomes: list[Exception | None] = [None] * len(documents)
        for index, refused in _refused(error).items():
            exists = refused.code == DUPLICATE_KEY
            outcomes[index] = ExistsError(documents[index]["_id"]) if exists else refused
        return outcomes
    return [None] * len(documents)


def duplicates(error: BulkWriteError) -> set[int]:
    """Return the indexes of the upserted documents that existed.

    Raises:
        BulkWriteError: there is something wrong with one of the others.
        StoreUnavailableError: one was not written, or a majority has not confirmed it: it may be rolled back.

    """
    refused = _refused(error)
    if any(each.code != DUPLICATE_KEY for each in refused.values()):
        raise error
    return set(refused)


def _refused(error: BulkWriteError) -> dict[int, WriteError]:
    """Return why documents were not written, by their indexes."""
    found = error.details["writeErrors"]
    if error.details.get("writeConcernErrors") or any(each["code"] in TRANSIENT for each in found):
        raise _unavailable(error) from error
    return {each["index"]: WriteError(each.get("errmsg", ""), each["code"], each) for each in found}


async def create_index(
    collection: Collection,
    keys: str | Sequence[tuple[str, int]],
    **options: Any,  # noqa: ANN401 - the driver's
) -> None:
    """Create an index where it is missing. Raises StoreUnavailableError.

    A majority of a replica set must have built it; by default all members must, and one that is down would
    hold up the start. A standalone server refuses that option.
    """
    with translated():
        hello = await collection.database.client.admin.command("hello")
        quorum: dict[str, Any] = {"commitQuorum": "majority"} if "setName" in hello else {}
        await collection.create_indexes([IndexModel(keys, **options)], **quorum)


async def expire(collection: Collection, field: str, after: timedelta) -> None:
    """Let the database delete documents when the time in a field is so long ago: its index says it.

    One that says another time is replaced. Other processes may do the same at once: what they say last holds.
    """
    name, seconds = f"{field}_1", int(after.total_seconds())
    while True:
        with translated():
            there = (await collection.index_information()).get(name, {}).get("expireAfterSeconds", seconds)
            if there != seconds:
                with _passing_over(INDEX_NOT_FOUND):
                    await collection.drop_index(name)
        with _passing_over(*INDEX_CONFLICTS):  # made by another process, once by each at most
            await create_index(collection, field, name=name, expireAfterSeconds=seconds)
            return


@contextmanager
def _passing_over(*codes: int) -> Iterator[None]:
    """Go on after errors of these codes."""
    try:
        yield
    except OperationFailure as error:
        if error.code not in codes:
            raise


def size_of(document: Document) -> int:
    """Return how many bytes a document has in a command."""
    return len(encode(document))


def _unavailable(error: PyMongoError) -> StoreUnavailableError:
    if isinstance(error, OperationFailure) and error.code in REFUSED:
        said = str(error).partition(", full error")[0]
        return StoreUnavailableError(f"MONGODB_URI: user, password, authSource or rights are wrong: {said}")
    kind = StoreTroubleError if getattr(error, "code", None) in TROUBLE else StoreUnavailableError
    return kind(f"MongoDB: {error}"[:500])

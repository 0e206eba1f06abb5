"""The driver's errors, translated to those of the chassis."""

import re
from typing import Any

import pytest
from pydantic import SecretStr
from pymongo import IndexModel, ReadPreference
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DuplicateKeyError,
    ExecutionTimeout,
    NotPrimaryError,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WriteError,
    WTimeoutError,
)

from services.chassis.errors import StoreUnavailableError
from services.chassis.settings import MongoSettings
from services.chassis.storage.mongo import (
    DUPLICATE_KEY,
    check_uri,
    connect,
    create_index,
    duplicates,
    translated,
)

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "error",
    [
        AutoReconnect("away"),
        ServerSelectionTimeoutError("away"),
        NotPrimaryError("stepped down"),
        ExecutionTimeout("slow", 50),
        WTimeoutError("no majority", 64),
        OperationFailure("not authorised", 13),
        WriteError("stepped down", 11602),
        WriteError("not the primary", 10107),
        WriteError("conflict", 112),
        OperationFailure("the disk is full", 14031),
        OperationFailure("a shard has no primary", 133),
        OperationFailure("locked for too long", 24),
        OperationFailure("locked", 46),
    ],
)
def test_a_server_that_cannot_do_it_now_is_waited_for(error: PyMongoError) -> None:
    with pytest.raises(StoreUnavailableError), translated():
        raise error


@pytest.mark.parametrize(
    "error",
    [
        WriteError("too large", 17419),
        WriteError("refused by a validator", 121),
        OperationFailure("no such command", 59),
        DuplicateKeyError("there", DUPLICATE_KEY),
        BulkWriteError({}),
    ],
)
def test_what_is_wrong_with_a_write_will_not_get_right_by_waiting(error: PyMongoError) -> None:
    with pytest.raises(type(error)), translated():
        raise error


def test_of_an_insert_it_is_told_what_was_there() -> None:
    errors = [{"index": 1, "code": DUPLICATE_KEY}, {"index": 3, "code": DUPLICATE_KEY}]
    assert duplicates(BulkWriteError({"writeErrors": errors})) == {1, 3}


def test_what_is_wrong_with_an_insert_will_not_get_right_by_waiting_either() -> None:
    errors = [{"index": 0, "code": DUPLICATE_KEY}, {"index": 1, "code": 121}]
    with pytest.raises(BulkWriteError):
        duplicates(BulkWriteError({"writeErrors": errors}))


@pytest.mark.parametrize(
    "uri", ["mongodb://h/?readPreference=secondary&w=1&journal=false&readConcernLevel=local", "mongodb://h"]
)
async def test_the_uri_does_not_weaken_what_is_read_and_written(uri: str) -> None:
    async with connect(MongoSettings(mongodb_uri=SecretStr(uri)), "session") as database:
        collection = database["any"]
        assert collection.read_preference == ReadPreference.PRIMARY
        assert collection.write_concern.document == {"w": "majority", "j": True}
        assert collection.read_concern.level == "majority"


@pytest.mark.parametrize(
    "details",
    [
        {"writeErrors": [{"index": 0, "code": 11602}]},
        {
            "writeErrors": [],
            "writeConcernErrors": [{"code": 64, "errmsg": "waiting for replication timed out"}],
        },
    ],
)
def test_what_is_not_known_to_be_safe_was_not_stored(details: dict[str, object]) -> None:
    with pytest.raises(StoreUnavailableError):
        duplicates(BulkWriteError(details))


SECRET = "s3cr3t"  # noqa: S105 - a made-up one
ENCODE = "user and password are needed, percent-encoded"


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        (f"mongodb://me:{SECRET}@x@h/", ENCODE),
        (f"mongodb://me:x:{SECRET}@h/", ENCODE),
        (f"mongodb://me:{SECRET}/x@h/", ENCODE),
        (f"mongodb://me:x/{SECRET}@h/", ENCODE),
        (f"mongodb://me:x?{SECRET}@h/", ENCODE),
        (f"mongodb://me:{SECRET}%zz@h/", ENCODE),
        ("mongodb://me@h/", ENCODE),
        (f"http://me:{SECRET}@h/", "it does not begin with mongodb://"),
        (f"me:{SECRET}@h", "it does not begin with mongodb://"),
        (f"mongodb://me:{SECRET}@h:port/", "Port contains non-digit characters"),
        (f"mongodb://me:{SECRET}@", "Empty host"),
        (f"mongodb://me:{SECRET}@h/?authSourcee=admin", "Unknown option: authsourcee"),
        (f"mongodb://me:{SECRET}@h/?tls=maybe", "The value of tls must be 'true' or 'false'"),
        (f"mongodb://me:{SECRET}@h/?tls=true&tlsCAFile=/nowhere", "a file that it names can't be used"),
        (f"mongodb://me:{SECRET}@h/?tls=true&tlsCAFile={__file__}", "a file that it names can't be used"),
        ("mongodb://a,b/?directConnection=true", "Cannot specify multiple hosts"),
    ],
)
def test_what_is_wrong_with_a_uri_is_told_without_the_password(uri: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)) as refused:
        check_uri(MongoSettings(mongodb_uri=SecretStr(uri)))
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    "uri",
    [
        "mongodb://h",
        "mongodb://me:a%40b%3Ac%2Fd%25@h1,h2/?replicaSet=rs0&authSource=admin&tls=true&retryWrites=true&w=majority",
        "mongodb+srv://me:x@cluster.invalid/?retryWrites=true&w=majority&appName=Cluster0",
    ],
)
def test_a_valid_uri_needs_no_server(uri: str) -> None:
    check_uri(MongoSettings(mongodb_uri=SecretStr(uri)))


@pytest.mark.parametrize("code", [13, 18])
def test_a_user_who_is_refused_is_told_which_setting(code: int) -> None:
    details = {"ok": 0.0, "errmsg": "Authentication failed."}
    with pytest.raises(StoreUnavailableError) as refused, translated():
        raise OperationFailure("Authentication failed.", code, details)
    assert str(refused.value).endswith("authSource or rights are wrong: Authentication failed.")
    assert "MONGODB_URI" in str(refused.value)


class FakeServer:
    """A collection, its database, its client, in one: says what it is, and notes how indexes are created."""

    def __init__(self, **hello: str) -> None:
        self.database = self.client = self.admin = self
        self._hello = hello
        self.created: list[tuple[object, dict[str, object]]] = []

    async def command(self, _name: str) -> dict[str, str]:
        return self._hello

    async def create_indexes(self, indexes: list[IndexModel], **options: object) -> None:
        self.created += [(index.document, options) for index in indexes]


@pytest.mark.parametrize(("hello", "options"), [({"setName": "rs0"}, {"commitQuorum": "majority"}), ({}, {})])
async def test_an_index_waits_for_a_majority_of_a_replica_set(
    hello: dict[str, str], options: dict[str, object]
) -> None:
    server: Any = FakeServer(**hello)
    await create_index(server, "leading", unique=True)
    ((index, given),) = server.created
    assert (index["key"], index["unique"], given) == ({"leading": 1}, True, options)

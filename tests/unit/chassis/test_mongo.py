"""The driver's errors, translated to those of the chassis."""

import pytest
from pydantic import SecretStr
from pymongo import ReadPreference
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
from services.chassis.storage.mongo import DUPLICATE_KEY, connect, duplicates, translated

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

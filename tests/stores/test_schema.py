"""The version of the stored format: kept in each database, migrated to, refused if it is newer."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from services.chassis.errors import OtherFormatError
from services.chassis.settings import MongoSettings
from services.chassis.storage.mongo import Database, Document
from services.chassis.storage.schema import Migration, open_database

pytestmark = pytest.mark.anyio


@pytest.fixture
def service() -> str:
    return f"test_{uuid4().hex}"


async def version(database: Database) -> Document | None:
    return await database["stored_format"].find_one()


def appending(mark: str) -> Migration:
    """A migration that leaves a mark in the document of `old_data`."""

    async def migrate(database: Database) -> None:
        await database["documents"].update_one({"_id": "old"}, {"$push": {"marks": mark}})

    return migrate


async def old_data(mongodb: MongoSettings, service: str) -> None:
    """Store a document as commits did that recorded no version."""
    async with open_database(mongodb, service) as database:
        await database["documents"].insert_one({"_id": "old"})
        await database.drop_collection("stored_format")


async def marks(database: Database) -> list[str]:
    found = await database["documents"].find_one({"_id": "old"})
    return found.get("marks", []) if found else []


async def test_an_empty_database_gets_the_current_version_and_is_not_migrated(
    mongodb: MongoSettings, service: str
) -> None:
    for _ in range(2):
        async with open_database(mongodb, service, [appending("2"), appending("3")]) as database:
            assert await version(database) == {"_id": "version", "version": 3}


async def test_data_without_a_version_is_of_the_first_one_and_migrated_once(
    mongodb: MongoSettings, service: str
) -> None:
    await old_data(mongodb, service)
    async with open_database(mongodb, service) as database:
        assert await version(database) == {"_id": "version", "version": 1}
    async with open_database(mongodb, service, [appending("2")]) as database:
        assert await marks(database) == ["2"]
    for _ in range(2):
        async with open_database(mongodb, service, [appending("2"), appending("3")]) as database:
            assert await version(database) == {"_id": "version", "version": 3}
            assert await marks(database) == ["2", "3"]


async def test_a_migration_that_failed_is_made_at_the_next_start(
    mongodb: MongoSettings, service: str
) -> None:
    async def fail(_database: Database) -> None:
        raise ValueError("bug")

    await old_data(mongodb, service)
    with pytest.raises(ValueError, match="bug"):
        async with open_database(mongodb, service, [appending("2"), fail]):
            pass
    async with open_database(mongodb, service, [appending("2"), appending("3")]) as database:
        assert await marks(database) == ["2", "3"]


async def test_processes_that_start_at_once_agree(mongodb: MongoSettings, service: str) -> None:
    async def start() -> Document | None:
        async with open_database(mongodb, service, [appending("2")]) as database:
            return await version(database)

    assert await asyncio.gather(*(start() for _ in range(8))) == [{"_id": "version", "version": 2}] * 8


async def test_a_newer_version_is_refused_with_what_to_do(mongodb: MongoSettings, service: str) -> None:
    async with open_database(mongodb, service, [appending("2")]) as database:
        nodes: Any = database.client.nodes
        name = database.name
    server = ", ".join(f"{host}:{port}" for host, port in sorted(nodes))
    with pytest.raises(OtherFormatError) as refused:
        async with open_database(mongodb, service):
            pass
    assert str(refused.value) == (
        f"the data in {name} at {server} has format 2, this Backchat knows up to 1: "
        "start the newer Backchat, or use another DATA_DIR or MONGODB_URI"
    )


async def test_a_program_beside_the_service_migrates_nothing(mongodb: MongoSettings, service: str) -> None:
    async with open_database(mongodb, service) as database:
        await database["documents"].insert_one({"_id": "old"})
    with pytest.raises(OtherFormatError, match=r"has format 1, this Backchat knows up to 2: .* first"):
        async with open_database(mongodb, service, [appending("2")], migrate=False):
            pass
    async with open_database(mongodb, service, migrate=False) as database:
        assert await database["documents"].find_one({}) == {"_id": "old"}

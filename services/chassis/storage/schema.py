"""The version of a database's stored format, in the collection `stored_format`: checked as it is opened."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import structlog

from services.chassis.errors import OtherFormatError
from services.chassis.settings import MongoSettings
from services.chassis.storage.mongo import Database, connect, translated

log = structlog.get_logger()

Migration = Callable[[Database], Awaitable[None]]
KEY: Final = {"_id": "version"}


@asynccontextmanager
async def open_database(
    settings: MongoSettings, service: str, migrations: Sequence[Migration] = (), *, migrate: bool = True
) -> AsyncIterator[Database]:
    """Connect to a service's database and bring it to the current version: see `ensure_format`."""
    async with connect(settings, service) as database:
        with translated():
            await ensure_format(database, migrations, migrate=migrate)
        yield database


async def answers(database: Database) -> bool:
    """Return whether the database reads: a ping alone is answered even after its storage has failed."""
    return await database["stored_format"].find_one(KEY) is not None


async def ensure_format(database: Database, migrations: Sequence[Migration], *, migrate: bool = True) -> None:
    """Bring a database to the current version, which is 1 and the number of migrations.

    The first one migrates from version 1 to 2, and so on. Data without a version is of version 1. A migration
    must be safe to repeat: the process may end during it, and other processes of the service may make it too.

    Raises:
        OtherFormatError: the version is newer than the current one; without `migrate`, also if it is older.
        StoreUnavailableError: the database does not answer.

    """
    current = 1 + len(migrations)
    formats = database["stored_format"]
    found = await formats.find_one(KEY)
    if found is None:
        first = 1 if await database.list_collection_names() else current
        await formats.update_one(KEY, {"$setOnInsert": {"version": first}}, upsert=True)
        found = await formats.find_one(KEY) or {}  # another process may have been first
    version: int = found["version"]
    if version > current or (version < current and not migrate):
        nodes: Any = database.client.nodes
        where = f"{database.name} at {', '.join(f'{host}:{port}' for host, port in sorted(nodes))}"
        raise OtherFormatError(
            f"the data in {where} has format {version}, this Backchat knows up to {current}: "
            + (
                "start the newer Backchat, or use another DATA_DIR or MONGODB_URI"
                if version > current
                else "use the Backchat that runs, or start the services of this one first"
            )
        )
    for older in range(version, current):
        await migrations[older - 1](database)
        await formats.update_one({**KEY, "version": older}, {"$set": {"version": older + 1}})
        log.info("stored format migrated", database=database.name, version=older + 1)

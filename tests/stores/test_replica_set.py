"""A database server that is a member of a replica set: SecantusDB says that it is, if it is told to."""

from pathlib import Path

import pytest
from pydantic import SecretStr
from secantus import SecantusDBServer

from services.chassis.settings import MongoSettings
from services.chassis.storage.mongo import connect, create_index

pytestmark = pytest.mark.anyio


async def test_an_index_is_created_and_documents_are_written(tmp_path: Path) -> None:
    with SecantusDBServer(storage_path=str(tmp_path), replica_set_name="rs0") as server:
        settings = MongoSettings(mongodb_uri=SecretStr(f"mongodb://127.0.0.1:{server.port}/?replicaSet=rs0"))
        async with connect(settings, "test") as database:
            await create_index(database["documents"], "rank", sparse=True)
            await database["documents"].insert_one({"_id": "1", "rank": 1.0})
            assert "rank_1" in await database["documents"].index_information()
            assert await database["documents"].find_one({"rank": 1.0})

"""Fixtures of the store tests, which run twice: on the fakes in memory, and on a real database."""

import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr

from deploy.embedded.net import free_ports
from services.chassis.settings import MongoSettings, ServiceSettings
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.mongo import Database, connect
from tests.fakes import FakeKafka
from tests.servers import MONGODB_URI, own_databases
from tests.stores.under_test import Kind

START_SECONDS = 30.0


@pytest.fixture(scope="session")
def mongodb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MongoSettings]:
    """The server that BACKCHAT_TEST_MONGODB_URI names, with databases that are dropped; else one of its own.

    That one is as durable as the embedded one, in a temporary folder.
    """
    if MONGODB_URI:
        with own_databases(MONGODB_URI) as prefix:
            yield MongoSettings(mongodb_uri=SecretStr(MONGODB_URI), mongodb_database_prefix=prefix)
        return
    (port,) = free_ports(1)
    folder = tmp_path_factory.mktemp("mongodb")
    options = ("--port", str(port), "--folder", str(folder / "data"))
    words = [sys.executable, "-m", "deploy.embedded.mongodb", *options]
    with (folder / "log").open("w") as log, subprocess.Popen(words, stdout=log, stderr=log) as process:
        try:
            _wait_for(process, port, folder / "log")
            yield MongoSettings(mongodb_uri=SecretStr(f"mongodb://127.0.0.1:{port}"))
        finally:
            process.terminate()
            process.wait(START_SECONDS)


def _wait_for(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"SecantusDB did not start: {log.read_text()}") from None
            time.sleep(0.02)
        else:
            return


@pytest.fixture
async def database(mongodb: MongoSettings) -> AsyncIterator[Database]:
    """A database that no other test has seen."""
    async with connect(mongodb, uuid4().hex) as database:
        yield database


@pytest.fixture
def kafka() -> FakeKafka:
    return FakeKafka()


@pytest.fixture(params=["memory", "mongo"])
def kind(request: pytest.FixtureRequest) -> Kind:
    kind: Kind = request.param
    return kind


@pytest.fixture
async def aggregates(database: Database, kafka: FakeKafka) -> AsyncIterator[Aggregates]:
    """Aggregates whose relay waits for ten minutes, so that a slow test is not taken for a crash."""
    settings = ServiceSettings(relay_after_seconds=600)
    aggregates = Aggregates(database["documents"], kafka, settings, database["attachments"], kept=8)
    await aggregates.start()
    yield aggregates
    await aggregates.stop()

"""The servers of tests: the embedded ones, or others that the environment names.

BACKCHAT_TEST_KAFKA=apache is Apache Kafka, started for the tests. BACKCHAT_TEST_MONGODB_URI is the address of
a database server that runs already.
"""

import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from pymongo import MongoClient

from deploy.embedded.stack import EMBEDDED
from deploy.kafka.cluster import KafkaCluster

Servers = Callable[[Path], AbstractAsyncContextManager[dict[str, str]]]
"""Starts servers for one stack with this folder; yields the settings by which the stack finds them."""


KAFKA = os.environ.get("BACKCHAT_TEST_KAFKA") or "embedded"
MONGODB_URI = os.environ.get("BACKCHAT_TEST_MONGODB_URI") or None


def chosen() -> Servers:
    """Return the servers that the environment names; the embedded ones by default."""
    brokers: Mapping[str, Servers] = {"embedded": embedded, "apache": apache}
    return on_mongodb(brokers[KAFKA], MONGODB_URI) if MONGODB_URI else brokers[KAFKA]


@asynccontextmanager
async def embedded(_: Path) -> AsyncIterator[dict[str, str]]:
    """Let the stack start its own servers, even if the environment names others."""
    # Half of the default: for so long, a killed consumer keeps its partitions.
    yield {**EMBEDDED, "KAFKA_SESSION_TIMEOUT_MS": "2000"}


@asynccontextmanager
async def apache(folder: Path) -> AsyncIterator[dict[str, str]]:
    async with KafkaCluster(folder / "kafka", log=folder / "kafka.log") as cluster:
        # The least that it allows: for so long, a killed consumer keeps its partitions.
        session = {"KAFKA_SESSION_TIMEOUT_MS": "6000"}
        yield {**EMBEDDED, **session, "KAFKA_BOOTSTRAP_SERVERS": cluster.bootstrap_servers}


def on_mongodb(brokers: Servers, uri: str) -> Servers:
    """Return the same broker with this database server, where each stack has databases of its own."""

    @asynccontextmanager
    async def with_mongodb(folder: Path) -> AsyncIterator[dict[str, str]]:
        async with brokers(folder) as env:
            with own_databases(uri) as prefix:
                yield {**env, "MONGODB_URI": uri, "MONGODB_DATABASE_PREFIX": prefix}

    return with_mongodb


@contextmanager
def own_databases(uri: str) -> Iterator[str]:
    """Yield a prefix that no other database has; drop the databases that have it at the end."""
    prefix = f"backchat_test_{uuid4().hex[:8]}_"
    try:
        yield prefix
    finally:
        with MongoClient[dict[str, object]](uri) as client:
            for name in client.list_database_names():
                if name.startswith(prefix):
                    client.drop_database(name)


needs_apache_kafka = pytest.mark.skipif(KAFKA != "apache", reason="needs Apache Kafka: make test-kafka")

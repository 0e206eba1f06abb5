"""The broker of a stack under test: the embedded one, or Apache Kafka with BACKCHAT_TEST_KAFKA=apache."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from deploy.embedded.stack import EMBEDDED
from deploy.kafka.cluster import KafkaCluster

Servers = Callable[[Path], AbstractAsyncContextManager[dict[str, str]]]
"""Starts servers for one stack with this folder; yields the settings by which the stack finds them."""


def chosen() -> Servers:
    """Return the servers that BACKCHAT_TEST_KAFKA names; `embedded` by default."""
    return {"embedded": embedded, "apache": apache}[os.environ.get("BACKCHAT_TEST_KAFKA") or "embedded"]


@asynccontextmanager
async def embedded(_: Path) -> AsyncIterator[dict[str, str]]:
    """Let the stack start its own servers, even if the environment names others."""
    yield dict(EMBEDDED)


@asynccontextmanager
async def apache(folder: Path) -> AsyncIterator[dict[str, str]]:
    async with KafkaCluster(folder / "kafka", log=folder / "kafka.log") as cluster:
        # The least that it allows: for so long, a killed consumer keeps its partitions.
        session = {"KAFKA_SESSION_TIMEOUT_MS": "6000"}
        yield {**EMBEDDED, **session, "KAFKA_BOOTSTRAP_SERVERS": cluster.bootstrap_servers}


needs_apache_kafka = pytest.mark.skipif(chosen() is not apache, reason="needs Apache Kafka: make test-kafka")

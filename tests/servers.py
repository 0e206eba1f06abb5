"""What a stack under test stands on: the embedded broker, or Apache Kafka if BACKCHAT_TEST_KAFKA says so."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from deploy.embedded.stack import EMBEDDED
from deploy.kafka.cluster import KafkaCluster

Servers = Callable[[Path], AbstractAsyncContextManager[dict[str, str]]]
"""Starts servers of its own for a stack with this folder; gives the settings that lead to them."""


def chosen() -> Servers:
    """Return what BACKCHAT_TEST_KAFKA names: `embedded` if nothing."""
    return {"embedded": embedded, "apache": apache}[os.environ.get("BACKCHAT_TEST_KAFKA") or "embedded"]


@asynccontextmanager
async def embedded(_: Path) -> AsyncIterator[dict[str, str]]:
    """Leave it to the stack, whatever servers the environment of the tests names."""
    yield dict(EMBEDDED)


@asynccontextmanager
async def apache(folder: Path) -> AsyncIterator[dict[str, str]]:
    async with KafkaCluster(folder / "kafka", log=folder / "kafka.log") as cluster:
        yield {**EMBEDDED, "KAFKA_BOOTSTRAP_SERVERS": cluster.bootstrap_servers}

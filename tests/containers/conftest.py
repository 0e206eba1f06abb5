"""The flow tests on containers of Kafka and MongoDB: `make test-containers`.

BACKCHAT_TEST_KAFKA_IMAGE and BACKCHAT_TEST_MONGODB_IMAGE name other images. Kafka's must be laid out as
Confluent's are: testcontainers starts it with their scripts.
"""

import gc
import os
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import docker
import pytest
from docker.errors import DockerException
from testcontainers.community.kafka import KafkaContainer
from testcontainers.community.mongodb import MongoDbContainer
from testcontainers.core.config import testcontainers_config

from tests.flows.conftest import anyio_backend, api, stack
from tests.servers import Servers

__all__ = ["anyio_backend", "api", "stack"]

KAFKA_IMAGE = os.environ.get("BACKCHAT_TEST_KAFKA_IMAGE") or "confluentinc/cp-kafka:7.6.0"
MONGODB_IMAGE = os.environ.get("BACKCHAT_TEST_MONGODB_IMAGE") or "mongo:8"
START_SECONDS = 120


@pytest.fixture(scope="session")
def engine() -> Iterator[docker.DockerClient]:
    """The Docker engine, with all images in place; without one of them there is nothing to test on."""
    client = connected()
    if isinstance(client, str):
        pytest.skip(f"no Docker engine: {client}")
    try:
        for image in images():
            if not client.images.list(image):
                client.images.pull(image)
        yield client
    except DockerException as error:
        pytest.skip(f"no image: {error}")
    finally:
        client.close()


def connected() -> docker.DockerClient | str:
    """Return a client of the engine, or why there is none; then docker-py leaves a socket behind."""
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        try:
            return docker.from_env()
        except DockerException as error:
            return str(error)
        finally:
            gc.collect()


def images() -> list[str]:
    reaper = [] if testcontainers_config.ryuk_disabled else [testcontainers_config.ryuk_image]
    return [KAFKA_IMAGE, MONGODB_IMAGE, *reaper]


@pytest.fixture(scope="session")
def servers(engine: docker.DockerClient) -> Servers:
    del engine  # it only has to be there

    @asynccontextmanager
    async def contained(_: Path) -> AsyncIterator[dict[str, str]]:
        kafka = KafkaContainer(KAFKA_IMAGE).with_kraft()
        with MongoDbContainer(MONGODB_IMAGE) as mongodb:
            try:
                kafka.start(timeout=START_SECONDS)
                yield {
                    "KAFKA_BOOTSTRAP_SERVERS": kafka.get_bootstrap_server(),
                    "MONGODB_URI": mongodb.get_connection_url(),
                }
            finally:
                kafka.stop()

    return contained

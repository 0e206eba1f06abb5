"""Apache Kafka's brokers keep their records when they are stopped, and when one of three is killed."""

import asyncio
import contextlib
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.kafka.cluster import KafkaCluster
from deploy.services import ROOT
from tests.servers import needs_apache_kafka

pytestmark = pytest.mark.anyio

DEADLINE = 90.0
TOPIC = "test.written"


@contextlib.contextmanager
def up(folder: Path) -> Iterator[str]:
    """`python -m deploy.kafka` from its first word until SIGTERM has ended it; the bootstrap servers."""
    argv = [sys.executable, "-m", "deploy.kafka", "--port", "0", "--data-dir", str(folder)]
    with (folder.parent / "log").open("a") as log:
        process = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
    with process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline().split()
            assert said[:1] == ["ready"], (folder.parent / "log").read_text()
            yield said[1]
            process.send_signal(signal.SIGTERM)
            assert process.wait(DEADLINE) == 0
        finally:
            process.kill()


async def create_topic(servers: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        created = await admin.create_topics([NewTopic(TOPIC, 3, -1, {})])  # the broker decides on copies
        assert [error[1] for error in created.topic_errors] == [0]
    finally:
        await admin.close()


async def write(servers: str, *values: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=servers, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        for number, value in enumerate(values):
            await producer.send_and_wait(TOPIC, value, partition=number)
    finally:
        await producer.stop()


async def read(servers: str, count: int) -> list[bytes]:
    """Read as a group: its offsets are a topic too, which the cluster has to make first."""
    consumer = AIOKafkaConsumer(
        TOPIC, bootstrap_servers=servers, group_id=TOPIC, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        async with asyncio.timeout(DEADLINE):
            return [(await consumer.getone()).value for _ in range(count)]
    finally:
        await consumer.stop()


@needs_apache_kafka
@pytest.mark.timeout(300)
async def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    folder = tmp_path / "데이터, a = b" / "kafka"
    folder.parent.mkdir()
    with up(folder) as servers:
        await create_topic(servers)
        await write(servers, b"before")
    host, _, port = servers.partition(":")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), timeout=1)
    with up(folder) as servers:
        await write(servers, b"after")
        assert await read(servers, 2) == [b"before", b"after"]


@needs_apache_kafka
@pytest.mark.timeout(300)
async def test_of_three_brokers_one_may_die(tmp_path: Path) -> None:
    async with KafkaCluster(tmp_path / "kafka", brokers=3, log=tmp_path / "log") as cluster:
        servers = cluster.bootstrap_servers
        await create_topic(servers)
        cluster.supervisor.kill("kafka-1")
        await write(servers, b"0", b"1", b"2")
        await cluster.supervisor.wait_ready("kafka-1", DEADLINE)
        assert sorted(await read(servers, 3)) == [b"0", b"1", b"2"]

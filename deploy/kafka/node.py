"""One node of the cluster, broker and controller in one: its files, its settings, its process."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from deploy.embedded.net import PROBE_SECONDS, TcpProbe
from deploy.embedded.process import ProcessSpec
from deploy.embedded.stack import LOOPBACK
from services.chassis.environment import SYSTEM, chosen

HEAP = ("-Xms64m", "-Xmx320m")  # the JVM would begin with a 64th of the machine, and take a quarter
COMPILER = "-XX:TieredStopAtLevel=1"  # compiling better takes longer than a small broker gains by it
LOG_DIR = "log"  # within the node's folder, where its process runs: Kafka's files of settings have no quotes
SETTINGS = "server.properties"


@dataclass(frozen=True, slots=True)
class Node:
    """A node's folder and ports. Clients use `port`; if a proxy is there, it forwards to `proxied_port`."""

    number: int
    folder: Path
    port: int
    controller_port: int
    proxied_port: int | None = None

    @property
    def name(self) -> str:
        return f"kafka-{self.number}"

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    @property
    def listens_on(self) -> int:
        return self.proxied_port or self.port

    @property
    def voter(self) -> str:
        return f"{self.number}@{LOOPBACK}:{self.controller_port}"

    @property
    def meta(self) -> Path:
        """The file that is there as soon as the node is formatted."""
        return self.folder / LOG_DIR / "meta.properties"


def settings(node: Node, nodes: Sequence[Node]) -> str:
    """Return the content of a node's `server.properties`.

    Every topic has a copy on each node; of three, two must have a record before it is acknowledged. Threads
    and buffers are for a small machine, while Kafka's defaults are for a server.
    """
    copies, in_sync = len(nodes), min(2, len(nodes))
    values = {
        "process.roles": "broker,controller",
        "node.id": node.number,
        "controller.quorum.voters": ",".join(each.voter for each in nodes),
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://{LOOPBACK}:{node.listens_on},CONTROLLER://{LOOPBACK}:{node.controller_port}",
        "advertised.listeners": f"PLAINTEXT://{node.address}",
        "log.dirs": LOG_DIR,
        "auto.create.topics.enable": "false",  # a misspelt name must not become a topic
        "num.partitions": 3,
        "default.replication.factor": copies,
        "min.insync.replicas": in_sync,
        "offsets.topic.replication.factor": copies,
        "offsets.topic.num.partitions": 5,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": in_sync,
        "transaction.state.log.num.partitions": 5,
        "share.coordinator.state.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": in_sync,
        "share.coordinator.state.topic.num.partitions": 5,
        "group.initial.rebalance.delay.ms": 0,  # a group need not wait for members that don't come
        "broker.session.timeout.ms": 6000,  # for so long a dead broker's partitions have no leader,
        "broker.heartbeat.interval.ms": 1000,  # and it is refused when it comes back
        "num.network.threads": 2,
        "num.io.threads": 4,
        "background.threads": 2,
        "log.cleaner.dedupe.buffer.size": 2 << 20,  # of 128 MB; enough for the offsets of 80,000 partitions
    }
    return "".join(f"{name}={value}\n" for name, value in values.items())


def process(node: Node, cluster_size: int, java: str, classpath: str) -> ProcessSpec:
    """Return the node's program."""
    options = (*HEAP, COMPILER, "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError")
    return ProcessSpec(
        name=node.name,
        argv=(java, *options, "-cp", classpath, "kafka.Kafka", SETTINGS),
        env=chosen(os.environ, (*SYSTEM, "JAVA_*", "JDK_*", "_JAVA_*")),
        cwd=node.folder,
        ready=ClusterProbe(node.listens_on, cluster_size),
        patience=120.0,
    )


@dataclass(frozen=True, slots=True)
class ClusterProbe:
    """Ready when the broker answers, and all brokers of the cluster are registered with it."""

    port: int
    brokers: int

    async def __call__(self) -> bool:
        if not await TcpProbe(LOOPBACK, self.port)():  # aiokafka would log that as an error
            return False
        client = AIOKafkaClient(
            bootstrap_servers=f"{LOOPBACK}:{self.port}", request_timeout_ms=int(1000 * PROBE_SECONDS)
        )
        try:
            await client.bootstrap()
            return len(client.cluster.brokers()) == self.brokers
        except KafkaError:
            return False
        finally:
            await client.close()

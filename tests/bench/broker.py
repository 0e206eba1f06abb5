"""The broker that is measured: each stack's own embedded one, or one Apache Kafka for all."""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from deploy.embedded.stack import EMBEDDED, Stack
from deploy.kafka import jars
from deploy.kafka.cluster import Kafka, KafkaCluster
from services.chassis.settings import ServiceSettings
from tests.bench import resources


@dataclass(frozen=True, slots=True)
class Broker:
    """The settings by which a stack finds its Kafka; for one of its own, its processes and start time."""

    kafka: Kafka = "embedded"
    env: Mapping[str, str] = field(default_factory=lambda: EMBEDDED)
    pids: Mapping[str, int] = field(default_factory=dict)
    start_seconds: float = 0.0
    kill: Callable[[], None] | None = None
    """Kills a broker that is no part of a stack; its supervisor starts it again."""

    def tree(self) -> set[int]:
        return {pid for root in self.pids.values() for pid in resources.tree(root)}


def settings_of(stack: Stack) -> ServiceSettings:
    """Return the settings of a service of this stack; as a service does, take an empty variable for none."""
    given = {name.lower(): value for name, value in stack.environment().items() if value}
    given["outbox_keep_seconds"] = "0"  # no event is sent again at the start
    return ServiceSettings.model_validate(given)


@asynccontextmanager
async def started(kafka: Kafka, folder: Path, log: Path) -> AsyncIterator[Broker]:
    """Start Apache Kafka, if that is chosen; topics then have one partition, as the floor's do."""
    if kafka == "embedded":
        yield Broker()
        return
    await jars.classpath()  # may download it: not counted in its start
    begin = time.perf_counter()
    async with KafkaCluster(folder, log=log) as cluster:
        env = {**EMBEDDED, "KAFKA_BOOTSTRAP_SERVERS": cluster.bootstrap_servers, "KAFKA_PARTITIONS": "1"}
        pids = {"kafka": cluster.supervisor.pids()["kafka-1"]}
        seconds, kill = time.perf_counter() - begin, partial(cluster.supervisor.kill, "kafka-1")
        yield Broker(kafka, env, pids, seconds, kill)

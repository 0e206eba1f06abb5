"""The system under test: brokers, database and services, with proxies between them."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from deploy.embedded.net import TcpProbe, free_ports
from deploy.embedded.stack import LOOPBACK, Stack
from deploy.embedded.supervisor import ProcessSpec, Supervisor
from deploy.kafka.cluster import Kafka, KafkaCluster, Size
from tests.chaos.proxy import Proxy

LEASE_SECONDS = 5.0
SETTINGS = {
    "LEASE_SECONDS": f"{LEASE_SECONDS:g}",
    "HEARTBEAT_SECONDS": "1",  # short, so that many leases expire in a run
    "BACKTEST_WORKERS": "1",
    "MONGODB_URI": "",
    "LOG_FORMAT": "console",  # the run searches the log
    "LOG_LEVEL": "INFO",
}
WATCH_SECONDS = 0.05


class ProxiedStack(Stack):
    """A stack whose broker and database are reached through proxies."""

    def links(self) -> dict[str, Proxy]:
        """Return the proxies, which take the servers' ports; to be called and opened before the stack."""
        self._inner = dict(zip(("kafka", "mongodb"), free_ports(2), strict=True))
        links = {"mongodb": Proxy(self._mongodb_port, self._inner["mongodb"])}
        if not self._given.get("KAFKA_BOOTSTRAP_SERVERS"):
            links["kafka"] = Proxy(self._kafka_port, self._inner["kafka"])
        return links

    def _kafka(self) -> ProcessSpec:
        address = f"tcp://{LOOPBACK}:{self._inner['kafka']}"
        return self._behind(super()._kafka(), "--kafka-listener-url", address)

    def _mongodb(self) -> ProcessSpec:
        return self._behind(super()._mongodb(), "--port", str(self._inner["mongodb"]))

    def _behind(self, spec: ProcessSpec, option: str, value: str) -> ProcessSpec:
        argv = list(spec.argv)
        argv[argv.index(option) + 1] = value
        return replace(spec, argv=tuple(argv), ready=TcpProbe(LOOPBACK, self._inner[spec.name]))


class ProxiedCluster(KafkaCluster):
    """Brokers that are reached through proxies, also by each other."""

    def links(self) -> dict[str, Proxy]:
        """Return the proxies, which take the brokers' ports; to be called and opened before the cluster."""
        inner = free_ports(len(self._nodes))
        self._nodes = [
            replace(node, proxied_port=port) for node, port in zip(self._nodes, inner, strict=True)
        ]
        return {node.name: Proxy(node.port, node.listens_on) for node in self._nodes}


@dataclass(slots=True)
class SystemUnderTest:
    """What runs inside `running_system()`.

    Attributes:
        stack: services, database, and the embedded broker.
        cluster: the brokers of Apache Kafka; None on the embedded one.
        links: the proxies by the name of the server behind them.
        faults: the folder in which fault points are armed.
        folder: where data and logs are.

    """

    stack: Stack
    cluster: KafkaCluster | None
    links: dict[str, Proxy]
    faults: Path
    folder: Path
    _lives: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    @property
    def servers(self) -> list[str]:
        """The names of database and brokers."""
        return ["mongodb", *(self.cluster.supervisor.names if self.cluster else ("kafka",))]

    @property
    def restarts(self) -> int:
        return sum(len(pids) - 1 for pids in self._lives.values())

    def supervisor(self, name: str) -> Supervisor:
        """Return the supervisor of the program of this name."""
        return self.cluster.supervisor if self.cluster and "kafka" in name else self.stack.supervisor

    def pids(self) -> dict[str, int]:
        of_cluster = self.cluster.supervisor.pids() if self.cluster else {}
        return {**self.stack.supervisor.pids(), **of_cluster}

    def generation(self) -> object:
        """Return a value that changes when the embedded broker is restarted, which then is empty."""
        return None if self.cluster else self.pids().get("kafka")

    async def count_restarts(self) -> None:
        """Record the process ids of all programs, until cancelled."""
        while True:
            for name, pid in self.pids().items():
                if pid not in self._lives[name]:
                    self._lives[name].append(pid)
            await asyncio.sleep(WATCH_SECONDS)

    async def wait_ready(self, seconds: float) -> None:
        """Wait until all programs are ready.

        Raises:
            NotReadyError: one was not ready in time.

        """
        deadline = time.monotonic() + seconds
        for name in [*(self.cluster.supervisor.names if self.cluster else ()), *self.stack.supervisor.names]:
            await self.supervisor(name).wait_ready(name, max(0.0, deadline - time.monotonic()))


@asynccontextmanager
async def running_system(folder: Path, kafka: Kafka, brokers: Size) -> AsyncIterator[SystemUnderTest]:
    """Start all programs with an empty folder; stop them at the end.

    Raises:
        StackError: a program could not be started.

    """
    faults, log = folder / "faults", folder / "stack.log"
    faults.mkdir(parents=True)
    env = {**SETTINGS, "BACKCHAT_FAULTS": str(faults), "KAFKA_BOOTSTRAP_SERVERS": ""}
    async with AsyncExitStack() as opened:
        cluster, links = None, dict[str, Proxy]()
        if kafka == "apache":
            cluster = ProxiedCluster(folder / "kafka", brokers=brokers, log=folder / "kafka.log")
            links |= await _opened(opened, cluster.links())
            await opened.enter_async_context(cluster)
            env["KAFKA_BOOTSTRAP_SERVERS"] = cluster.bootstrap_servers
        stack = ProxiedStack(folder / "data", env=env, log=log)
        links |= await _opened(opened, stack.links())
        await opened.enter_async_context(stack)
        yield SystemUnderTest(stack, cluster, links, faults, folder)


async def _opened(opened: AsyncExitStack, links: dict[str, Proxy]) -> dict[str, Proxy]:
    return {name: await opened.enter_async_context(link) for name, link in links.items()}

"""Everything that is run and broken: brokers, database and services, with proxies between them."""

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
    "HEARTBEAT_SECONDS": "1",  # so that minutes see many lifetimes
    "BACKTEST_WORKERS": "1",
    "MONGODB_URI": "",
    "LOG_FORMAT": "console",  # as the run reads the log
    "LOG_LEVEL": "INFO",
}
WATCH_SECONDS = 0.05


class ProxiedStack(Stack):
    """A stack whose own servers stand behind proxies: whoever means a server reaches its proxy."""

    def links(self) -> dict[str, Proxy]:
        """Return the proxies, to be opened before the stack; the servers then listen elsewhere."""
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
    """Brokers that stand behind proxies, also for each other."""

    def links(self) -> dict[str, Proxy]:
        """Return the proxies, to be opened before the cluster; then the brokers listen elsewhere."""
        inner = free_ports(len(self._nodes))
        self._nodes = [
            replace(node, proxied_port=port) for node, port in zip(self._nodes, inner, strict=True)
        ]
        return {node.name: Proxy(node.port, node.listens_on) for node in self._nodes}


@dataclass(slots=True)
class Arena:
    """What runs inside `arena()`.

    Attributes:
        stack: services, database, and the embedded broker.
        cluster: the brokers of Apache Kafka, if that is used.
        links: the proxies by the name of the server behind them.
        faults: the folder that crash points are armed in.
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
        """What there is beside the services."""
        return ["mongodb", *(self.cluster.supervisor.names if self.cluster else ("kafka",))]

    @property
    def restarts(self) -> int:
        return sum(len(pids) - 1 for pids in self._lives.values())

    def supervisor(self, name: str) -> Supervisor:
        """Return who keeps the program of this name."""
        return self.cluster.supervisor if self.cluster and "kafka" in name else self.stack.supervisor

    def pids(self) -> dict[str, int]:
        of_cluster = self.cluster.supervisor.pids() if self.cluster else {}
        return {**self.stack.supervisor.pids(), **of_cluster}

    def generation(self) -> object:
        """Tell one life of a broker that forgets from the next."""
        return None if self.cluster else self.pids().get("kafka")

    async def count_restarts(self) -> None:
        """Watch the programs come and go, until cancelled."""
        while True:
            for name, pid in self.pids().items():
                if pid not in self._lives[name]:
                    self._lives[name].append(pid)
            await asyncio.sleep(WATCH_SECONDS)

    async def wait_ready(self, seconds: float) -> None:
        """Wait until all are ready.

        Raises:
            NotReadyError: they were not, within this time.

        """
        deadline = time.monotonic() + seconds
        for name in [*(self.cluster.supervisor.names if self.cluster else ()), *self.stack.supervisor.names]:
            await self.supervisor(name).wait_ready(name, max(0.0, deadline - time.monotonic()))


@asynccontextmanager
async def arena(folder: Path, kafka: Kafka, brokers: Size) -> AsyncIterator[Arena]:
    """Start everything in an empty folder; stop it at the end.

    Raises:
        StackError: something could not be started.

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
        yield Arena(stack, cluster, links, faults, folder)


async def _opened(opened: AsyncExitStack, links: dict[str, Proxy]) -> dict[str, Proxy]:
    return {name: await opened.enter_async_context(link) for name, link in links.items()}

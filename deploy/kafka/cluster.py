"""A cluster of Apache Kafka on this machine, without Docker."""

import asyncio
import base64
import re
import uuid
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Literal, Self

from deploy.embedded.console import output
from deploy.embedded.errors import UnusableError
from deploy.embedded.folder import held
from deploy.embedded.net import claimable_port, free_ports
from deploy.embedded.stack import LOOPBACK
from deploy.embedded.supervisor import Supervisor
from deploy.kafka import jars
from deploy.kafka.node import SETTINGS, Node, process, settings

FORMAT_SECONDS = 60.0
GRACE_SECONDS = 20.0
LAST_PORT = 65_535

Size = Literal[1, 3]
Kafka = Literal["embedded", "apache"]
"""The broker that a command is run on."""


class KafkaCluster:
    """Runs the brokers inside `async with`: all are registered when the block begins, and stopped at its end.

    The first broker listens on `port`, the others on the ports after it; 0 means free ports. All output goes
    to the file `log`, or to the standard error without one. Records are kept for the next cluster of the same
    size in the same folder.

    `bootstrap_servers` is for clients; inside, `supervisor` kills and pauses `kafka-1` to `kafka-3`.

    Raises:
        UnusableError: no Java, no Maven, a port is taken, the folder can't be used or is another cluster's.
        NotReadyError: a broker did not become ready.

    """

    supervisor: Supervisor

    def __init__(
        self,
        data_dir: Path,
        *,
        brokers: Size = 1,
        port: int = 0,
        log: Path | None = None,
    ) -> None:
        self._data_dir = data_dir.resolve()
        self._log = log
        free = free_ports(2 * brokers)
        ports = _ports(port, brokers) if port else free[brokers:]
        self._nodes = [
            Node(number, self._data_dir / f"kafka-{number}", *pair)
            for number, pair in enumerate(zip(ports, free[:brokers], strict=True), start=1)
        ]
        self.bootstrap_servers = ",".join(node.address for node in self._nodes)

    async def __aenter__(self) -> Self:
        java = await jars.java()
        async with AsyncExitStack() as opened:
            opened.enter_context(held(self._data_dir))
            self._write_settings()
            classpath = await jars.classpath()
            await self._format(java, classpath)
            specs = [process(node, len(self._nodes), java, classpath) for node in self._nodes]
            stream = opened.enter_context(output(self._log))
            self.supervisor = Supervisor([specs], stream, grace=GRACE_SECONDS)
            await opened.enter_async_context(self.supervisor)
            self._opened = opened.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._opened.aclose()

    def _write_settings(self) -> None:
        found = len(list(self._data_dir.glob("kafka-*")))
        if found not in {0, len(self._nodes)}:
            raise UnusableError(
                f"{self._data_dir} has a cluster of another size ({found}): name another folder"
            )
        try:
            for node in self._nodes:
                node.folder.mkdir(exist_ok=True)
                (node.folder / SETTINGS).write_text(settings(node, self._nodes), encoding="ascii")
        except OSError as error:
            raise UnusableError(f"can't use the data folder {self._data_dir}: {error.strerror}") from error

    async def _format(self, java: str, classpath: str) -> None:
        """Format the nodes that are new."""
        options = ("format", f"--cluster-id={_cluster_id(self._nodes)}", f"--config={SETTINGS}")
        command = (java, "-XX:TieredStopAtLevel=1", "-cp", classpath, "kafka.tools.StorageTool", *options)
        new = [node.folder for node in self._nodes if not node.meta.exists()]
        await asyncio.gather(*(jars.run(*command, seconds=FORMAT_SECONDS, cwd=folder) for folder in new))


def _ports(first: int, count: int) -> list[int]:
    if first + count - 1 > LAST_PORT:
        raise UnusableError(f"there are no {count} ports from {first} on")
    return [claimable_port(LOOPBACK, port) for port in range(first, first + count)]


def _cluster_id(nodes: Sequence[Node]) -> str:
    """Return the id under which a node was formatted before, or else a new one, as Kafka writes them."""
    for node in nodes:
        if node.meta.exists() and (
            line := re.search(r"^cluster\.id=(\S+)$", node.meta.read_text(), re.MULTILINE)
        ):
            return line[1]
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")

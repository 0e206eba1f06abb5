"""The stack and the floor, measured alternately on the same broker and the same database."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from deploy.embedded.console import output
from deploy.embedded.net import HttpProbe, Probe, TcpProbe, free_ports, http_url
from deploy.embedded.stack import LOOPBACK, Stack
from deploy.embedded.supervisor import ProcessSpec, Supervisor
from deploy.services import ROOT, SERVICES
from services.chassis.settings import MongoSettings
from services.chassis.storage.mongo import connect
from tests.bench.broker import Broker
from tests.bench.figures import Burst, Figures, combine
from tests.bench.load import Job, burst
from tests.bench.resources import cpu_by_name
from tests.bench.scenarios import FLOORS, Scenario

SERVERS = ("kafka", "mongodb")
FLOOR = ("floor", "echo")
LONG_SESSIONS = {"KAFKA_SESSION_TIMEOUT_MS": "15000"}
"""A consumer that is stopped while the other target is measured must not lose its partitions."""
OUTBOXES = {"session": "chat_sessions", "backtest": "backtests"}
"""By service, the collection whose documents get outbox events from the benchmark's requests."""
SETTLE_SECONDS = 120.0
LOOK_EVERY_SECONDS = 0.5
UNSENT = {"unsent_since": {"$gt": datetime.fromtimestamp(0, UTC)}}


@dataclass(frozen=True, slots=True)
class Target:
    """What is measured, the stack or the floor: its address, and the programs that belong to it alone."""

    url: str
    supervisor: Supervisor
    programs: Sequence[str]

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Stop its programs with SIGSTOP, for less than Kafka's session timeout."""
        for name in self.programs:
            self.supervisor.pause(name)
        try:
            yield
        finally:
            for name in self.programs:
                self.supervisor.resume(name)

    def pids(self) -> dict[str, int]:
        return {name: pid for name, pid in self.supervisor.pids().items() if name in self.programs}


@dataclass(slots=True)
class Series:
    """The bursts of one request, and for each the processor time by process."""

    bursts: list[Burst] = field(default_factory=list)
    cpu_seconds: list[Mapping[str, float]] = field(default_factory=list)

    def figures(self) -> Figures:
        return combine(self.bursts, self.cpu_seconds)


class Alternating:
    """Measures the stack and the floor alternately.

    The one that is not measured is stopped meanwhile, so that neither pays for the other's polling. This
    favours the floor: all services of the stack run, also those that a request does not need.
    """

    def __init__(self, stack: Stack, broker: Broker, floor: Target, rounds: int, seconds: float) -> None:
        self._stack = Target(stack.url, stack.supervisor, SERVICES)
        self._broker = broker
        self._floor = floor
        self._rounds = rounds
        self._seconds = seconds

    async def measure(self, scenarios: Sequence[Scenario], clients: int) -> tuple[Figures, list[Figures]]:
        """Return the figures of the floor that these scenarios share, and of each scenario."""
        floor, series = Series(), [Series() for _ in scenarios]
        for _ in range(self._rounds):
            with self._stack.stopped():
                await self._burst(self._floor, [FLOORS[scenarios[0].floor]], clients, floor)
            with self._floor.stopped():
                for scenario, bursts in zip(scenarios, series, strict=True):
                    await self._burst(self._stack, scenario.requests, clients, bursts)
        return floor.figures(), [bursts.figures() for bursts in series]

    async def _burst(self, target: Target, requests: Sequence[str], clients: int, series: Series) -> None:
        servers = {**self._stack.supervisor.pids(), **self._broker.pids}
        pids = {**target.pids(), **{name: servers[name] for name in SERVERS}}
        before = cpu_by_name(pids)
        series.bursts.append(await burst(Job(target.url, requests, clients, self._seconds)))
        after = cpu_by_name(pids)
        series.cpu_seconds.append({name: after[name] - before[name] for name in pids})


async def settled(stack: Stack) -> None:
    """Wait until every outbox is published and cleared: a stack that has just been started has a backlog."""
    async with asyncio.timeout(SETTLE_SECONDS):
        for service, collection in OUTBOXES.items():
            async with connect(MongoSettings(mongodb_uri=SecretStr(stack.mongodb_uri)), service) as database:
                while await database[collection].find_one(UNSENT):  # noqa: ASYNC110 - MongoDB sends no signal
                    await asyncio.sleep(LOOK_EVERY_SECONDS)


@asynccontextmanager
async def floor_of(stack: Stack, log: Path) -> AsyncIterator[Target]:
    """Start the floor's two programs, on the stack's broker and database."""
    port = free_ports(1)[0]
    url = http_url(LOOPBACK, port)
    env = {
        **stack.environment(),
        "HOST": LOOPBACK,
        "PORT": str(port),
    }
    gateway, echo = FLOOR
    stages = [
        [_program(gateway, "gateway", TcpProbe(LOOPBACK, port), env)],
        [_program(echo, "echo", HttpProbe(f"{url}/find"), env)],
    ]
    async with supervised(stages, log) as supervisor:
        yield Target(url, supervisor, FLOOR)


@asynccontextmanager
async def empty_endpoint(log: Path) -> AsyncIterator[str]:
    """Start an HTTP server that answers at once, and yield its address."""
    port = free_ports(1)[0]
    env = {**os.environ, "HOST": LOOPBACK, "PORT": str(port)}
    async with supervised([[_program("empty", "empty", TcpProbe(LOOPBACK, port), env)]], log):
        yield http_url(LOOPBACK, port)


def _program(name: str, role: str, ready: Probe, env: Mapping[str, str]) -> ProcessSpec:
    argv = (sys.executable, "-m", "tests.bench.floor", role)
    return ProcessSpec(name=name, argv=argv, ready=ready, env=env, cwd=ROOT)


@asynccontextmanager
async def supervised(stages: Sequence[Sequence[ProcessSpec]], log: Path) -> AsyncIterator[Supervisor]:
    """Run programs under a supervisor that restarts them."""
    with output(log) as stream:
        async with Supervisor(stages, stream) as supervisor:
            yield supervisor

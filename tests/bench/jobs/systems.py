"""Backchat, Celery and taskiq as running systems, each with a broker and a database of its own."""

import importlib.util
import shutil
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from deploy.embedded.net import Probe, TcpProbe, free_ports
from deploy.embedded.stack import LOOPBACK, Stack
from deploy.embedded.supervisor import ProcessSpec, Supervisor
from deploy.services import ROOT
from tests.bench import alternating

Name = Literal["backchat", "celery", "taskiq"]
OTHERS: Final[tuple[Name, ...]] = ("celery", "taskiq")
SYSTEMS: Final[tuple[Name, ...]] = ("backchat", *OTHERS)

Environment = Mapping[str, str]
Started = tuple[list[list[ProcessSpec]], Environment]


@dataclass(frozen=True, slots=True)
class System:
    """A running system: its environment, the supervisors of its processes, the gateway's address."""

    env: Mapping[str, str]
    supervisors: Sequence[Supervisor]
    url: str

    def pids(self) -> dict[str, int]:
        return {name: pid for supervisor in self.supervisors for name, pid in supervisor.pids().items()}

    def kill(self, name: str) -> None:
        """Send SIGKILL to a process and its group, if it runs."""
        for supervisor in self.supervisors:
            if name in supervisor.pids():
                supervisor.kill(name)


def missing(name: Name) -> str | None:
    """Return what a system needs that is not installed, and how to install it; None if all is there."""
    needed = {"backchat": (), "celery": ("celery", "redis"), "taskiq": ("taskiq", "taskiq_aio_kafka")}[name]
    if absent := [module for module in needed if importlib.util.find_spec(module) is None]:
        return f"no {' and '.join(absent)}: `bash deploy/setup.sh bench` installs what `make bench` needs"
    if name == "celery" and shutil.which("redis-server") is None:
        return (
            "no redis-server: `apt-get install redis-server` (Debian, Ubuntu), `brew install redis` (macOS)"
        )
    return None


@asynccontextmanager
async def running(
    name: Name, folder: Path, env: Mapping[str, str], workers: int, log: Path
) -> AsyncIterator[System]:
    """Start a system with an empty broker and database; `env` may name other servers, and has settings."""
    if name == "backchat":
        mine = {**env, "BACKTEST_WORKERS": str(workers)}
        async with Stack(folder / "stack", env=mine, log=log) as stack:
            yield System(stack.environment(), [stack.supervisor], stack.url)
        return
    async with Stack(folder / "stack", env=env, log=log, services=()) as stack:
        start = _celery if name == "celery" else _taskiq
        stages, settings = start(folder, stack.environment(), workers)
        async with alternating.supervised(stages, log) as supervisor:
            yield System(settings, [stack.supervisor, supervisor], stack.url)


def _celery(folder: Path, env: Environment, workers: int) -> Started:
    (port,) = free_ports(1)
    env = {**env, "REDIS_URL": f"redis://{LOOPBACK}:{port}/0"}
    (folder / "redis").mkdir(parents=True, exist_ok=True)
    options = {
        "--bind": LOOPBACK,
        "--port": str(port),
        "--dir": str(folder / "redis"),
        "--appendonly": "yes",  # in memory only, it would lose all waiting jobs when killed
        "--save": "",
    }
    redis = ("redis-server", *(word for option in options.items() for word in option))
    flags = ("--concurrency", str(workers), "--loglevel", "WARNING")
    worker = (sys.executable, "-m", "celery", "-A", "tests.bench.jobs.celery_app", "worker", *flags)
    stages = [
        [_spec("redis", redis, env, TcpProbe(LOOPBACK, port))],
        [_spec("worker", worker, env, _at_once)],
    ]
    return stages, env


def _taskiq(_folder: Path, env: Environment, workers: int) -> Started:
    flags = ("--workers", str(workers), "--max-threadpool-threads", "1", "--log-level", "WARNING")
    worker = (sys.executable, "-m", "taskiq", "worker", "tests.bench.jobs.taskiq_app:broker", *flags)
    env = {**env, "WORKERS": str(workers)}
    return [[_spec("worker", worker, env, _at_once)]], env


def _spec(name: str, argv: tuple[str, ...], env: Mapping[str, str], ready: Probe) -> ProcessSpec:
    return ProcessSpec(name=name, argv=argv, env=env, cwd=ROOT, ready=ready)


async def _at_once() -> bool:
    """Count workers as ready at once: they have no port. The warm-up waits until they run jobs."""
    return True

"""Backchat, Celery and taskiq, each on a stack's broker and database of its own."""

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
from tests.bench import arena

Name = Literal["backchat", "celery", "taskiq"]
OTHERS: Final[tuple[Name, ...]] = ("celery", "taskiq")
SYSTEMS: Final[tuple[Name, ...]] = ("backchat", *OTHERS)

Environment = Mapping[str, str]
Started = tuple[list[list[ProcessSpec]], Environment]


@dataclass(frozen=True, slots=True)
class System:
    """A system that is up: its environment, and who kills and counts its processes."""

    env: Mapping[str, str]
    supervisors: Sequence[Supervisor]
    url: str

    def pids(self) -> dict[str, int]:
        return {name: pid for supervisor in self.supervisors for name, pid in supervisor.pids().items()}

    def kill(self, name: str) -> None:
        """Kill a process and its group with SIGKILL, if it runs."""
        for supervisor in self.supervisors:
            if name in supervisor.pids():
                supervisor.kill(name)


def missing(name: Name) -> str | None:
    """Tell what a system needs that is not here, and how to get it."""
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
    """Start a system with an empty broker and database; `env` names other servers, and settings."""
    if name == "backchat":
        mine = {**env, "BACKTEST_WORKERS": str(workers)}
        async with Stack(folder / "stack", env=mine, log=log) as stack:
            yield System(stack.environment(), [stack.supervisor], stack.url)
        return
    async with Stack(folder / "stack", env=env, log=log, services=()) as stack:
        start = _celery if name == "celery" else _taskiq
        stages, settings = start(folder, stack.environment(), workers)
        async with arena.running(stages, log) as supervisor:
            yield System(settings, [stack.supervisor, supervisor], stack.url)


def _celery(folder: Path, env: Environment, workers: int) -> Started:
    (port,) = free_ports(1)
    env = {**env, "REDIS_URL": f"redis://{LOOPBACK}:{port}/0"}
    (folder / "redis").mkdir(parents=True, exist_ok=True)
    options = {
        "--bind": LOOPBACK,
        "--port": str(port),
        "--dir": str(folder / "redis"),
        "--appendonly": "yes",  # its memory alone would lose every job that waits
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
    """Workers have no port: the jobs that warm them up are waited for instead."""
    return True

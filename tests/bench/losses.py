"""`python -m tests.bench.losses`: kill -9 Backchat, Celery and taskiq at work, and count lost jobs.

Jobs that take 0.2 s are submitted one after the other, while processes are killed at random moments and
restarted by a supervisor. Killed are the worker process or one of its children, Celery's Redis, and for
Backchat any service, the database and the broker: a smaller share of its kills hits a process that runs jobs.

A job is accepted when the system has acknowledged it. A job that has not ended long after its redelivery was
due is stuck if it ends after the workers were restarted by hand, and lost otherwise.
"""

import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, Final

from cyclopts import Parameter
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import PyMongoError
from rich.console import Console
from rich.table import Table

from deploy.embedded.command import cancel_on_signals, command
from deploy.embedded.errors import StackError
from deploy.kafka.cluster import Kafka
from deploy.services import SERVICES
from deploy.terminal import output_width
from tests.bench.broker import Broker, started
from tests.bench.client import program
from tests.bench.errors import BenchError
from tests.bench.jobs.systems import SYSTEMS, Name, System, missing, running
from tests.bench.jobs.work import WAIT_TAG
from tests.bench.resources import kill_child

JOB_SECONDS = 0.2
PER_SECOND = 8.0
WORKERS = 2
REDELIVERY_SECONDS = 10
"""After this time without a sign of its worker, Celery's Redis and Backchat's lease release a job."""
STALL_SECONDS = 40.0
"""When no job has ended for this long, those that have not are stuck or lost."""
PAUSE_SECONDS = 1.0
KILLED: Final[Mapping[Name, Sequence[str]]] = {
    "backchat": sorted((*SERVICES, "kafka", "mongodb")),
    "celery": ("redis", "worker"),
    "taskiq": ("worker",),
}
PARENT: Final[Mapping[Name, str]] = {"backchat": "backtest", "celery": "worker", "taskiq": "worker"}
"""The process whose children run the jobs."""
JOBS_IN: Final[Mapping[Name, tuple[str, str]]] = {
    "backchat": ("backchat_backtest", "backtests"),
    "celery": ("celery", "celery_taskmeta"),
    "taskiq": ("taskiq", "jobs"),
}
COMPLETED, FAILED = ("completed", "SUCCESS"), ("failed", "cancelled", "FAILURE")

app = command("tests.bench.losses", "losses", __doc__)


@dataclass(frozen=True, slots=True)
class Trial:
    """One run of a system: the processes killed, and how many jobs ended in which way."""

    system: Name
    seed: int
    killed: Sequence[str]
    accepted: int
    completed: int
    failed: int
    stuck: int
    lost: int


def account(
    system: Name,
    seed: int,
    killed: Sequence[str],
    accepted: set[str],
    ends: Mapping[str, str],
    late: Mapping[str, str],
) -> Trial:
    """Count how the accepted jobs ended: `ends` by themselves, `late` also after a restart of the workers."""
    states = [ends.get(job_id) for job_id in accepted]
    completed = sum(state in COMPLETED for state in states)
    failed = sum(state in FAILED for state in states)
    stuck, lost = len(late.keys() & accepted - ends.keys()), len(accepted - ends.keys() - late.keys())
    return Trial(system, seed, killed, len(accepted), completed, failed, stuck, lost)


@app.default
async def losses(
    *,
    system: Sequence[Name] = SYSTEMS,
    jobs: int = 280,
    kills: int = 4,
    runs: int = 2,
    seed: int = 1,
    kafka: Annotated[Kafka, Parameter(env_var="KAFKA")] = "embedded",
    output: Path = Path("build/losses.json"),
) -> int:
    """Run each system that is installed, print the table and write it as JSON.

    Parameters
    ----------
    system
        The systems, in this order.
    jobs
        How many jobs are submitted, eight per second.
    kills
        How many processes are killed meanwhile. With only a few seconds between kills, no system recovers.
    runs
        How many runs; each with the next seed.
    seed
        Decides which processes are killed, and when.
    kafka
        The broker of Backchat and taskiq.
    output
        The file for the rows.

    """
    console, trials = Console(width=output_width(), highlight=False), list[Trial]()
    log = output.with_suffix(".log")
    log.parent.mkdir(parents=True, exist_ok=True)
    cancel_on_signals()
    for number in range(seed, seed + runs):
        for name in system:
            if reason := missing(name):
                console.print(f"{name}: skipped, {reason}")
                continue
            try:
                trials.append(await trial(name, number, jobs, kills, kafka, log))
            except (BenchError, StackError) as error:
                sys.stderr.write(f"losses: {error}\n")
                return 1
            except asyncio.CancelledError:  # by a signal; all programs are stopped
                return 1
            console.print(f"[dim]{trials[-1]}[/]")
    console.print(table(trials))
    write(trials, output)
    return 0


def write(trials: Sequence[Trial], output: Path) -> None:
    output.write_text(json.dumps([asdict(each) for each in trials], indent=1) + "\n", encoding="utf-8")


def table(trials: Sequence[Trial]) -> Table:
    drawn = Table(title="Jobs under kill -9", title_justify="left")
    for column in ("", "seed", "killed", "accepted", "completed", "failed", "stuck", "lost"):
        drawn.add_column(column, justify="left" if column in {"", "killed"} else "right")
    for each in trials:
        figures = (each.accepted, each.completed, each.failed, each.stuck, each.lost)
        drawn.add_row(each.system, str(each.seed), " ".join(each.killed), *map(str, figures))
    return drawn


async def trial(name: Name, seed: int, jobs: int, kills: int, kafka: Kafka, log: Path) -> Trial:
    """Run a system, kill processes while jobs are submitted, and wait until no more jobs end."""
    with tempfile.TemporaryDirectory(prefix="backchat-losses-") as path:
        folder = Path(path)
        settings = {
            "BACKCHAT_FAULTS": str(_slow(folder / "faults")),
            "VISIBILITY_SECONDS": str(REDELIVERY_SECONDS),
            "LEASE_SECONDS": str(REDELIVERY_SECONDS),
            "HEARTBEAT_SECONDS": str(REDELIVERY_SECONDS / 3),
        }
        async with (
            started(kafka, folder / "kafka", log) as broker,
            running(name, folder / "system", {**broker.env, **settings}, WORKERS, log) as system,
        ):
            return await _with_kills(name, system, broker, seed, jobs, kills, log)


def _slow(faults: Path) -> Path:
    """Arm the fault that makes each job slow."""
    faults.mkdir()
    (faults / f"simulation:{WAIT_TAG}").write_text(f"sleep {JOB_SECONDS}")
    return faults


async def _with_kills(
    name: Name, system: System, broker: Broker, seed: int, jobs: int, kills: int, log: Path
) -> Trial:
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(system.env["MONGODB_URI"])
    try:
        submitting = asyncio.create_task(_submit(name, system, jobs, log))
        chance = random.Random(seed)
        killed = await _kill_at_random(name, system, broker, chance, kills, jobs / PER_SECOND)
        accepted = await submitting
        ends = late = await _ends(name, client, accepted)
        if not accepted <= ends.keys():
            system.kill(PARENT[name])
            late = await _ends(name, client, accepted)
        return account(name, seed, killed, accepted, ends, late)
    finally:
        client.close()


async def _submit(name: Name, system: System, jobs: int, log: Path) -> set[str]:
    """Run the client; return the ids of the accepted jobs.

    Raises:
        BenchError: the client ended before all jobs were accepted.

    """
    arguments = ("tests.bench.jobs.submit", name, str(jobs), str(PER_SECOND))
    env = {**os.environ, **system.env, "GATEWAY_URL": system.url}
    with log.open("a", encoding="utf-8") as stream:
        async with program(*arguments, env=env, stderr=stream) as client:
            output, _ = await client.communicate()
    accepted = set(output.decode().split())
    if client.returncode or len(accepted) != jobs:
        raise BenchError(f"{name}: only {len(accepted)} of {jobs} jobs were accepted: see {log}")
    return accepted


async def _kill_at_random(
    name: Name, system: System, broker: Broker, chance: random.Random, kills: int, seconds: float
) -> list[str]:
    """Kill processes at random moments while jobs are submitted; return their names."""
    begin, killed = time.monotonic(), list[str]()
    for moment in sorted(chance.uniform(0.1, 1.0) * seconds for _ in range(kills)):
        target = chance.choice([*KILLED[name], "child"])
        await asyncio.sleep(begin + moment - time.monotonic())
        if target == "child":
            kill_child(system.pids().get(PARENT[name]), chance)
        elif target == "kafka" and broker.kill:
            broker.kill()
        else:
            system.kill(target)
        killed.append(target)
    return killed


async def _ends(name: Name, client: Any, accepted: set[str]) -> dict[str, str]:
    """Wait until all have ended, or none has for STALL_SECONDS; return the status by id."""
    database, collection = JOBS_IN[name]
    ended = {"status": {"$in": [*COMPLETED, *FAILED]}}
    ends, changed_at = dict[str, str](), time.monotonic()
    while not accepted <= ends.keys() and time.monotonic() < changed_at + STALL_SECONDS:
        await asyncio.sleep(PAUSE_SECONDS)
        try:
            found = await client[database][collection].find(ended, {"status": 1}).to_list(None)
        except PyMongoError:  # the database is being restarted
            changed_at = time.monotonic()
            continue
        if len(found) > len(ends):
            ends, changed_at = {job["_id"]: job["status"] for job in found}, time.monotonic()
    return ends


if __name__ == "__main__":
    app()

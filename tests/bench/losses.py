"""`python -m tests.bench.losses`: kill -9 Backchat, Celery and taskiq at work, and count what each loses.

Jobs of a fifth of a second are handed in one after the other, while processes are killed at random moments; a
supervisor starts them again. Killed are workers, whole or a single child, for Celery its Redis too, and for
Backchat everything: services, database and broker. So of its kills two in seven hit who runs the jobs, of
Celery's two in three, of taskiq's all. A job is accepted when the system has acknowledged it. One
that has not ended long after it should have been delivered again is stuck if fresh workers, started by hand,
bring it to its end, and else lost.
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
from typing import Any, Final

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import PyMongoError
from rich.console import Console
from rich.table import Table

from deploy.embedded.command import cancel_on_signals, command
from deploy.embedded.errors import StackError
from deploy.embedded.stack import EMBEDDED
from deploy.services import SERVICES
from tests.bench.client import program
from tests.bench.errors import BenchError
from tests.bench.jobs.systems import SYSTEMS, Name, System, missing, running
from tests.bench.jobs.work import WAIT_TAG
from tests.bench.resources import kill_child

JOB_SECONDS = 0.2
PER_SECOND = 8.0
WORKERS = 2
REDELIVERY_SECONDS = 10
"""How long Celery's Redis and Backchat's lease wait before a job is taken from a worker that says nothing."""
STALL_SECONDS = 40.0
"""So long after the last job has ended, those that have not are stuck or lost."""
PAUSE_SECONDS = 1.0
VICTIMS: Final[Mapping[Name, Sequence[str]]] = {
    "backchat": sorted((*SERVICES, "kafka", "mongodb")),
    "celery": ("redis", "worker"),
    "taskiq": ("worker",),
}
PARENT: Final[Mapping[Name, str]] = {"backchat": "backtest", "celery": "worker", "taskiq": "worker"}
"""Whose children run the jobs."""
JOBS_IN: Final[Mapping[Name, tuple[str, str]]] = {
    "backchat": ("backchat_backtest", "backtests"),
    "celery": ("celery", "celery_taskmeta"),
    "taskiq": ("taskiq", "jobs"),
}
COMPLETED, FAILED = ("completed", "SUCCESS"), ("failed", "cancelled", "FAILURE")

app = command("tests.bench.losses", "losses", __doc__)


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of the jobs of one run."""

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
    """Count what has become of the accepted jobs by themselves, and after fresh workers were started."""
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
    output: Path = Path("build/losses.json"),
) -> int:
    """Run every system that is installed, print the table and write it as JSON.

    Parameters
    ----------
    system
        Which systems, in their order.
    jobs
        How many are handed in, eight a second.
    kills
        How many processes are killed meanwhile; with few seconds between them nothing gets going.
    runs
        How often; each with the next seed.
    seed
        Decides when is killed and what.
    output
        The file for the rows.

    """
    console, trials = Console(width=None if sys.stdout.isatty() else 140, highlight=False), list[Trial]()
    log = output.with_suffix(".log")
    log.parent.mkdir(parents=True, exist_ok=True)
    cancel_on_signals()
    for number in range(seed, seed + runs):
        for name in system:
            if reason := missing(name):
                console.print(f"{name}: skipped, {reason}")
                continue
            try:
                trials.append(await trial(name, number, jobs, kills, log))
            except (BenchError, StackError) as error:
                sys.stderr.write(f"losses: {error}\n")
                return 1
            except asyncio.CancelledError:  # asked to end, and all is stopped
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


async def trial(name: Name, seed: int, jobs: int, kills: int, log: Path) -> Trial:
    """Run a system under fire, and wait until nothing ends any more."""
    with tempfile.TemporaryDirectory(prefix="backchat-losses-") as place:
        folder = Path(place)
        env = {
            **EMBEDDED,
            "BACKCHAT_FAULTS": str(_slow(folder / "faults")),
            "VISIBILITY_SECONDS": str(REDELIVERY_SECONDS),
            "LEASE_SECONDS": str(REDELIVERY_SECONDS),
            "HEARTBEAT_SECONDS": str(REDELIVERY_SECONDS / 3),
        }
        async with running(name, folder, env, WORKERS, log) as system:
            return await _under_fire(name, system, seed, jobs, kills, log)


def _slow(faults: Path) -> Path:
    """Make every job take its time."""
    faults.mkdir()
    (faults / f"simulation:{WAIT_TAG}").write_text(f"sleep {JOB_SECONDS}")
    return faults


async def _under_fire(name: Name, system: System, seed: int, jobs: int, kills: int, log: Path) -> Trial:
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(system.env["MONGODB_URI"])
    try:
        handing_in = asyncio.create_task(_hand_in(name, system, jobs, log))
        chance = random.Random(seed)
        killed = await _kill_at_random(name, system, chance, kills, jobs / PER_SECOND)
        accepted = await handing_in
        ends = late = await _ends(name, client, accepted)
        if not accepted <= ends.keys():
            system.kill(PARENT[name])
            late = await _ends(name, client, accepted)
        return account(name, seed, killed, accepted, ends, late)
    finally:
        client.close()


async def _hand_in(name: Name, system: System, jobs: int, log: Path) -> set[str]:
    """Run the client; return the ids of the jobs that were accepted.

    Raises:
        BenchError: it ended before all were.

    """
    arguments = ("tests.bench.jobs.submit", name, str(jobs), str(PER_SECOND))
    env = {**os.environ, **system.env, "GATEWAY_URL": system.url}
    with log.open("a", encoding="utf-8") as stream:
        async with program(*arguments, env=env, stderr=stream) as client:
            output, _ = await client.communicate()
    accepted = set(output.decode().split())
    if client.returncode or len(accepted) != jobs:
        raise BenchError(f"{name}: only {len(accepted)} of {jobs} jobs were handed in: see {log}")
    return accepted


async def _kill_at_random(
    name: Name, system: System, chance: random.Random, kills: int, seconds: float
) -> list[str]:
    """Kill processes at moments spread over the time in which jobs are handed in; return their names."""
    begin, killed = time.monotonic(), list[str]()
    for moment in sorted(chance.uniform(0.1, 1.0) * seconds for _ in range(kills)):
        victim = chance.choice([*VICTIMS[name], "child"])
        await asyncio.sleep(begin + moment - time.monotonic())
        if victim == "child":
            kill_child(system.pids().get(PARENT[name]), chance)
        else:
            system.kill(victim)
        killed.append(victim)
    return killed


async def _ends(name: Name, client: Any, accepted: set[str]) -> dict[str, str]:
    """Wait until all have ended, or none has for long; return how each did."""
    database, collection = JOBS_IN[name]
    ended = {"status": {"$in": [*COMPLETED, *FAILED]}}
    ends, changed_at = dict[str, str](), time.monotonic()
    while not accepted <= ends.keys() and time.monotonic() < changed_at + STALL_SECONDS:
        await asyncio.sleep(PAUSE_SECONDS)
        try:
            found = await client[database][collection].find(ended, {"status": 1}).to_list(None)
        except PyMongoError:  # it was killed just now
            changed_at = time.monotonic()
            continue
        if len(found) > len(ends):
            ends, changed_at = {job["_id"]: job["status"] for job in found}, time.monotonic()
    return ends


if __name__ == "__main__":
    app()

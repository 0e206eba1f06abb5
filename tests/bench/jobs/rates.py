"""Jobs per second of Backchat, Celery and taskiq: the same jobs on each, alternately."""

import os
from asyncio import timeout
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import MappingProxyType
from typing import Final

from tests.bench.broker import Broker
from tests.bench.client import program
from tests.bench.errors import BenchError
from tests.bench.jobs.systems import SYSTEMS, Name, System, missing, running
from tests.bench.resources import cpu_by_name

BARS: Final[Mapping[Name, float]] = MappingProxyType({"celery": 1.0, "taskiq": 0.9})
"""The least share of each system's rate that Backchat's may be, in the same run."""
WARM_UP = 64
DEADLINE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Batch:
    """Jobs, the seconds from the first request to the last end, and the processor time by process."""

    jobs: int
    seconds: float
    cpu_seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Rate:
    """Jobs per second, and the processor time per job by process."""

    per_s: float
    cpu_ms: Mapping[str, float]


def rate_of(batches: Sequence[Batch]) -> Rate:
    """Return the median rate of the batches, and their processor time over all of their jobs."""
    spent: Counter[str] = Counter()
    for batch in batches:
        spent.update(batch.cpu_seconds)
    jobs = sum(batch.jobs for batch in batches)
    cpu_ms = {name: 1000 * seconds / jobs for name, seconds in spent.items()}
    return Rate(median(batch.jobs / batch.seconds for batch in batches), cpu_ms)


async def measure_systems(
    rounds: int, jobs: int, workers: int, broker: Broker, folder: Path, log: Path
) -> dict[Name, Rate]:
    """Measure each system that is installed, once per round, each time with an empty database and broker.

    Apache Kafka is the exception: there is one for all.
    """
    batches: dict[Name, list[Batch]] = defaultdict(list)
    for number in range(rounds):
        for name in (name for name in SYSTEMS if missing(name) is None):
            async with running(name, folder / f"{name}-{number}", broker.env, workers, log) as system:
                batches[name].append(await run_batch(name, system, jobs, broker.pids))
    return {name: rate_of(measured) for name, measured in batches.items()}


async def run_batch(name: Name, system: System, jobs: int, beside: Mapping[str, int]) -> Batch:
    """Submit jobs from a client process and wait for their end; the processes `beside` the system count too.

    Raises:
        BenchError: the client ended before all jobs had.

    """
    arguments = ("tests.bench.jobs", name, str(WARM_UP), str(jobs))
    try:
        async with (
            timeout(DEADLINE_SECONDS),
            program(*arguments, env={**os.environ, **system.env}) as client,
        ):
            if client.stdin is None or client.stdout is None:
                raise BenchError("a client without pipes")
            if await client.stdout.readline() != b"warm\n":
                raise BenchError(f"{name}: the client failed in the warm-up")
            pids = {**system.pids(), **beside, "client": client.pid}
            before = cpu_by_name(pids)
            client.stdin.write(b"go\n")
            if not (answer := await client.stdout.readline()):
                raise BenchError(f"{name}: the client failed")
            after = cpu_by_name(pids)
    except TimeoutError as error:
        raise BenchError(f"{name}: {jobs} jobs did not end within {DEADLINE_SECONDS:g} s") from error
    return Batch(jobs, float(answer), {process: after[process] - before[process] for process in pids})

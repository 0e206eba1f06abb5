"""The systems in turns, with the same jobs: how many of them end in a second."""

import asyncio
import os
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.broker import Broker
from tests.bench.client import program
from tests.bench.errors import BenchError
from tests.bench.jobs.systems import SYSTEMS, Name, System, missing, running
from tests.bench.resources import cpu_by_name

WARM_UP = 64
PATIENCE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Lap:
    """So many jobs, the seconds from the first request to the last end, and what each process spent."""

    jobs: int
    seconds: float
    cpu_seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Standing:
    """The laps of a system: the median rate, and the processor time per job by process."""

    per_s: float
    cpu_ms: Mapping[str, float]


def standing(laps: Sequence[Lap]) -> Standing:
    spent: Counter[str] = Counter()
    for lap in laps:
        spent.update(lap.cpu_seconds)
    jobs = sum(lap.jobs for lap in laps)
    cpu_ms = {name: 1000 * seconds / jobs for name, seconds in spent.items()}
    return Standing(median(lap.jobs / lap.seconds for lap in laps), cpu_ms)


async def compete(
    rounds: int, jobs: int, workers: int, broker: Broker, folder: Path, log: Path
) -> dict[Name, Standing]:
    """Let all that can run take turns, each time on new servers, as far as these are embedded."""
    laps: dict[Name, list[Lap]] = defaultdict(list)
    for number in range(rounds):
        for name in (name for name in SYSTEMS if missing(name) is None):
            place = folder / f"{name}-{number}"
            async with running(name, place, broker.env, workers, log) as system:
                laps[name].append(await lap(name, system, jobs, broker.pids))
    return {name: standing(of_it) for name, of_it in laps.items()}


async def lap(name: Name, system: System, jobs: int, beside: Mapping[str, int]) -> Lap:
    """Drive a system from a process of its own; what the processes `beside` it spend is counted too.

    Raises:
        BenchError: the client ended before all jobs had.

    """
    arguments = ("tests.bench.jobs", name, str(WARM_UP), str(jobs))
    try:
        async with (
            asyncio.timeout(PATIENCE_SECONDS),
            program(*arguments, env={**os.environ, **system.env}) as client,
        ):
            if client.stdin is None or client.stdout is None:
                raise BenchError("a client without pipes")
            if await client.stdout.readline() != b"warm\n":
                raise BenchError(f"{name}: the client failed before it began")
            pids = {**system.pids(), **beside, "client": client.pid}
            before = cpu_by_name(pids)
            client.stdin.write(b"go\n")
            if not (answer := await client.stdout.readline()):
                raise BenchError(f"{name}: the client failed")
            after = cpu_by_name(pids)
    except TimeoutError as error:
        raise BenchError(f"{name}: {jobs} jobs did not end within {PATIENCE_SECONDS:g} s") from error
    return Lap(jobs, float(answer), {process: after[process] - before[process] for process in pids})

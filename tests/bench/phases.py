"""The parts of the benchmark: three with a stack of their own on the same data folder, and the jobs."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from deploy.embedded.console import output
from deploy.embedded.samples import load_samples
from deploy.embedded.stack import Stack
from services.backtest.settings import BacktestSettings
from tests.bench import arena, resources, scenarios
from tests.bench.broker import Broker
from tests.bench.client import program
from tests.bench.engine import slowest_strategy
from tests.bench.errors import BenchError
from tests.bench.figures import CLIENTS, MANY, combine, rate_row, request_row, single_row
from tests.bench.jobs.claims import claiming
from tests.bench.jobs.contest import compete
from tests.bench.jobs.systems import OTHERS, SYSTEMS, missing
from tests.bench.load import Job, burst
from tests.bench.report import Report

START_SECONDS, STOP_SECONDS = 120.0, 30.0
CLAIMS = {10: 5, 1_000: 1, 10_000: 1}
"""Jobs that wait, and how often their claims are measured: few are claimed in a moment."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How thoroughly is measured: requests in `rounds` bursts of `seconds`, in turns with the floor."""

    rounds: int = 3
    seconds: float = 2.0
    settle_seconds: float = 5.0
    idle_seconds: float = 12.0
    repeats: int = 1000
    laps: int = 2
    jobs: int = 2000


QUICK = Effort(rounds=1, settle_seconds=3.0, idle_seconds=10.0, repeats=200, laps=1, jobs=300)


@dataclass(frozen=True, slots=True)
class Bench:
    """What all parts need."""

    report: Report
    effort: Effort
    broker: Broker
    data_dir: Path
    log: Path

    async def alone(self) -> None:
        """Measure what needs no stack: the simulator, and the load generator itself."""
        name, ms = slowest_strategy(self.effort.repeats)
        self.report.say(f"engine: the slowest strategy is {name}")
        self.report.add(single_row("engine.2x10y", ms, "ms", 0.3))
        async with arena.nothing(self.log) as url:
            ceiling = combine([await burst(Job(url, scenarios.CREATE.requests, MANY, self.effort.seconds))])
        self.report.say(
            f"load generator: {ceiling.per_s:,.0f} requests/s with {MANY} clients where nothing is done, "
            f"{ceiling.cpu_ms['load']:.3f} ms of a processor per request"
        )

    async def working(self) -> None:
        """Measure from the trigger to `backtest.completed`, and leave completed backtests behind."""
        self.report.say("a stack with an empty data folder ...")
        async with Stack(self.data_dir, env=self.broker.env, log=self.log) as stack:
            await load_samples(stack.url)
            await scenarios.seed(stack.url)
            seconds = self.effort.rounds * self.effort.seconds
            for clients in CLIENTS:
                job = Job(stack.url, scenarios.TRIGGER.requests, clients, seconds, until_completed=True)
                figures = combine([await burst(job, stack.environment())])
                self.report.add(request_row("backtest.completed", clients, figures, None, scenarios.NO_BARS))

    async def command(self) -> None:
        """Measure `python -m deploy.embedded` as people run it: its start, its rest, its memory."""
        self.report.say("the same data folder, started by its command ...")
        begin = time.perf_counter()
        async with embedded(self.data_dir, self.broker, self.log) as (process, url):
            seconds = self.broker.start_seconds + time.perf_counter() - begin
            self.report.add(single_row("stack.start", seconds, "s", 10))
            if resources.AVAILABLE:
                await self._rest(process.pid)
            requests = [
                scenarios.CREATE,
                scenarios.COMPARE,
                scenarios.get(await scenarios.completed_ids(url)),
            ]
            for scenario in requests:
                await burst(Job(url, scenario.requests, MANY, self.effort.seconds))
            for clients in CLIENTS:
                job = Job(url, scenarios.TRIGGER.requests, clients, self.effort.seconds)
                name = f"{scenarios.TRIGGER.name} (busy)"
                self.report.show(
                    request_row(name, clients, combine([await burst(job)]), None, scenarios.NO_BARS)
                )
            if resources.AVAILABLE:
                proportional, resident = resources.memory_mb(resources.tree(process.pid) | self.broker.tree())
                self.report.say(
                    f"memory of all processes: {resident:.0f} MB with shared pages counted in each"
                )
                self.report.add(single_row("stack.memory", proportional, "MB", 800))

    async def _rest(self, pid: int) -> None:
        self.report.say(
            f"nothing happens for {self.effort.settle_seconds + self.effort.idle_seconds:g} s ..."
        )
        await asyncio.sleep(self.effort.settle_seconds)
        pids = resources.tree(pid) | self.broker.tree()
        cpu, begin = resources.cpu_seconds(pids), time.perf_counter()
        await asyncio.sleep(self.effort.idle_seconds)
        share = (resources.cpu_seconds(pids) - cpu) / (time.perf_counter() - begin)
        self.report.add(single_row("stack.idle", 100 * share, "% of a core", 35))

    async def paused(self) -> None:
        """Measure requests beside the floor, with no workers that take the processor from them."""
        self.report.say("the stack with its workers paused, and the floor beside it ...")
        env = {**self.broker.env, **arena.PATIENT, "BACKTEST_WORKERS": "0"}
        async with (
            Stack(self.data_dir, env=env, log=self.log) as stack,
            arena.floor_of(stack, self.log) as floor,
        ):
            get = scenarios.get(await scenarios.completed_ids(stack.url))
            await arena.settled(stack)
            ring = arena.Arena(stack, self.broker, floor, self.effort.rounds, self.effort.seconds)
            for clients in CLIENTS:
                for of_one_floor in ([scenarios.CREATE, scenarios.TRIGGER], [scenarios.COMPARE, get]):
                    floor_figures, measured = await ring.measure(of_one_floor, clients)
                    for scenario, figures in zip(of_one_floor, measured, strict=True):
                        self.report.add(
                            request_row(scenario.name, clients, figures, floor_figures, scenario.bars)
                        )

    async def jobs(self) -> None:
        """Measure backtests as jobs: what a claim costs, and how many end in a second, here and elsewhere."""
        folder = self.data_dir.with_name("jobs")
        self.report.say("claims from a line of waiting jobs ...")
        async with Stack(folder / "claims", env=self.broker.env, log=self.log, services=()) as stack:
            for waiting, repeats in CLAIMS.items():
                costs = [await claiming(stack, waiting) for _ in range(repeats)]
                elapsed = median(cost.elapsed_ms for cost in costs)
                self.report.add(single_row(f"jobs.claim ({waiting:,})", elapsed, "ms", 10))
        workers = BacktestSettings().backtest_workers
        self.report.say(f"{self.effort.jobs:,} jobs, {workers} worker process(es) each ...")
        for name in SYSTEMS:
            if reason := missing(name):
                self.report.say(f"jobs.{name}: skipped, {reason}")
        standings = await compete(self.effort.laps, self.effort.jobs, workers, self.broker, folder, self.log)
        rates = [standings[name].per_s for name in OTHERS if name in standings]
        for name, reached in standings.items():
            rivals = rates if name == "backchat" else []
            self.report.add(rate_row(f"jobs.{name}", reached.per_s, reached.cpu_ms, rivals))


@asynccontextmanager
async def embedded(
    data_dir: Path, broker: Broker, log: Path
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """Run the stack by its command; yield its process and its address once it is ready.

    Raises:
        BenchError: it did not become ready, or did not end when it was asked to.

    """
    arguments = ("deploy.embedded", "--port", "0", "--data-dir", str(data_dir))
    env = {**os.environ, **broker.env}
    with output(log) as stream:
        async with program(*arguments, env=env, stderr=stream) as process:
            try:
                async with asyncio.timeout(START_SECONDS):
                    said = (await process.stdout.readline()).decode().split() if process.stdout else []
            except TimeoutError as error:
                raise BenchError(f"the stack was not ready within {START_SECONDS:g} s: see {log}") from error
            if said[:1] != ["ready"]:
                raise BenchError(f"the stack did not become ready: see {log}")
            yield process, said[1]
            await _ended(process, log)


async def _ended(process: asyncio.subprocess.Process, log: Path) -> None:
    """Ask the stack to end, and wait until it has."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError as error:
        raise BenchError(f"the stack did not end within {STOP_SECONDS:g} s: see {log}") from error

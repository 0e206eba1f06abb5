"""The parts of a run: engine, comparisons, a price folder, three stacks on one data folder, growth, jobs."""

import asyncio
import contextlib
import json
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from deploy.embedded.console import output
from deploy.embedded.samples import load_samples
from deploy.embedded.stack import Stack
from services.backtest.settings import BacktestSettings
from tests.bench import alternating, chat, growth, resources, scenarios, streams
from tests.bench.broker import Broker
from tests.bench.client import program
from tests.bench.engine import TEN_YEARS
from tests.bench.errors import BenchError
from tests.bench.figures import CLIENTS, MANY, Row, combine, faster_row, rate_row, request_row, single_row
from tests.bench.jobs.claims import claiming
from tests.bench.jobs.rates import BARS, measure_systems
from tests.bench.jobs.systems import SYSTEMS, missing
from tests.bench.load import Job, burst
from tests.bench.prices import random_prices, write_files
from tests.bench.report import Report
from tests.hostile_model import serving

START_SECONDS, STOP_SECONDS = 120.0, 30.0
WARM_UP_SECONDS = 1.0
FILES = 500
"""Of a folder of prices, each with ten years of one symbol."""
CLAIMS = {10: 5, 1_000: 1, 10_000: 1}
"""Measurements by length of the queue: several of the short one, as each is brief."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: each request in `rounds` bursts of `seconds`, alternately with the floor."""

    rounds: int = 3
    seconds: float = 2.0
    settle_seconds: float = 5.0
    idle_seconds: float = 12.0
    engine_rounds: int = 20
    job_rounds: int = 2
    jobs: int = 2000


QUICK = Effort(rounds=1, settle_seconds=3.0, idle_seconds=10.0, engine_rounds=5, job_rounds=1, jobs=300)


@dataclass(frozen=True, slots=True)
class Bench:
    """One run: its parts in their order, and what they share."""

    report: Report
    effort: Effort
    broker: Broker
    data_dir: Path
    log: Path

    async def engine(self) -> None:
        """Measure the simulator beside vectorbt, in a process of their own."""
        self.report.say("engine: the simulator on prices in memory, taking turns with vectorbt ...")
        async with self._measuring("tests.bench.engine", str(self.effort.engine_rounds)) as lines:
            async for said in lines:
                if isinstance(said, str):
                    self.report.say(said)
                else:
                    self.report.add(Row(**said))

    async def comparisons(self) -> None:
        """Measure comparisons of curves in memory, in a process of their own."""
        self.report.say("comparisons: from curves in memory to the answer ...")
        async with self._measuring("tests.bench.comparisons", str(self.effort.engine_rounds)) as lines:
            async for said in lines:
                self.report.add(Row(**said))

    async def data(self) -> None:
        """Measure how soon a service can use a folder of prices, and the memory that it takes."""
        folder, cache = self.data_dir.with_name("prices"), self.data_dir.with_name("prices-cache")
        write_files(folder, random_prices(FILES, TEN_YEARS))
        size = sum(file.stat().st_size for file in folder.iterdir()) / resources.MB
        self.report.say(f"data: a folder of {FILES} CSV files of {TEN_YEARS:,} rows, {size:.0f} MB ...")
        memory: list[dict[str, float]] = []
        for name, files_read, limit in (("first", FILES, 10), ("again", 0, 2)):
            begin = time.perf_counter()
            async with self._measuring("tests.bench.usable", str(folder), str(cache)) as lines:
                usable = await anext(lines)
                seconds = time.perf_counter() - begin
                if usable != (expected := {"symbols": FILES, "bars": TEN_YEARS, "read": files_read}):
                    raise BenchError(
                        f"the folder of prices was not read as it should be: {usable}, not {expected}"
                    )
                memory += [said async for said in lines]
            self.report.add(single_row(f"data.start.{name}", seconds, "s", limit))
        if memory:
            most = {name: max(each[name] for each in memory) for name in memory[0]}
            self.report.add(single_row("data.memory.service", most["service"], "MB", 300))
            self.report.add(single_row("data.memory.worker", most["worker"], "MB", 250))
            self.report.say(
                f"the worker's shared pages counted in full: {most['worker_resident']:.0f} MB, "
                f"and {most['worker_peak']:.0f} MB while the backtest ran"
            )

    @asynccontextmanager
    async def _measuring(self, module: str, *arguments: str) -> AsyncIterator[AsyncIterator[Any]]:
        """Run a program that prints lines of JSON; yield them.

        Raises:
            BenchError: it failed.

        """
        with output(self.log) as stream:
            async with program(module, *arguments, stderr=stream) as process:
                assert process.stdout
                yield (json.loads(line) async for line in process.stdout)
                if await process.wait():
                    raise BenchError(f"{module} failed: see {self.log}")

    async def load_generator(self) -> None:
        """Measure the load generator itself."""
        async with alternating.empty_endpoint(self.log) as url:
            ceiling = combine([await burst(Job(url, scenarios.CREATE.requests, MANY, self.effort.seconds))])
        self.report.say(
            f"load generator: {ceiling.per_s:,.0f} requests/s with {MANY} clients against an empty endpoint, "
            f"{ceiling.cpu_ms['load']:.3f} ms of processor time per request"
        )

    async def end_to_end(self) -> None:
        """Measure from the trigger to `backtest.completed`; the backtests stay for the next parts."""
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
        """Measure `python -m deploy.embedded`: its start, its processor time when idle, its memory."""
        self.report.say("python -m deploy.embedded on the same data folder ...")
        begin = time.perf_counter()
        async with embedded(self.data_dir, self.broker, self.log) as (process, url):
            seconds = self.broker.start_seconds + time.perf_counter() - begin
            self.report.add(single_row("stack.start", seconds, "s", 10))
            if resources.AVAILABLE:
                await self._idle(process.pid)
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
                    f"memory of all processes: {resident:.0f} MB with shared pages counted in each of them"
                )
                self.report.add(single_row("stack.memory", proportional, "MB", 800))

    async def _idle(self, pid: int) -> None:
        self.report.say(f"idle for {self.effort.settle_seconds + self.effort.idle_seconds:g} s ...")
        await asyncio.sleep(self.effort.settle_seconds)
        pids = resources.tree(pid) | self.broker.tree()
        cpu, begin = resources.cpu_seconds(pids), time.perf_counter()
        await asyncio.sleep(self.effort.idle_seconds)
        share = (resources.cpu_seconds(pids) - cpu) / (time.perf_counter() - begin)
        self.report.add(single_row("stack.idle", 100 * share, "% of a core", 35))

    async def beside_the_floor(self) -> None:
        """Measure requests alternately with the floor, without workers that compete for the processor."""
        self.report.say("a stack without workers, alternately with the floor ...")
        env = {**self.broker.env, **alternating.LONG_SESSIONS, "BACKTEST_WORKERS": "0"}
        async with (
            Stack(self.data_dir, env=env, log=self.log) as stack,
            alternating.floor_of(stack, self.log) as floor,
        ):
            get = scenarios.get(await scenarios.completed_ids(stack.url))
            await alternating.settled(stack)
            both = alternating.Alternating(stack, self.broker, floor, self.effort.rounds, self.effort.seconds)
            for clients in CLIENTS:
                for group in ([scenarios.CREATE, scenarios.TRIGGER], [scenarios.COMPARE, get]):
                    floor_figures, measured = await both.measure(group, clients)
                    for scenario, figures in zip(group, measured, strict=True):
                        bars = scenario.bars_on(self.broker.kafka)
                        self.report.add(request_row(scenario.name, clients, figures, floor_figures, bars))

    async def growth(self) -> None:
        """Measure requests of one client in databases with few and with many documents."""
        limits: dict[str, float] = {}
        for size in growth.SIZES:
            self.report.say(f"a stack with {size:,} backtests and as many sessions ...")
            folder = self.data_dir.with_name(f"growth-{size}")
            async with Stack(folder, env=self.broker.env, log=self.log, services=()) as stack:
                await growth.fill(stack, size)
            env = {**self.broker.env, "BACKTEST_WORKERS": "0"}
            async with Stack(folder, env=env, log=self.log) as stack:
                await alternating.settled(stack)
                for scenario in growth.requests():  # a new process is slow at first
                    await burst(Job(stack.url, scenario.requests, 1, WARM_UP_SECONDS))
                for scenario in growth.requests():
                    job = Job(stack.url, scenario.requests, 1, self.effort.seconds)
                    figures = combine([await burst(job)])
                    name = f"growth.{scenario.name}"
                    limit = limits.setdefault(name, growth.MOST * figures.p50_ms)
                    self.report.add(single_row(f"{name} ({size:,})", figures.p50_ms, "ms", limit))

    async def chat(self) -> None:
        """Measure computed answers with few and many strategies, and those of a model."""
        self.report.say("chat: a model that is measured against the SDK alone ...")
        rates = await streams.measure_streams()
        self.report.add(faster_row("chat.streams", 1000 / rates.chain, 1000 / rates.sdk, chat.STREAMS_SHARE))
        folder = self.data_dir.with_name("chat")
        model = chat.TimedModel()
        async with serving(model.answer) as server:
            self.report.say("chat: a stack with three strategies ...")
            async with Stack(folder, env=self.broker.env, log=self.log) as stack:
                await load_samples(stack.url)
                await scenarios.seed(stack.url)
                self.report.add(await chat.computed(stack))
                if resources.AVAILABLE:
                    self.report.add(await chat.full_conversations(stack))
            env = {**self.broker.env, "OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "none"}
            async with Stack(folder, env=env, log=self.log) as stack:
                self.report.add(await chat.first_delta(stack, model))
        self.report.say(f"chat: a stack with {chat.MOST_STRATEGIES:,} strategies ...")
        folder = self.data_dir.with_name("chat-many")
        async with Stack(folder, env=self.broker.env, log=self.log, services=()) as stack:
            await growth.fill(stack, chat.MOST_STRATEGIES, chat.MOST_STRATEGIES)
        async with Stack(folder, env=self.broker.env, log=self.log) as stack:
            await alternating.settled(stack)
            await chat.answers(stack)
            self.report.add(await chat.computed(stack, f" ({chat.MOST_STRATEGIES:,})"))

    async def jobs(self) -> None:
        """Measure the cost of claiming a job, and the jobs per second of Backchat, Celery and taskiq."""
        folder = self.data_dir.with_name("jobs")
        self.report.say("claims from queues of waiting jobs ...")
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
        rates = await measure_systems(
            self.effort.job_rounds, self.effort.jobs, workers, self.broker, folder, self.log
        )
        for name, rate in rates.items():
            self.report.add(rate_row(f"jobs.{name}", rate.per_s, rate.cpu_ms))
        ours = rates["backchat"].per_s
        for name, bar in BARS.items():
            if name in rates:
                self.report.add(
                    rate_row(f"jobs.backchat / {name}", ours, other_per_s=rates[name].per_s, bar=bar)
                )


@asynccontextmanager
async def embedded(
    data_dir: Path, broker: Broker, log: Path
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """Run `python -m deploy.embedded`; yield its process and its address once it is ready.

    Raises:
        BenchError: it did not become ready, or did not end after SIGTERM.

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
    """Send SIGTERM to the stack, and wait for its end."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError as error:
        raise BenchError(f"the stack did not end within {STOP_SECONDS:g} s: see {log}") from error

"""A run: the load for some minutes with samples beside it, then the check of what was accepted."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Final

from deploy.embedded.samples import load_samples
from deploy.embedded.stack import EMBEDDED, KAFKA_MEMORY, Stack
from tests.chaos.check import Finding, Observations, check
from tests.chaos.client import BACKTESTS
from tests.chaos.load import within
from tests.chaos.observer import Observer
from tests.chaos.plan import SLOW_SECONDS, Job, Kind, plan_jobs, reason
from tests.chaos.run import EVENTS_SECONDS, beside, concurrently
from tests.soak.client import Pace, PacedClient
from tests.soak.report import Outcome, trends_of
from tests.soak.sampler import Sample, Sampler
from tests.soak.users import Users

KINDS: Final = MappingProxyType[Kind, int]({"plain": 100, "shared": 98, "slow": 2})
"""The weights of the backtests: half of them are equal to others, and few take two seconds."""
AT_A_TIME: Final = 1000
"""Backtests that are planned at a time."""
LINES_SECONDS: Final = 60.0
KAFKA_MB: Final = 64
"""The least bound of the embedded broker's memory: it is started again in most breaks."""
WORK_SECONDS: Final = 240.0
BREAK_SECONDS: Final = 25.0
"""Users take breaks, in which the broker may be started again: what it needs to be quiet, and to start."""
READY_SECONDS: Final = 60.0
LOGGED = re.compile(r"\[(?P<level>warning|error|critical) *\] (?P<event>.*?)(?= +\w+=|$)")
PLANNED = re.compile(r"\| *kafka has .* it starts again, empty")
ENDED = re.compile(r"\| *(?P<program>\S+) ended \(.*")


@dataclass(frozen=True, slots=True)
class Plan:
    """How long the load lasts, its requests per second, and the seconds between two samples."""

    seconds: float
    per_second: float
    sample_every: float
    seed: int = 0


def settings(faults: Path) -> dict[str, str]:
    """Return the settings of the stack; `faults` is where the slow backtests are made slow."""
    faults.mkdir()
    (faults / f"simulation:{reason('slow')}").write_text(f"sleep {SLOW_SECONDS}")
    measured = {"KAFKA_METRICS": "true", "LOG_LEVEL": "INFO", KAFKA_MEMORY: str(KAFKA_MB)}
    return {**EMBEDDED, **measured, "BACKCHAT_FAULTS": str(faults)}


class Run:
    """One run against a stack that writes its log to a file."""

    def __init__(self, stack: Stack, log: Path, plan: Plan, tell: Callable[[str], None]) -> None:
        self._stack = stack
        self._log = log
        self._plan = plan
        self._tell = tell
        self._seen = Observations()
        self._client = PacedClient(stack.url, Pace(plan.per_second), self._seen)
        self._users = Users(self._client, stack.kafka, self._seen, _jobs(plan.seed))
        self._samples: list[Sample] = []

    async def run(self) -> Outcome:
        """Load, sample, and check that every accepted backtest has ended once."""
        observer = Observer(self._stack.kafka, lambda: self._stack.supervisor.pids().get("kafka"), self._seen)
        async with AsyncExitStack() as opened:
            await load_samples(self._stack.url)
            sampler = await opened.enter_async_context(Sampler.of(self._stack))
            await opened.enter_async_context(beside(observer.run()))
            async with beside(self._sample(sampler)), beside(self._breaks()):
                await self._users.act(self._plan.seconds)
            left = [each for each in self._seen.accepted if each not in self._seen.pages]
            await concurrently(self._read_page, left)
            await within(EVENTS_SECONDS, self._all_seen)
            last = await sampler.sample()
        self._seen.asked = len(self._seen.accepted)
        self._samples.append(last)
        if last.dead_letters:
            self._wrong("dead letters", f"there are {last.dead_letters}")
        logged, ended = read_log(self._log)
        for line in ended:
            self._wrong("a process", line)
        return Outcome(
            samples=self._samples,
            trends=trends_of(self._samples),
            requests=self._client.requests,
            activities=self._users.done,
            backtests=Counter(page["status"] for page in self._seen.pages.values()),
            warnings=logged,
            findings=check(self._seen),
        )

    async def _breaks(self) -> None:
        while True:
            await asyncio.sleep(WORK_SECONDS)
            async with self._client.pace.paused():
                await asyncio.sleep(BREAK_SECONDS)
                for name in self._stack.supervisor.names:
                    await self._stack.supervisor.wait_ready(name, READY_SECONDS)

    async def _sample(self, sampler: Sampler) -> None:
        told = time.monotonic()
        while True:
            began = time.monotonic()
            self._samples.append(sample := await sampler.sample())
            if began - told >= LINES_SECONDS:
                told = began
                self._tell(self._progress(sample))
            await asyncio.sleep(max(0.0, self._plan.sample_every - (time.monotonic() - began)))

    def _progress(self, sample: Sample) -> str:
        memory = ", ".join(f"{name} {usage.memory:.0f}" for name, usage in sample.processes.items())
        requests, backtests = self._client.requests.total(), len(self._seen.pages)
        wrong = len(self._seen.findings)
        return f"{requests:,} requests, {backtests:,} backtests, {wrong} wrong; MB: {memory}"

    async def _all_seen(self) -> bool:
        return all(map(self._seen.ended, self._seen.accepted))

    async def _read_page(self, backtest_id: str) -> None:
        answer = await self._client.once("GET", f"{BACKTESTS}/{backtest_id}")
        if answer.status == HTTPStatus.OK:
            self._seen.pages[backtest_id] = answer.body
            if answer.body["status"] == "completed":
                self._seen.results[backtest_id] = answer.body["performance"]

    def _wrong(self, about: str, detail: str) -> None:
        self._seen.findings.append(Finding("service", about, detail))


def read_log(path: Path) -> tuple[Counter[str], list[str]]:
    """Return how often each event of level WARNING and above was logged, and the lines of ended programs.

    A broker that is to start again is no such program.
    """
    logged, ended, planned = Counter[str](), list[str](), 0
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if found := LOGGED.search(line):
                logged[f"{found['level']}: {found['event'].strip()}"] += 1
            elif PLANNED.search(line):
                planned += 1
            elif found := ENDED.search(line):
                if found["program"] == "kafka" and planned:
                    planned -= 1
                else:
                    ended.append(line.strip())
    return logged, ended


def _jobs(seed: int) -> Iterator[Job]:
    """Plan backtests without end, in parts; the numbers go on."""
    for part in count():
        for job in plan_jobs(seed + part, AT_A_TIME, 0.0, KINDS):
            number = part * AT_A_TIME + job.number
            yield replace(job, number=number)

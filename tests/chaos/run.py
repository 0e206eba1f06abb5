"""A run: load and faults for some minutes, a quiet phase until all has ended, and what came of it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from deploy.embedded.errors import NotReadyError
from tests.chaos.agent import READY_SECONDS, Agent, PublishUnconfirmed
from tests.chaos.arena import LEASE_SECONDS, Arena
from tests.chaos.check import ENDINGS, Finding, Observations, check, unplanned
from tests.chaos.client import BACKTESTS, RETRY_SECONDS, Availability, Client
from tests.chaos.load import Load, within
from tests.chaos.observer import Observer
from tests.chaos.plan import crash_points, plan_faults, plan_jobs, plan_turns
from tests.chaos.report import Outcome
from tests.chaos.talk import SESSIONS, Talk

PROGRESS_SECONDS = 10.0
EVENTS_SECONDS = 15.0
AT_ONCE = 8
DEAD_LETTER = "[error] dead letter "
STUCK = "stuck, the process ends"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of it, for how long, and with how much patience afterwards, in seconds."""

    seed: int
    jobs: int
    seconds: float
    patience: float


class Run:
    """One run in an arena."""

    def __init__(self, arena: Arena, plan: Plan, tell: PublishUnconfirmed) -> None:
        self._arena = arena
        self._plan = plan
        self._tell = tell
        self._availability = Availability()
        self.seen = Observations()
        self._client = Client(arena.stack.url, self._availability)
        durable = arena.cluster is not None
        name = f"chaos-{plan.seed}"
        self._load = Load(self._client, arena.stack.kafka, self.seen, durable=durable, run=name)
        self._talk = Talk(self._client, self.seen, name)
        self._agent = Agent(arena, tell)

    async def run(self) -> Outcome:
        """Break things under load, let them recover, and count."""
        for point, action in crash_points().items():
            (self._arena.faults / point).write_text(action)
        observer = Observer(self._arena.stack.kafka, self._arena.generation, self.seen)
        async with AsyncExitStack() as beside:
            for work in (self._arena.count_restarts(), observer.run(), self._load.read(), self._progress()):
                await beside.enter_async_context(_beside(work))
            await self._disturbed()
            longest = self._availability.longest_seconds(time.monotonic())
            await self._ended()
            await within(EVENTS_SECONDS, self._all_seen)
            await self._read_results()
            await self._talk.check(self._plan.patience)
        return self._outcome(longest, self._read_log())

    async def _disturbed(self) -> None:
        """Run the load with the faults, and after its time without them, until everything is accepted."""
        plan = self._plan
        jobs = plan_jobs(plan.seed, plan.jobs, plan.seconds)
        turns = plan_turns(plan.seed, plan.jobs, SESSIONS, plan.seconds)
        faults = plan_faults(plan.seed, self._arena.servers, sorted(self._arena.links), LEASE_SECONDS)
        load = asyncio.create_task(self._load.ask(jobs))
        talk = asyncio.create_task(self._talk.converse(turns))
        async with _beside(load), _beside(talk):
            try:
                async with asyncio.timeout(plan.seconds):
                    await self._agent.run(faults)
            except TimeoutError:
                self._tell("no more faults")
            except NotReadyError as error:
                self._wrong("the stack", str(error))
            await self._ready()
            done, _ = await asyncio.wait((load, talk), timeout=plan.patience)
            for task in done:
                await task
            if load not in done:
                self._wrong("the gateway", f"{plan.jobs - len(self.seen.accepted)} jobs were never accepted")
            if talk not in done:
                self._talk.unfinished()

    async def _ready(self) -> None:
        try:
            await self._arena.wait_ready(READY_SECONDS)
        except NotReadyError as error:
            self._wrong("the stack", str(error))

    async def _ended(self) -> None:
        """Read every accepted backtest until it has ended, or the patience has."""
        pages = self.seen.pages
        with suppress(TimeoutError):  # what has not ended is a finding then
            async with asyncio.timeout(self._plan.patience):
                while left := [each for each in self.seen.accepted if not _over(pages.get(each))]:
                    await _side_by_side(self._read_page, left)
                    await asyncio.sleep(RETRY_SECONDS)

    async def _all_seen(self) -> bool:
        return all(map(self.seen.ended, self.seen.accepted))

    async def _read_page(self, backtest_id: str) -> None:
        answer = await self._client.once("GET", f"{BACKTESTS}/{backtest_id}")
        if answer.status == HTTPStatus.OK:
            self.seen.pages[backtest_id] = answer.body

    async def _read_results(self) -> None:
        completed = [each for each, page in self.seen.pages.items() if page["status"] == "completed"]
        with suppress(TimeoutError):  # what could not be read is a finding then
            async with asyncio.timeout(self._plan.patience):
                await _side_by_side(self._read_result, completed)

    async def _read_result(self, backtest_id: str) -> None:
        answer = await self._client.until_answered("GET", f"{BACKTESTS}/{backtest_id}/result")
        if answer.status == HTTPStatus.OK and answer.body["equity_curve"]:
            self.seen.results[backtest_id] = answer.body["performance"]

    async def _progress(self) -> None:
        while True:
            await asyncio.sleep(PROGRESS_SECONDS)
            ended = sum(map(self.seen.ended, self.seen.accepted))
            self._tell(f"accepted {len(self.seen.accepted)}, ended {ended}, restarts {self._arena.restarts}")

    def _read_log(self) -> int:
        """Note dead letters: nothing unreadable was sent. Return how often a watchdog ended a process."""
        with (self._arena.folder / "stack.log").open(encoding="utf-8", errors="replace") as log:
            lines = [line for line in log if DEAD_LETTER in line or STUCK in line]
        for line in lines:
            if DEAD_LETTER in line:
                self._wrong("a record", line.strip())
        return sum(STUCK in line for line in lines)

    def _wrong(self, about: str, detail: str) -> None:
        self.seen.findings.append(Finding("service", about, detail))

    def _outcome(self, longest: float, stuck: int) -> Outcome:
        statuses = [page["status"] for page in self.seen.pages.values()]
        return Outcome(
            accepted=len(self.seen.accepted),
            completed=statuses.count("completed"),
            failed=statuses.count("failed"),
            cancelled=statuses.count("cancelled"),
            restarts=self._arena.restarts,
            longest_unavailability=longest,
            seed=self._plan.seed,
            faults=self._agent.injected,
            stuck=stuck,
            unplanned=tuple(unplanned(self.seen)),
            unreached=tuple(self._agent.unreached),
            findings=tuple(check(self.seen)),
        )


def _over(page: Any) -> bool:
    return page is not None and page["status"] in ENDINGS


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None] | asyncio.Task[None]) -> AsyncIterator[None]:
    """Let it run inside the block, and end it with the block."""
    task = work if isinstance(work, asyncio.Task) else asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()):
            raise error


async def _side_by_side(read: Callable[[str], Awaitable[None]], ids: Iterable[str]) -> None:
    """Read them all, a few at a time."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(each: str) -> None:
        async with free:
            await read(each)

    await asyncio.gather(*map(one, ids))

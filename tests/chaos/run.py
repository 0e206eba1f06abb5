"""A run: load and faults for some minutes, then no faults until all jobs have ended, then the check."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from deploy.embedded.errors import NotReadyError
from tests.chaos.chats import SESSIONS, Chats
from tests.chaos.check import ENDINGS, Finding, Observations, check, unplanned
from tests.chaos.client import BACKTESTS, RETRY_SECONDS, Availability, Client
from tests.chaos.injector import READY_SECONDS, FaultInjector, Tell
from tests.chaos.load import Load, within
from tests.chaos.observer import Observer
from tests.chaos.plan import fault_points, plan_faults, plan_jobs, plan_turns
from tests.chaos.report import Outcome
from tests.chaos.system import LEASE_SECONDS, SystemUnderTest

PROGRESS_SECONDS = 10.0
EVENTS_SECONDS = 15.0
AT_ONCE = 8
DEAD_LETTER = "[error] dead letter "
STUCK = "stuck, the process ends"


@dataclass(frozen=True, slots=True)
class Plan:
    """The number of jobs, the seconds with load and faults, and the seconds for all to end after that."""

    seed: int
    jobs: int
    seconds: float
    patience: float


class Run:
    """One run against a system."""

    def __init__(self, system: SystemUnderTest, plan: Plan, tell: Tell) -> None:
        self._system = system
        self._plan = plan
        self._tell = tell
        self._availability = Availability()
        self.seen = Observations()
        self._client = Client(system.stack.url, self._availability)
        durable = system.cluster is not None
        name = f"chaos-seed-{plan.seed}"
        self._load = Load(self._client, system.stack.kafka, self.seen, durable=durable, run=name)
        self._chats = Chats(self._client, self.seen, name)
        self._injector = FaultInjector(system, tell)

    async def run(self) -> Outcome:
        """Inject faults under load, wait for recovery, and check."""
        for point, action in fault_points().items():
            (self._system.faults / point).write_text(action)
        observer = Observer(self._system.stack.kafka, self._system.generation, self.seen)
        async with AsyncExitStack() as opened:
            for work in (self._system.count_restarts(), observer.run(), self._load.read(), self._progress()):
                await opened.enter_async_context(beside(work))
            await self._load_with_faults()
            longest = self._availability.longest_seconds(time.monotonic())
            await self._ended()
            await within(EVENTS_SECONDS, self._all_seen)
            await self._read_results()
            await self._chats.check(self._plan.patience)
        return self._outcome(longest, self._read_log())

    async def _load_with_faults(self) -> None:
        """Run the load with faults for the planned time, then without faults until all jobs are accepted."""
        plan = self._plan
        jobs = plan_jobs(plan.seed, plan.jobs, plan.seconds)
        turns = plan_turns(plan.seed, plan.jobs, SESSIONS, plan.seconds)
        faults = plan_faults(plan.seed, self._system.servers, sorted(self._system.links), LEASE_SECONDS)
        load = asyncio.create_task(self._load.ask(jobs))
        chats = asyncio.create_task(self._chats.converse(turns))
        async with beside(load), beside(chats):
            try:
                async with asyncio.timeout(plan.seconds):
                    await self._injector.run(faults)
            except TimeoutError:
                self._tell("no more faults")
            except NotReadyError as error:
                self._wrong("the stack", str(error))
            await self._ready()
            done, _ = await asyncio.wait((load, chats), timeout=plan.patience)
            for task in done:
                await task
            if load not in done:
                self._wrong(
                    "the gateway", f"{plan.jobs - len(self.seen.accepted)} jobs were not accepted in time"
                )
            if chats not in done:
                self._chats.unfinished()

    async def _ready(self) -> None:
        try:
            await self._system.wait_ready(READY_SECONDS)
        except NotReadyError as error:
            self._wrong("the stack", str(error))

    async def _ended(self) -> None:
        """Read the accepted backtests until all have ended, or the time is over."""
        pages = self.seen.pages
        with suppress(TimeoutError):  # a job that has not ended becomes a finding
            async with asyncio.timeout(self._plan.patience):
                while left := [each for each in self.seen.accepted if not _has_ended(pages.get(each))]:
                    await concurrently(self._read_page, left)
                    await asyncio.sleep(RETRY_SECONDS)

    async def _all_seen(self) -> bool:
        return all(map(self.seen.ended, self.seen.accepted))

    async def _read_page(self, backtest_id: str) -> None:
        answer = await self._client.once("GET", f"{BACKTESTS}/{backtest_id}")
        if answer.status == HTTPStatus.OK:
            self.seen.pages[backtest_id] = answer.body

    async def _read_results(self) -> None:
        completed = [each for each, page in self.seen.pages.items() if page["status"] == "completed"]
        with suppress(TimeoutError):  # a result that could not be read becomes a finding
            async with asyncio.timeout(self._plan.patience):
                await concurrently(self._read_result, completed)

    async def _read_result(self, backtest_id: str) -> None:
        answer = await self._client.until_servers_answer("GET", f"{BACKTESTS}/{backtest_id}/result")
        if answer.status == HTTPStatus.OK and answer.body["equity_curve"]:
            self.seen.results[backtest_id] = answer.body["performance"]

    async def _progress(self) -> None:
        while True:
            await asyncio.sleep(PROGRESS_SECONDS)
            ended = sum(map(self.seen.ended, self.seen.accepted))
            self._tell(f"accepted {len(self.seen.accepted)}, ended {ended}, restarts {self._system.restarts}")

    def _read_log(self) -> int:
        """Record dead letters: nothing unreadable was sent. Return how often a watchdog ended a process."""
        with (self._system.folder / "stack.log").open(encoding="utf-8", errors="replace") as log:
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
            restarts=self._system.restarts,
            longest_unavailability=longest,
            seed=self._plan.seed,
            faults=self._injector.injected,
            stuck=stuck,
            unplanned=tuple(unplanned(self.seen)),
            unreached=tuple(self._injector.unreached),
            findings=tuple(check(self.seen)),
        )


def _has_ended(page: Any) -> bool:
    return page is not None and page["status"] in ENDINGS


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None] | asyncio.Task[None]) -> AsyncIterator[None]:
    """Run a task inside the block, and cancel it at the end of the block."""
    task = work if isinstance(work, asyncio.Task) else asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()):
            raise error


async def concurrently(read: Callable[[str], Awaitable[None]], ids: Iterable[str]) -> None:
    """Call `read` for all ids, a few at a time."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(each: str) -> None:
        async with free:
            await read(each)

    await asyncio.gather(*map(one, ids))

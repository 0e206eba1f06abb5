"""Workers: they claim jobs, run them side by side and renew the leases meanwhile."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from functools import partial
from typing import Generic, TypeVar

import structlog

from services.chassis.errors import ChassisError, LeaseLostError, UnavailableError
from services.chassis.jobs.queue import Claim, Queue
from services.chassis.jobs.rank import Due, InQueue, Rank
from services.chassis.jobs.shortlist import Shortlist
from services.chassis.settings import ServiceSettings
from services.chassis.waiting import until_servers_answer

log = structlog.get_logger()

SEARCH_EVERY_SECONDS = 1.0
SEARCHING_AT_MOST = 0.05
"""The share of the time that may be spent on searching: with many jobs in the queue, a search takes long."""
LONGEST_PAUSE_SECONDS = 5.0
"""The longest pause between two searches, so that the jobs of a worker that died are found soon."""
RETRY_SECONDS = 1.0
RELEASE_TIMEOUT_SECONDS = 2.0
HELD_PER_SLOT = 3
"""The most jobs that are held for each slot: those at work, and those whose end is still being written."""

T = TypeVar("T")

Ending = Callable[[], Awaitable[None]]
Run = Callable[[Claim[T]], Awaitable[Ending]]


async def nothing_left() -> None:
    """The ending of a job for which nothing is left to be written."""


@dataclass(frozen=True, slots=True)
class Done:
    """The job is no longer held here: it has ended, or another worker has claimed it."""


@dataclass(frozen=True, slots=True)
class Retry:
    """The attempt has failed; the next one is due after a pause."""

    pause: timedelta


@dataclass(frozen=True, slots=True)
class GiveBack:
    """The attempt was broken off and does not count; the next one is due after a pause."""

    pause: timedelta = timedelta()


Outcome = Done | Retry | GiveBack


class State(Enum):
    """What a worker does with a job."""

    CLAIMING = auto()
    RUNNING = auto()
    ENDING = auto()
    """Its work is done and its end is being written: it takes no slot any more."""
    LEAVING = auto()
    """It is ended, lost or being released: its lease is renewed no more."""


@dataclass(slots=True, eq=False)
class _Job(Generic[T]):
    """A job that is held here; `suspect` if it was due: a worker may have died while it ran."""

    id: str
    suspect: bool
    task: "asyncio.Task[None] | None" = None
    claim: Claim[T] | None = None
    state: State = State.CLAIMING


class Workers(Generic[T]):
    """Runs as many jobs at once as there are slots; `slots` is asked again before every claim.

    `on_taken` is called with the number of every job that is taken from the queue. While a job that is due is
    here, or is the next, only `most_beside_due` jobs are held: if it kills this process, it interrupts the
    others.

    `run` returns how to end the job. That is called when the job has left its slot, so that another job runs
    while the end is written, and again if a server does not answer, so it must be safe to be called again.
    It goes on if the lease is lost.

    A job whose lease is lost is stopped. One that raises is released and tried again; how often is for
    `run` to decide, by the claim's `attempt`.
    """

    def __init__(
        self,
        queue: Queue[T],
        run: Run[T],
        slots: Callable[[], int],
        settings: ServiceSettings,
        on_taken: Callable[[float], None] = lambda _number: None,
        most_beside_due: int | None = None,
    ) -> None:
        self._queue = queue
        self._run = run
        self._slots = slots
        self._on_taken = on_taken
        self._most_beside_due = most_beside_due
        self._lease = timedelta(seconds=settings.lease_seconds)
        self._heartbeat_seconds = settings.heartbeat_seconds
        self._shortlist = Shortlist()
        self._jobs: dict[str, _Job[T]] = {}
        self._wake = asyncio.Event()
        self._search_now = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []
        self._stopping = False

    @property
    def running(self) -> int:
        """How many jobs take a slot here."""
        return sum(job.state is not State.ENDING for job in self._jobs.values())

    def ahead_of(self, rank: Rank) -> int:
        """Count the jobs that run here or, as far as is known here, come before one of this rank."""
        return self.running + self._shortlist.ahead_of(rank)

    def announce(self, job_id: str, rank: Rank | None = None) -> None:
        """Put a new job on the shortlist, so that it need not be searched for; without a rank, it is due."""
        if self._slots():
            self._shortlist.announce(job_id, rank or Due(datetime.now(UTC)))
            self._wake.set()

    def lease(self) -> datetime | None:
        """Return until when a job that is stored now can be held by this process; None: it has no room."""
        takes = self._loops and self._has_room() and not self._stopping
        return datetime.now(UTC) + self._lease if takes else None

    def adopt(self, claim: Claim[T]) -> None:
        """Run a job that was stored as claimed by this process, with a lease of `lease`."""
        before = self._jobs.get(claim.job_id)  # the end of its last run may still be under way
        self._begin(_Job[T](claim.job_id, suspect=False, claim=claim), before.task if before else None)

    def drop(self, job_id: str, fence: int | None = None) -> None:
        """Stop a job that has ended or was claimed by another worker; otherwise the next heartbeat does that.

        With a fence, only the run of that claim: the next one of the same job goes on. One whose end is being
        written is not stopped: that may be the end which was noticed.
        """
        job = self._jobs.get(job_id)
        if not (job and job.task and job.claim and job.state is State.RUNNING):
            return
        if fence is None or job.claim.fence == fence:
            job.task.cancel()

    def start(self) -> None:
        if self._slots():
            loops = (self._dispatch(), self._search(), self._heartbeat())
            self._loops = [asyncio.create_task(loop) for loop in loops]

    async def stop(self, grace_seconds: float) -> None:
        """Claim no more and let running jobs finish; what does not within the grace time is given back."""
        self._stopping = True
        dispatch, search, heartbeat = self._loops or (None, None, None)
        for loop in (dispatch, search):
            if loop:
                loop.cancel()
        if tasks := self._tasks():
            await asyncio.wait(tasks, timeout=grace_seconds)
        late = self._tasks()
        for task in late:
            task.cancel()
        if heartbeat:
            heartbeat.cancel()
        await asyncio.gather(*late, *self._loops, return_exceptions=True)

    def _tasks(self) -> "list[asyncio.Task[None]]":
        return [job.task for job in self._jobs.values() if job.task]

    async def _dispatch(self) -> None:
        while True:
            self._wake.clear()
            try:
                self._fill_slots()
            except Exception:  # e.g. of `slots`; the next search wakes this loop again
                log.exception("jobs not dispatched, trying again")
            await self._wake.wait()

    def _fill_slots(self) -> None:
        while self._has_room() and (candidate := self._shortlist.pop()):
            self._take(candidate.job_id, candidate.rank)
        if not self._shortlist and self._shortlist.incomplete:
            self._search_now.set()

    def _has_room(self) -> bool:
        if self._most_beside_due is not None and self._suspects():
            return len(self._jobs) < self._most_beside_due
        slots = self._slots()
        return self.running < slots and len(self._jobs) < HELD_PER_SLOT * slots

    def _suspects(self) -> bool:
        head = self._shortlist.peek()
        next_is_due = head is not None and isinstance(head.rank, Due)
        return next_is_due or any(job.suspect for job in self._jobs.values())

    def _take(self, job_id: str, rank: Rank) -> None:
        if job_id not in self._jobs:
            self._begin(_Job[T](job_id, suspect=isinstance(rank, Due)))
        if isinstance(rank, InQueue):
            self._on_taken(rank.number)

    def _begin(self, job: _Job[T], before: "asyncio.Task[None] | None" = None) -> None:
        self._jobs[job.id] = job
        job.task = asyncio.create_task(self._work(job, before))
        job.task.add_done_callback(partial(self._forget, job))

    def _forget(self, job: _Job[T], _task: "asyncio.Task[None]") -> None:
        if self._jobs.get(job.id) is job:
            del self._jobs[job.id]
        self._wake.set()

    async def _search(self) -> None:
        while True:
            pause = SEARCH_EVERY_SECONDS
            try:
                began = time.monotonic()
                self._shortlist.begin_search()
                self._shortlist.found(await self._queue.candidates(datetime.now(UTC)))
                pause = max(pause, min(LONGEST_PAUSE_SECONDS, (time.monotonic() - began) / SEARCHING_AT_MOST))
            except ChassisError as error:
                log.warning("cannot search for jobs", error=str(error), again=True)
            except Exception:
                log.exception("searching for jobs failed, trying again")
            self._wake.set()
            self._search_now.clear()
            with contextlib.suppress(TimeoutError):
                # In Python 3.11 wait_for can swallow a cancellation, and stop() would never return.
                async with asyncio.timeout(pause):
                    await self._search_now.wait()

    async def _work(self, job: _Job[T], before: "asyncio.Task[None] | None" = None) -> None:
        if before:
            await asyncio.wait({before})
        job.claim = job.claim or await self._claim(job.id)
        if job.claim:
            try:
                outcome = await self._carry_out(job, job.claim)
            finally:
                job.state = State.LEAVING  # before it is released: it must not be renewed after that
            if isinstance(outcome, Retry | GiveBack):
                await self._release(job.claim, outcome)

    async def _claim(self, job_id: str) -> Claim[T] | None:
        now = datetime.now(UTC)
        try:
            return await self._queue.claim(job_id, now, now + self._lease)
        except ChassisError as error:
            log.warning("job not claimed", job=job_id, error=str(error), again=True)
        except Exception:
            log.exception("job not claimed", job=job_id)
        return None

    async def _carry_out(self, job: _Job[T], claim: Claim[T]) -> Outcome:
        """Run a job and end it."""
        job.state = State.RUNNING
        try:
            end = await self._run(claim)
            job.state = State.ENDING
            self._wake.set()
            await until_servers_answer(end, partial(_log_wait, job.id))
        except asyncio.CancelledError:
            if self._stopping:
                return GiveBack()
            log.warning("job stopped: it has ended, or its lease is lost", job=job.id, fence=claim.fence)
        except Exception as error:
            known = isinstance(error, ChassisError)
            log.warning(
                "job waits for its next attempt",
                job=job.id,
                error=repr(error),
                exc_info=None if known else error,
                again=known,
            )
            pause = timedelta(seconds=RETRY_SECONDS * claim.attempt)
            # The signal that stops this process may have ended the job's process too: no fault of the job.
            return GiveBack(pause) if self._stopping else Retry(pause)
        return Done()

    async def _release(self, claim: Claim[T], outcome: Retry | GiveBack) -> None:
        """Let the job be claimed again. Where that fails, its lease runs out."""
        release = self._queue.retry if isinstance(outcome, Retry) else self._queue.give_back
        try:
            async with asyncio.timeout(RELEASE_TIMEOUT_SECONDS):
                await release(claim, datetime.now(UTC) + outcome.pause)
        except Exception as error:  # noqa: BLE001 - whatever it is, the lease will run out
            log.warning(
                "job not released, its lease will run out", job=claim.job_id, error=repr(error), again=True
            )

    async def _heartbeat(self) -> None:
        while True:
            await asyncio.sleep(self._heartbeat_seconds)
            held = [job for job in self._jobs.values() if job.state in {State.RUNNING, State.ENDING}]
            await asyncio.gather(*(self._renew(job.claim) for job in held if job.claim))

    async def _renew(self, claim: Claim[T]) -> None:
        try:
            await self._queue.renew(claim, datetime.now(UTC) + self._lease)
        except LeaseLostError:
            self.drop(claim.job_id, claim.fence)
        except Exception as error:  # noqa: BLE001 - a heartbeat that stops would give the job away
            log.warning("lease not renewed, trying again", job=claim.job_id, error=repr(error), again=True)


def _log_wait(job_id: str, error: UnavailableError) -> None:
    log.warning("the end of a job waits for a server", job=job_id, error=str(error), again=True)

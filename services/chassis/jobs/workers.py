"""Workers: they claim jobs, run them side by side and renew the leases meanwhile."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import heapify, heappop, heappush

import structlog

from services.chassis.errors import ChassisError
from services.chassis.jobs.queue import LINE_BEGINS, SHORTLIST, Candidate, Claim, Queue, due_rank
from services.chassis.settings import ServiceSettings

log = structlog.get_logger()

LOOK_EVERY_SECONDS = 1.0
LOOKING_AT_MOST = 0.05
"""The share of the time that may be spent on looking for work: with much waiting, a look takes long ..."""
LONGEST_PAUSE_SECONDS = 5.0
"""... but a worker that died must not be found out late because of that."""
RETRY_SECONDS = 1.0
RELEASE_TIMEOUT_SECONDS = 2.0
HELD_PER_SLOT = 3
"""The most jobs that are held for each slot: those at work, and those whose end is still being written."""

Ending = Callable[[], Awaitable[None]]
Run = Callable[[Claim], Awaitable[Ending]]


async def nothing_left() -> None:
    """End a job that has ended before, or with its work."""


@dataclass(frozen=True, slots=True)
class _Unfinished:
    """A job to be given back: whether its attempt counts, and how long it waits for the next one."""

    used: bool
    wait_seconds: float = 0.0


class Shortlist:
    """Candidates by rank. A hint: it may be stale, and the compare-and-set of the claim decides."""

    def __init__(self) -> None:
        self._heap: list[Candidate] = []
        self._announced: list[Candidate] = []
        self.cut = False
        """Whether there was more than was listed."""

    def __len__(self) -> int:
        return len(self._heap)

    def ahead_of(self, rank: float) -> int:
        return sum(1 for candidate in self._heap if candidate.rank <= rank)

    def announce(self, candidate: Candidate) -> None:
        self._announced.append(candidate)
        heappush(self._heap, candidate)

    def about_to_look(self) -> None:
        """Note that what is announced from now on may not be found."""
        self._announced.clear()

    def found(self, candidates: list[Candidate]) -> None:
        """Replace what is listed by what was found and what was announced meanwhile."""
        self.cut = len(candidates) >= SHORTLIST
        self._heap = list({*candidates, *self._announced})
        heapify(self._heap)

    def peek(self) -> Candidate | None:
        return self._heap[0] if self._heap else None

    def pop(self) -> Candidate | None:
        return heappop(self._heap) if self._heap else None


class Workers:
    """As many jobs at once as there are slots; `slots` is asked again before every claim.

    `passed` is told the rank of every job that leaves the line. `careful` are the slots while there is work
    that is due instead of in line: somebody died of it, or beside it, and it must not take others along.

    `run` returns how to end the job. That is called when the job has left its slot, as writing the end need
    not keep others from work, and is not stopped any more.

    A job whose lease is lost is stopped. One that raises is given back and tried again; how often is for
    `run` to decide, by the claim's `attempt`.
    """

    def __init__(
        self,
        queue: Queue,
        run: Run,
        slots: Callable[[], int],
        settings: ServiceSettings,
        passed: Callable[[float], None] = lambda _rank: None,
        careful: int | None = None,
    ) -> None:
        self._queue = queue
        self._run = run
        self._slots = slots
        self._passed = passed
        self._careful = careful
        self._due: set[str] = set()
        self._lease = timedelta(seconds=settings.lease_seconds)
        self._heartbeat_seconds = settings.heartbeat_seconds
        self._shortlist = Shortlist()
        self._jobs: dict[str, asyncio.Task[None]] = {}
        self._held: dict[str, Claim] = {}
        self._ending: set[str] = set()
        self._wake = asyncio.Event()
        self._hungry = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []
        self._stopping = False

    def ahead_of(self, rank: float) -> int:
        """Count the jobs that run here or, as far as is known here, come before one of this rank."""
        return len(self._jobs) - len(self._ending) + self._shortlist.ahead_of(rank)

    def announce(self, job_id: str, rank: float | None = None) -> None:
        """Put a new job on the shortlist, so that it need not be looked for; without a rank, it is due."""
        if self._slots():
            self._shortlist.announce(Candidate(due_rank(datetime.now(UTC)) if rank is None else rank, job_id))
            self._wake.set()

    def drop(self, job_id: str) -> None:
        """Stop a job that is no longer ours to run; without this, the next heartbeat finds out.

        One whose end is being written is left alone: perhaps that is why it is no longer ours.
        """
        if job_id in self._held and job_id not in self._ending:
            self._jobs[job_id].cancel()

    def start(self) -> None:
        if self._slots():
            loops = (self._dispatch(), self._look(), self._beat())
            self._loops = [asyncio.create_task(loop) for loop in loops]

    async def stop(self, grace_seconds: float) -> None:
        """Claim no more and let running jobs finish; what does not within the grace time is given back."""
        self._stopping = True
        dispatch, look, beat = self._loops or (None, None, None)
        for loop in (dispatch, look):
            if loop:
                loop.cancel()
        if self._jobs:
            await asyncio.wait(self._jobs.values(), timeout=grace_seconds)
        late = list(self._jobs.values())
        for job in late:
            job.cancel()
        if beat:
            beat.cancel()
        await asyncio.gather(*late, *self._loops, return_exceptions=True)

    async def _dispatch(self) -> None:
        while True:
            self._wake.clear()
            while self._room() and (candidate := self._shortlist.pop()):
                self._take(candidate)
            if not self._shortlist and self._shortlist.cut:
                self._hungry.set()
            await self._wake.wait()

    def _room(self) -> bool:
        head = self._shortlist.peek()
        due = self._due or (head and head.rank < LINE_BEGINS)
        if due and self._careful is not None:
            return len(self._jobs) < self._careful
        slots = self._slots()
        return len(self._jobs) < min(slots + len(self._ending), HELD_PER_SLOT * slots)

    def _take(self, candidate: Candidate) -> None:
        rank, job_id = candidate
        if job_id not in self._jobs:
            if rank < LINE_BEGINS:
                self._due.add(job_id)
            self._jobs[job_id] = job = asyncio.create_task(self._work(job_id))
            job.add_done_callback(partial(self._ended, job_id))
        if rank > LINE_BEGINS:
            self._passed(rank)

    def _ended(self, job_id: str, _job: "asyncio.Task[None]") -> None:
        del self._jobs[job_id]
        self._due.discard(job_id)
        self._wake.set()

    async def _look(self) -> None:
        while True:
            pause = LOOK_EVERY_SECONDS
            try:
                began = time.monotonic()
                self._shortlist.about_to_look()
                self._shortlist.found(await self._queue.candidates(datetime.now(UTC)))
                pause = max(pause, min(LONGEST_PAUSE_SECONDS, (time.monotonic() - began) / LOOKING_AT_MOST))
            except ChassisError as error:
                log.warning("cannot look for work", error=str(error))
            except Exception:
                log.exception("looking for work failed, trying again")
            self._wake.set()
            self._hungry.clear()
            with contextlib.suppress(TimeoutError):
                # Not wait_for: in Python 3.11 it can swallow a cancellation, and stop() would wait for ever.
                async with asyncio.timeout(pause):
                    await self._hungry.wait()

    async def _work(self, job_id: str) -> None:
        now = datetime.now(UTC)
        try:
            claim = await self._queue.claim(job_id, now, now + self._lease)
        except ChassisError as error:
            log.warning("job not claimed", job=job_id, error=str(error))
        except Exception:
            log.exception("job not claimed", job=job_id)
        else:
            if claim:
                await self._hold(claim)

    async def _hold(self, claim: Claim) -> None:
        self._held[claim.job_id] = claim
        try:
            unfinished = await self._carry_out(claim)
        finally:
            del self._held[claim.job_id]  # before it is given back: it must not be renewed after that
            self._ending.discard(claim.job_id)
        if unfinished:
            await self._release(claim, unfinished)

    async def _carry_out(self, claim: Claim) -> _Unfinished | None:
        """Run a job and end it; None: that is done, or somebody else's now."""
        try:
            end = await self._run(claim)
            self._ending.add(claim.job_id)
            self._wake.set()
            await end()
        except asyncio.CancelledError:
            if self._stopping:
                return _Unfinished(used=False)
            log.warning("job is no longer ours, stopped", job=claim.job_id, fence=claim.fence)
        except Exception as error:
            known = isinstance(error, ChassisError)
            log.warning("job waits for its next attempt", job=claim.job_id, exc_info=None if known else error)
            # Who stops us may have stopped its process too: then it is not to blame.
            return _Unfinished(used=not self._stopping, wait_seconds=RETRY_SECONDS * claim.attempt)
        return None

    async def _release(self, claim: Claim, unfinished: _Unfinished) -> None:
        """Give a job back. Where that fails, its lease runs out."""
        due = datetime.now(UTC) + timedelta(seconds=unfinished.wait_seconds)
        try:
            async with asyncio.timeout(RELEASE_TIMEOUT_SECONDS):
                await self._queue.release(claim, due, used=unfinished.used)
        except (ChassisError, TimeoutError) as error:
            log.warning("job not given back, its lease will run out", job=claim.job_id, error=repr(error))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._heartbeat_seconds)
            await asyncio.gather(*map(self._renew, list(self._held.values())))

    async def _renew(self, claim: Claim) -> None:
        try:
            if not await self._queue.renew(claim, datetime.now(UTC) + self._lease):
                self.drop(claim.job_id)
        except Exception as error:  # noqa: BLE001 - a heart that stops would give the job away
            log.warning("lease not renewed, trying again", job=claim.job_id, error=repr(error))

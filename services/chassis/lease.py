"""Work outside the handlers: claimed by compare-and-set, held by a lease, given to one worker at a time.

A job is due when its `due_at` has come: a new one at once, a claimed one when its lease runs out. So one
indexed field finds what waits and what a dead worker left behind.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import structlog

from services.chassis.errors import ChassisError

log = structlog.get_logger()

SHORTLIST = 1000
CANDIDATES = 64
LOOK_EVERY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A job that may be due: where it was when it was seen."""

    job_id: str
    sequence: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that is ours until the lease runs out. `fence` grows with each claim of the same job."""

    job_id: str
    sequence: int
    fence: int
    document: dict[str, Any]


class Queue(Protocol):
    """The jobs of one collection."""

    async def due(self, now: datetime, limit: int) -> Sequence[Candidate]:
        """Return jobs whose `due_at` has come, the longest waiting first."""

    async def claim(self, candidate: Candidate, until: datetime) -> Claim | None:
        """Take the job if nobody else has; None: somebody has."""

    async def renew(self, claim: Claim, until: datetime) -> bool:
        """Prolong the lease; False: it is no longer ours."""


class Workers:
    """A fixed number of slots, each claiming a job, running it and renewing its lease meanwhile.

    The shortlist is a hint and may be stale; the compare-and-set of the claim decides.
    """

    def __init__(
        self,
        queue: Queue,
        run: Callable[[Claim], Awaitable[None]],
        slots: int,
        lease_seconds: float = 30.0,
        heartbeat_seconds: float = 10.0,
    ) -> None:
        self._queue = queue
        self._run = run
        self._slots = slots
        self._lease = timedelta(seconds=lease_seconds)
        self._heartbeat_seconds = heartbeat_seconds
        self._shortlist: asyncio.Queue[Candidate] = asyncio.Queue(SHORTLIST)
        self._running: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._idle: set[asyncio.Task[None]] = set()
        self._draining = False

    @property
    def backlog(self) -> int:
        """Jobs known to wait or to run here."""
        return self._shortlist.qsize() + len(self._running)

    def announce(self, candidate: Candidate) -> None:
        """Put a new job on the shortlist, so that it need not be looked for."""
        if self._slots and not self._shortlist.full():
            self._shortlist.put_nowait(candidate)

    def start(self) -> None:
        if self._slots:
            look = asyncio.create_task(self._look())
            self._tasks = [look, *(asyncio.create_task(self._work()) for _ in range(self._slots))]
            self._idle = {look}

    async def stop(self, grace_seconds: float) -> None:
        """Claim no more and let running jobs finish; what does not is claimed again after its lease."""
        self._draining = True
        for task in self._idle:
            task.cancel()
        if busy := [task for task in self._tasks if task not in self._idle]:
            _, late = await asyncio.wait(busy, timeout=grace_seconds)
            for task in late:
                task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _look(self) -> None:
        while True:
            try:
                if self._shortlist.empty():
                    for candidate in await self._queue.due(datetime.now(UTC), CANDIDATES):
                        if candidate.job_id not in self._running:
                            self.announce(candidate)
            except ChassisError as error:
                log.warning("cannot look for work", error=str(error))
            except Exception:
                log.exception("looking for work failed, trying again")
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _work(self) -> None:
        while not self._draining:
            candidate = await self._next()
            if candidate.job_id in self._running:
                continue
            self._running.add(candidate.job_id)
            try:
                if claim := await self._queue.claim(candidate, datetime.now(UTC) + self._lease):
                    await self._hold(claim)
            except ChassisError as error:
                log.warning("job waits for its next attempt", job=candidate.job_id, error=str(error))
            except Exception:
                log.exception("job failed without an ending, it waits for its next attempt")
            finally:
                self._running.discard(candidate.job_id)

    async def _next(self) -> Candidate:
        """Wait for a candidate; who waits here has nothing to drain."""
        task = asyncio.current_task()
        if task is None:
            raise AssertionError("a slot is a task")
        self._idle.add(task)
        try:
            return await self._shortlist.get()
        finally:
            self._idle.discard(task)

    async def _hold(self, claim: Claim) -> None:
        """Run a job while its lease is renewed; a lost lease stops it."""
        job = asyncio.ensure_future(self._run(claim))
        heartbeat = asyncio.create_task(self._renew(claim, job))
        try:
            await job
        except asyncio.CancelledError:
            if asyncio.current_task().cancelling():  # type: ignore[union-attr]
                job.cancel()
                raise
            log.warning("lease lost, job stopped", job=claim.job_id, fence=claim.fence)
        finally:
            heartbeat.cancel()

    async def _renew(self, claim: Claim, job: "asyncio.Future[None]") -> None:
        while True:
            await asyncio.sleep(self._heartbeat_seconds)
            try:
                if not await self._queue.renew(claim, datetime.now(UTC) + self._lease):
                    job.cancel()
                    return
            except ChassisError as error:
                log.warning("lease not renewed, trying again", job=claim.job_id, error=str(error))

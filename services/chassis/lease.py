"""Work outside the handlers: claimed by compare-and-set, held by a lease, given to one worker at a time.

A job is due when its `due_at` has come: a new one at once, a claimed one when its lease runs out. So one
indexed field finds what waits and what a dead worker left behind.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from backchat_contracts import Event
from services.chassis.aggregates import Aggregates
from services.chassis.envelope import origin_of
from services.chassis.errors import ChassisError
from services.chassis.mongo import ASCENDING, Document, translated
from services.chassis.settings import ServiceSettings

log = structlog.get_logger()

SHORTLIST = 1000
CANDIDATES = 64
LOOK_EVERY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that is ours until the lease runs out. `fence` counts the claims of the job: ours is the last."""

    job_id: str
    fence: int
    document: Document


Started = Callable[[Document, int], tuple[Mapping[str, Any], Sequence[Event]]]


def _nothing(_document: Document, _attempt: int) -> tuple[Mapping[str, Any], Sequence[Event]]:
    return {}, ()


class Queue:
    """The jobs among a collection's aggregates: those with a `due_at`.

    Args:
        aggregates: the collection.
        started: what else a claim sets in the document, and the events it causes.

    """

    def __init__(self, aggregates: Aggregates, started: Started = _nothing) -> None:
        self._aggregates = aggregates
        self._started = started

    async def start(self) -> None:
        await self._aggregates.collection.create_index("due_at", sparse=True)

    async def due(self, now: datetime) -> list[str]:
        """Return the ids of jobs whose `due_at` has come, the longest waiting first."""
        with translated():
            cursor = self._aggregates.collection.find({"due_at": {"$lte": now}}, {"_id": 1})
            documents = await cursor.sort("due_at", ASCENDING).to_list(CANDIDATES)
        return [document["_id"] for document in documents]

    async def claim(self, job_id: str, now: datetime, until: datetime) -> Claim | None:
        """Take the job if it is due and nobody else takes it; None otherwise."""
        document = await self._aggregates.get(job_id)
        if document is None or "due_at" not in document or document["due_at"] > now:
            return None
        fence = document.get("fence", 0) + 1
        fields, events = self._started(document, fence)
        changes = {**fields, "due_at": until, "fence": fence}
        if not await self._aggregates.change(document, {"$set": changes}, events, origin_of(document)):
            return None
        return Claim(
            job_id, fence, {**document, **changes, "sequence": document["sequence"] + max(1, len(events))}
        )

    async def renew(self, claim: Claim, until: datetime) -> bool:
        """Prolong the lease; False: the job is no longer ours."""
        with translated():
            result = await self._aggregates.collection.update_one(
                {"_id": claim.job_id, "fence": claim.fence, "due_at": {"$exists": True}},
                {"$set": {"due_at": until}},
            )
        return bool(result.matched_count)


class Workers:
    """A fixed number of slots, each claiming a job, running it and renewing its lease meanwhile.

    The shortlist is a hint and may be stale; the compare-and-set of the claim decides.
    """

    def __init__(
        self,
        queue: Queue,
        run: Callable[[Claim], Awaitable[None]],
        slots: int,
        settings: ServiceSettings,
    ) -> None:
        self._queue = queue
        self._run = run
        self._slots = slots
        self._lease = timedelta(seconds=settings.lease_seconds)
        self._heartbeat_seconds = settings.heartbeat_seconds
        self._shortlist: asyncio.Queue[str] = asyncio.Queue(SHORTLIST)
        self._hungry = asyncio.Event()
        self._running: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._idle: set[asyncio.Task[None]] = set()
        self._draining = False

    @property
    def backlog(self) -> int:
        """Jobs known to wait or to run here."""
        return self._shortlist.qsize() + len(self._running)

    def announce(self, job_id: str) -> None:
        """Put a new job on the shortlist, so that it need not be looked for."""
        if self._slots and not self._shortlist.full():
            self._shortlist.put_nowait(job_id)

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
                    for job_id in await self._queue.due(datetime.now(UTC)):
                        if job_id not in self._running:
                            self.announce(job_id)
            except ChassisError as error:
                log.warning("cannot look for work", error=str(error))
            except Exception:
                log.exception("looking for work failed, trying again")
            self._hungry.clear()
            with contextlib.suppress(TimeoutError):
                # Not wait_for: in Python 3.11 it can swallow a cancellation, and stop() would wait for ever.
                async with asyncio.timeout(LOOK_EVERY_SECONDS):
                    await self._hungry.wait()

    async def _work(self) -> None:
        while not self._draining:
            job_id = await self._next()
            if job_id in self._running:
                continue
            self._running.add(job_id)
            try:
                now = datetime.now(UTC)
                if claim := await self._queue.claim(job_id, now, now + self._lease):
                    await self._hold(claim)
            except ChassisError as error:
                log.warning("job waits for its next attempt", job=job_id, error=str(error))
            except Exception:
                log.exception("job ended without an outcome, it waits for its next attempt", job=job_id)
            else:  # what can't be claimed is not looked for again without a pause
                if self._shortlist.empty():
                    self._hungry.set()
            finally:
                self._running.discard(job_id)

    async def _next(self) -> str:
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
            except Exception as error:  # noqa: BLE001 - a heart that stops would give the job away
                log.warning("lease not renewed, trying again", job=claim.job_id, error=repr(error))

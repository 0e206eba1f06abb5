"""The cost of claiming a job from short and long queues, with the queue and the workers of the services."""

import asyncio
import time
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple
from uuid import uuid4

from backchat_contracts import BacktestStarted
from deploy.embedded.stack import Stack
from services.chassis.jobs.queue import Claim, Queue, Started
from services.chassis.jobs.rank import InQueue, number_of
from services.chassis.jobs.workers import Ending, Workers, nothing_left
from services.chassis.messaging.kafka import Kafka
from services.chassis.settings import ServiceSettings
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.mongo import Database, Document, connect
from tests.bench.broker import settings_of
from tests.bench.errors import BenchError
from tests.bench.resources import cpu_by_name

SLOTS = 32
"""Jobs in progress at once: what the backtest service allows for short ones."""
AT_MOST = 1000
FILLED_AT_ONCE = 500
DEADLINE_SECONDS = 120.0


class Cost(NamedTuple):
    """Per claimed job, in milliseconds: elapsed time, and the processor time of client and database."""

    elapsed_ms: float
    cpu_ms: float


async def claiming(stack: Stack, waiting: int) -> Cost:
    """Fill a queue with `waiting` jobs, and measure how long it takes to claim up to a thousand of them.

    Each claim publishes that its job has started, as a backtest's does. The jobs themselves do nothing.

    Raises:
        BenchError: they were not all claimed in time.

    """
    settings = settings_of(stack)
    kafka = Kafka(settings, "backtest")
    await kafka.connect()
    try:
        await kafka.ensure_topics(["backtest.started"])
        async with connect(settings, f"claims_{uuid4().hex}") as database:
            aggregates = Aggregates(database["backtests"], kafka, settings)
            return await _claim(stack, settings, database, aggregates, waiting)
    finally:
        await kafka.close()


async def _claim(
    stack: Stack, settings: ServiceSettings, database: Database, aggregates: Aggregates, waiting: int
) -> Cost:
    queue = Queue(aggregates, _id, _started, queued=True)
    await asyncio.gather(aggregates.start(), queue.start())
    jobs = [_job(rank) for rank in range(waiting)]
    for first in range(0, waiting, FILLED_AT_ONCE):
        await database["backtests"].insert_many(jobs[first : first + FILLED_AT_ONCE])

    wanted, enough, claimed = min(waiting, AT_MOST), asyncio.Event(), list[str]()
    run = partial(_note, claimed, wanted, enough)
    workers = Workers(queue, run, lambda: SLOTS, settings)
    pids = {"mongodb": stack.supervisor.pids()["mongodb"]}
    spent, own, begin = cpu_by_name(pids), time.process_time(), time.perf_counter()
    workers.start()
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            await enough.wait()
    except TimeoutError as error:
        raise BenchError(f"{wanted} jobs were not claimed within {DEADLINE_SECONDS:g} s") from error
    elapsed = time.perf_counter() - begin
    cpu = time.process_time() - own + cpu_by_name(pids)["mongodb"] - spent["mongodb"]
    await workers.stop(DEADLINE_SECONDS)
    await aggregates.stop()
    return Cost(1000 * elapsed / wanted, 1000 * cpu / wanted)


async def _note(claimed: list[str], wanted: int, enough: asyncio.Event, claim: Claim[str]) -> Ending:
    claimed.append(claim.job_id)
    if len(claimed) == wanted:
        enough.set()
    return nothing_left


def _job(rank: int) -> Document:
    return {
        "_id": uuid4().hex,
        "rank": number_of(InQueue(rank)),
        "status": "pending",
        "created_at": datetime.now(UTC),
        "version": 1,
        "sequence": 0,
        "outbox": [],
    }


def _id(document: Document) -> str:
    return str(document["_id"])


def _started(job_id: str, attempt: int) -> Started[str]:
    now = datetime.now(UTC)
    event = BacktestStarted(
        backtest_id=job_id, strategy_id="s", strategy_name="S", attempt=attempt, started_at=now
    )
    return Started(job_id, {"status": "running", "started_at": now}, [event])

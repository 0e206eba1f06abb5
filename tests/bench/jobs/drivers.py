"""Clients of the three systems: they submit jobs and wait until all have ended."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

from tests.bench.errors import BenchError
from tests.bench.jobs.work import CONFIG, request

POLL_SECONDS = 0.05
AT_ONCE = 100

Accepted = Callable[[str], None]


class Driver(Protocol):
    """Submits jobs as users of the system do, and waits for their end."""

    async def submit(self, job_ids: Sequence[str]) -> None: ...

    async def wait(self, job_ids: Sequence[str]) -> None:
        """Return when every job has completed.

        Raises:
            BenchError: a job has failed. Its time says nothing: a failure may be quicker.

        """


class Results:
    """Waits for jobs by the `status` that Celery or taskiq store in a collection."""

    def __init__(self, collection: Any) -> None:
        self._collection = collection

    async def ended(self, job_ids: Sequence[str]) -> set[str]:
        ended = {"_id": {"$in": list(job_ids)}, "status": {"$in": ["SUCCESS", "FAILURE"]}}
        statuses = {job["_id"]: job["status"] async for job in self._collection.find(ended, {"status": 1})}
        if failed := [job_id for job_id, status in statuses.items() if status == "FAILURE"]:
            raise BenchError(f"{', '.join(failed[:3])} failed")
        return set(statuses)

    async def wait(self, job_ids: Sequence[str]) -> None:
        """Poll for the last job until it has ended, then for all others: this costs the database little."""
        missing = list(job_ids)
        while missing:
            if await self.ended(missing[-1:]):
                ended = await self.ended(missing)
                missing = [job_id for job_id in missing if job_id not in ended]
            else:
                await asyncio.sleep(POLL_SECONDS)


class CeleryDriver:
    """Submits with one `apply_async` after the other."""

    def __init__(self, results: Results) -> None:
        from tests.bench.jobs.celery_app import run_backtest  # noqa: PLC0415 - may not be installed

        self._task = run_backtest
        self._results = results

    async def submit(self, job_ids: Sequence[str]) -> None:
        await asyncio.to_thread(self._submit_all, job_ids)

    def _submit_all(self, job_ids: Sequence[str]) -> None:
        for job_id in job_ids:
            self._task.apply_async((CONFIG,), task_id=job_id)

    async def wait(self, job_ids: Sequence[str]) -> None:
        await self._results.wait(job_ids)


class TaskiqDriver:
    """Submits with a hundred `kiq` at a time: each waits for the broker's acknowledgement."""

    def __init__(self, task: Any, results: Results) -> None:
        self._task = task
        self._results = results

    async def submit(self, job_ids: Sequence[str]) -> None:
        for begin in range(0, len(job_ids), AT_ONCE):
            await asyncio.gather(*map(self._kick, job_ids[begin : begin + AT_ONCE]))

    async def _kick(self, job_id: str) -> None:
        await self._task.kicker().with_task_id(job_id).kiq(CONFIG)

    async def wait(self, job_ids: Sequence[str]) -> None:
        await self._results.wait(job_ids)


class BackchatDriver:
    """Publishes `backtest.requested` and consumes `backtest.completed` and `.failed` with plain aiokafka."""

    def __init__(self, producer: Any, consumer: Any) -> None:
        self._producer = producer
        self._consumer = consumer
        self._ended: set[str] = set()

    async def submit(self, job_ids: Sequence[str]) -> None:
        from services.chassis.messaging.envelope import Origin, encode  # noqa: PLC0415 - only Backchat needs it

        for job_id in job_ids:
            record = encode(request(job_id), source="bench", origin=Origin())
            headers = [(name, value.encode()) for name, value in record.headers.items()]
            await self._producer.send(record.topic, record.value, key=job_id.encode(), headers=headers)
        await self._producer.flush()

    async def wait(self, job_ids: Sequence[str]) -> None:
        wanted = set(job_ids)
        while not wanted <= self._ended:
            for partition, records in (await self._consumer.getmany(timeout_ms=1000)).items():
                ended = {record.key.decode() for record in records}
                if partition.topic == "backtest.failed" and (failed := sorted(ended & wanted)):
                    raise BenchError(f"{', '.join(failed[:3])} failed")
                self._ended |= ended


@asynccontextmanager
async def celery(mongodb_uri: str) -> AsyncIterator[Driver]:
    async with _mongodb(mongodb_uri) as client:
        yield CeleryDriver(Results(client["celery"]["celery_taskmeta"]))


@asynccontextmanager
async def taskiq(mongodb_uri: str) -> AsyncIterator[Driver]:
    from tests.bench.jobs.taskiq_app import broker, run_backtest  # noqa: PLC0415 - may not be installed

    async with _mongodb(mongodb_uri) as client:
        await broker.startup()
        try:
            yield TaskiqDriver(run_backtest, Results(client["taskiq"]["jobs"]))
        finally:
            await broker.shutdown()


@asynccontextmanager
async def backchat(_mongodb_uri: str) -> AsyncIterator[Driver]:
    from services.chassis.settings import KafkaSettings  # noqa: PLC0415
    from tests.bench import floor  # noqa: PLC0415 - takes half of the start time

    settings = KafkaSettings()
    producer = floor.producer(settings)
    consumer = floor.consumer(settings, "backtest.completed", "backtest.failed")
    await producer.start()
    await consumer.start()
    try:
        await floor.from_now_on(consumer)
        yield BackchatDriver(producer, consumer)
    finally:
        with contextlib.suppress(Exception):  # the server may have stopped already
            await consumer.stop()
            await producer.stop()


@asynccontextmanager
async def _mongodb(uri: str) -> AsyncIterator[Any]:
    from motor.motor_asyncio import AsyncIOMotorClient  # noqa: PLC0415

    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(uri)
    try:
        yield client
    finally:
        client.close()


DRIVERS = {"backchat": backchat, "celery": celery, "taskiq": taskiq}

"""The load: requests backtests over HTTP and through Kafka, reads them and cancels some."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus

from aiokafka.errors import KafkaError

from deploy.embedded.listener import publish_backtest
from tests.chaos.check import Finding, Observations
from tests.chaos.client import BACKTESTS, CHATOPS, RETRY_SECONDS, Client
from tests.chaos.plan import Job

TRIGGER = f"{CHATOPS}/backtest/trigger"
PUBLISH_SECONDS = 15.0
SEEN_SECONDS = 8.0
READ_EVERY_SECONDS = 0.2


class Load:
    """Requests each job until it is accepted.

    Over HTTP a job is accepted when its POST is answered with 202; a POST that fails is sent again with the
    same key. Through Kafka a job is accepted when the broker has acknowledged the request. The embedded
    broker forgets requests when it is killed: there a job is accepted only when an event of it was seen or it
    can be read, and until then the request is published again; its id makes it the same job.
    """

    def __init__(self, client: Client, kafka: str, seen: Observations, *, durable: bool, run: str) -> None:
        self._client = client
        self._kafka = kafka
        self._seen = seen
        self._durable = durable
        self._run = run

    async def ask(self, jobs: Sequence[Job]) -> None:
        """Request each job at its time; return when all are accepted."""
        began, self._seen.asked = time.monotonic(), len(jobs)
        async with asyncio.TaskGroup() as tasks:
            for job in jobs:
                tasks.create_task(self._request(job, began + job.at))

    async def read(self) -> None:
        """Read one accepted backtest after another until cancelled, half of the time one of the latest."""
        chance = random.Random(0)
        while True:
            if ids := list(self._seen.accepted):
                backtest_id = chance.choice(ids[-20:] if chance.random() < 0.5 else ids)
                answer = await self._client.once("GET", f"{BACKTESTS}/{backtest_id}")
                if answer.status == HTTPStatus.OK:
                    self._seen.look(backtest_id, answer.body)
            else:
                await self._client.once("GET", BACKTESTS)
            await asyncio.sleep(READ_EVERY_SECONDS)

    async def _request(self, job: Job, at: float) -> None:
        await asyncio.sleep(at - time.monotonic())
        backtest_id = await (self._publish(job) if job.through_kafka else self._post(job))
        if backtest_id and job.cancel_after is not None:
            await asyncio.sleep(job.cancel_after)
            await self._cancel(job, backtest_id)

    async def _cancel(self, job: Job, backtest_id: str) -> None:
        answer = await self._client.until_servers_answer("POST", f"{BACKTESTS}/{backtest_id}/cancel")
        confirmed = {HTTPStatus.OK}
        if self._durable:  # the request may not be consumed yet: it is cancelled as soon as it is
            confirmed.add(HTTPStatus.NOT_FOUND)
        if answer.status in confirmed:
            self._seen.cancelled.add(backtest_id)
        elif answer.status not in {HTTPStatus.ACCEPTED, HTTPStatus.CONFLICT}:
            self._wrong(job, f"cancelling {backtest_id} was answered with {answer}")

    async def _post(self, job: Job) -> str | None:
        key = f"{self._run}-job-{job.number}"
        answer = await self._client.until_servers_answer("POST", TRIGGER, job.request, key)
        if answer.status != HTTPStatus.ACCEPTED:
            self._wrong(job, f"answered with {answer}")
            return None
        backtest_id = str(answer.body["backtest_id"])
        self._seen.accept(backtest_id, job)
        return backtest_id

    async def _publish(self, job: Job) -> str:
        backtest_id = f"{self._run}-{job.number}"
        while True:
            await self._until_acknowledged({"backtest_id": backtest_id, **job.request})
            if self._durable or await within(SEEN_SECONDS, lambda: self._is_known(backtest_id)):
                self._seen.accept(backtest_id, job)
                return backtest_id

    async def _until_acknowledged(self, value: dict[str, object]) -> None:
        while True:
            try:
                async with asyncio.timeout(PUBLISH_SECONDS):
                    return await publish_backtest(self._kafka, value)
            except (KafkaError, OSError):
                await asyncio.sleep(RETRY_SECONDS)

    async def _is_known(self, backtest_id: str) -> bool:
        if backtest_id in self._seen.events:
            return True
        return (await self._client.once("GET", f"{BACKTESTS}/{backtest_id}")).status == HTTPStatus.OK

    def _wrong(self, job: Job, detail: str) -> None:
        self._seen.findings.append(Finding("service", f"job {job.number}", detail))


async def within(seconds: float, true: Callable[[], Awaitable[bool]]) -> bool:
    """Check a condition repeatedly; return whether it held in time."""
    deadline = time.monotonic() + seconds
    while not await true():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(RETRY_SECONDS)
    return True

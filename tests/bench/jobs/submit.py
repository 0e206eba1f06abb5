"""`python -m tests.bench.jobs.submit SYSTEM JOBS PER_SECOND`: a client that retries until a job is accepted.

It submits one job after the other and prints the id of each as soon as the system has acknowledged it: from
then on the system must not lose it.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from deploy.embedded.net import request
from tests.bench.jobs.work import CONFIG, STRATEGY, WAIT_TAG, job_ids
from tests.bench.scenarios import CHATOPS

TRIGGER = f"{CHATOPS}/backtest/trigger"
ACCEPTED = 202
ATTEMPT_SECONDS = 20.0
RETRY_SECONDS = 0.2

Submit = Callable[[str], Awaitable[str]]


class NotAcceptedError(Exception):
    """The gateway did not answer with 202."""


@asynccontextmanager
async def backchat() -> AsyncIterator[Submit]:
    """Submit through the gateway, with an idempotency key that makes a retry the same job."""
    body = {"strategy_config": STRATEGY, "trigger_reason": WAIT_TAG, "fresh": True}

    async def submit(job_id: str) -> str:
        headers = {"Content-Type": "application/json", "Idempotency-Key": job_id}
        url = os.environ["GATEWAY_URL"] + TRIGGER
        status, answer = await request("POST", url, json.dumps(body).encode(), headers)
        if status != ACCEPTED:
            raise NotAcceptedError(f"{status} {answer[:200]!r}")
        return str(json.loads(answer)["backtest_id"])

    yield submit


@asynccontextmanager
async def celery() -> AsyncIterator[Submit]:
    from tests.bench.jobs.celery_app import run_backtest  # noqa: PLC0415 - may not be installed

    async def submit(job_id: str) -> str:
        await asyncio.to_thread(run_backtest.apply_async, (CONFIG,), task_id=job_id)
        return job_id

    yield submit


@asynccontextmanager
async def taskiq() -> AsyncIterator[Submit]:
    from tests.bench.jobs.taskiq_app import broker, run_backtest  # noqa: PLC0415 - may not be installed

    async def submit(job_id: str) -> str:
        await run_backtest.kicker().with_task_id(job_id).kiq(CONFIG)
        return job_id

    await broker.startup()
    try:
        yield submit
    finally:
        await broker.shutdown()


SUBMITTERS = {"backchat": backchat, "celery": celery, "taskiq": taskiq}


async def main(system: str, jobs: int, per_second: float) -> None:
    async with SUBMITTERS[system]() as submit:
        begin = time.monotonic()
        for number, job_id in enumerate(job_ids("job", jobs), start=1):
            print(await _accepted(submit, job_id), flush=True)  # noqa: T201 - its output
            await asyncio.sleep(begin + number / per_second - time.monotonic())


async def _accepted(submit: Submit, job_id: str) -> str:
    while True:
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                return await submit(job_id)
        except Exception as error:  # noqa: BLE001 - each client raises its own; all mean: not accepted
            sys.stderr.write(f"{job_id} is not accepted yet: {error!r}\n"[:300])
            await asyncio.sleep(RETRY_SECONDS)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))

"""`python -m tests.bench.jobs SYSTEM WARM_UP JOBS`: the client of a measurement, a process of its own.

It submits WARM_UP jobs, waits for their end and prints `warm`. After a line on its input it submits JOBS
jobs, and prints the seconds until the last of them has ended.
"""

import asyncio
import os
import sys
import time

from tests.bench.errors import BenchError
from tests.bench.jobs.drivers import DRIVERS
from tests.bench.jobs.work import job_ids


async def main(system: str, warm_up: int, jobs: int) -> None:
    async with DRIVERS[system](os.environ["MONGODB_URI"]) as driver:
        before, counted = job_ids("warm-up", warm_up), job_ids("job", jobs)
        await driver.submit(before)
        await driver.wait(before)
        print("warm", flush=True)  # noqa: T201 - its output
        sys.stdin.readline()
        begin = time.perf_counter()
        await driver.submit(counted)
        await driver.wait(counted)
        print(time.perf_counter() - begin, flush=True)  # noqa: T201


if __name__ == "__main__":
    try:
        asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
    except BenchError as error:
        sys.exit(f"{sys.argv[1]}: {error}")

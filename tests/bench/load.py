"""The load generator: `python -m tests.bench.load` reads a job from its input and writes what it measured.

Each burst is a process of its own, so that it shares no interpreter with what is measured. It uses keep-alive
connections, httptools and uvloop, because it has to cost less than what it measures: about 0.1 ms of
processor time per request. `make bench` prints what it was, and the rate against an empty endpoint.
"""

import asyncio
import itertools
import json
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httptools
import uvloop

from tests.bench.client import program
from tests.bench.errors import BenchError
from tests.bench.figures import Burst

FIRST_ERROR = 400
PATIENCE_SECONDS = 60.0
CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Job:
    """Send `requests` cyclically to `url` over `clients` connections for `seconds`.

    Requests that begin in the `warm_up` seconds before are not measured. The warm-up is longer than the pause
    between two rounds of the services' housekeeping, so that measured requests bear their share of it. With
    `until_completed`, a request ends when `backtest.completed` has come for the backtest that it triggered,
    from the Kafka that the environment names.
    """

    url: str
    requests: Sequence[str]
    clients: int
    seconds: float
    warm_up: float = 1.2
    until_completed: bool = False


async def burst(job: Job, env: Mapping[str, str] | None = None) -> Burst:
    """Run a job in a process of its own.

    Raises:
        BenchError: the generator failed. Refused requests do not raise, they are counted.

    """
    async with program("tests.bench.load", env=env, stderr=asyncio.subprocess.PIPE) as process:
        output, errors = await process.communicate(json.dumps(asdict(job)).encode())
    if process.returncode:
        last_words = errors.decode(errors="replace").splitlines()[-1:]
        raise BenchError(f"the load generator failed: {' '.join(last_words)}")
    return Burst(**json.loads(output))


def http_request(method: str, path: str, body: Mapping[str, Any] | None = None) -> str:
    """Return the text of an HTTP request; `path` must be URL-quoted."""
    content = "" if body is None else json.dumps(body)  # ASCII: one byte per character
    return (
        f"{method} {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n\r\n{content}"
    )


class Connection:
    """A keep-alive connection that carries one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._parser = httptools.HttpResponseParser(self)
        self._complete = False
        self.body = b""

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self._complete = True

    async def ask(self, request: bytes) -> int:
        """Send a request and return the status; the answer's body is then in `body`."""
        self._complete, self.body = False, b""
        self._writer.write(request)
        while not self._complete:
            if not (data := await self._reader.read(CHUNK)):
                raise ConnectionError("the server closed the connection")
            self._parser.feed_data(data)
        return int(self._parser.get_status_code())

    def close(self) -> None:
        self._writer.close()


@dataclass(slots=True)
class Tally:
    """Counts requests between `begin` and `end`, in seconds of the performance counter.

    A latency counts if the request began in this time, and throughput counts requests that ended in it: so
    slow requests at the end keep their latency, and do not add to the throughput.
    """

    begin: float
    end: float
    latencies_ms: list[float] = field(default_factory=list)
    done: int = 0
    asked: int = 0
    failed: int = 0
    failure: str = ""

    def note(self, began: float, ended: float, failure: str) -> None:
        self.asked += 1
        if failure:
            self.failed += 1
            self.failure = self.failure or failure
            return
        if self.begin <= began < self.end:
            self.latencies_ms.append(1000 * (ended - began))
        if self.begin <= ended < self.end:
            self.done += 1


class Completions:
    """Waits for `backtest.completed`, read by plain aiokafka without a group, from the end of the topic."""

    def __init__(self) -> None:
        self._seen: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def wait(self, answer: bytes) -> None:
        """Wait until the backtest that this answer to a trigger names has completed."""
        await self._seen[json.loads(answer)["backtest_id"]].wait()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        from services.chassis.settings import KafkaSettings  # noqa: PLC0415
        from tests.bench import floor  # noqa: PLC0415 - takes half of the start time, and few jobs need it

        consumer = floor.consumer(KafkaSettings(), "backtest.completed")
        await consumer.start()
        await floor.from_now_on(consumer)
        task = asyncio.create_task(self._read(consumer))
        try:
            yield
        finally:
            task.cancel()
            await consumer.stop()

    async def _read(self, consumer: Any) -> None:
        async for record in consumer:
            self._seen[record.key.decode()].set()


async def run(job: Job) -> Burst:
    address = urlsplit(job.url)
    requests = itertools.cycle([request.encode() for request in job.requests])
    completions = Completions()

    async def client(connection: Connection, tally: Tally) -> None:
        while (began := time.perf_counter()) < tally.end:
            status = await connection.ask(next(requests))
            failure = f"{status} {connection.body[:300]!r}" if status >= FIRST_ERROR else ""
            if job.until_completed and not failure:
                await completions.wait(connection.body)
            tally.note(began, time.perf_counter(), failure)

    async def load() -> Burst:
        connections = [
            Connection(*await asyncio.open_connection(address.hostname, address.port))
            for _ in range(job.clients)
        ]
        begin, cpu = time.perf_counter() + job.warm_up, time.process_time()
        tally = Tally(begin, begin + job.seconds)
        async with asyncio.timeout(job.warm_up + job.seconds + PATIENCE_SECONDS):
            await asyncio.gather(*(client(connection, tally) for connection in connections))
        for connection in connections:
            connection.close()
        return Burst(
            latencies_ms=tally.latencies_ms,
            per_s=tally.done / job.seconds,
            asked=tally.asked,
            failed=tally.failed,
            failure=tally.failure,
            cpu_seconds=time.process_time() - cpu,
        )

    if not job.until_completed:
        return await load()
    async with completions.reading():
        return await load()


if __name__ == "__main__":
    print(json.dumps(asdict(uvloop.run(run(Job(**json.load(sys.stdin)))))))  # noqa: T201 - its output

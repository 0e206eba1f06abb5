"""Samples of a running stack: what each process uses, how old its unsent events are, and the dead letters."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from pydantic import SecretStr

from deploy.dlq.records import DeadLetters
from deploy.embedded.net import request
from deploy.embedded.stack import Stack
from deploy.services import GATEWAY
from services.chassis.errors import BrokerUnavailableError, StoreUnavailableError
from services.chassis.messaging.kafka import Kafka
from services.chassis.settings import KafkaSettings, MongoSettings
from services.chassis.storage.mongo import ASCENDING, Database, connect, translated
from tests.bench import resources

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TASKS = re.compile(rb"^backchat_asyncio_tasks (\S+)$", re.MULTILINE)
ANSWER_SECONDS = 10.0
WORKERS = "workers of {}"
"""The name of the child processes of a service, which are measured together: they come and go."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process uses: memory in MB (PSS), open files, threads, and asyncio tasks if it has some."""

    pid: int
    memory: float
    files: int
    threads: int
    tasks: int | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """All processes at one time, in seconds from the beginning.

    `outbox` has the age of the oldest unsent event of each service in seconds, empty while the database does
    not answer. `dead_letters` is None while the broker does not.
    """

    seconds: float
    processes: Mapping[str, Usage]
    outbox: Mapping[str, float]
    dead_letters: int | None


class Sampler:
    """Samples a stack that runs with `KAFKA_METRICS`."""

    def __init__(self, stack: Stack, databases: Mapping[str, Database], dead_letters: DeadLetters) -> None:
        self._stack = stack
        self._databases = databases
        self._dead_letters = dead_letters
        self._began = time.monotonic()

    @classmethod
    @asynccontextmanager
    async def of(cls, stack: Stack) -> AsyncIterator[Self]:
        """Connect to the stack's broker and database."""
        settings = MongoSettings(mongodb_uri=SecretStr(stack.mongodb_uri))
        kafka = Kafka(KafkaSettings(kafka_bootstrap_servers=stack.kafka, kafka_idempotence=False), "dlq")
        async with AsyncExitStack() as opened:
            databases = {
                name: await opened.enter_async_context(connect(settings, name))
                for name in stack.health_urls
                if name != GATEWAY
            }
            await kafka.connect()
            opened.push_async_callback(kafka.close)
            yield cls(stack, databases, DeadLetters(kafka))

    async def sample(self) -> Sample:
        began = time.monotonic()
        processes: dict[str, Usage] = {}
        for name, pid in self._stack.supervisor.pids().items():
            processes[name] = _usage(pid, {pid}, await self._tasks(name))
            if children := await asyncio.to_thread(resources.tree, pid) - {pid}:
                processes[WORKERS.format(name)] = _usage(pid, children)
        return Sample(began - self._began, processes, await self._outbox(), await self._count_dead_letters())

    async def _outbox(self) -> dict[str, float]:
        try:
            with translated():
                return {name: await _oldest(database) for name, database in self._databases.items()}
        except StoreUnavailableError:
            return {}

    async def _tasks(self, name: str) -> int | None:
        if (url := self._stack.health_urls.get(name)) is None:
            return None
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                _, page = await request("GET", f"{url}/metrics")
        except OSError:  # it is being started again
            return None
        found = TASKS.search(page)
        return int(float(found[1])) if found else None

    async def _count_dead_letters(self) -> int | None:
        try:
            return len(await self._dead_letters.find())
        except BrokerUnavailableError:
            return None


def _usage(pid: int, pids: set[int], tasks: int | None = None) -> Usage:
    memory, _ = resources.memory_mb(pids)
    return Usage(pid, memory, resources.open_files(pids), resources.threads(pids), tasks)


async def _oldest(database: Database) -> float:
    """Return the age in seconds of the oldest unsent event of a database, 0 if there is none."""
    moments = []
    for name in await database.list_collection_names():
        found = await database[name].find_one(
            {"unsent_since": {"$gt": EPOCH}}, {"unsent_since": 1}, sort=[("unsent_since", ASCENDING)]
        )
        if found:
            moments.append(found["unsent_since"])
    return (datetime.now(UTC) - min(moments)).total_seconds() if moments else 0.0

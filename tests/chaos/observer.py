"""A foreign consumer of all backtest events, for the whole run."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from tests.chaos.check import TOPICS, Observations, SeenEvent

START_SECONDS = 15.0
RETRY_SECONDS = 0.2
LEAVE_SECONDS = 1.0
POLL_MS = 250


class Observer:
    """Consumes each topic from its beginning.

    The embedded broker is empty after a restart and its offsets start again: then a new consumer starts at
    the beginning. `generation` returns a value that changes with such a restart.
    """

    def __init__(self, kafka: str, generation: Callable[[], object], seen: Observations) -> None:
        self._kafka = kafka
        self._generation = generation
        self._seen = seen

    async def run(self) -> None:
        """Consume until cancelled."""
        while True:
            generation = self._generation()
            consuming = asyncio.create_task(self._consume())
            try:
                while generation == self._generation() and not consuming.done():
                    await asyncio.wait([consuming], timeout=POLL_MS / 1000)
            finally:
                await _leave(consuming)
            await asyncio.sleep(RETRY_SECONDS)

    async def _consume(self) -> None:
        consumer = AIOKafkaConsumer(
            *TOPICS,
            bootstrap_servers=self._kafka,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=100,
            metadata_max_age_ms=1000,
        )
        try:
            async with asyncio.timeout(START_SECONDS):
                await consumer.start()
            while True:
                for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
                    for record in records:
                        self._deliver(record)
        finally:
            await consumer.stop()

    def _deliver(self, record: Any) -> None:
        headers, value = {name: text.decode() for name, text in record.headers}, json.loads(record.value)
        event = SeenEvent(TOPICS[record.topic], int(headers["ce_sequence"]), headers["ce_id"], value)
        self._seen.deliver(value["backtest_id"], event)


async def _leave(consuming: asyncio.Task[None]) -> None:
    """Stop a consumer, and abandon it after a second: one whose broker has died may never stop."""
    consuming.cancel()
    done, _ = await asyncio.wait([consuming], timeout=LEAVE_SECONDS)
    for task in done:
        error = None if task.cancelled() else task.exception()
        if error and not isinstance(error, KafkaError | OSError):  # TimeoutError is one of the latter
            raise error

"""A foreign service that listens to all that happens to backtests, for as long as the run lasts."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from tests.chaos.check import TOPICS, Observations, Seen

START_SECONDS = 15.0
RETRY_SECONDS = 0.2
LEAVE_SECONDS = 1.0
POLL_MS = 250


class Observer:
    """Reads every topic from its beginning.

    The embedded broker is empty when it comes back, and what is read there has other places: then a new
    consumer starts at the beginning again. `generation` tells one broker's life from the next.
    """

    def __init__(self, kafka: str, generation: Callable[[], object], seen: Observations) -> None:
        self._kafka = kafka
        self._generation = generation
        self._seen = seen

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            generation = self._generation()
            listening = asyncio.create_task(self._listen())
            try:
                while generation == self._generation() and not listening.done():
                    await asyncio.wait([listening], timeout=POLL_MS / 1000)
            finally:
                await _leave(listening)
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self) -> None:
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
        event = Seen(TOPICS[record.topic], int(headers["ce_sequence"]), headers["ce_id"], value)
        self._seen.deliver(value["backtest_id"], event)


async def _leave(listening: asyncio.Task[None]) -> None:
    """End a consumer, or leave it alone: one whose broker has died may never end."""
    listening.cancel()
    done, _ = await asyncio.wait([listening], timeout=LEAVE_SECONDS)
    for task in done:
        error = None if task.cancelled() else task.exception()
        if error and not isinstance(error, KafkaError | OSError):  # TimeoutError is one of the latter
            raise error

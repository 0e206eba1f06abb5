"""A service of another team: it knows headers, JSON and topic names, and imports no code of this project."""

import asyncio
import json
import uuid
from collections import defaultdict
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

STATUSES = {
    "backtest.rejected": "rejected",
    "backtest.accepted": "pending",
    "backtest.started": "running",
    "backtest.completed": "completed",
    "backtest.failed": "failed",
    "backtest.cancelled": "cancelled",
}
ENDINGS = ("rejected", "completed", "failed", "cancelled")

Seen = dict[int, tuple[str, dict[str, Any]]]
"""Status and event by sequence: what is delivered twice counts once."""


async def publish_backtest(kafka: str, value: dict[str, Any]) -> None:
    """Publish `backtest.requested` as any program would: CloudEvents headers, a JSON value, a key."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
    try:
        await producer.start()
        await producer.send_and_wait(
            "backtest.requested",
            json.dumps(value).encode(),
            key=value["backtest_id"].encode(),
            headers=[
                ("ce_specversion", b"1.0"),
                ("ce_id", str(uuid.uuid4()).encode()),
                ("ce_type", b"backtest.requested"),
                ("ce_source", b"/another-service"),
                ("content-type", b"application/json"),
            ],
        )
    finally:
        await producer.stop()


class BacktestListener:
    """Consumes the events of backtests, and waits for their end."""

    def __init__(self, kafka: str) -> None:
        self._consumer = AIOKafkaConsumer(
            *STATUSES, bootstrap_servers=kafka, auto_offset_reset="earliest", fetch_max_wait_ms=50
        )
        self._seen: dict[str, Seen] = defaultdict(dict)

    async def __aenter__(self) -> Self:
        await self._consumer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._consumer.stop()

    async def until_ended(self, backtest_id: str, seconds: float) -> list[tuple[str, dict[str, Any]]]:
        """Wait for all events of a backtest; return its statuses and events in order.

        Raises:
            TimeoutError: it did not end within `seconds`.

        """
        seen = self._seen[backtest_id]
        async with asyncio.timeout(seconds):
            while not complete(seen):
                record = await self._consumer.getone()
                event = json.loads(record.value)
                sequence = int(dict(record.headers).get("ce_sequence", 0))
                self._seen[event["backtest_id"]][sequence] = STATUSES[record.topic], event
        return [seen[sequence] for sequence in sorted(seen)]


def complete(seen: Seen) -> bool:
    """Return whether the last event has come and none before it is missing.

    Topics are read concurrently, so the last event may come first. A rejection is alone and has no sequence.
    """
    last = max(seen, default=-1)
    return last >= 0 and seen[last][0] in ENDINGS and len(seen) >= last

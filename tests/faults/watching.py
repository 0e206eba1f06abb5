"""A consumer of all events of backtests, from the beginning."""

import asyncio
from collections import defaultdict
from typing import Self

import pytest
from aiokafka import AIOKafkaConsumer

from tests.fakes import eventually

ENDINGS = ("backtest.completed", "backtest.failed", "backtest.cancelled")
LIFE = ("backtest.accepted", "backtest.started", *ENDINGS)
COMPLETED = ["backtest.accepted", "backtest.started", "backtest.completed"]
"""The topics of a backtest that completes at its first attempt."""

Event = tuple[int, str]
"""Sequence and topic: an event that is delivered twice is one."""


class Watch:
    """The events of each backtest."""

    def __init__(self, kafka: str) -> None:
        self._consumer = AIOKafkaConsumer(
            *LIFE, bootstrap_servers=kafka, auto_offset_reset="earliest", fetch_max_wait_ms=50
        )
        self._events: dict[str, dict[str, Event]] = defaultdict(dict)

    async def __aenter__(self) -> Self:
        await self._consumer.start()
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)
        await self._consumer.stop()

    async def _read(self) -> None:
        async for record in self._consumer:
            headers = {name: value.decode() for name, value in record.headers}
            event = int(headers["ce_sequence"]), record.topic
            self._events[record.key.decode()][headers["ce_id"]] = event

    def life(self, backtest_id: str) -> list[Event]:
        """Return a backtest's events in order, each of its `ce_id` once."""
        return sorted(self._events[backtest_id].values())

    async def ended(self, backtest_id: str) -> list[str]:
        """Wait for all events of a backtest that has ended; return their topics.

        Nothing may be missing, nothing may come twice under another id, and there is one end.
        """

        def heard() -> bool:
            life = self.life(backtest_id)
            return bool(life) and life[-1][1] in ENDINGS and len(life) >= life[-1][0]

        try:
            await eventually(heard, 20)
        except TimeoutError:
            pytest.fail(f"of {backtest_id} was heard only {self.life(backtest_id)}, by {self._reader}")
        life = self.life(backtest_id)
        assert [sequence for sequence, _ in life] == list(range(1, len(life) + 1)), life
        topics = [topic for _, topic in life]
        assert [topic for topic in topics if topic in ENDINGS] == topics[-1:], life
        return topics

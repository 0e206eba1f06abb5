"""Watchers of live events, and what becomes of them when the gateway stops."""

import asyncio

import pytest

from backchat_contracts import SessionEnded
from services.chassis.errors import BrokerUnavailableError
from services.gateway.live_events import LiveEvents
from tests.fakes import FakeKafka

pytestmark = pytest.mark.anyio


class Silent(FakeKafka):
    """A broker that does not answer."""

    def __init__(self) -> None:
        super().__init__("gateway")
        self.asked = asyncio.Event()

    async def ensure_topics(self, names: object) -> None:  # noqa: ARG002
        self.asked.set()
        await asyncio.Event().wait()


async def test_a_watcher_is_told_when_the_reader_is_stopped_before_it_is_connected() -> None:
    kafka = Silent()
    events = LiveEvents(kafka, [SessionEnded])

    async def watch() -> None:
        async with events.watching("s-1"):
            raise AssertionError("never connected")

    watcher = asyncio.create_task(watch())
    await kafka.asked.wait()
    await events.stop()
    with pytest.raises(BrokerUnavailableError):
        await asyncio.wait_for(watcher, 2)

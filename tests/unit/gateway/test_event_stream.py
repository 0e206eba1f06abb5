"""The stream of a backtest's events: where it resumes, and when it ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.chassis.messaging.envelope import Delivery
from services.gateway.event_stream import Seen, follow
from services.gateway.live_events import LiveEvents
from services.gateway.service_client import ServiceClient
from services.gateway.settings import GatewaySettings
from tests.fakes import FakeRequestClient
from tests.unit.gateway.test_backtests import view

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("seen", [Seen(), Seen(3), Seen(12, 7), Seen(2, 1000)])
def test_what_was_given_out_is_read_again(seen: Seen) -> None:
    assert Seen.read(str(seen)) == seen


@pytest.mark.parametrize(
    "header", [None, "", "x", "2.", ".5", "-1", "2.5.1", "²", "1e3", "9" * 5000, "2." + "9" * 5000, "٣"]
)
def test_what_was_never_given_out_counts_as_nothing(header: str | None) -> None:
    assert Seen.read(header) == Seen()


class Silence(LiveEvents):
    """No event ever comes."""

    def __init__(self) -> None:
        self.watchers = 0

    @asynccontextmanager
    async def watching(self, _key: str) -> AsyncIterator["asyncio.Queue[Delivery]"]:
        self.watchers += 1
        yield asyncio.Queue()
        self.watchers -= 1


async def test_a_stream_ends_when_the_gateway_stops() -> None:
    request_client, live, stopping = FakeRequestClient(), Silence(), asyncio.Event()
    request_client.will_answer(view(status="running", sequence=2))
    events = follow(ServiceClient(request_client, live, GatewaySettings(), stopping), "b-1", Seen())
    assert [(await anext(events))[:8] for _ in range(2)] == [b": ping\n\n", b"event: s"]
    rest = asyncio.ensure_future(anext(events, None))
    await asyncio.sleep(0)
    assert live.watchers == 1

    stopping.set()
    async with asyncio.timeout(5):
        assert await rest is None
    assert live.watchers == 0

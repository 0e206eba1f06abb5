"""The stream of a session's answers: what it begins with, what it tells of, and when it ends."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from backchat_contracts import ChatFailed, HistoryEntry, SessionQueried, SessionView
from services.chassis.messaging.envelope import Delivery, Origin
from services.gateway.live_events import LiveEvents
from services.gateway.service_client import ServiceClient
from services.gateway.session_stream import follow
from services.gateway.settings import GatewaySettings
from tests.builders import NOW
from tests.fakes import FakeRequestClient

pytestmark = pytest.mark.anyio


class Live(LiveEvents):
    """Gives what a test puts into the queue."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Delivery] = asyncio.Queue()

    @asynccontextmanager
    async def watching(self, _key: str) -> AsyncIterator["asyncio.Queue[Delivery]"]:
        yield self.queue

    def happens(self, kind: str, value: bytes = b"{}") -> None:
        self.queue.put_nowait(Delivery("e-1", kind, 3, Origin(), None, value))


def entries(*turns: str) -> tuple[HistoryEntry, ...]:
    """Return the messages and answers of turns; one in capitals has no message."""
    said = [
        HistoryEntry(turn_id=turn, role=role, content=f"{role} {turn}", timestamp=NOW, language="en")
        for turn in turns
        for role in (("assistant",) if turn.isupper() else ("user", "assistant"))
    ]
    return tuple(said)


def view(*turns: str, is_active: bool = True) -> SessionView:
    return SessionView(
        session_id="s-1",
        user_id="kim",
        is_active=is_active,
        created_at=NOW,
        updated_at=NOW,
        conversation_history=entries(*turns),
        context={},
    )


class Following:
    """A stream, and what it is from."""

    def __init__(self, after: str | None = None) -> None:
        self.live, self.stopping = Live(), asyncio.Event()
        self.request_client = FakeRequestClient()
        client = ServiceClient(self.request_client, self.live, GatewaySettings(), self.stopping)
        self.events = follow(client, "s-1", after)

    async def next(self, *answers: SessionView) -> dict[str, Any] | None:
        """Return the next event; queries are answered with these."""
        for answer in answers:
            self.request_client.will_answer(answer)
        async with asyncio.timeout(5):
            written = await anext(self.events, None)
        if written is None:
            return None
        lines = [line.split(": ", 1) for line in written.decode().splitlines() if line]
        fields = {name: value for name, value in lines if name}
        return {**fields, **({"data": json.loads(fields["data"])} if "data" in fields else {})}


async def test_it_begins_with_what_comes_next() -> None:
    following = Following()
    assert await following.next(view("a", "b")) == {}  # a comment
    following.live.happens("chat.answered")
    event = await following.next(view("c", "END"))
    assert event is not None
    assert (event["event"], event["id"]) == ("message.completed", "c")
    assert (event["data"]["answer"], event["data"]["turn"]["message"]) == ("assistant c", "user c")
    unasked = await following.next()
    assert unasked is not None
    assert (unasked["id"], unasked["data"]["turn"]["message"]) == ("END", "")
    asked = [query for query, _ in following.request_client.asked]
    assert asked == [SessionQueried(session_id="s-1"), SessionQueried(session_id="s-1", after="b")]


async def test_an_answer_that_replaces_another_one_has_the_message_of_that() -> None:
    whole = view("a")
    again = whole.conversation_history[-1].model_copy(update={"turn_id": "b", "replaces": "a"})
    following = Following(after="a")
    new = whole.model_copy(update={"conversation_history": (again,)})
    assert await following.next(new) == {}
    all_of_it = whole.model_copy(update={"conversation_history": (*whole.conversation_history, again)})
    event = await following.next(all_of_it)
    assert event is not None
    turn = event["data"]["turn"]
    assert (event["id"], turn["message"], turn["replaces"]) == ("b", "user a", "a")


async def test_it_goes_on_after_the_last_event_of_a_client() -> None:
    following = Following(after="a")
    assert await following.next(view("b")) == {}
    event = await following.next()
    assert event is not None
    assert event["id"] == "b"


async def test_a_turn_without_an_answer_is_an_error() -> None:
    following = Following()
    await following.next(view())
    failed = ChatFailed(turn_id="t-9", session_id="s-1", code="no-data", detail="none")
    following.live.happens("chat.failed", failed.model_dump_json().encode())
    event = await following.next(view())
    assert event is not None
    assert (event["event"], event["data"]["type"], event["data"]["turn_id"]) == (
        "error",
        "/problems/no-data",
        "t-9",
    )


async def test_it_ends_with_the_session_and_with_the_gateway() -> None:
    following = Following()
    assert await following.next(view("a", is_active=False)) == {}
    assert await following.next() is None

    following = Following()
    await following.next(view())
    following.stopping.set()
    assert await following.next() is None

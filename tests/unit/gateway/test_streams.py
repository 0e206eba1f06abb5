"""Chat as server-sent events."""

import asyncio
import json
from typing import Any

import pytest

from backchat_contracts import ChatFailed, ChatRequested, ChatRestarted, ChatStreamed, Contract, Refused
from services.chassis.errors import BrokerUnavailableError, NoReplyError
from tests.fakes import eventually
from tests.unit.gateway.client import CHAT, Client, assert_problem, connected
from tests.unit.gateway.test_sessions import answered

pytestmark = pytest.mark.anyio

PATH = f"{CHAT}/session/s-1/chat"
SSE = {"accept": "text/event-stream"}
Event = tuple[str, dict[str, Any]]


def piece(index: int, delta: str) -> ChatStreamed:
    return ChatStreamed(turn_id="t-1", session_id="s-1", index=index, delta=delta)


def events(text: str) -> list[Event]:
    """Read a stream as the specification says: fields by line, events by blank line."""
    read = []
    for block in text.split("\n\n")[:-1]:
        fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
        if fields:
            read.append((fields["event"], json.loads(fields["data"])))
    return read


async def test_a_stream_is_not_compressed_as_its_pieces_would_wait_for_each_other() -> None:
    async with connected() as client:
        client.request_client.will_answer(answered(answer="steady " * 1000))
        headers = {**SSE, "accept-encoding": "gzip"}
        response = await client.http.post(PATH, json={"message": "hi"}, headers=headers)
        assert "content-encoding" not in response.headers
        assert int(response.headers.get("content-length", len(response.content))) > 1000


async def streamed(*answers: Contract | Exception) -> list[Event]:
    async with connected() as client:
        client.request_client.will_answer(*answers)
        response = await client.http.post(PATH, json={"message": "hi"}, headers=SSE)
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        asked = client.asked
        assert isinstance(asked, ChatRequested)
        assert asked.stream
        return events(response.text)


async def test_pieces_come_first_and_then_the_whole_answer() -> None:
    answer = answered(answer="한 줄\n두 줄")
    got = await streamed(piece(0, "한 줄\n"), piece(1, "두 줄"), answer)

    assert got == [
        ("message.delta", {"turn_id": "t-1", "index": 0, "delta": "한 줄\n"}),
        ("message.delta", {"turn_id": "t-1", "index": 1, "delta": "두 줄"}),
        (
            "message.completed",
            {
                "session_id": "s-1",
                "answer": "한 줄\n두 줄",
                "provider": "computed",
                "turn": {
                    "turn_id": answer.turn_id,
                    "message": "hi",
                    "language": "ko",
                    "strategy_ids": ["calm"],
                    "answered_at": "2026-03-02T09:30:00Z",
                },
            },
        ),
    ]


async def test_an_answer_that_begins_anew_says_that_what_was_sent_is_void() -> None:
    restarted = ChatRestarted(turn_id="t-1", session_id="s-1")
    got = await streamed(piece(0, "Half"), restarted, piece(0, "All"), answered(answer="All"))

    assert [name for name, _ in got] == [
        "message.delta",
        "message.reset",
        "message.delta",
        "message.completed",
    ]
    assert got[1][1] == {"turn_id": "t-1"}


async def test_an_answer_without_pieces_is_a_stream_of_one() -> None:
    assert [name for name, _ in await streamed(answered())] == ["message.completed"]


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (Refused(code="session-not-found", detail="none"), 404, "session-not-found"),
        (ChatFailed(turn_id="t", session_id="s", code="no-data", detail="none"), 503, "no-data"),
        (NoReplyError("late"), 503, "service-unavailable"),
        (BrokerUnavailableError("away"), 503, "broker-unavailable"),
    ],
)
async def test_what_is_refused_before_it_began_is_a_plain_problem(
    answer: Contract | Exception, status: int, code: str
) -> None:
    async with connected() as client:
        client.request_client.will_answer(answer)
        response = await client.http.post(PATH, json={"message": "hi"}, headers=SSE)

        assert_problem(response, status, code)


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (ChatFailed(turn_id="t", session_id="s", code="no-data", detail="none came"), "no-data"),
        (NoReplyError("late"), "service-unavailable"),
    ],
)
async def test_what_breaks_off_ends_with_an_error(end: Contract | Exception, code: str) -> None:
    *_, (name, problem) = got = await streamed(piece(0, "Half an"), end)

    assert [name for name, _ in got] == ["message.delta", "error"]
    assert (name, problem["type"], problem["status"]) == ("error", f"/problems/{code}", 503)
    assert problem["detail"]


async def test_a_client_that_does_not_ask_for_a_stream_gets_none() -> None:
    async with connected() as client:
        client.request_client.will_answer(answered())
        response = await client.http.post(PATH, json={"message": "hi"}, headers={"accept": "*/*"})

        assert response.headers["content-type"] == "application/json"
        asked = client.asked
        assert isinstance(asked, ChatRequested)
        assert not asked.stream


async def leave_after_the_first_piece(client: Client) -> None:
    """Open a stream and disconnect after its first piece; without a network no HTTP client can do that."""
    body = json.dumps({"message": "hi"}).encode()
    came = asyncio.Event()
    requests = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> dict[str, Any]:
        for request in requests:
            return request
        await came.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message.get("body"):
            came.set()

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": PATH,
        "raw_path": PATH.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"accept", b"text/event-stream"), (b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
        "server": ("gateway", 80),
    }
    async with asyncio.timeout(5):
        await client.app(scope, receive, send)


async def test_when_the_client_has_disconnected_no_reply_is_waited_for() -> None:
    async with connected() as client:
        client.request_client.will_answer(piece(0, "Half an"), endless=True)
        await leave_after_the_first_piece(client)

        await eventually(lambda: client.request_client.listening == 0, deadline=2)

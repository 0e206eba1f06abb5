"""Chat as server-sent events."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from backchat_contracts import (
    ChatFailed,
    ChatRequested,
    ChatRestarted,
    ChatStreamed,
    ChatToolCompleted,
    ChatToolStarted,
    Contract,
    Refused,
)
from services.chassis.errors import BrokerUnavailableError, NoReplyError
from tests.fakes import eventually
from tests.unit.gateway.client import CHAT, Client, assert_problem, connected
from tests.unit.gateway.test_sessions import answered

pytestmark = pytest.mark.anyio

PATH = f"{CHAT}/session/s-1/chat"
SSE = {"accept": "text/event-stream"}
KEY = {"idempotency-key": "key-0123456789abc"}
Event = tuple[str, dict[str, Any]]
CALL = {"turn_id": "t-1", "session_id": "s-1", "tool": "compare"}


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
    assert problem["session_id"] == "s-1"
    assert problem["detail"]


def called(call_id: str) -> tuple[ChatToolStarted, ChatToolCompleted]:
    """Return what is told of a call of a tool."""
    started = ChatToolStarted(**CALL, call_id=call_id, arguments={"question": "hi"})
    return started, ChatToolCompleted(**CALL, call_id=call_id, seconds=0.1)


async def resumed(last_event_id: str | None, *answers: Contract) -> httpx.Response:
    """Send the same message again, and be told all that has happened."""
    async with connected() as client:
        client.request_client.will_answer(*answers)
        last = {"last-event-id": last_event_id} if last_event_id else {}
        return await client.http.post(PATH, json={"message": "hi"}, headers={**SSE, **KEY, **last})


def ids_in(text: str) -> list[str]:
    return [line.removeprefix("id: ") for line in text.split("\n") if line.startswith("id: ")]


A, A_DONE = called("a")
B, B_DONE = called("b")
LIVE = (A, B, B_DONE, A_DONE, piece(0, "Half "), piece(1, "an"), answered(answer="Half an"))
LATER = (A, B, A_DONE, B_DONE, piece(0, "Half an"), answered(answer="Half an"))
"""The same turn as it is told to a client that comes later: in the order of the calls, the text in one."""


async def test_a_stream_that_broke_off_goes_on_after_each_of_its_events() -> None:
    whole = await resumed(None, *LIVE)
    names = [name for name, _ in events(whole.text)]
    ids = ids_in(whole.text)
    assert len(ids) == len(names) == len(set(ids)) == 7
    calls = [(name, data["call_id"]) for name, data in events(whole.text) if "call_id" in data]

    for number, last in enumerate(ids[:-1], 1):
        again = events((await resumed(last, *LATER)).text)
        missed = [(name, data["call_id"]) for name, data in again if "call_id" in data]
        assert set(calls[:number]) | set(missed) == set(calls)
        assert len(calls[:number]) + len(missed) == len(calls), "none is sent twice"
        text_seen = "message.delta" in names[:number]
        told = [name for name, _ in again if not name.startswith("tool.")]
        assert told == [*(["message.reset"] if text_seen else []), "message.delta", "message.completed"]
        assert again[-1][1]["answer"] == "Half an"


async def test_a_stream_that_goes_on_is_live_and_has_the_same_ids() -> None:
    whole, again = await resumed(None, *LIVE), await resumed("1.0", *LIVE)
    assert ids_in(again.text) == ids_in(whole.text)[1:]


async def test_a_client_that_has_seen_the_whole_answer_gets_no_more() -> None:
    whole = await resumed(None, *LIVE)
    nothing = await resumed(ids_in(whole.text)[-1], *LIVE)
    assert (nothing.status_code, nothing.content) == (204, b"")


@pytest.mark.parametrize("never_sent", ["7", "x.y", "-1.0", "1.0 1.0", 100 * "f" + ".1"])
async def test_an_id_that_was_never_sent_counts_as_none(never_sent: str) -> None:
    response = await resumed(never_sent, *LIVE)
    assert len(events(response.text)) == len(LIVE)


async def test_a_stream_can_only_go_on_with_the_key_of_its_request() -> None:
    async with connected() as client:
        headers = {**SSE, "last-event-id": "1.0"}
        response = await client.http.post(PATH, json={"message": "hi"}, headers=headers)
        body = assert_problem(response, 422, "invalid-request")
        assert "Idempotency-Key" in body["detail"]
        assert client.request_client.asked == []


async def test_a_stream_whose_first_event_takes_long_says_at_once_that_it_is_there() -> None:
    async with connected() as client:
        client.request_client.will_answer(endless=True)
        await leave_after_the_first_piece(client)
        await eventually(lambda: client.request_client.listening == 0, deadline=2)


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

"""Answers again, forks and titles over HTTP."""

from typing import Any

import pytest

from backchat_contracts import (
    ChatFailed,
    ChatRegenerateRequested,
    ChatRequested,
    Contract,
    Refused,
    SessionCreated,
    SessionForkRequested,
    SessionRenamed,
    SessionRenameRequested,
)
from services.chassis.errors import BrokerUnavailableError, NoReplyError
from tests.builders import NOW
from tests.unit.gateway.client import CHAT, assert_problem, connected
from tests.unit.gateway.test_sessions import answered
from tests.unit.gateway.test_streams import SSE, events, ids_in, piece

pytestmark = pytest.mark.anyio

SESSION = f"{CHAT}/session/s-1"
AGAIN = f"{SESSION}/turns/t-1/regenerate"
FORK = f"{SESSION}/turns/t-1/fork"
KEY = {"Idempotency-Key": "key-0123456789abc"}
CREATED = SessionCreated(session_id="any", user_id="kim", created_at=NOW)
REPLACED = {"replaces": "t-1", "message": "어느 것?"}


async def test_the_last_turn_is_answered_again() -> None:
    async with connected() as client:
        client.request_client.will_answer(answered(turn_id="t-2", **REPLACED))
        response = await client.http.post(AGAIN, headers=KEY)
        again = await client.http.post(AGAIN, headers=KEY)

        assert response.status_code == 200
        turn = response.json()["turn"]
        assert (turn["message"], turn["replaces"]) == ("어느 것?", "t-1")
        (asked, _), (repeated, _) = client.request_client.asked
        assert isinstance(asked, ChatRegenerateRequested)
        assert (asked.session_id, asked.replaces, asked.stream) == ("s-1", "t-1", False)
        assert repeated == asked
        assert again.text == response.text


async def test_an_answer_again_is_streamed_and_goes_on() -> None:
    async with connected() as client:
        client.request_client.will_answer(piece(0, "Calm"), answered(turn_id="t-2", **REPLACED))
        response = await client.http.post(AGAIN, headers={**SSE, **KEY})
        assert [name for name, _ in events(response.text)] == ["message.delta", "message.completed"]
        last = {"Last-Event-ID": ids_in(response.text)[0]}
        again = await client.http.post(AGAIN, headers={**SSE, **KEY, **last})
        assert [name for name, _ in events(again.text)] == [
            *("message.reset", "message.delta", "message.completed")
        ]
        assert_problem(await client.http.post(AGAIN, headers={**SSE, **last}), 422, "invalid-request")


@pytest.mark.parametrize(
    ("code", "status"),
    [("not-last-turn", 409), ("turn-acted", 409), ("turn-in-progress", 409), ("turn-not-found", 404)],
)
async def test_why_a_turn_is_not_answered_again_is_said(code: str, status: int) -> None:
    async with connected() as client:
        client.request_client.will_answer(Refused(code=code, detail="why"))
        body = assert_problem(await client.http.post(AGAIN), status, code)
        assert body["detail"] == "why"


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Refused(code="budget-exceeded", detail="why"), 429, "budget-exceeded"),
        (ChatFailed(turn_id="t-2", session_id="any", code="no-data", detail="why"), 503, "no-data"),
        (NoReplyError("late"), 503, "service-unavailable"),
        (BrokerUnavailableError("away"), 503, "broker-unavailable"),
    ],
)
async def test_where_a_fork_gets_no_answer_the_problem_names_the_new_session(
    error: Contract | Exception, status: int, code: str, *, stream: bool
) -> None:
    async with connected(kafka_durable=False) as client:
        client.request_client.will_answer(CREATED, error, in_turn=True)
        response = await client.http.post(FORK, json={"message": "어느 것?"}, headers=SSE if stream else {})
        body = assert_problem(response, status, code)
        forked, _ = client.request_client.asked[0]
        assert isinstance(forked, SessionForkRequested)
        assert body["session_id"] == forked.fork_id


async def test_a_session_is_forked_without_a_message() -> None:
    async with connected() as client:
        client.request_client.will_answer(CREATED)
        response = await client.http.post(FORK, json={"title": " 다른 길 "}, headers=KEY)
        again = await client.http.post(FORK, json={"title": "다른 길"}, headers=KEY)

        assert response.status_code == again.status_code == 201
        fork_id = response.json()["session_id"]
        assert again.json() == {"session_id": fork_id}
        assert response.headers["location"] == f"{CHAT}/session/{fork_id}"
        wanted = SessionForkRequested(session_id="s-1", turn_id="t-1", fork_id=fork_id, title="다른 길")
        assert [event for event, _ in client.request_client.asked] == [wanted, wanted]


@pytest.mark.parametrize("stream", [False, True])
async def test_a_message_is_answered_in_the_fork(*, stream: bool) -> None:
    async with connected() as client:
        answer = answered(session_id="s-2")
        client.request_client.will_answer(CREATED, answer, in_turn=True)
        headers = {**KEY, **(SSE if stream else {})}
        response = await client.http.post(FORK, json={"message": "hi", "language": "en"}, headers=headers)

        assert response.status_code == 200
        body = events(response.text)[-1][1] if stream else response.json()
        assert (body["session_id"], body["answer"]) == ("s-2", answer.answer)
        (fork, _), (said, _) = client.request_client.asked
        assert isinstance(fork, SessionForkRequested)
        assert isinstance(said, ChatRequested)
        assert (said.session_id, said.message, said.language) == (fork.fork_id, "hi", "en")
        assert said.stream is stream


async def test_a_fork_that_is_late_is_pending_and_its_message_is_not_sent() -> None:
    async with connected(kafka_durable=True) as client:
        client.request_client.will_answer(NoReplyError("late"))
        response = await client.http.post(FORK, json={"message": "hi"})
        assert response.status_code == 202
        assert len(client.request_client.asked) == 1


@pytest.mark.parametrize(
    "body", [{"message": ""}, {"title": "a\nb"}, {"language": "en"}, {"text": "hi"}, {"title": 101 * "x"}]
)
async def test_a_fork_that_says_something_else_is_refused(body: dict[str, Any]) -> None:
    async with connected() as client:
        assert_problem(await client.http.post(FORK, json=body), 422, "invalid-request")
        assert client.request_client.asked == []


async def test_a_session_is_renamed() -> None:
    async with connected() as client:
        client.request_client.will_answer(SessionRenamed(session_id="s-1", title="안정적인 전략"))
        response = await client.http.patch(SESSION, json={"title": " 안정적인 전략 "})
        assert (response.status_code, response.json()) == (
            200,
            {"session_id": "s-1", "title": "안정적인 전략"},
        )
        assert client.asked == SessionRenameRequested(session_id="s-1", title="안정적인 전략")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "title"),
        ({"title": None}, "title"),
        ({"title": " "}, "at least 1 character"),
        ({"title": 101 * "x"}, "at most 100 characters"),
        ({"title": "a\u202eb"}, "U+202E"),
        ({"title": "a", "name": "b"}, "name"),
    ],
)
async def test_a_title_that_is_none_is_refused(body: dict[str, Any], said: str) -> None:
    async with connected() as client:
        problem = assert_problem(await client.http.patch(SESSION, json=body), 422, "invalid-request")
        assert said in problem["detail"]
        assert client.request_client.asked == []

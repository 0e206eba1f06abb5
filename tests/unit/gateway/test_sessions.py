"""Sessions and chat over HTTP."""

from typing import Any

import pytest

from backchat_contracts import (
    ChatAnswered,
    ChatCancelRequested,
    ChatFailed,
    ChatRequested,
    Refused,
    SessionCreated,
    SessionEnded,
    SessionEndRequested,
    SessionPage,
    SessionQueried,
    SessionRequested,
    SessionSummary,
    SessionView,
    TurnView,
)
from services.chassis.errors import NoReplyError
from tests.builders import NOW, new_id
from tests.unit.gateway.client import CHAT, assert_problem, connected

pytestmark = pytest.mark.anyio

CREATED = SessionCreated(session_id="any", user_id="any", created_at=NOW)


def summary() -> SessionSummary:
    return SessionSummary(session_id=new_id(), user_id="kim", is_active=True, created_at=NOW, updated_at=NOW)


def answered(**given: Any) -> ChatAnswered:
    fields = {
        "turn_id": new_id("turn"),
        "session_id": "s-1",
        "answer": "Calm입니다.",
        "provider": "computed",
        "language": "ko",
        "strategy_ids": ["calm"],
        "answered_at": NOW,
    }
    return ChatAnswered.model_validate(fields | given)


@pytest.mark.parametrize(
    ("address", "body", "user"),
    [
        ("", None, "system"),
        ("", {}, "system"),
        ("?user_id=kim", None, "kim"),
        ("", {"user_id": "lee"}, "lee"),
        ("?user_id=kim", {"user_id": "lee"}, "lee"),
        ("?user_id=kim", {}, "kim"),
        ("", {"user_id": "김퀀트"}, "김퀀트"),
    ],
)
async def test_a_session_is_created_for_a_user(address: str, body: dict[str, str] | None, user: str) -> None:
    async with connected() as client:
        client.request_client.will_answer(CREATED)
        response = await client.http.post(f"{CHAT}/session/create{address}", json=body)

        assert response.status_code == 201
        assert response.json().keys() == {"session_id"}
        session_id = response.json()["session_id"]
        assert client.asked == SessionRequested(session_id=session_id, user_id=user)
        assert response.headers["location"] == f"{CHAT}/session/{session_id}"


async def test_every_session_has_an_id_of_its_own() -> None:
    async with connected() as client:
        client.request_client.will_answer(CREATED)
        ids = {(await client.http.post(f"{CHAT}/session/create")).json()["session_id"] for _ in range(3)}
        assert len(ids) == 3


async def test_a_session_that_a_durable_broker_keeps_is_pending() -> None:
    async with connected(kafka_durable=True) as client:
        client.request_client.will_answer(NoReplyError("late"))
        response = await client.http.post(f"{CHAT}/session/create")

        assert response.status_code == 202
        assert response.json().keys() == {"session_id"}
        assert response.headers["location"].endswith(response.json()["session_id"])


async def test_a_message_gets_its_answer() -> None:
    answer = answered()
    async with connected() as client:
        client.request_client.will_answer(answer)
        response = await client.http.post(f"{CHAT}/session/s-1/chat", json={"message": "  어느 것? "})

        assert response.status_code == 200
        assert response.json() == {
            "session_id": "s-1",
            "answer": "Calm입니다.",
            "provider": "computed",
            "turn": {
                "turn_id": answer.turn_id,
                "message": "어느 것?",
                "language": "ko",
                "strategy_ids": ["calm"],
                "answered_at": "2026-03-02T09:30:00Z",
            },
        }
        asked = client.asked
        assert isinstance(asked, ChatRequested)
        assert (asked.session_id, asked.message, asked.language, asked.stream) == (
            *("s-1", "어느 것?"),
            *(None, False),
        )


async def test_a_message_may_name_the_language_of_its_answer() -> None:
    async with connected() as client:
        client.request_client.will_answer(answered())
        await client.http.post(f"{CHAT}/session/s-1/chat", json={"message": "hi", "language": "ko"})

        asked = client.asked
        assert isinstance(asked, ChatRequested)
        assert asked.language == "ko"


async def test_an_answer_may_take_longer_than_other_replies() -> None:
    async with connected(reply_timeout_seconds=5, chat_timeout_seconds=75) as client:
        client.request_client.will_answer(answered())
        await client.http.post(f"{CHAT}/session/s-1/chat", json={"message": "hi"})

        assert [seconds for _, seconds in client.request_client.asked] == [75]


async def test_a_message_that_a_durable_broker_keeps_is_pending() -> None:
    async with connected(kafka_durable=True) as client:
        client.request_client.will_answer(NoReplyError("late"))
        response = await client.http.post(f"{CHAT}/session/s-1/chat", json={"message": "hi"})

        assert (response.status_code, response.json()) == (202, {"status": "pending"})
        assert response.headers["location"] == f"{CHAT}/session/s-1"


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (Refused(code="session-not-found", detail="there is none"), 404, "session-not-found"),
        (Refused(code="session-ended", detail="it was ended"), 409, "session-ended"),
        (Refused(code="conversation-full", detail="create a new one"), 409, "conversation-full"),
        (Refused(code="turn-in-progress", detail="wait", extra={"turn_id": "t"}), 409, "turn-in-progress"),
        (
            Refused(code="budget-exceeded", detail="tomorrow", extra={"retry_after": 60}),
            429,
            "budget-exceeded",
        ),
        (ChatFailed(turn_id="t", session_id="s", code="no-data", detail="none came"), 503, "no-data"),
    ],
)
async def test_a_message_that_gets_no_answer_gets_a_problem(
    answer: Refused | ChatFailed, status: int, code: str
) -> None:
    async with connected() as client:
        client.request_client.will_answer(answer)
        response = await client.http.post(f"{CHAT}/session/s-1/chat", json={"message": "hi"})

        body = assert_problem(response, status, code)
        assert body["detail"] == answer.detail
        assert ("turn_id" in body) is (code in {"turn-in-progress", "no-data"})
        assert response.headers.get("Retry-After") == {429: "60", 503: "2"}.get(status)


async def test_what_is_said_again_with_the_same_key_is_the_same_message() -> None:
    key = {"Idempotency-Key": "key-0123456789abc"}
    async with connected() as client:
        client.request_client.will_answer(answered(turn_id="t-1"))
        first, second = [
            await client.http.post(f"{CHAT}/session/s-1/chat", json={"message": "hi"}, headers=key)
            for _ in range(2)
        ]

        assert (first.status_code, second.text) == (200, first.text)
        (one, _), (other, _) = client.request_client.asked
        assert one == other


@pytest.mark.parametrize("body", [{}, {"message": ""}, {"message": " \n"}, {"message": None}, {"text": "hi"}])
async def test_a_message_must_say_something(body: dict[str, Any]) -> None:
    async with connected() as client:
        response = await client.http.post(f"{CHAT}/session/s-1/chat", json=body)

        assert_problem(response, 422, "invalid-request")
        assert client.request_client.asked == []


async def test_a_session_is_shown_as_its_owner_sent_it() -> None:
    view = SessionView(**summary().model_dump(), conversation_history=(), context={"focus": "calm"})
    async with connected() as client:
        client.request_client.will_answer(view)
        response = await client.http.get(f"{CHAT}/session/s-1")

        assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
        assert response.content == view.model_dump_json().encode()
        assert client.asked == SessionQueried(session_id="s-1")


async def test_a_session_is_ended() -> None:
    async with connected() as client:
        client.request_client.will_answer(SessionEnded(session_id="s-1", ended_at=NOW))
        response = await client.http.delete(f"{CHAT}/session/s-1")

        assert (response.status_code, response.content) == (204, b"")
        assert client.asked == SessionEndRequested(session_id="s-1")


async def test_a_session_may_start_backtests_without_asking() -> None:
    async with connected() as client:
        client.request_client.will_answer(CREATED)
        response = await client.http.post(f"{CHAT}/session/create", json={"auto_run": True})

        assert response.status_code == 201
        assert isinstance(client.asked, SessionRequested)
        assert (client.asked.user_id, client.asked.auto_run) == ("system", True)


async def test_a_turn_is_cancelled() -> None:
    async with connected() as client:
        view = TurnView(turn_id="t-1", session_id="s-1")
        client.request_client.will_answer(view)
        response = await client.http.post(f"{CHAT}/session/s-1/turns/t-1/cancel")

        assert (response.status_code, response.json()["status"]) == (200, "cancelled")
        assert client.asked == ChatCancelRequested(session_id="s-1", turn_id="t-1")


@pytest.mark.parametrize(
    ("code", "status"), [("session-not-found", 404), ("turn-not-found", 404), ("turn-ended", 409)]
)
async def test_a_turn_that_can_not_be_cancelled_is_a_problem(code: str, status: int) -> None:
    async with connected() as client:
        client.request_client.will_answer(Refused(code=code, detail="no"))
        response = await client.http.post(f"{CHAT}/session/s-1/turns/t-1/cancel")
        assert_problem(response, status, code)


async def test_sessions_are_listed_in_pages() -> None:
    page = SessionPage(data=(summary(),), has_more=True, next="here")
    async with connected() as client:
        client.request_client.will_answer(page)
        query = SessionQueried(user_id="kim", limit=1, cursor="2026-03-02T09:30:00+00:00")
        parameters = query.model_dump(exclude={"session_id", "after"})
        response = await client.http.get(f"{CHAT}/sessions", params=parameters)

        assert response.json() == page.model_dump(mode="json")
        assert client.asked == query


async def test_a_list_without_parameters_is_the_systems_first_page() -> None:
    async with connected() as client:
        client.request_client.will_answer(SessionPage(data=(), has_more=False, next=None))
        response = await client.http.get(f"{CHAT}/sessions")

        assert response.json() == {"data": [], "has_more": False, "next": None}
        assert client.asked == SessionQueried(user_id="system", limit=50)

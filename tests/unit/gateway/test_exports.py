"""Conversations as documents."""

import pytest

from backchat_contracts import HistoryEntry, SessionQueried, SessionView
from services.gateway.transcripts import markdown_of
from tests.builders import NOW
from tests.unit.gateway.client import CHAT, connected

pytestmark = pytest.mark.anyio


def session(*entries: HistoryEntry) -> SessionView:
    return SessionView(
        session_id="s-1",
        user_id="kim",
        is_active=True,
        created_at=NOW,
        updated_at=NOW,
        conversation_history=entries,
        context={},
    )


ASKED = HistoryEntry(
    turn_id="t-1", role="user", content="어떤 전략이 더 안정적인가요?", timestamp=NOW, language="ko"
)
ANSWERED = HistoryEntry(
    turn_id="t-1", role="assistant", content="'A'입니다.\n둘째 줄", timestamp=NOW, provider="computed"
)


async def test_a_conversation_is_downloaded_as_markdown() -> None:
    async with connected() as client:
        client.request_client.will_answer(session(ASKED, ANSWERED))
        response = await client.http.get(f"{CHAT}/session/s-1/export")

    assert client.asked == SessionQueried(session_id="s-1")
    assert response.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="conversation.md"'
    moment = f"{NOW:%Y-%m-%d %H:%M:%S UTC}"
    assert response.text.splitlines() == [
        "# Backchat 대화",
        "",
        f"`s-1` · kim · {moment}",
        "",
        f"## 사용자 · {moment}",
        "",
        "> 어떤 전략이 더 안정적인가요?",
        "",
        f"## Backchat (computed) · {moment}",
        "",
        "> 'A'입니다.",
        "> 둘째 줄",
    ]


async def test_a_session_with_a_title_is_downloaded_under_it_with_its_replaced_answers() -> None:
    again = ANSWERED.model_copy(update={"turn_id": "t-2", "replaces": "t-1", "content": "'B'입니다."})
    titled = session(ASKED, ANSWERED, again).model_copy(update={"title": "<b>안정적인</b> 전략"})
    lines = [line for line in markdown_of(titled).splitlines() if line.startswith("#")]

    moment = f"{NOW:%Y-%m-%d %H:%M:%S UTC}"
    assert lines == [
        "# &lt;b&gt;안정적인&lt;/b&gt; 전략",
        f"## 사용자 · {moment}",
        f"## Backchat (computed) · {moment} · 다른 답으로 바뀜",
        f"## Backchat (computed) · {moment}",
    ]


async def test_or_as_the_json_that_shows_it() -> None:
    async with connected() as client:
        client.request_client.will_answer(session(ASKED, ANSWERED))
        response = await client.http.get(f"{CHAT}/session/s-1/export?format=json")

    assert response.headers["Content-Disposition"] == 'attachment; filename="conversation.json"'
    assert SessionView.model_validate(response.json()) == session(ASKED, ANSWERED)


async def test_another_form_is_refused_with_those_that_there_are() -> None:
    async with connected() as client:
        response = await client.http.get(f"{CHAT}/session/s-1/export?format=pdf")

    assert response.status_code == 422
    assert "markdown" in response.text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("<script>alert(1)</script>", "> &lt;script&gt;alert(1)&lt;/script&gt;"),
        ("![x](https://evil.example/p.png)", "> !\\[x\\](https://evil.example/p.png)"),
        ("# 제목\r\n---", "> # 제목\n> ---"),
        ("a &lt; b \\[x]", "> a &amp;lt; b \\\\\\[x\\]"),
        ("", ">"),
    ],
)
def test_what_was_said_stays_text_within_its_quote(said: str, shown: str) -> None:
    text = markdown_of(session(ASKED.model_copy(update={"content": said})))
    assert f"\n\n{shown}\n" in text


def test_a_conversation_without_a_message_has_a_heading() -> None:
    assert markdown_of(session()).startswith("# Conversation with Backchat\n\n`s-1` · kim")


@pytest.mark.parametrize(
    ("code", "language", "mark"),
    [
        ("turn-cancelled", "ko", "취소됨"),
        ("no-data", "ko", "답 없음"),
        ("turn-cancelled", "en", "cancelled"),
        ("internal-error", "en", "no answer"),
    ],
)
def test_a_message_without_an_answer_is_marked(code: str, language: str, mark: str) -> None:
    entry = ASKED.model_copy(update={"unanswered": code, "language": language})
    marked = [line for line in markdown_of(session(entry, entry)).splitlines() if line.startswith("## ")]
    assert all(line.endswith(f" UTC · {mark}") for line in marked)
    assert len(marked) == 2

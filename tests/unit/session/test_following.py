"""Questions that continue the one before: they keep its strategies, its metric and its window."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest

from backchat_contracts import ComparisonRequested
from services.session.domain.session import Asked, Context
from services.session.mongo import read_session
from tests.unit.session.conversation import Conversation, with_three

pytestmark = pytest.mark.anyio


def last_asked(conversation: Conversation) -> ComparisonRequested:
    asked = [each for each in conversation.others.asked if isinstance(each, ComparisonRequested)]
    return asked[-1]


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        (("Which is steadier?", "and in 2013?"), "The steadiest strategy is"),
        (("어떤 전략이 제일 안정적이야?", "2013년에는?"), "가장 안정적인 전략은"),
        (("어떤 전략이 제일 안정적이야?", "2013년에는?", "그 반대는?"), "변동성이 가장 큰 전략은"),
        (("2012년에 샤프가 가장 높은 전략은?", "2013년에는?"), "위험 대비 성과가 가장 좋은"),
        (("2012년에 수익률이 가장 높은 전략은?", "하반기는?"), "2012-07-02~2012-12-31"),
        (("2013년에 수익률이 가장 높은 전략은?", "그럼 샤프는?"), "2013-01-01~2013-07-25"),
        (("2013년에 수익률이 가장 높은 전략은?", "그 전략의 최대 낙폭은?"), "최대 낙폭은"),
        (("2013년에 수익률이 가장 높은 전략은?", "Wild는?"), "'Wild'"),
        (("Calm과 Wild 중 샤프가 높은 건?", "2013년에는?"), "위험 대비 성과가 가장 좋은"),
        (("Which is steadier?", "in 1999?", "in 2013?"), "The steadiest strategy is"),
        (("Which had the highest return in 2013?", "over the whole period?"), "tied"),
    ],
)
async def test_what_a_question_lacks_is_that_of_the_one_before(messages: tuple[str, ...], said: str) -> None:
    conversation = await with_three()
    assert said in await conversation.say(*messages)


async def test_all_are_asked_about_again_and_not_the_one_in_focus() -> None:
    conversation = await with_three()
    await conversation.say("2012년에 수익률이 가장 높은 전략은?")
    assert conversation.session.context.focus

    text = await conversation.say("2013년에는?")
    assert all(f"'{name}'" in text for name in ("Calm", "Wild", "Mild"))
    assert last_asked(conversation).context_strategy_ids is None
    assert last_asked(conversation).context_queries == ("2012년에 수익률이 가장 높은 전략은?",)


async def test_those_of_the_question_before_are_asked_about_again() -> None:
    conversation = await with_three()
    text = await conversation.say("Calm과 Wild 중 샤프가 높은 건?", "2013년에는?", "반대는?")

    assert "'Mild'" not in text
    assert "'Calm'" in text
    assert "'Wild'" in text


async def test_a_whole_question_takes_nothing_from_the_one_before() -> None:
    conversation = await with_three()
    text = await conversation.say("2013년에 수익률이 가장 높은 전략은?", "어떤 전략이 가장 안정적이야?")

    assert "기간:" not in text
    assert last_asked(conversation).context_queries == ()
    assert conversation.session.context.asked == Asked(("어떤 전략이 가장 안정적이야?",))


@pytest.mark.parametrize("between", ["안녕", "2013년에는 뭐라고?"])
async def test_what_was_asked_is_remembered_through_what_is_no_question(between: str) -> None:
    conversation = await with_three()
    text = await conversation.say("어떤 전략이 제일 안정적이야?", between, "2012년에는?")

    assert "가장 안정적인 전략은" in text
    assert "2012-06-01~2012-12-31" in text


async def test_a_window_without_a_question_is_asked_about() -> None:
    conversation = await with_three()
    assert "무엇을 기준으로 비교할지" in await conversation.say("2013년에는?")


async def test_of_many_questions_the_first_and_the_last_are_kept() -> None:
    asked = Asked(("which is steadier?",))
    for year in range(2000, 2020):
        asked = Asked(asked.then(f"in {year}?"))

    assert asked.queries[0] == "which is steadier?"
    assert asked.queries[1:] == tuple(f"in {year}?" for year in range(2013, 2020))


def test_what_was_asked_is_stored() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    kept = [
        Context(("calm",), "calm", asked=Asked(("which is best?", "in 2013?"), ("calm",))),
        Context(("calm",), "calm", asked=Asked(("which is best?",))),
        Context(("calm",), "calm"),
    ]
    stored: list[dict[str, Any]] = [
        {
            "session_id": "s",
            "user_id": "u",
            "created_at": now,
            "updated_at": now,
            "is_active": True,
            "context": asdict(each),
        }
        for each in kept
    ]
    assert [read_session(document).context for document in stored] == kept
    del stored[2]["context"]["asked"]  # as before there was any
    assert read_session(stored[2]).context == kept[2]


async def test_the_reason_the_certainty_and_the_others_are_of_the_answer_before() -> None:
    talk = await Conversation.open()
    for name, commission in (("Alpha", 0.0), ("Beta", 0.001), ("Gamma", 0.002)):
        await talk.ran(name, type="buy_and_hold", symbols=["AAPL"], commission_rate=commission)

    await talk.say("Alpha랑 Beta 중에 수익률이 더 높은 건?")
    assert "Gamma" not in await talk.say("왜?")
    assert talk.last.startswith("이유는 수치만으로")
    assert talk.last.count("연 변동성") == 2
    assert "Gamma" not in await talk.say("확실해?")
    assert talk.last.startswith("얼마나 확실한지")
    assert "Gamma" not in await talk.say("샤프는?")
    assert "Gamma" in await talk.say("Which of all has the highest return?")


async def test_without_an_answer_before_there_is_nothing_to_continue() -> None:
    talk = await Conversation.open()
    await talk.ran("Alpha", type="buy_and_hold", symbols=["AAPL"])
    assert await talk.say("why?") == await talk.say("hello")

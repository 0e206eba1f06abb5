"""Answers in the language that a message asks for, until another one is asked for."""

import pytest

from services.language.asked_language import asked_language, asks_only_for_language
from services.language.detection import language_of
from tests.unit.session.conversation import Conversation

pytestmark = pytest.mark.anyio

ASKING = {
    "ko": [
        "in korean please",
        "Korean please",
        "korean?",
        "answer in Korean",
        "can you say that in korean",
        "ok now switch to korean",
        "and in Korean from now on pls",
        "한국어로 해줘",
        "한글로",
        "그럼 한국말로 다시 말해줘",
        "이제부터는 한국어로 답해 주세요",
    ],
    "en": [
        "영어로 해줘",
        "영어로 답변 부탁해",
        "영어로",
        "in english",
        "could you reply in English please",
        "speak english",
    ],
}


@pytest.mark.parametrize(
    ("language", "text"), [(key, each) for key, texts in ASKING.items() for each in texts]
)
async def test_a_language_is_asked_for(language: str, text: str) -> None:
    assert asked_language(text) == language
    assert asks_only_for_language(text)


@pytest.mark.parametrize(
    "text", ["한국 주식도 있어?", "which is best?", "영어 이름인 전략", "the english one", "샤프로 해줘"]
)
async def test_no_language_is_asked_for(text: str) -> None:
    assert not asks_only_for_language(text)
    assert asked_language(text) is None


async def test_a_question_may_say_in_which_language() -> None:
    assert asked_language("샤프 1위는? 영어로 알려줘") == "en"
    assert not asks_only_for_language("샤프 1위는? 영어로 알려줘")


async def test_the_last_answer_is_told_in_the_language_asked_for_and_so_are_the_next_ones() -> None:
    chat = await Conversation.open()
    await chat.ran("Calm")
    answer = await chat.say("what is the sharpe ratio of Calm?")
    again = await chat.say("in korean please")
    assert language_of(again) == "ko"
    assert "샤프 비율" in again
    assert language_of(await chat.say("and its volatility?")) == "ko"
    assert await chat.say("what is the sharpe ratio of Calm? 영어로 해줘") == answer
    assert language_of(await chat.say("변동성은?")) == "en"


async def test_what_is_proposed_is_told_again() -> None:
    chat = await Conversation.open()
    proposed = await chat.say("RSI AAPL 돌려줘")
    assert "실행할까요" in proposed
    assert "Shall this backtest be run?" in await chat.say("영어로 해줘")
    assert "was started" in await chat.say("응")


async def test_without_an_answer_it_is_said_which_language_will_be_used() -> None:
    chat = await Conversation.open()
    assert await chat.say("in korean please") == "이제부터 한국어로 답합니다."
    assert language_of(await chat.say("which is the steadiest?")) == "ko"

"""Questions for dates and periods in a conversation: of the strategy in focus, and how they go on."""

import pytest

from services.session.domain.session import Asked, Context
from services.session.mongo.documents import _context, context_fields
from tests.unit.session.test_following import last_asked, with_three

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        (("Wild의 최대 낙폭은?", "언제부터 언제까지 그랬어?"), "'Wild'의 가장 깊은 낙폭"),
        (("Wild 샤프는?", "회복은 했어?"), "'Wild'의 가장 깊은 낙폭"),
        (("Wild 샤프는?", "worst month?"), "The worst month of 'Wild'"),
        (("what was the worst month of Wild?", "and its best"), "The best month of 'Wild'"),
        (("what was the worst month of Wild?", "and Calm?"), "The worst month of 'Calm'"),
        (("what was the worst month of Wild?", "and the year?"), "The worst year of 'Wild'"),
        (("Wild 최악의 달은?", "그 다음은?"), "'Wild'의 2번째로 나쁜 달"),
        (("Wild 최악의 달은?", "몇 프로 빠졌는데"), "'Wild'의 가장 나쁜 달"),
        (("Wild 2012년 월별 수익률", "2013년은?"), "기간: 2013-01-0"),
    ],
)
async def test_what_goes_on_from_a_question_for_periods(messages: tuple[str, ...], said: str) -> None:
    conversation = await with_three()
    assert said in await conversation.say(*messages)


async def test_that_year_is_the_one_that_was_just_named() -> None:
    conversation = await with_three()
    worst = await conversation.say("Wild 최악의 해는?")
    year = worst.split(": ")[1][:4]

    answer = await conversation.say("그 해에 다른 애들은?")

    assert f"기간: {year}-" in answer
    assert "총수익률" in answer
    assert last_asked(conversation).query == f"{year}년에 다른 애들은?"


async def test_that_month_is_asked_about_in_english() -> None:
    conversation = await with_three()
    await conversation.say("worst month of Wild?")
    assert "Period: 201" in await conversation.say("how did Calm do that month?")


async def test_without_a_period_before_that_year_is_left_as_it_is() -> None:
    conversation = await with_three()
    await conversation.say("Wild 샤프는?", "그 해에 다른 애들은?")
    assert last_asked(conversation).query == "그 해에 다른 애들은?"


async def test_a_choice_among_strategies_is_among_all() -> None:
    conversation = await with_three()
    answer = await conversation.say("Wild 샤프는?", "Which strategy had the worst day?")
    assert answer.count("The worst day of") == 3


def test_a_stored_question_keeps_its_period_and_one_of_before_has_none() -> None:
    context = Context(asked=Asked(("worst month?",), ("s",), ("2012-01-02", "2012-01-31")))
    assert _context(context_fields(context)).asked == context.asked
    older = context_fields(context)
    del older["asked"]["period"]
    assert _context(older).asked == Asked(("worst month?",), ("s",))

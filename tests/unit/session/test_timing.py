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


async def test_the_year_after_is_told_from_the_one_just_named_again_and_again() -> None:
    conversation = await with_three()
    worst = await conversation.say("Wild 최악의 해는?")
    year = int(worst.split(": ")[1][:4])
    other = year + 1 if year == 2012 else year - 1
    shift = "그 다음 해는?" if other > year else "그 전 해는?"

    assert f"기간: {other}-" in await conversation.say(shift)
    assert f"기간: {other}-" in await conversation.say("그 해에 다른 애들은?")


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        (("Wild return in 2012", "and the year after?"), "Period: 2013-01-0"),
        (("Wild return in June 2013", "the month before"), "Period: 2013-05-01"),
        (("Wild 2013년 수익률", "전년도는?"), "기간: 2012-06-0"),
        (("Wild 2012년 4분기 수익률", "다음 분기는?"), "기간: 2013-01-0"),
        (("Wild 2012년 수익률", "그 이듬해엔?"), "기간: 2013-01-0"),
        (("Wild 2012년 수익률", "지금도 물려있어?"), "'Wild': 마지막 날(2013-"),
        (("which are under water at the end?", "and the closest?"), "ends nearest to its peak is"),
        (("지금 제일 깊이 물려있는 전략은?", "그 반대는?"), "고점에 가장 가깝게 끝난 전략은"),
        (("Wild의 최대 낙폭은?", "며칠이나?"), "'Wild'의 가장 깊은 낙폭"),
        (("which has the longest drawdown?", "how long exactly?"), "longest drawdown not defined"),
        (("Wild by year", "why is 2013 flat?"), "The figures do not tell why."),
        (("Wild return 2012 vs 2013", "and Calm?"), "Returns of 'Calm' by year: 2012"),
    ],
)
async def test_time_goes_on_from_the_answer_before(messages: tuple[str, ...], said: str) -> None:
    conversation = await with_three()
    assert said in await conversation.say(*messages)

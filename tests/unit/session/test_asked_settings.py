"""Conversations about how backtests were set, what they cost and what has just run."""

import pytest

from tests.questions.catalogue import Services
from tests.unit.session.conversation import Conversation

pytestmark = pytest.mark.anyio


async def opened() -> Conversation:
    conversation = await Conversation.open()
    for name, symbols, rate in (
        ("Golden", ["AAPL"], 0.001),
        ("Silver", ["AAPL"], 0.002),
        ("Bronze", ["FB"], 0.001),
    ):
        await conversation.ran(name, symbols=symbols, commission_rate=rate, start_date="2012-06-01")
    return conversation


async def test_they_are_those_of_the_answer_before() -> None:
    conversation = await opened()
    assert "the same for both: symbols AAPL" in await conversation.say(
        "Sharpe of Golden and Silver?", "do they trade the same symbols?"
    )
    assert "서로 다릅니다" in await conversation.say("둘 다 수수료 같아?")
    assert "'Bronze'" in await conversation.say("and the same for all?")


async def test_both_of_none_is_asked_back() -> None:
    conversation = await opened()
    assert await conversation.say("how's the volatility of both") == (
        "Which two strategies are meant is not known: ask about them by their names."
    )
    assert "이름으로 물어보세요" in await conversation.say("둘 다 수수료 같아?")
    assert "Which two" not in await conversation.say("sharpe and drawdown of Golden, both please")


async def test_settings_go_on_with_the_one_in_focus_and_with_all() -> None:
    conversation = await opened()
    assert await conversation.say("Silver 파라미터 뭐야", "수수료 조건은") == "'Silver': 수수료율 0.2 %."
    assert "'Golden', 'Bronze'" in (await conversation.say("다른 전략도 다 똑같아?")).replace(
        "'Bronze', 'Golden'", "'Golden', 'Bronze'"
    )


async def test_costs_go_on_without_being_named_again() -> None:
    services = Services()
    await services.hold("four")
    conversation = await Conversation.open(services)
    most = await conversation.say("추세추종 수수료로 얼마 냈어", "제일 많이 낸 놈은 그럼 누구")
    assert most.startswith("거래 비용이 가장 많은 전략은 'Dual Momentum'")
    assert "2위는 '추세추종'" in await conversation.say("그 다음으로 많이 낸 건")


@pytest.mark.parametrize(
    "question",
    [
        "방금 돌린 거 수익률 얼마",
        "방금거 수익률 얼마",
        "return of the one we just ran",
        "the new run's return",
    ],
)
async def test_what_has_just_run_is_spoken_of(question: str) -> None:
    conversation = await opened()
    await conversation.say("run buy and hold on FB", "yes")
    name = conversation.started[-1].strategy_config.name
    assert f"'{name}'" not in (await conversation.say(question)).split("\n")[0]
    await conversation.finish()
    answer = await conversation.say(question)
    assert f"'{name}'" in answer
    assert "'Golden'" not in answer


async def test_other_symbols_and_other_costs_are_found() -> None:
    conversation = await opened()
    other = await conversation.say("AAPL 말고 다른 종목 쓰는것도 있어?")
    assert "'Bronze'" in other
    assert "'Golden'" not in other
    dear = await conversation.say("수수료 0.1% 아닌 거 있어?")
    assert dear.startswith("수수료율이 0.1 %가 아닌 전략은 3개 중 1개입니다: 'Silver'")


@pytest.mark.parametrize("question", ["그럼 뭐뭐 있어", "아 없구나 그럼 뭐뭐 있어", "so what have you got"])
async def test_what_there_is_is_listed(question: str) -> None:
    conversation = await opened()
    assert "'Silver'" in await conversation.say("sharpe of Golden Compass", question)


@pytest.mark.parametrize(
    "question", ["그럼 가진 데이터가 언제까지야", "what years do we have", "데이터 몇 년치 있어?"]
)
async def test_of_which_days_there_are_prices_is_told(question: str) -> None:
    assert "AAPL" in await (await opened()).say(question)


@pytest.mark.parametrize("question", ["which one uses leverage", "any of them short?", "공매도 하는 전략은?"])
async def test_what_no_backtest_does_is_said(question: str) -> None:
    answer = await (await opened()).say(question)
    assert "not supported" in answer or "지원하지 않습니다" in answer

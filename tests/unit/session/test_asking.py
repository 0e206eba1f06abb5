"""What the questions of a conversation are about, where they name no strategy."""

import pytest

from tests.questions.catalogue import Services
from tests.unit.session.conversation import Conversation

pytestmark = pytest.mark.anyio


async def opened() -> Conversation:
    conversation = await Conversation.open()
    for name in ("Golden", "Silver", "Bronze"):
        await conversation.ran(name, slippage_rate=0.002)
    return conversation


@pytest.mark.parametrize(
    "question", ["how many have a Sharpe above 1?", "any with a drawdown worse than 60%?"]
)
async def test_a_bound_chooses_among_all(question: str) -> None:
    conversation = await opened()
    assert " of 3 meet the condition" in await conversation.say("Sharpe of Golden?", question)


async def test_an_end_and_no_metric_is_about_quality() -> None:
    conversation = await opened()
    assert "Sharpe ratio" in await conversation.say("Sharpe of Golden?", "bottom 2")
    assert "샤프 비율" in await conversation.say("꼴찌는?")


async def test_two_that_were_asked_about_one_by_one_are_the_two() -> None:
    conversation = await opened()
    answer = await conversation.say("Sharpe of Golden?", "and Silver?", "which of the two has more trades?")
    assert "'Golden'" in answer
    assert "'Silver'" in answer
    assert "'Bronze'" not in answer


async def test_those_within_a_bound_are_them() -> None:
    services = Services()
    await services.hold("four")
    conversation = await Conversation.open(services)
    within = await conversation.say("Which have a drawdown below 45 %?", "which of them has the most trades?")
    assert "'RSI 역추세'" in within
    assert "'추세추종'" in within
    assert "'Buy and Hold'" not in within


async def test_what_is_proposed_is_what_is_spoken_of() -> None:
    conversation = await opened()
    await conversation.say("rerun Silver without commission")
    assert (await conversation.say("what's its Sharpe ratio?")).startswith("The Sharpe ratio of 'Silver'")


async def test_a_question_about_the_settings_is_about_the_one_in_focus() -> None:
    conversation = await opened()
    answer = await conversation.say("Sharpe of Golden?", "over which dates?")
    assert answer.startswith("'Golden': period")
    assert "'Silver'" not in answer


async def test_costs_paid_are_told_with_their_rates() -> None:
    conversation = await opened()
    assert "commission 0.1 %, slippage 0.2 %" in await conversation.say("What commission did Golden pay?")
    assert "수수료율 0.1 %, 슬리피지 0.2 %" in await conversation.say("Golden 수수료는?")


@pytest.mark.parametrize(
    "message", ["same for Silver", "Silver도 똑같이", "and of Silver", "Silver도 마찬가지로"]
)
async def test_the_same_of_another_is_asked_and_not_run(message: str) -> None:
    conversation = await opened()
    answer = await conversation.say("What is the volatility of Golden?", message)
    assert "'Silver'" in answer
    assert not any(conversation.proposed)
    assert ("변동성" in answer) or ("volatility" in answer)


async def test_the_parameters_of_the_one_in_focus_are_its_own() -> None:
    conversation = await opened()
    answer = await conversation.say("What is the volatility of Golden?", "what are its parameters?")
    assert "'Golden'" in answer


@pytest.mark.parametrize(
    "message", ["bollinger band return", "볼린저 전략 샤프 얼마야?", "SMA 100 volatility?"]
)
async def test_a_figure_of_what_is_not_known_is_not_that_of_another(message: str) -> None:
    conversation = await opened()
    answer = await conversation.say("Sharpe of Golden?", message)
    assert ("no strategy here has that name" in answer) or ("그런 이름의 전략이 없습니다" in answer)
    assert "'Golden'" not in answer


async def test_cash_below_zero_is_refused() -> None:
    conversation = await opened()
    assert "must be more than 0" in await conversation.say("run rsi on AAPL with initial cash -5")


async def test_a_list_of_strategies_leaves_the_one_in_focus() -> None:
    conversation = await opened()
    await conversation.say(
        "Sharpe of Golden?", "how many strategies are there?", "run it again with 30 bps slippage"
    )
    assert [each["name"] for each in conversation.proposed] == ["Golden"]

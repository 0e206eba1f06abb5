"""Messages that choose what to run by what it is like: "run the best one again in 2010"."""

import pytest

from tests.questions.catalogue import Services
from tests.unit.session.conversation import Conversation

pytestmark = pytest.mark.anyio


async def with_four(*, auto_run: bool = False) -> Conversation:
    services = Services()
    await services.hold("four")
    return await Conversation.open(services, auto_run=auto_run)


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ("run the best one again in 2010", ["추세추종"]),
        ("run the worst by drawdown again in 2010", ["Buy and Hold"]),
        ("rerun the second best by sharpe with 2 % slippage", ["Dual Momentum"]),
        ("rerun the top 2 by return with 2 % slippage", ["Buy and Hold", "Dual Momentum"]),
        ("제일 좋은 전략 2010년으로 다시 돌려줘", ["추세추종"]),
        ("샤프 2등 전략 수수료 0.3%로 다시 돌려줘", ["Dual Momentum"]),
        ("수익률 꼴찌 2008년부터 다시 돌려봐", ["RSI 역추세"]),
    ],
)
async def test_a_choice_is_resolved_to_strategies_and_proposed(message: str, names: list[str]) -> None:
    conversation = await with_four()
    answer = await conversation.say(message)

    assert [each["name"] for each in conversation.proposed] == names
    assert all(f"'{name}'" in answer for name in names)
    assert answer.startswith(("Read '", "'"))
    assert conversation.started == []


async def test_a_choice_is_confirmed_also_where_runs_start_at_once() -> None:
    conversation = await with_four(auto_run=True)
    await conversation.say("run the safest one again on MSFT in 2010")
    (proposed,) = conversation.proposed
    assert (proposed["name"], proposed["symbols"], conversation.started) == ("추세추종", ["MSFT"], [])

    await conversation.say("yes")
    assert [each.strategy_config.name for each in conversation.started] == ["추세추종"]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("run the best one again in 2010", "name one."),
        ("제일 좋은 전략 2010년으로 다시 돌려줘", "이름으로 말해 주세요."),
    ],
)
async def test_a_choice_that_finds_no_single_one_is_asked_back(message: str, said: str) -> None:
    conversation = await Conversation.open()
    for name in ("Twin", "Double"):
        await conversation.ran(name, type="buy_and_hold", symbols=["AAPL"], start_date="2012-06-01")

    assert (await conversation.say(message)).endswith(said)
    assert conversation.proposed == []


async def test_a_name_wins_over_a_choice() -> None:
    conversation = await with_four()
    await conversation.ran("Best Idea", type="rsi", symbols=["AAPL"])
    await conversation.say("run Best Idea again in 2010")
    assert [each["name"] for each in conversation.proposed] == ["Best Idea"]


async def test_a_parameter_of_the_one_in_focus_is_no_choice() -> None:
    conversation = await with_four()
    await conversation.say("how did Dual Momentum do?", "run it again with top 2")
    (proposed,) = conversation.proposed
    assert (proposed["name"], proposed["parameters"]["top"]) == ("Dual Momentum", 2)


async def test_a_type_that_is_named_is_no_choice() -> None:
    conversation = await with_four()
    await conversation.say("how did Dual Momentum do?", "run RSI on AAPL with the lowest commission")
    assert [each["type"] for each in conversation.proposed] == ["rsi"]

"""Messages that name a strategy to run again, but not in full: what is proposed, and what is said of it."""

import pytest

from tests.unit.session.conversation import Conversation

pytestmark = pytest.mark.anyio

PERIOD = {"start_date": "2012-06-01"}


async def with_strategies(*, auto_run: bool = False) -> Conversation:
    conversation = await Conversation.open(auto_run=auto_run)
    await conversation.ran("Dual Momentum", type="cross_sectional_momentum", symbols=["AAPL", "FB"], **PERIOD)
    await conversation.ran("RSI 역추세", type="rsi", symbols=["AAPL"], **PERIOD)
    await conversation.ran("추세추종", type="sma_crossover", symbols=["AAPL"], **PERIOD)
    return conversation


@pytest.mark.parametrize(
    ("message", "name", "said"),
    [
        (
            "rerun Dual Momentm with 2 % slippage",
            "Dual Momentum",
            "Read 'Dual Momentm' as 'Dual Momentum'. Shall",
        ),
        (
            "듀얼 모멘텀을 슬리피지 2%로 다시 돌려줘",
            "Dual Momentum",
            "'듀얼 모멘텀'을(를) 'Dual Momentum'(으)로",
        ),
        (
            "추세추중 슬리피지 2%로 다시 돌려줘",
            "추세추종",
            "'추세추중'을(를) '추세추종'(으)로 읽었습니다. 이",
        ),
        ("rerun RSI 역추새 with 2 % slippage", "RSI 역추세", "Read 'RSI 역추새' as 'RSI 역추세'."),
    ],
)
async def test_a_name_that_is_nearly_written_is_proposed_and_it_is_said(
    message: str, name: str, said: str
) -> None:
    conversation = await with_strategies()
    answer = await conversation.say(message)

    assert answer.startswith(said)
    assert [(each["name"], each["slippage_rate"]) for each in conversation.proposed] == [(name, 0.02)]


async def test_what_was_not_written_in_full_is_not_started_without_a_yes() -> None:
    conversation = await with_strategies(auto_run=True)
    await conversation.say("rerun Dual Momentm with 2 % slippage")
    assert (conversation.started, len(conversation.proposed)) == ([], 1)

    await conversation.say("yes")
    assert len(conversation.started) == 1


@pytest.mark.parametrize("message", ["run an RSI backtest on FB", "FB로 RSI 백테스트 돌려줘"])
async def test_a_type_is_not_read_as_a_strategy_that_begins_as_it_does(message: str) -> None:
    conversation = await with_strategies()
    answer = await conversation.say(message)

    assert "Read" not in answer
    assert "읽었습니다" not in answer
    (proposed,) = conversation.proposed
    assert (proposed["type"], proposed["symbols"]) == ("rsi", ["FB"])
    assert proposed["name"] != "RSI 역추세"


async def test_where_several_names_fit_none_is_proposed() -> None:
    conversation = await with_strategies()
    await conversation.ran("Zebra One", type="buy_and_hold", symbols=["AAPL"], **PERIOD)
    await conversation.ran("Zebra Two", type="buy_and_hold", symbols=["AAPL"], **PERIOD)
    answer = await conversation.say("rerun zebra")

    assert not any(conversation.proposed)  # what is asked for is remembered, and nothing can start
    assert answer.endswith("Did you mean 'Zebra One' or 'Zebra Two'?")


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("그럼 듀얼모멘텀은?", "'듀얼모멘텀'을(를) 'Dual Momentum'(으)로 읽었습니다.\n'Dual Momentum'"),
        ("and Dual Momentm?", "Read 'Dual Momentm' as 'Dual Momentum'.\n'Dual Momentum'"),
        ("how did Dual Momentm do?", "Read 'Dual Momentm' as 'Dual Momentum'.\n'Dual Momentum'"),
    ],
)
async def test_a_question_about_a_name_that_is_nearly_written_is_answered(message: str, said: str) -> None:
    conversation = await with_strategies()
    assert (await conversation.say(message)).startswith(said)

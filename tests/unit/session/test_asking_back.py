"""What a conversation asks back before a backtest can run, and the answers to it."""

from typing import Any

import pytest

from tests.unit.session.conversation import Conversation

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("messages", "wanted"),
    [
        (["run RSI on XYZ with 10 bps slippage", "with AAPL instead"], {"slippage_rate": 0.001}),
        (["XYZ로 RSI 수수료 0.2%로 돌려줘", "그럼 AAPL로"], {"commission_rate": 0.002}),
        (["run RSI on AAPL and ZZZZ", "just AAPL"], {"symbols": ["AAPL"]}),
        (["run a backtest on AAPL since 2012", "RSI"], {"start_date": "2012-01-01"}),
        (["run a backtest with 10 bps slippage", "RSI", "AAPL and FB"], {"slippage_rate": 0.001}),
        (["백테스트 돌려줘", "RSI", "AAPL하고 FB"], {"symbols": ["AAPL", "FB"]}),
        (["run 황금거위 on AAPL with 20 bps slippage", "RSI"], {"slippage_rate": 0.002}),
        (
            ["run macd 10 20 on AAPL with 10 bps slippage", "fast 10 slow 20"],
            {"parameters": {"fast": 10, "slow": 20}, "slippage_rate": 0.001},
        ),
        (["슬리피지 0.002로 AAPL RSI 돌려줘", "0.2%"], {"slippage_rate": 0.002}),
        (["run RSI on AAPL with 20 bps", "slippage 20 bps"], {"slippage_rate": 0.002}),
        (["run RSI on AAPL 2012-06-01", "since 2012-06-01"], {"start_date": "2012-06-01"}),
        (["AAPL RSI 2012-06-01 돌려줘", "2012-06-01부터"], {"start_date": "2012-06-01", "end_date": None}),
        (["run RSI on AAPL with 60 % slippage", "slippage 1%"], {"slippage_rate": 0.01}),
    ],
)
async def test_an_answer_completes_what_was_asked_for(messages: list[str], wanted: dict[str, Any]) -> None:
    conversation = await Conversation.open()
    await conversation.say(*messages)
    (proposed,) = conversation.proposed
    assert {name: proposed.get(name) for name in wanted} == wanted
    await conversation.say("yes")
    assert len(conversation.started) == 1


@pytest.mark.parametrize(
    "message",
    ["run macd 10 20 on AAPL", "run RSI on AAPL and ZZZZ", "run RSI on AAPL with 20 bps", "run RSI on ZZZZ"],
)
async def test_what_was_asked_is_asked_again_until_it_is_answered(message: str) -> None:
    conversation = await Conversation.open()
    asked = await conversation.say(message)
    assert await conversation.say("yes") in {asked, "On which symbols shall 'rsi' be run? Try: 'on AAPL'."}
    assert asked in await conversation.say("cash 50000")
    assert "Not understood: 'moon', 'phase'" in await conversation.say("use the moon phase")
    await conversation.say("yes")
    assert conversation.started == []


async def test_a_session_that_does_not_ask_first_does_not_start_what_is_not_answered() -> None:
    conversation = await Conversation.open(auto_run=True)
    await conversation.say("run macd 10 20 on AAPL", "with 10 bps slippage")
    assert conversation.started == []
    await conversation.say("fast 10 slow 20")
    assert conversation.config_of().parameters == {"fast": 10, "slow": 20, "signal": 9}
    assert conversation.config_of().slippage_rate == 0.001


@pytest.mark.parametrize("written", ["June 31, 2012", "06/01/2012", "06/01/12", "13/2012", "2012-02-30"])
async def test_a_day_that_is_none_or_may_be_two_is_told_and_no_part_of_it_is_taken(written: str) -> None:
    conversation = await Conversation.open()
    answer = await conversation.say(f"run RSI on AAPL since {written}")
    assert answer.startswith(f"Not understood: '{written}'. Write days as in 2012-06-01.")
    assert "period 2012-03-01~2013-03-01" in answer
    assert conversation.proposed[0]["parameters"] == {}


async def test_weights_are_refused_where_the_type_has_none() -> None:
    conversation = await Conversation.open()
    assert "'Fixed weights'" in await conversation.say("run RSI on 60% AAPL and 40% FB")
    assert conversation.proposed == []

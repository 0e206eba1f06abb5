"""Requests for several runs that differ in one value."""

from typing import Any

import pytest

from tests.unit.session.conversation import Conversation

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("message", "setting", "values"),
    [
        ("run RSI with 10, 14 and 20 on AAPL", "window", [10, 14, 20]),
        ("AAPL RSI 윈도우 10, 14, 20으로 각각 돌려줘", "window", [10, 14, 20]),
        ("run bollinger on AAPL with windows 20, 30 and 40", "window", [20, 30, 40]),
        ("run momentum 60, 90, 120 on AAPL", "lookback", [60, 90, 120]),
        ("run SMA 20/50 and 50/200 on AAPL", "slow", [50, 200]),
        ("이평선 AAPL 5/20, 20/60으로 돌려줘", "fast", [5, 20]),
        ("run RSI on AAPL with slippage of 0, 10 and 20 bps", "slippage_rate", [0.0, 0.001, 0.002]),
        ("run RSI on AAPL with 10 bps and 20 bps slippage", "slippage_rate", [0.001, 0.002]),
        ("AAPL RSI 수수료 0.1%, 0.2%로 각각 돌려줘", "commission_rate", [0.001, 0.002]),
    ],
)
async def test_each_value_of_a_list_is_a_run_with_a_name_of_its_own(
    message: str, setting: str, values: list[Any]
) -> None:
    conversation = await Conversation.open()
    answer = await conversation.say(message)
    proposed = conversation.proposed
    assert [{**each, **each["parameters"]}[setting] for each in proposed] == pytest.approx(values)
    assert len({each["name"] for each in proposed}) == len(values)
    assert "Not understood" not in answer
    await conversation.say("yes")
    assert len(conversation.started) == len(values)


@pytest.mark.parametrize(
    ("message", "parameters"),
    [
        ("run RSI 14, 30, 70 on AAPL", {"window": 14, "lower": 30.0, "upper": 70.0}),
        ("run macd 12, 26 and 9 on AAPL", {"fast": 12, "slow": 26, "signal": 9}),
        ("run bollinger 30 and 1.5 on AAPL", {"window": 30, "width": 1.5}),
        ("run SMA on AAPL, fast 10, slow 30", {"fast": 10, "slow": 30}),
        ("run RSI on AAPL with window 9, 30/70", {}),
    ],
)
async def test_the_parameters_of_one_run_are_no_list(message: str, parameters: dict[str, Any]) -> None:
    conversation = await Conversation.open()
    await conversation.say(message)
    assert len(conversation.proposed) == 1
    assert parameters.items() <= conversation.proposed[0]["parameters"].items()


async def test_several_runs_of_a_strategy_do_not_take_its_name() -> None:
    conversation = await Conversation.open()
    await conversation.ran("Calm", type="rsi")
    await conversation.say("Calm을 수수료 0.1%, 0.3%로 다시 돌려줘")
    assert [each["name"] for each in conversation.proposed] == ["Calm 수수료 0.1 %", "Calm 수수료 0.3 %"]
    await conversation.say("AAPL이랑 FB로 Calm 각각 다시 돌려줘")
    assert [each["name"] for each in conversation.proposed] == ["Calm AAPL", "Calm FB"]


async def test_a_proposal_is_changed_to_several() -> None:
    conversation = await Conversation.open()
    await conversation.say("run RSI on AAPL", "slippage 0, 10 and 20 bps")
    assert [each["slippage_rate"] for each in conversation.proposed] == pytest.approx([0.0, 0.001, 0.002])


async def test_too_many_at_once_are_not_proposed() -> None:
    conversation = await Conversation.open()
    answer = await conversation.say("run momentum lookback 10, 20, 30, 40, 50 and 60 on AAPL")
    assert "At most 5 can be run at once, and these are 6" in answer
    assert conversation.proposed == []


async def test_two_lists_are_run_in_all_combinations() -> None:
    conversation = await Conversation.open()
    await conversation.say("run RSI on AAPL with windows 10 and 20 and slippage 5, 10 bps")
    runs = [(each["parameters"]["window"], each["slippage_rate"]) for each in conversation.proposed]
    assert sorted(runs) == [(10, 0.0005), (10, 0.001), (20, 0.0005), (20, 0.001)]
    assert len({each["name"] for each in conversation.proposed}) == 4


async def test_what_is_asked_for_twice_runs_once() -> None:
    conversation = await Conversation.open()
    await conversation.say("run RSI 14, 14 and 20 on AAPL")
    assert [each["parameters"]["window"] for each in conversation.proposed] == [14, 20]


@pytest.mark.parametrize("message", ["drop the 21", "21은 빼줘", "without 21"])
async def test_one_of_several_is_dropped(message: str) -> None:
    conversation = await Conversation.open()
    await conversation.say("run RSI with windows 7 and 21 on AAPL", message)
    assert [each["parameters"]["window"] for each in conversation.proposed] == [7]


@pytest.mark.parametrize(
    "message",
    ["볼린저는 빼", "볼린저 빼고 돌려줘", "without bollinger", "drop the Bollinger band mean reversion"],
)
async def test_one_of_several_is_dropped_by_what_it_is_called(message: str) -> None:
    conversation = await Conversation.open()
    await conversation.say("run bollinger and RSI on AAPL", message)
    assert [each["type"] for each in conversation.proposed] == ["rsi"]

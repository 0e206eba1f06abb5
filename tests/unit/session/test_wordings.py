"""Requests in the wording of people: without a verb, agreed to in passing, about what is proposed."""

import pytest

from tests.unit.session.conversation import Conversation

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "message",
    ["RSI AAPL", "aapl rsi ㄱㄱ", "rsi on aapl with 10 bps slippage", "볼밴 애플 2년치", "Titan 수수료 0.3%"],
)
@pytest.mark.parametrize("auto_run", [True, False])
async def test_a_run_that_is_named_without_a_verb_is_always_confirmed(
    message: str, *, auto_run: bool
) -> None:
    conversation = await Conversation.open(auto_run=auto_run)
    await conversation.ran("Titan", type="rsi")
    await conversation.say(message)
    assert conversation.started == []
    await conversation.say("yes")
    assert len(conversation.started) == 1


@pytest.mark.parametrize(
    "message",
    ["RSI AAPL vs FB?", "AAPL", "hello AAPL", "RSI", "Titan", "Titan 2012", "RSI AAPL 샤프", "AAPL foo RSI"],
)
async def test_other_messages_propose_nothing(message: str) -> None:
    conversation = await Conversation.open()
    await conversation.ran("Titan", type="rsi")
    await conversation.say(message)
    assert conversation.proposed == []


async def test_what_agrees_starts_what_was_just_asked_and_nothing_later() -> None:
    conversation = await Conversation.open()
    await conversation.ran("Titan", type="rsi")
    await conversation.say("run RSI on AAPL", "what is the Sharpe ratio of Titan?", "great")
    assert conversation.started == []
    await conversation.say("with 10 bps slippage", "great, thanks")
    assert conversation.started == []
    await conversation.say("with 10 bps slippage", "sounds good")
    assert len(conversation.started) == 1


@pytest.mark.parametrize("message", ["run it now please", "예 실행해 주십시오", "이제 돌려주십시오"])
async def test_a_request_that_names_nothing_starts_what_is_proposed(message: str) -> None:
    conversation = await Conversation.open()
    await conversation.say("run RSI on AAPL", message)
    assert len(conversation.started) == 1


@pytest.mark.parametrize(
    "message",
    ["what if slippage were 0.2%?", "수수료는 그대로 두고 슬리피지만 20bp", "change slippage to 20 bps"],
)
async def test_what_is_supposed_changes_what_is_proposed(message: str) -> None:
    conversation = await Conversation.open()
    await conversation.say("run RSI on AAPL with window 9", message)
    (proposed,) = conversation.proposed
    assert (proposed["parameters"], proposed["slippage_rate"]) == ({"window": 9}, pytest.approx(0.002))


async def test_all_prices_are_used_where_the_message_says_so() -> None:
    conversation = await Conversation.open()
    await conversation.say("전체 기간으로 AAPL RSI 돌려줘", "응")
    config = conversation.config_of()
    assert (str(config.start_date), str(config.end_date)) == ("2000-03-01", "2013-03-01")


async def test_all_that_run_are_cancelled_together() -> None:
    conversation = await Conversation.open(auto_run=True)
    await conversation.say("run macd and rsi on AAPL", "둘 다 취소해줘")
    assert await conversation.others.backtest.claimable() == []


async def test_a_symbol_is_swapped_out() -> None:
    conversation = await Conversation.open()
    await conversation.say("run RSI on AAPL and FB", "swap FB out")
    assert conversation.proposed[0]["symbols"] == ["AAPL"]


async def test_what_is_no_whole_number_is_no_number_of_days() -> None:
    conversation = await Conversation.open()
    answer = await conversation.say("run RSI on AAPL", "no, only 0.2")
    assert "Which parameters are 0.2?" in answer
    assert conversation.proposed[0]["parameters"] == {}


async def test_the_same_period_is_understood_where_it_is() -> None:
    conversation = await Conversation.open()
    answer = await conversation.say("MACD랑 RSI를 AAPL에 같은 기간으로 둘 다 돌려줘")
    assert "이해하지 못한" not in answer


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("make it .2%", {"slippage_rate": 0.002}),
        ("drop slippage too", {"slippage_rate": 0.0}),
        ("drop the slippage to 5 bps", {"slippage_rate": 0.0005}),
        ("거래비용은 0.05%입니다", {"commission_rate": 0.0005}),
    ],
)
async def test_costs_are_changed_in_the_words_of_people(message: str, wanted: dict[str, float]) -> None:
    conversation = await Conversation.open()
    answer = await conversation.say("run RSI on AAPL with 10 bps slippage", message)
    (proposed,) = conversation.proposed
    assert {name: proposed.get(name) for name in wanted} == pytest.approx(wanted)
    assert "이해하지 못한" not in answer

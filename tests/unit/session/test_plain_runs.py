"""What is said around a run in plain words: its parameters, its costs, how it did."""

import pytest

from tests.unit.session.conversation import Conversation

pytestmark = pytest.mark.anyio


async def test_a_window_that_looks_like_a_year_is_refused_as_a_window() -> None:
    chat = await Conversation.open()
    refused = await chat.say("backtest RSI with window 2000 on AAPL")
    assert "window must be" in refused
    assert "window 7" in await chat.say("ok window 7")


async def test_the_costs_of_what_cannot_run_are_told_with_the_reason() -> None:
    chat = await Conversation.open()
    await chat.say("backtest RSI with window 2000 on AAPL")
    answer = await chat.say("what fees will it use")
    assert "commission 0.1 %" in answer
    assert "window must be" in answer
    assert "수수료 0.1 %" in await chat.say("수수료 얼마로 돌린다는거야?")


async def test_the_costs_of_what_is_proposed_are_told() -> None:
    chat = await Conversation.open()
    await chat.say("RSI AAPL 수수료 0.2%로 돌려줘")
    assert "수수료 0.2 %" in await chat.say("몇프로로 돌린다는거야?")


async def test_how_it_did_is_told_right_after_a_run() -> None:
    chat = await Conversation.open()
    await chat.say("run RSI on AAPL", "yep")
    await chat.finish()
    assert "total return" in await chat.say("how'd it do")


@pytest.mark.parametrize("message", ["방금 그거 돌고있어?", "did you run it?", "is it running now?"])
async def test_what_was_not_started_is_not_running(message: str) -> None:
    chat = await Conversation.open()
    await chat.say("RSI AAPL 돌려줘", "노노 하지마")
    assert await chat.say(message) in {
        "이 대화에서 시작한 백테스트가 없습니다.",
        "This conversation has started no backtest.",
    }


async def test_what_if_it_had_no_costs_is_a_run() -> None:
    chat = await Conversation.open()
    await chat.ran("Calm")
    await chat.say("how good is Calm?")
    answer = await chat.say("would it win if fees were zero")
    assert "'Calm'" in answer
    assert "commission 0 %" in answer


async def test_whether_all_were_set_alike_is_about_all() -> None:
    chat = await Conversation.open()
    await chat.ran("Calm")
    await chat.ran("Wild")
    await chat.say("Calm 샤프는?")
    answer = await chat.say("수수료 다 똑같이 돌린거 맞아?")
    assert "'Calm'" in answer
    assert "'Wild'" in answer

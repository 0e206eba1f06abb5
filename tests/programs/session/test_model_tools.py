"""Language models that call tools: what they get, what they may say of it, and what they can't do."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from backchat_contracts import (
    BacktestCancelRequested,
    BacktestEstimateQueried,
    BacktestQueried,
    BacktestRequested,
    ChatCancelRequested,
    ChatRestarted,
    ChatStreamed,
)
from services.session.domain.session import Asked
from services.session.llm import LlmWriter
from services.session.model_tools import MOST_CALLS
from tests.builders import delivery
from tests.hostile_model import Behaviour, Exchange, HostileModel, chunk, serving
from tests.programs.language_model.models import chained, provider
from tests.unit.session.conversation import Conversation

pytestmark = pytest.mark.anyio

RSI: Mapping[str, Any] = {
    "type": "rsi",
    "symbols": ["AAPL"],
    "start_date": "2012-06-01",
    "commission_rate": 0.002,
}


def saying(*texts: str) -> Behaviour:
    async def say(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.say(*texts)
        await exchange.finish()

    return say


def calling(tool: str, arguments: Mapping[str, Any], before: str = "") -> Behaviour:
    """Call a tool, after some words."""

    async def call(exchange: Exchange) -> None:
        await exchange.head()
        if before:
            await exchange.say(before)
        function = {"name": tool, "arguments": json.dumps(arguments)}
        part = {"index": 0, "id": "c", "type": "function", "function": function}
        await exchange.event(chunk({"tool_calls": [part]}))
        await exchange.finish("tool_calls")

    return call


@pytest.fixture
async def model() -> AsyncIterator[HostileModel]:
    async with serving() as model:
        yield model


@asynccontextmanager
async def conversation(model: HostileModel) -> AsyncIterator[Conversation]:
    async with chained(provider("first", model.url, input_price=1.0, output_price=1.0)) as chain:
        talk = await Conversation.open(writer=LlmWriter(chain))
        await talk.ran("RSI", **RSI)
        await talk.ran("Momentum", **{**RSI, "type": "buy_and_hold"})
        yield talk


def result_in(model: HostileModel) -> Any:
    """Return the result that the model was told last."""
    *_, message = model.asked[-1].body["messages"]
    assert message["role"] == "tool"
    return json.loads(message["content"])


async def test_the_results_of_tools_are_told_with_references_and_may_be_spoken_of(
    model: HostileModel,
) -> None:
    async with conversation(model) as talk:
        model.then(
            calling("find_strategies", {"text": "RSI"}),
            saying("The commission of RSI was [[t2.data.1.config.commission_rate]]."),
        )
        assert await talk.say("Tell me something about the RSI one.") == "The commission of RSI was 0.2 %."

    result = result_in(model)["result"]["data"][0]
    assert result["config"]["commission_rate"] == {
        "ref": "t2.data.1.config.commission_rate",
        "shown": "0.2 %",
    }
    assert result["name"] == "RSI"
    answer = talk.session.history[-1]
    assert [each.tool for each in answer.tools] == ["compare", "find_strategies"]
    assert answer.model_use
    assert (answer.model_use.requests, answer.model_use.input_tokens) == (2, 2000)
    names = [each["function"]["name"] for each in model.asked[0].body["tools"]]
    assert "compare" in names
    assert not {"start_backtest", "cancel_backtest"} & {*names}


async def test_figures_of_two_comparisons_are_told_apart(model: HostileModel) -> None:
    async with conversation(model) as talk:
        call = calling("compare", {"question": "Momentum의 샤프 지수는?"})
        right = "Momentum has a Sharpe ratio of [[t2.s1.sharpe_ratio]]; RSI has [[s1.sharpe_ratio]]."
        swapped = "Momentum has a Sharpe ratio of [[s1.sharpe_ratio]]; RSI has [[t2.s1.sharpe_ratio]]."
        model.then(call, saying(right))
        assert await talk.say("How good is RSI?") == "Momentum has a Sharpe ratio of 1.10; RSI has 1.10."
        assert talk.session.context.asked == Asked(("Momentum의 샤프 지수는?",))

        model.then(call, saying(swapped), saying(swapped))
        await talk.say("How good is RSI?")
        assert talk.session.history[-1].provider == "computed"


async def test_what_is_remembered_as_asked_is_what_a_model_has_asked(model: HostileModel) -> None:
    async with conversation(model) as talk:
        wanted = {
            "question": "Which has the best return?",
            "context_queries": ["Which has the best Sharpe ratio?"],
            "context_strategy_ids": ["RSI", "Momentum"],
        }
        model.then(calling("compare", wanted), saying("I have looked."))
        await talk.say("Good morning, please go on.")
        assert talk.session.context.asked == Asked(
            ("Which has the best Sharpe ratio?", "Which has the best return?"),
            ("RSI", "Momentum"),
        )


async def test_a_figure_of_a_result_that_is_written_out_is_no_answer(model: HostileModel) -> None:
    async with conversation(model) as talk:
        call = calling("find_strategies", {"text": "RSI"})
        model.then(call, saying("The commission of RSI was 0.3 %."), saying("It was 0.3 % for RSI."))
        assert "0.3 %" not in await talk.say("Tell me something about the RSI one.")
    assert talk.session.history[-1].provider == "computed"


async def test_a_backtest_is_proposed_and_started_by_a_yes(model: HostileModel) -> None:
    async with conversation(model) as talk:
        config = {"name": "RSI slow", **RSI, "parameters": {"window": 28}}
        model.then(calling("estimate_backtest", {"strategy_config": config}), saying("That can be run."))
        said = await talk.say("I wonder about the one with a slower pace, what do you think?")

        assert said.startswith("That can be run.\nShall this backtest be run? 'RSI slow'")
        assert "window 28" in said
        assert not talk.started
        assert "was started" in await talk.say("yes")
    assert talk.config_of().parameters["window"] == 28


async def test_what_can_not_run_is_told_and_nothing_is_proposed(model: HostileModel) -> None:
    async with conversation(model) as talk:
        config = {"name": "RSI slow", **RSI, "type": "no_such_type"}
        model.then(
            calling("estimate_backtest", {"strategy_config": config}),
            saying("There is no such strategy type."),
        )
        assert await talk.say("What about another one?") == "There is no such strategy type."
        assert not talk.proposed
    assert set(result_in(model)) == {"error", "detail"}


async def test_arguments_that_are_wrong_are_told(model: HostileModel) -> None:
    async with conversation(model) as talk:
        model.then(calling("get_backtest", {"id": 5}), saying("I can't find that."))
        assert await talk.say("And the other one?") == "I can't find that."
        assert result_in(model)["error"] == "invalid-request"
    assert not any(isinstance(each, BacktestQueried) for each in talk.others.asked)


async def test_calls_are_bounded(model: HostileModel) -> None:
    async with conversation(model) as talk:
        model.then(*[calling("list_types", {})] * (MOST_CALLS + 1))
        await talk.say("How good is RSI?")

    assert len(model.asked) == MOST_CALLS + 1
    assert "tools" not in model.asked[-1].body
    answer = talk.session.history[-1]
    assert answer.provider == "computed"
    assert len(answer.tools) == MOST_CALLS + 1
    assert answer.model_use  # it is not free because it failed
    assert answer.model_use.requests == MOST_CALLS + 1


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("start_backtest", {"strategy_config": {"name": "X", **RSI}}),
        ("cancel_backtest", {"backtest_id": "b-1"}),
        ("delete_everything", {}),
        ("compare", {"question": "x" * 20_000}),
        ("compare", {"question": "x", "n": 2**70}),
        ("compare", {"question": "\ud800"}),
        ("compare", {"question": "x", "a\0b": 1}),
    ],
)
async def test_what_is_not_offered_is_not_done(
    model: HostileModel, tool: str, arguments: Mapping[str, Any]
) -> None:
    async with conversation(model) as talk:
        model.then(calling(tool, arguments))
        await talk.say("How good is RSI?")

    assert talk.session.history[-1].provider == "computed"
    forbidden = (BacktestRequested, BacktestCancelRequested, BacktestEstimateQueried)
    assert not any(isinstance(each, forbidden) for each in talk.others.asked)
    assert len(talk.session.history[-1].tools) == 1


async def test_words_before_a_call_are_void(model: HostileModel) -> None:
    async with conversation(model) as talk:
        model.then(calling("list_types", {}, before="Let me look. I will "), saying("RSI is one of them."))
        await talk.service.say(talk.session_id, "How good is RSI?", stream=True)
        await talk.service.work(talk.session_id)

    told = [each for each in talk.service.reply.answers if isinstance(each, ChatStreamed | ChatRestarted)]
    assert [each.delta if isinstance(each, ChatStreamed) else None for each in told] == [
        "Let me look.",
        None,
        "RSI is one of them.",
    ]
    assert talk.last == "RSI is one of them."


async def test_after_a_crash_a_call_is_not_made_again(model: HostileModel) -> None:
    async with conversation(model) as talk:
        model.then(calling("list_types", {}), saying("RSI is one of them."))
        await talk.service.say(talk.session_id, "How good is RSI?")
        claim = talk.service.held.pop(talk.session_id)
        await talk.service.turns.run(claim)  # the process ends before the answer is stored
        asked = len(talk.others.asked)
        model.then(saying("RSI is another one."))
        await talk.service.work(talk.session_id)

    assert talk.last == "RSI is another one."
    assert len(talk.others.asked) == asked
    assert result_in(model)["result"]["data"]


async def test_what_was_looked_up_before_is_not_what_a_model_answers_from(model: HostileModel) -> None:
    async with conversation(model) as talk:
        model.then(saying("RSI has a Sharpe ratio of [[s1.sharpe_ratio]]."))
        assert await talk.say("tell me about Momentum") == "RSI has a Sharpe ratio of 1.10."
    assert len(model.asked) == 1
    assert talk.session.history[-1].provider == "first-model"


async def test_a_cancelled_message_is_not_answered_for_the_one_before(model: HostileModel) -> None:
    async with conversation(model) as talk:
        await talk.service.say(talk.session_id, "How good is RSI?")
        waiting = await talk.service.say(talk.session_id, "Which is the worst?")
        cancel = ChatCancelRequested(session_id=talk.session_id, turn_id=waiting.turn_id)
        await talk.service.chat.cancel(cancel, delivery())
        model.then(saying("RSI is fine."))
        await talk.service.work(talk.session_id)

    told = json.loads(model.asked[0].body["messages"][-1]["content"])
    assert told["message"] == "How good is RSI?"


async def test_requests_count_whatever_comes_of_them(model: HostileModel) -> None:
    async with conversation(model) as talk:
        bad = saying("The Sharpe ratio is 9.9.")
        model.then(bad, bad)
        await talk.say("How good is RSI?")
        assert talk.session.history[-1].provider == "computed"
        assert [each.requests for each in talk.service.uses.used.values()] == [2]
        use = talk.session.history[-1].model_use
        assert use
        assert use.requests == 2

        model.then(bad, saying("RSI is fine."))
        await talk.say("How good is RSI?")
        assert [each.requests for each in talk.service.uses.used.values()] == [4]


async def test_what_a_model_has_cancelled_is_told_though_it_gives_no_answer(model: HostileModel) -> None:
    async with conversation(model) as talk:
        begun = await talk.say("Run an RSI backtest on AAPL", "yes")
        assert "was started" in begun
        backtest_id = talk.started[0].backtest_id
        bad = saying("It is 9.9.")
        model.then(calling("cancel_backtest", {"backtest_id": backtest_id}), bad, bad)
        said = await talk.say("that AAPL business of mine, will you cancel what runs of it?")

    assert said.startswith("The backtest of ")
    assert "was cancelled" in said

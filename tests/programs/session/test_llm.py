"""What the language model is told of a conversation."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from llmock.pytest_plugin import LLMock
from pydantic import SecretStr

from backchat_contracts import ComparisonView
from services.language_model.chain import Chain
from services.language_model.pieces import Finished
from services.language_model.settings import LlmSettings
from services.session.domain.history import Message, Role
from services.session.domain.remembering import MOST_MESSAGES, MOST_TOKENS, earlier, remembered, tokens_of
from services.session.domain.turn import Outcome, Step, ToolCall, Turn
from services.session.llm import LlmWriter
from tests.builders import NOW, comparison_viewed, figures

pytestmark = pytest.mark.anyio


def said(number: int) -> Message:
    role: Role = "assistant" if number % 2 else "user"
    return Message(f"t-{number}", role, f"message {number}", NOW + timedelta(seconds=number))


async def told(llmock: LLMock, data: ComparisonView, messages: int = 1) -> list[dict[str, str]]:
    """Let the model write, and return the messages that it was given."""
    settings = LlmSettings(openai_api_key=SecretStr("sk-test"), openai_base_url=llmock.base_url())
    chain = Chain(settings)
    llmock.reply("네.")
    writer = LlmWriter(chain)
    step = Step(ToolCall("c-0", "compare", {}), Outcome(0.1, data))
    turn = Turn(f"t-{messages - 1}", f"message {messages - 1}", "ko", steps=(step,))
    history = [said(number) for number in range(messages)]
    began = asyncio.get_running_loop().time()
    *_, finished = [piece async for piece in writer.write(history, turn, (), began)]
    assert isinstance(finished, Finished)
    assert finished.model == settings.openai_model
    await chain.close()
    body = llmock.last_request.body
    assert body is not None
    given: list[dict[str, str]] = body["messages"]
    return given


def compared(**given: object) -> ComparisonView:
    return comparison_viewed(
        figures("황금 교차", sharpe_ratio=1.234), **{"summary": "Computed words."} | given
    )


async def test_it_is_told_the_data_apart_from_the_instructions(llmock: LLMock) -> None:
    system, asked = await told(llmock, compared())

    assert (system["role"], asked["role"]) == ("system", "user")
    content = json.loads(asked["content"])
    assert (content["message"], content["language"]) == ("message 0", "ko")
    assert content["computed_answer"] == "Computed words."
    assert content["figures"]["황금 교차"]["sharpe_ratio"] == {
        "value": {"ref": "s1.sharpe_ratio", "shown": "1.23"}
    }
    assert "황금" not in system["content"]  # names are data, too


async def test_it_is_told_the_last_messages_in_order_the_first_one_a_users(llmock: LLMock) -> None:
    _, *history, asked = await told(llmock, compared(), messages=MOST_MESSAGES + 5)

    assert [message["content"] for message in history] == [
        f"message {number}" for number in range(4, MOST_MESSAGES + 4)
    ]
    assert history[0]["role"] == "user"
    assert json.loads(asked["content"])["message"] == f"message {MOST_MESSAGES + 4}"


async def test_it_is_told_how_the_messages_before_those_began(llmock: LLMock) -> None:
    *_, asked = await told(llmock, compared(), messages=MOST_MESSAGES + 5)

    assert json.loads(asked["content"])["earlier"] == {"messages": 2, "asked": ["message 0", "message 2"]}


def test_long_messages_before_are_left_out_whole() -> None:
    long = replace(said(0), content="가" * (MOST_TOKENS - 9))

    assert remembered([long, said(1), said(2), said(3)]) == [long, said(1), said(2), said(3)]
    longer = replace(long, content="가" * MOST_TOKENS)
    history = [said(0), said(1), longer, said(3), said(4), said(5)]
    assert remembered(history) == [said(4), said(5)]
    assert earlier(history) == {"messages": 2, "asked": ["message 0", "가" * 80]}
    assert remembered([]) == []
    assert earlier([]) == {}


def test_tokens_are_estimated_by_script() -> None:
    assert [tokens_of(text) for text in ("", "four", "fives", "다섯", "RSI는")] == [0, 1, 2, 2, 2]

"""What the language model is told of a conversation."""

from datetime import timedelta

import pytest
from llmock.pytest_plugin import LLMock
from pydantic import SecretStr

from backchat_contracts import ComparisonCompleted
from services.language_model.chain import Chain
from services.language_model.pieces import Finished
from services.language_model.settings import LlmSettings
from services.session.domain import Message, Role
from services.session.llm import REMEMBERED_MESSAGES, LlmWriter
from tests.builders import NOW, comparison_completed, figures

pytestmark = pytest.mark.anyio


def said(number: int) -> Message:
    role: Role = "assistant" if number % 2 else "user"
    return Message(f"t-{number}", role, f"message {number}", NOW + timedelta(seconds=number))


async def told(llmock: LLMock, data: ComparisonCompleted, messages: int = 1) -> list[dict[str, str]]:
    """Let the model write, and return the messages that it was given."""
    settings = LlmSettings(openai_api_key=SecretStr("sk-test"), openai_base_url=llmock.base_url())
    chain = Chain(settings)
    writer = LlmWriter(chain)
    *_, finished = [piece async for piece in writer.write([said(n) for n in range(messages)], "ko", data)]
    assert isinstance(finished, Finished)
    assert finished.model == settings.openai_model
    await chain.close()
    body = llmock.last_request.body
    assert body is not None
    given: list[dict[str, str]] = body["messages"]
    return given


def compared(**given: object) -> ComparisonCompleted:
    return comparison_completed(
        figures("황금 교차", sharpe_ratio=1.234), **{"summary": "Computed words."} | given
    )


async def test_it_is_told_the_data_the_facts_and_the_language(llmock: LLMock) -> None:
    system, *_ = await told(llmock, compared())

    assert system["role"] == "system"
    for part in ("Korean", "황금 교차", "1.234", "Computed words."):
        assert part in system["content"]


async def test_it_is_told_the_last_messages_in_order(llmock: LLMock) -> None:
    _, *history = await told(llmock, compared(), messages=REMEMBERED_MESSAGES + 5)

    assert [message["content"] for message in history] == [
        f"message {number}" for number in range(5, REMEMBERED_MESSAGES + 5)
    ]
    assert {message["role"] for message in history} == {"user", "assistant"}


async def test_without_a_summary_there_are_no_facts(llmock: LLMock) -> None:
    system, *_ = await told(llmock, compared(summary=None))

    assert system["content"].endswith("none")

"""What the language model is told of a comparison, and how its failures are raised."""

from collections.abc import AsyncIterator, Callable

import pytest
from llmock.pytest_plugin import LLMock
from pydantic import SecretStr

from backchat_contracts import StrategyFigures, StrategyGap
from services.compare.errors import SummaryError
from services.compare.llm import LlmSummariser
from services.language_model.client import Llm
from services.language_model.settings import LlmSettings
from tests.builders import figures, gap

pytestmark = pytest.mark.anyio

DATA: list[StrategyFigures | StrategyGap] = [figures("황금 교차", sharpe_ratio=1.234), gap("lost")]


@pytest.fixture
async def summariser(llmock: LLMock) -> AsyncIterator[LlmSummariser]:
    llm = Llm(
        LlmSettings(
            openai_api_key=SecretStr("sk-test"),
            openai_base_url=llmock.base_url(),
            openai_model="test-model",
            llm_deadline_seconds=0.5,
        )
    )
    yield LlmSummariser(llm)
    await llm.close()


async def test_it_is_told_the_data_the_facts_and_the_question(
    llmock: LLMock, summariser: LlmSummariser
) -> None:
    llmock.reply("황금 교차입니다.\n")
    text = await summariser.summarise("어느 것이 더 안정적인가요?", DATA, "Computed words.")

    assert (text, summariser.provider) == ("황금 교차입니다.", "test-model")
    body = llmock.last_request.body
    assert body is not None
    system, user = body["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    for part in ("황금 교차", "1.234", "lost", "Computed words.", "어느 것이 더 안정적인가요?"):
        assert part in user["content"]
    assert "어느 것이" not in system["content"]  # what users say is no instruction


@pytest.mark.parametrize(
    "breaks",
    [
        lambda llmock: llmock.fail(401),
        lambda llmock: llmock.reply("Half an answer").truncate(after_chunks=2),
        lambda llmock: llmock.reply(""),
        lambda llmock: llmock.delay(1),
    ],
    ids=["refused", "truncated", "empty", "late"],
)
async def test_a_model_that_fails_is_an_error_of_the_summary(
    llmock: LLMock, summariser: LlmSummariser, breaks: Callable[[LLMock], object]
) -> None:
    breaks(llmock)

    with pytest.raises(SummaryError):
        await summariser.summarise("?", DATA, "")

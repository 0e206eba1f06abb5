"""What the language model is told of a comparison, and how its failures are raised."""

from collections.abc import AsyncIterator, Callable

import pytest
from llmock.pytest_plugin import LLMock
from pydantic import SecretStr

from backchat_contracts.findings import CommonWindow, Figures
from services.compare.errors import SummaryError
from services.compare.llm import LlmSummariser
from services.language_model.chain import Chain
from services.language_model.settings import LlmSettings
from tests.builders import NOW, comparison_completed, figures, gap

pytestmark = pytest.mark.anyio

CROSS = figures("황금 교차", sharpe_ratio=1.234)
COMPUTED = comparison_completed(
    CROSS, gap("lost"), query="어느 것이 더 안정적인가요?", summary="Computed words."
)


@pytest.fixture
def deadline_seconds() -> float:
    return 30.0


@pytest.fixture
async def summariser(llmock: LLMock, deadline_seconds: float) -> AsyncIterator[LlmSummariser]:
    chain = Chain(
        LlmSettings(
            openai_api_key=SecretStr("sk-test"),
            openai_base_url=llmock.base_url(),
            openai_model="test-model",
            llm_deadline_seconds=deadline_seconds,
        )
    )
    yield LlmSummariser(chain)
    await chain.close()


async def test_it_is_told_the_figures_the_computed_answer_and_the_question(
    llmock: LLMock, summariser: LlmSummariser
) -> None:
    llmock.reply("황금 교차입니다.\n")
    written = await summariser.summarise(COMPUTED)

    assert (written.text, written.provider) == ("황금 교차입니다.", "test-model")
    body = llmock.last_request.body
    assert body is not None
    system, user = body["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    for part in ("황금 교차", "s1.sharpe_ratio", "1.23", "Computed words.", "어느 것이 더 안정적인가요?"):
        assert part in user["content"]
    assert "어느 것이" not in system["content"]  # what users say is no instruction


async def test_where_windows_differ_it_is_told_the_figures_of_the_common_one(
    llmock: LLMock, summariser: LlmSummariser
) -> None:
    llmock.reply("네.")
    again = Figures(backtest_id=CROSS.backtest_id, values={"sharpe_ratio": 9.87})
    window = CommonWindow(start=NOW.date(), end=NOW.date(), bars=60, figures=(again,))
    await summariser.summarise(COMPUTED.model_copy(update={"common_window": window}))

    body = llmock.last_request.body
    assert body is not None
    told = body["messages"][1]["content"]
    assert "9.87" in told
    assert "1.23" not in told


async def test_figures_are_written_for_references(llmock: LLMock, summariser: LlmSummariser) -> None:
    llmock.reply("황금 교차의 샤프 비율은 [[s1.sharpe_ratio]]입니다.")
    written = await summariser.summarise(COMPUTED)

    assert written.text == "황금 교차의 샤프 비율은 1.23입니다."


async def test_an_invented_figure_is_an_error_after_the_second_try(
    llmock: LLMock, summariser: LlmSummariser
) -> None:
    llmock.reply("황금 교차의 샤프 비율은 9.99입니다.", times=None)
    with pytest.raises(SummaryError, match="free-numeral"):
        await summariser.summarise(COMPUTED)
    assert len(llmock.requests) == 2


@pytest.mark.parametrize(
    "breaks",
    [
        lambda llmock: llmock.fail(401),
        lambda llmock: llmock.reply("Half an answer").truncate(after_chunks=2),
        lambda llmock: llmock.reply(""),
    ],
    ids=["refused", "truncated", "empty"],
)
async def test_a_model_that_fails_is_an_error_of_the_summary(
    llmock: LLMock, summariser: LlmSummariser, breaks: Callable[[LLMock], object]
) -> None:
    breaks(llmock)

    with pytest.raises(SummaryError):
        await summariser.summarise(COMPUTED)


@pytest.mark.parametrize("deadline_seconds", [0.5])
async def test_a_model_that_is_late_is_an_error_of_the_summary(
    llmock: LLMock, summariser: LlmSummariser
) -> None:
    llmock.delay(1)

    with pytest.raises(SummaryError, match="late"):
        await summariser.summarise(COMPUTED)

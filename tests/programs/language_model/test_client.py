"""The client of a language model, against an HTTP server that answers as OpenAI's, or fails as asked."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from llmock.pytest_plugin import LLMock
from llmock.scenarios import Reply
from pydantic import SecretStr
from services.language_model.client import Llm, LlmError

from services.language_model.settings import LlmSettings

pytestmark = pytest.mark.anyio

ASK = [{"role": "user", "content": "Which strategy is steadier?"}]
TEXT = "The steadier one is momentum."


@asynccontextmanager
async def connected(llmock: LLMock, seconds: float = 10.0) -> AsyncIterator[Llm]:
    llm = Llm(
        LlmSettings(
            openai_api_key=SecretStr("sk-test"),
            openai_base_url=llmock.base_url(),
            openai_model="test-model",
            llm_deadline_seconds=seconds,
        )
    )
    try:
        yield llm
    finally:
        await llm.close()


async def pieces(llm: Llm) -> list[str]:
    return [piece async for piece in llm.stream(ASK)]


async def test_an_answer_comes_in_pieces_that_make_up_the_whole(llmock: LLMock) -> None:
    llmock.reply(TEXT)
    async with connected(llmock) as llm:
        got = await pieces(llm)

    assert len(got) > 3
    assert "".join(got) == TEXT
    body = llmock.last_request.body
    assert body is not None
    assert (body["model"], body["messages"], body["stream"]) == ("test-model", ASK, True)


async def test_a_piece_is_there_before_the_whole_is(llmock: LLMock) -> None:
    llmock.reply(TEXT).stall(after_chunks=3, seconds=2)
    async with connected(llmock) as llm:
        stream = llm.stream(ASK)
        async with asyncio.timeout(1):
            assert TEXT.startswith(await anext(stream))
        await stream.aclose()  # type: ignore[attr-defined]


async def test_a_complete_answer_is_stripped(llmock: LLMock) -> None:
    llmock.reply(f"  {TEXT}\n")
    async with connected(llmock) as llm:
        assert await llm.complete(ASK) == TEXT


async def test_an_empty_answer_is_none(llmock: LLMock) -> None:
    llmock.reply("")
    async with connected(llmock) as llm:
        with pytest.raises(LlmError, match="empty"):
            await llm.complete(ASK)


async def test_a_short_rate_limit_is_waited_out(llmock: LLMock) -> None:
    llmock.rate_limit(times=2, retry_after=0.01).reply(TEXT)
    async with connected(llmock) as llm:
        assert await llm.complete(ASK) == TEXT
    assert len(llmock.requests) == 3


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_server_that_keeps_refusing_is_an_error(llmock: LLMock, status: int) -> None:
    llmock.fail(status, times=None, retry_after=0.01)
    async with connected(llmock) as llm:
        with pytest.raises(LlmError):
            await llm.complete(ASK)


async def test_a_wrong_key_is_an_error_at_once(llmock: LLMock) -> None:
    llmock.fail(401, times=None)
    async with connected(llmock) as llm:
        with pytest.raises(LlmError, match="AuthenticationError"):
            await llm.complete(ASK)
    assert len(llmock.requests) == 1


Break = Callable[[LLMock], object]


@pytest.mark.parametrize(
    "broken",
    [
        lambda llmock: llmock.reply(TEXT).truncate(after_chunks=3),
        lambda llmock: llmock.reply(TEXT).disconnect(after_chunks=3),
        lambda llmock: llmock.reply(TEXT).corrupt(after_chunks=3),
        lambda llmock: llmock.add(Reply(TEXT, finish_reason="length")),
        lambda llmock: llmock.add(Reply(TEXT, finish_reason="content_filter")),
    ],
    ids=["truncated", "disconnected", "not JSON", "cut at the limit", "filtered"],
)
async def test_a_part_of_an_answer_is_an_error_and_the_next_one_is_whole(
    llmock: LLMock, broken: Break
) -> None:
    async with connected(llmock) as llm:
        broken(llmock)
        with pytest.raises(LlmError):
            await llm.complete(ASK)
        llmock.reply(TEXT)
        assert await llm.complete(ASK) == TEXT


async def test_an_address_without_a_server_is_an_error() -> None:
    llm = Llm(LlmSettings(openai_base_url="http://127.0.0.1:9/v1", llm_deadline_seconds=20))
    with pytest.raises(LlmError):
        await llm.complete(ASK)
    await llm.close()


@pytest.mark.parametrize(
    "slow",
    [
        lambda llmock: llmock.delay(2),
        lambda llmock: llmock.stall(after_chunks=2, seconds=2),
        lambda llmock: llmock.rate_limit(times=None, retry_after=30),
    ],
    ids=["no first byte", "stalled", "a long Retry-After"],
)
async def test_one_deadline_covers_it_all(llmock: LLMock, slow: Break) -> None:
    slow(llmock)
    async with connected(llmock, seconds=0.3) as llm, asyncio.timeout(1.5):
        with pytest.raises(LlmError, match=r"within 0\.3 s"):
            await llm.complete(ASK)


async def test_a_deadline_that_passes_while_a_piece_is_being_used_is_an_error_too(llmock: LLMock) -> None:
    """The caller gets an error, not a cancellation."""
    llmock.reply(TEXT).stall(after_chunks=2, seconds=2)

    async def use_slowly(llm: Llm) -> None:
        async for _ in llm.stream(ASK):
            await asyncio.sleep(0.5)  # longer than the deadline

    async with connected(llmock, seconds=0.2) as llm:
        with pytest.raises(LlmError, match=r"within 0\.2 s"):
            await use_slowly(llm)


async def test_a_stream_that_breaks_off_does_not_break_the_others(llmock: LLMock) -> None:
    llmock.pace(50).reply(TEXT)
    async with connected(llmock) as llm:
        whole = llm.stream(ASK)
        first = await anext(whole)
        llmock.pace(0).reply(TEXT).truncate(after_chunks=3)
        with pytest.raises(LlmError):
            await llm.complete(ASK)
        assert first + "".join([piece async for piece in whole]) == TEXT


async def test_the_key_stands_in_no_error(llmock: LLMock) -> None:
    llmock.fail(401, times=None)
    async with connected(llmock) as llm:
        with pytest.raises(LlmError) as error:
            await llm.complete(ASK)
    assert "sk-test" not in str(error.value)

"""What a chain yields, when it goes on, and how it ends; against servers on sockets."""

import asyncio
import json
import resource
import socket
import time
from contextlib import ExitStack, aclosing

import pytest

from services.language_model.breaker import FAILURES_TO_OPEN, OPEN_SECONDS, STALLED_CALLS
from services.language_model.chain import Chain
from services.language_model.errors import Failure, LlmError
from services.language_model.pieces import Finished, Restarted, TextDelta, ToolCall, Usage
from services.language_model.settings import LlmSettings
from tests.fakes import eventually
from tests.hostile_model import (
    TEXT,
    TOOL_CALLS,
    TWO_CALLS,
    WORDS,
    Behaviour,
    Exchange,
    answer,
    called,
    chunk,
    close_in_a_chunk,
    events,
    hang,
    hang_after_the_end,
    hang_in_the_middle,
    huge,
    refuse_option,
    serving,
    status,
)
from tests.programs.language_model.models import ASK, RANK, chained, pieces_of, provider, text_of

pytestmark = pytest.mark.anyio

PRICES = {"input_price": 2.5, "output_price": 10.0}


class Ticking:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_an_answer_comes_piece_by_piece_and_says_what_it_was() -> None:
    async with serving() as model, chained(provider("one", model.url, **PRICES)) as chain:
        *texts, end = await pieces_of(chain)

    assert texts == [TextDelta(word) for word in WORDS]
    assert isinstance(end, Finished)
    assert (end.provider, end.model, end.finish_reason) == ("one", "one-model", "stop")
    assert end.usage == Usage(1000, 20)
    assert end.cost == pytest.approx((1000 * 2.5 + 20 * 10) / 1e6)
    assert 0 < end.seconds < 5
    (asked,) = model.asked
    assert asked.body["messages"] == ASK
    assert (asked.body["model"], asked.body["max_tokens"], asked.body["stream"]) == ("one-model", 2048, True)
    assert asked.headers["accept-encoding"] == "identity"


async def test_a_piece_is_there_before_the_whole_is() -> None:
    async with (
        serving(hang_in_the_middle) as model,
        chained(provider("one", model.url)) as chain,
        asyncio.timeout(3),
        aclosing(chain.stream(ASK)) as pieces,
    ):
        assert await anext(pieces) == TextDelta(WORDS[0])


async def test_a_chain_of_one_of_the_sdks_own_settings() -> None:
    async with serving() as model:
        chain = Chain(LlmSettings(openai_base_url=model.url, openai_model="gpt-x"))
        completion = await chain.complete(ASK)
        await chain.close()

    assert completion.text == TEXT
    assert (completion.finished.provider, completion.finished.model) == ("openai", "gpt-x")
    assert completion.finished.cost is None


async def test_what_was_said_by_a_provider_that_fails_is_void() -> None:
    async with (
        serving(close_in_a_chunk) as first,
        serving() as second,
        chained(provider("first", first.url), provider("second", second.url)) as chain,
    ):
        pieces = await pieces_of(chain)
        completion = await chain.complete(ASK)

    said = [TextDelta(word) for word in WORDS]
    assert pieces[:-1] == [*said[:2], Restarted("second"), *said]
    assert completion.text == TEXT


@pytest.mark.parametrize("parts", TOOL_CALLS.values(), ids=TOOL_CALLS)
async def test_a_call_of_a_tool_is_put_together(parts: list[object]) -> None:
    async with (
        serving(events(*parts, reason="tool_calls")) as model,
        chained(provider("one", model.url)) as chain,
    ):
        completion = await chain.complete(ASK, [RANK])

    (call,) = completion.tool_calls
    assert (call.id, call.name, json.loads(call.arguments)) == ("a", "rank", {"metric": "sharpe"})
    assert completion.finished.finish_reason == "tool_calls"
    (tool,) = model.asked[0].body["tools"]
    assert tool["function"]["name"] == "rank"


@pytest.mark.parametrize("parts", TWO_CALLS.values(), ids=TWO_CALLS)
async def test_two_calls_are_told_apart(parts: list[object]) -> None:
    async with (
        serving(events(*parts, reason="tool_calls")) as model,
        chained(provider("one", model.url)) as chain,
    ):
        completion = await chain.complete(ASK, [RANK])

    assert [(call.id, json.loads(call.arguments)) for call in completion.tool_calls] == [
        ("a", {"metric": "sharpe"}),
        ("b", {"metric": "sharpe"}),
    ]


@pytest.mark.parametrize(
    "part",
    [
        called('{"metric"', id="a", name="rank"),
        called("[1]", id="a", name="rank"),
        called("[" * 50_000, id="a", name="rank"),
        called("{}", id="a"),
        called(5, id="a", name="rank"),
        called("{}", id="a", name=5),  # type: ignore[arg-type]
        called("{}", [0], id="a", name="rank"),  # type: ignore[arg-type]
    ],
    ids=["half", "a list", "deep", "no name", "a number", "a number for a name", "a list for an index"],
)
async def test_a_call_that_can_not_be_carried_out_is_none(part: object) -> None:
    async with (
        serving(events(part, reason="tool_calls")) as model,
        chained(provider("one", model.url)) as chain,
    ):
        with pytest.raises(LlmError) as raised:
            await chain.complete(ASK, [RANK])
    assert raised.value.tried[0].failure is Failure.MALFORMED


async def test_a_call_without_arguments_or_id_has_an_object_and_an_id() -> None:
    async with (
        serving(events(called(None, name="rank"), reason="stop")) as model,
        chained(provider("one", model.url)) as chain,
    ):
        completion = await chain.complete(ASK, [RANK])
    assert completion.tool_calls == (ToolCall("call_1", "rank", "{}"),)


@pytest.mark.parametrize(
    "usage",
    [None, {}, {"prompt_tokens": "12", "completion_tokens": -1}, {"prompt_tokens": True}, 5, [1]],
)
async def test_odd_counts_of_tokens_are_none(usage: object) -> None:
    parts = [chunk({"content": TEXT}), {"choices": [], "usage": usage}]
    one = _without_usage(*parts)
    async with serving(one) as model, chained(provider("one", model.url, **PRICES)) as chain:
        completion = await chain.complete(ASK)
    assert completion.finished.usage == Usage()
    assert completion.finished.cost is None


def _without_usage(*parts: object) -> Behaviour:
    async def send(exchange: Exchange) -> None:
        await exchange.head()
        for part in (*parts, chunk({}, "stop"), "[DONE]"):
            await exchange.event(part)
        await exchange.end()

    return send


async def test_a_server_that_does_not_end_after_the_answer_is_not_waited_for() -> None:
    async with serving(hang_after_the_end) as model, chained(provider("one", model.url)) as chain:
        async with asyncio.timeout(4):
            completion = await chain.complete(ASK)
    assert completion.text == TEXT


@pytest.mark.parametrize(
    ("option", "message", "then"),
    [
        ("stream_options", "Unrecognized request argument supplied: stream_options", {"max_tokens"}),
        (
            "max_tokens",
            "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
            {"max_completion_tokens", "stream_options"},
        ),
        ("tools", "registry.ollama.ai/library/small does not support tools", {"max_tokens"}),
    ],
)
async def test_a_refused_option_is_left_out_and_that_is_remembered(
    option: str, message: str, then: set[str]
) -> None:
    async with (
        serving(refuse_option(option, message)) as model,
        chained(provider("one", model.url)) as chain,
    ):
        for _ in range(3):
            assert (await chain.complete(ASK, [RANK])).text == TEXT

    assert [option in asked.body for asked in model.asked] == [True, False, False, False]
    assert then <= set(model.asked[-1].body)


async def test_a_server_that_refuses_both_options_is_known_after_one_failure() -> None:
    async def picky(exchange: Exchange) -> None:
        if "stream_options" in exchange.asked.body:
            await exchange.error(422, f"{'x' * 1000} unknown field: stream_options")
        elif "max_tokens" in exchange.asked.body:
            await exchange.error(400, "Use 'max_completion_tokens' instead.")
        else:
            await answer(exchange)

    async with serving(picky) as model, chained(provider("one", model.url)) as chain:
        with pytest.raises(LlmError):
            await chain.complete(ASK)
        assert (await chain.complete(ASK)).text == TEXT
        assert len(model.asked) == 3


async def test_a_refusal_that_is_not_about_the_option_changes_nothing() -> None:
    """Some servers echo the whole request."""

    async def echo(exchange: Exchange) -> None:
        await exchange.error(422, f"too long: {json.dumps(exchange.asked.body)} stream_options")

    async with serving(echo, echo, answer) as model, chained(provider("one", model.url)) as chain:
        with pytest.raises(LlmError):
            await chain.complete(ASK)
        assert (await chain.complete(ASK)).finished.usage == Usage(1000, 20)


async def test_a_connection_that_is_not_made_has_a_limit_of_its_own() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, ExitStack() as filling:
        address = full.getsockname()
        for _ in range(4):  # the queue is full: further ones are not answered
            client = filling.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(address)
        hanging = provider("first", f"http://127.0.0.1:{address[1]}/v1", 5.0, connect_seconds=0.3)
        async with serving() as second, chained(hanging, provider("second", second.url)) as chain:
            began = time.monotonic()
            assert (await chain.complete(ASK)).finished.provider == "second"
            assert 0.3 <= time.monotonic() - began < 2


async def test_a_short_pause_that_a_server_asks_for_is_waited_out_once() -> None:
    async with (
        serving(status(429, Retry_After="0.1"), answer) as model,
        chained(provider("one", model.url)) as chain,
    ):
        assert (await chain.complete(ASK)).text == TEXT
    assert len(model.asked) == 2


@pytest.mark.parametrize("pause", ["4", "3600"])
async def test_a_pause_longer_than_what_is_left_means_the_next_provider_at_once(pause: str) -> None:
    async with (
        serving(status(429, Retry_After=pause)) as first,
        serving() as second,
        chained(provider("first", first.url), provider("second", second.url), seconds=3.5) as chain,
    ):
        began = time.monotonic()
        completion = await chain.complete(ASK)
        assert time.monotonic() - began < 2
        assert chain.degraded() == ("language model first",)
    assert completion.finished.provider == "second"
    assert len(first.asked) == 1


async def test_one_deadline_covers_all_providers() -> None:
    async with (
        serving(hang) as first,
        serving(hang) as second,
        serving() as third,
        chained(
            provider("first", first.url, 0.2),
            provider("second", second.url),
            provider("third", third.url),
            seconds=0.5,
        ) as chain,
        asyncio.timeout(2),
    ):
        with pytest.raises(LlmError) as raised:
            await chain.complete(ASK)
    assert [tried.failure for tried in raised.value.tried] == [Failure.LATE, Failure.LATE, Failure.SKIPPED]
    assert third.asked == []


async def test_a_deadline_that_passes_while_a_piece_is_being_used_is_an_error_too() -> None:
    """The caller gets an error, not a cancellation."""
    async with serving(hang_in_the_middle) as model, chained(provider("one", model.url)) as chain:
        deadline = asyncio.get_running_loop().time() + 0.3
        async with aclosing(chain.stream(ASK, deadline=deadline)) as pieces:
            await anext(pieces)
            await asyncio.sleep(0.5)
            with pytest.raises(LlmError, match="the whole answer did not come in time"):
                _ = [piece async for piece in pieces]


async def test_an_address_without_a_server_is_left_at_once() -> None:
    async with (
        serving() as second,
        chained(
            provider("first", "http://127.0.0.1:9/v1"),
            provider("second", second.url),
        ) as chain,
    ):
        assert (await chain.complete(ASK)).finished.provider == "second"


async def test_an_address_that_can_not_be_one_is_an_error_of_the_answer() -> None:
    chain = Chain(LlmSettings(openai_base_url="nonsense"))
    await chain.open()
    with pytest.raises(LlmError):
        await chain.complete(ASK)
    await chain.close()


async def test_a_provider_that_fails_again_and_again_is_left_out_and_tried_later() -> None:
    clock = Ticking()
    async with serving(status(500)) as first, serving() as second:
        settings = LlmSettings(llm_providers=(provider("first", first.url), provider("second", second.url)))
        chain = Chain(settings, clock)
        for _ in range(FAILURES_TO_OPEN):
            assert chain.degraded() == ()
            await chain.complete(ASK)
        assert chain.degraded() == ("language model first",)
        asked = len(first.asked)
        await chain.complete(ASK)
        assert len(first.asked) == asked  # it was skipped

        first.then(answer)
        clock.now += OPEN_SECONDS
        completion = await chain.complete(ASK)
        await chain.close()

    assert (completion.finished.provider, chain.degraded()) == ("first", ())


async def test_while_a_provider_is_tried_again_the_others_do_not_wait_for_it() -> None:
    clock = Ticking()
    async with serving(status(401)) as first, serving() as second:
        chain = Chain(
            LlmSettings(llm_providers=(provider("first", first.url), provider("second", second.url))), clock
        )
        await chain.complete(ASK)
        first.then(hang)
        clock.now += OPEN_SECONDS
        trial = asyncio.create_task(chain.complete(ASK))
        await eventually(lambda: len(first.asked) == 2)
        began = time.monotonic()
        assert (await chain.complete(ASK)).finished.provider == "second"
        assert time.monotonic() - began < 2

        trial.cancel()  # its caller has gone: the next may be the trial
        await asyncio.gather(trial, return_exceptions=True)
        first.then(answer)
        assert (await chain.complete(ASK)).finished.provider == "first"
        await chain.close()


async def test_what_is_wrong_with_requests_leaves_the_provider_in() -> None:
    async with serving(status(400)) as model, chained(provider("one", model.url)) as chain:
        for _ in range(FAILURES_TO_OPEN + 2):
            with pytest.raises(LlmError):
                await chain.complete(ASK)
        assert chain.degraded() == ()


async def test_a_stream_that_breaks_off_does_not_break_the_others() -> None:
    async with (
        serving(hang_in_the_middle, close_in_a_chunk) as model,
        chained(provider("one", model.url)) as chain,
        aclosing(chain.stream(ASK)) as whole,
    ):
        await anext(whole)
        with pytest.raises(LlmError):
            await chain.complete(ASK)
        assert await anext(whole) == TextDelta(WORDS[1])


async def test_two_hundred_hanging_calls_hold_up_no_other() -> None:
    """After a share of the limit it is known that the provider hangs: nothing waits for it any more."""
    clock = Ticking()
    async with serving(hang) as first, serving() as second:
        chain = Chain(
            LlmSettings(
                llm_providers=(provider("first", first.url, 60.0), provider("second", second.url, 60.0))
            ),
            clock,
        )
        hanging = [asyncio.create_task(chain.complete(ASK)) for _ in range(200)]
        await eventually(lambda: len(first.asked) == 200)
        assert chain.degraded() == ()
        clock.now += 20.0
        assert chain.degraded() == ("language model first",)
        began = time.monotonic()
        completion = await chain.complete(ASK)
        assert time.monotonic() - began < 1

        assert completion.finished.provider == "second"
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)
        assert chain.degraded() == ()
        await chain.close()


async def test_a_few_that_wait_are_no_stall() -> None:
    clock = Ticking()
    async with serving(*[hang] * (STALLED_CALLS - 1), answer) as model:
        chain = Chain(LlmSettings(llm_providers=(provider("one", model.url, 60.0),)), clock)
        hanging = [asyncio.create_task(chain.complete(ASK)) for _ in range(STALLED_CALLS - 1)]
        await eventually(lambda: len(model.asked) == STALLED_CALLS - 1)
        clock.now += 20.0
        assert (await chain.complete(ASK)).text == TEXT
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)
        await chain.close()


async def test_sixty_megabytes_take_no_memory() -> None:
    async with serving(huge(60)) as model, chained(provider("one", model.url)) as chain:
        with pytest.raises(LlmError):
            await chain.complete(ASK)  # loads what is loaded once
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(2):
            with pytest.raises(LlmError):
                await chain.complete(ASK)
        grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kb < 10_000


async def test_text_is_what_remains_after_a_restart() -> None:
    assert text_of([TextDelta("a"), Restarted("b"), TextDelta("c")]) == "c"

"""With a language model: which answers it writes, what it is told, and what happens when it fails."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from llmock.pytest_plugin import LLMock
from llmock.testing import LLMockServer

from deploy.embedded.stack import Stack
from tests.fakes import eventually
from tests.flows.api import CHATOPS, DEADLINE_SECONDS, Api
from tests.servers import Servers

pytestmark = pytest.mark.anyio

MODEL = "test-model"
TEXT = "변동성이 낮은 쪽이 더 안정적입니다."
MORE = "위험도 그쪽이 더 작습니다."


@pytest.fixture(scope="module")
def llm_server() -> Iterator[LLMockServer]:
    with LLMockServer() as server:
        yield server


@pytest.fixture
def llm(llm_server: LLMockServer) -> LLMock:
    llm = LLMock(llm_server)
    llm.reset()
    return llm.pace(0)


@pytest.fixture(scope="module")
async def stack(
    servers: Servers, llm_server: LLMockServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stack]:
    folder = tmp_path_factory.mktemp("llm-stack")
    settings = {
        "OPENAI_BASE_URL": llm_server.base_url("openai"),
        "OPENAI_API_KEY": "sk-test",
        "OPENAI_MODEL": MODEL,
        "LLM_DEADLINE_SECONDS": "20",
        "LEASE_SECONDS": "2",
        "HEARTBEAT_SECONDS": "0.5",
    }
    async with (
        servers(folder) as env,
        Stack(folder, env={**env, **settings}, log=folder / "stack.log") as running,
    ):
        yield running


@pytest.fixture
async def api(stack: Stack) -> AsyncIterator[Api]:
    async with httpx.AsyncClient(base_url=stack.url, timeout=30) as client:
        yield Api(client)


async def test_the_model_answers_from_the_figures_and_sees_the_turns_before(api: Api, llm: LLMock) -> None:
    page = await api.completed()
    name = page["name"].removeprefix("Auto: ")
    session_id = await api.session()
    llm.reply(TEXT)
    first = await api.say(session_id, f"{name}은 안정적인가요?")
    assert (first["answer"], first["provider"]) == (TEXT, MODEL)
    llm.reply("네.")
    await api.say(session_id, "그 전략의 최대 낙폭은?")
    told = llm.last_request.body["messages"]
    assert [message["role"] for message in told] == ["system", "user", "assistant", "user"]
    assert told[2]["content"] == TEXT
    drawdown = f"{100 * page['performance']['max_drawdown']:.2f} %"
    assert drawdown in told[-1]["content"]


async def test_an_answer_is_streamed_as_it_is_written(api: Api, llm: LLMock) -> None:
    session_id = await api.session()
    llm.reply(f"{TEXT} {MORE}")
    deltas, answer = [], {}
    async with api.client.stream(
        "POST",
        f"{CHATOPS}/session/{session_id}/chat",
        json={"message": "어떤 전략이 더 안정적인가요?"},
        headers={"Accept": "text/event-stream"},
    ) as response:
        event = ""
        async for line in response.aiter_lines():
            if line.startswith("event: "):
                event = line.removeprefix("event: ")
            elif line.startswith("data: ") and event == "message.delta":
                deltas.append(json.loads(line.removeprefix("data: "))["delta"])
            elif line.startswith("data: "):
                answer = json.loads(line.removeprefix("data: "))
    assert deltas == [TEXT, f" {MORE}"]  # sentence by sentence
    assert answer["answer"] == f"{TEXT} {MORE}"


async def test_a_stream_that_broke_off_goes_on_live_while_the_model_writes(api: Api, llm: LLMock) -> None:
    await api.completed()
    session_id = await api.session()
    llm.pace(60).reply(" ".join(6 * [TEXT, MORE]))
    sent = {
        "path": f"{CHATOPS}/session/{session_id}/chat",
        "body": {"message": "어떤 전략이 더 안정적인가요?"},
        "key": str(uuid4()),
    }
    async with aclosing(api.events(**sent)) as stream:
        before = [await anext(stream) for _ in range(3)]
    assert before[-1].name == "message.delta"
    again = api.events(**sent, last_event_id=before[-1].id)
    came = [(event, time.monotonic()) async for event in again]
    names = [event.name for event, _ in came]
    assert names[0] == "message.reset"
    assert names[-1] == "message.completed"
    assert set(names[1:-1]) == {"message.delta"}
    text = "".join(event.data["delta"] for event, _ in came[1:-1])
    assert text == came[-1][0].data["answer"]
    assert came[-1][1] - came[1][1] > 0.5  # it was written meanwhile


async def test_a_model_calls_tools_and_proposes_a_backtest_that_a_yes_starts(api: Api, llm: LLMock) -> None:
    session_id = await api.session()
    config = {"name": "Slow RSI", "type": "rsi", "symbols": ["AAPL"], "parameters": {"window": 28}}
    llm.call_tool("list_types").call_tool("estimate_backtest", {"strategy_config": config}).reply(
        "가능합니다."
    )
    answer = await api.say(session_id, "느린 걸로 한번 보고 싶은데 어떻게 생각해?")

    assert answer["provider"] == MODEL
    assert answer["answer"].startswith("가능합니다.\n이 백테스트를 실행할까요? 'Slow RSI'")
    results = [each for each in llm.last_request.body["messages"] if each["role"] == "tool"]
    assert ["rsi" in each["content"] for each in results] == [True, True]
    page = (await api.get(f"{CHATOPS}/session/{session_id}")).json()
    *_, entry = page["conversation_history"]
    assert [each["tool"] for each in entry["tools"]] == ["compare", "list_types", "estimate_backtest"]
    assert entry["model_use"]["requests"] == 3
    assert page["context"]["started"] == []

    started = await api.say(session_id, "응")
    assert started["answer"].startswith("백테스트를 시작했습니다: 'Slow RSI'")


async def test_when_the_model_fails_the_computed_answer_takes_its_place(api: Api, llm: LLMock) -> None:
    await api.completed()
    await api.completed(type="sma_crossover")
    session_id = await api.session()
    llm.outage(status=500)
    answer = await api.say(session_id, "어떤 전략이 더 안정적인가요?")
    assert answer["provider"] == "computed"
    assert answer["answer"].startswith("가장 안정적인 전략은")


async def test_a_turn_is_stored_before_the_model_is_asked_and_survives_a_kill(
    stack: Stack, api: Api, llm: LLMock
) -> None:
    session_id = await api.session()
    llm.slow_first_token(60)
    path = f"{CHATOPS}/session/{session_id}"
    waiting = asyncio.create_task(api.post(f"{path}/chat", {"message": "어떤 전략이 더 안정적인가요?"}))
    await said(api, path)
    history = (await api.get(path)).json()["conversation_history"]
    assert [entry["role"] for entry in history] == ["user"]
    behind = asyncio.create_task(api.post(f"{path}/chat", {"message": "전략 유형이 뭐가 있어?"}))

    stack.supervisor.kill("session")
    llm.reset()
    llm.reply(TEXT, times=None)
    await stack.supervisor.wait_ready("session", DEADLINE_SECONDS)

    answered = await waiting  # the gateway still waits: the answer comes from another process
    assert (answered.status_code, answered.json()["answer"]) == (200, TEXT)
    assert "RSI" in (await behind).json()["answer"]
    history = (await api.get(path)).json()["conversation_history"]
    assert [entry["role"] for entry in history] == ["user", "assistant"] * 2
    assert history[1]["content"] == TEXT


async def test_a_summary_is_written_by_the_model_and_debug_asks_none(api: Api, llm: LLMock) -> None:
    page = await api.completed()
    body = {"strategy_ids": [page["strategy_id"]], "query": "어떤 전략이 더 안정적인가요?"}
    llm.reply(TEXT)
    answer = (await api.post(f"{CHATOPS}/strategies/compare", body)).json()
    assert answer["summary"] == TEXT
    asked = len(llm.requests)
    debug = (await api.post(f"{CHATOPS}/strategies/compare/debug", body)).json()
    assert debug["strategies_data"] == answer["strategies_data"]
    assert len(llm.requests) == asked


async def test_a_key_makes_one_summary_of_many_requests(api: Api, llm: LLMock) -> None:
    page = await api.completed()
    body = {"strategy_ids": [page["strategy_id"]], "query": "어떤 전략이 더 안정적인가요?"}
    llm.reply(TEXT)
    key = str(uuid4())
    sent = (api.post(f"{CHATOPS}/strategies/compare", body, Idempotency_Key=key) for _ in range(5))
    answers = await asyncio.gather(*sent)

    assert [(answer.status_code, answer.json()["summary"]) for answer in answers] == [(200, TEXT)] * 5
    assert len(llm.requests) == 1


async def test_a_key_makes_one_answer_of_many_requests(api: Api, llm: LLMock) -> None:
    chat, body = f"{CHATOPS}/session/{await api.session()}/chat", {"message": "어떤 전략이 더 안정적인가요?"}
    llm.reply(TEXT)
    key = str(uuid4())
    sent = (api.post(chat, body, Idempotency_Key=key) for _ in range(3))
    streamed = api.post(chat, body, Idempotency_Key=key, Accept="text/event-stream")
    *answers, last = await asyncio.gather(*sent, streamed)

    assert [(answer.status_code, answer.json()["answer"]) for answer in answers] == [(200, TEXT)] * 3
    assert last.text.count("event: message.completed") == 1
    assert len(llm.requests) == 1


async def test_readiness_names_a_model_that_is_left_out_and_answers_come_at_once(
    api: Api, llm: LLMock
) -> None:
    """The last of this stack: the model stays left out for a while."""
    await api.completed()
    session_id = await api.session()
    llm.fail(401, times=None)
    assert (await api.say(session_id, "어떤 전략이 더 안정적인가요?"))["provider"] == "computed"
    asked = len(llm.requests)

    async def is_named() -> bool:
        ready = await api.get("/health/ready")
        assert ready.status_code == 200
        return ready.json()["degraded"].get("session", {}).get("without") == ["language model openai"]

    await eventually(is_named, DEADLINE_SECONDS)
    assert (await api.say(session_id, "어떤 전략이 더 안정적인가요?"))["provider"] == "computed"
    assert len(llm.requests) == asked


@pytest.mark.long
async def test_what_waits_for_a_model_that_is_taken_away_is_computed(
    servers: Servers, llm_server: LLMockServer, llm: LLMock, tmp_path: Path
) -> None:
    model = {"OPENAI_BASE_URL": llm_server.base_url("openai"), "DRAIN_SECONDS": "0.5"}
    request = {"json": {"strategy_ids": ["unknown"]}, "headers": {"Idempotency-Key": str(uuid4())}}
    llm.slow_first_token(60)
    async with servers(tmp_path) as env:
        async with comparing(tmp_path, {**env, **model}) as post:
            waiting = asyncio.create_task(post(**request))
            await eventually(lambda: llm_server.state.journal.in_flight > 0)
        await asyncio.gather(waiting, return_exceptions=True)  # cut off, when the gateway stopped
        async with comparing(tmp_path, {**env, "OPENAI_BASE_URL": "", "OPENAI_API_KEY": ""}) as post:
            answer = await post(**request)
    assert answer.status_code == 200, answer.text
    assert answer.json()["summary"].startswith("비교할 수 있는 백테스트 결과가 없습니다.")


@asynccontextmanager
async def comparing(folder: Path, env: Mapping[str, str]) -> AsyncIterator[Callable[..., Any]]:
    """Run what a comparison needs and no more."""
    services = ("compare", "gateway")
    async with (
        Stack(folder, env=env, log=folder / "stack.log", services=services) as stack,
        httpx.AsyncClient(base_url=stack.url, timeout=30) as client,
    ):
        yield partial(client.post, f"{CHATOPS}/strategies/compare")


async def said(api: Api, path: str) -> None:
    """Wait until the session has kept the message."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        if (await api.get(path)).json()["conversation_history"]:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the message was not kept")

"""Chat: computed answers, the first sentence of a model's, many streams, and full conversations in memory."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import asdict
from statistics import median
from typing import Final

import httpx

from deploy.embedded.stack import Stack
from services.chassis.process.service import now
from services.chassis.storage.mongo import connect
from services.session.domain.history import Message
from services.session.domain.session import MOST_BYTES
from tests.bench import resources
from tests.bench.broker import settings_of
from tests.bench.errors import BenchError
from tests.bench.figures import Row, single_row
from tests.bench.scenarios import CHATOPS
from tests.hostile_model import Exchange

MOST_STRATEGIES: Final = 10_000
ANSWER_MS: Final = 40.0
TOOL_MS: Final = 25.0
"""Of each call of a tool."""
FIRST_DELTA_MS: Final = 15.0
STREAMS_SHARE: Final = 0.85
"""Of the rate of the SDK alone."""
SESSION_MB: Final = 250.0
FULL: Final = 100
"""Conversations at their limit."""
TURNS: Final = 5
"""Of a session, while computed answers are measured."""
SESSIONS: Final = 12
SENTENCES: Final = 30
PAUSE_SECONDS: Final = 0.05
"""Between the pieces of the model."""
SECONDS: Final = 120.0
QUESTIONS: Final = (
    "어떤 전략이 더 안정적인가요?",
    "그 전략의 최대 낙폭은?",
    "Which one has the highest return?",
    "How many trades did it make?",
    "둘 중에 샤프가 더 높은 건?",
)


async def computed(stack: Stack, size: str = "") -> Row:
    """Measure answers that are computed, of one client, each from one comparison."""
    async with httpx.AsyncClient(base_url=stack.url, timeout=SECONDS) as client:
        taken: list[float] = []
        for number in range(SESSIONS):
            chat = await _session(client)
            for question in QUESTIONS[:TURNS]:
                began = time.perf_counter()
                await _said(client, chat, question)
                if number:  # a new process is slow at first
                    taken.append(1000 * (time.perf_counter() - began))
    return single_row(f"chat.computed{size}", median(taken), "ms", ANSWER_MS + TOOL_MS)


async def answers(stack: Stack) -> None:
    """Wait until a question is answered: a new process reads what was stored without it.

    Raises:
        BenchError: it takes too long.

    """
    async with httpx.AsyncClient(base_url=stack.url, timeout=SECONDS) as client:
        chat = await _session(client)
        until = time.monotonic() + SECONDS
        while (await client.post(chat, json={"message": QUESTIONS[0]})).status_code != httpx.codes.OK:
            if time.monotonic() > until:
                raise BenchError(f"no answer within {SECONDS:g} s")


class TimedModel:
    """A model that notes when it has sent its first sentence, with the beginning of the next."""

    def __init__(self) -> None:
        self.sent_at = 0.0

    async def answer(self, exchange: Exchange) -> None:
        await exchange.head()
        for word in ("The ", "steadier ", "one ", "is ", "ahead. "):
            await exchange.say(word)
            await asyncio.sleep(PAUSE_SECONDS)
        await exchange.say("It ")
        self.sent_at = time.perf_counter()
        for word in ("has ", "held ", "up ", "well."):
            await asyncio.sleep(PAUSE_SECONDS)
            await exchange.say(word)
        await exchange.finish()


async def first_delta(stack: Stack, model: TimedModel) -> Row:
    """Measure from the end of a model's first sentence to the event that has it, of one client."""
    async with httpx.AsyncClient(base_url=stack.url, timeout=SECONDS) as client:
        taken: list[float] = []
        for _ in range(SENTENCES):
            chat = await _session(client)
            async for event, at in _events(client, chat, QUESTIONS[0]):
                if event == "message.delta":
                    taken.append(1000 * (at - model.sent_at))
                    break
    if not taken:
        raise BenchError("no answer of the model was streamed")
    return single_row("chat.first-delta", median(taken), "ms", FIRST_DELTA_MS)


async def full_conversations(stack: Stack) -> Row:
    """Measure the memory of the session service after a message in each of many full conversations."""
    async with httpx.AsyncClient(base_url=stack.url, timeout=SECONDS) as client:
        chats = [await _session(client) for _ in range(FULL)]
        async with connect(settings_of(stack), "session") as database:
            history = _history()
            for chat in chats:
                update = {"$set": {"conversation_history": history}}
                await database["chat_sessions"].update_one({"_id": chat.rsplit("/", 2)[1]}, update)
        await asyncio.gather(*(_said(client, chat, QUESTIONS[0]) for chat in chats))
    peak = resources.peak_mb(stack.supervisor.pids()["session"])
    return single_row(f"chat.memory ({FULL} full)", peak, "MB", SESSION_MB)


def _history() -> list[dict[str, object]]:
    """Return a conversation that has room for one more message."""
    said, size, moment = [], 0, now()
    message = Message("turn-before", "user", "백테스트 결과를 설명해 주세요. " * 200, moment, language="ko")
    while size + 2 * message.size < MOST_BYTES:
        said.append(asdict(message))
        size += message.size
    return said


async def _session(client: httpx.AsyncClient) -> str:
    """Open a session, and return the address of its chat."""
    response = await client.post(f"{CHATOPS}/session/create", json={"user_id": "bench"})
    if response.status_code != httpx.codes.CREATED:
        raise BenchError(f"no session: {response.status_code} {response.text[:300]}")
    return f"{CHATOPS}/session/{response.json()['session_id']}/chat"


async def _said(client: httpx.AsyncClient, chat: str, message: str) -> None:
    response = await client.post(chat, json={"message": message})
    if response.status_code != httpx.codes.OK:
        raise BenchError(f"no answer: {response.status_code} {response.text[:300]}")


async def _events(client: httpx.AsyncClient, chat: str, message: str) -> AsyncIterator[tuple[str, float]]:
    """Yield the names of the events of a streamed answer, each with when it came."""
    headers = {"Accept": "text/event-stream"}
    async with client.stream("POST", chat, json={"message": message}, headers=headers) as response:
        async for line in response.aiter_lines():
            if line.startswith("event: "):
                yield line.removeprefix("event: "), time.perf_counter()

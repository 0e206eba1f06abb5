"""A hundred streamed answers at once: through the chain, and by the SDK alone, from the same server.

The server runs in a process of its own and sends as fast as it is read: the client is what is measured.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from services.language_model.chain import Chain
from services.language_model.messages import ChatMessage
from services.language_model.settings import LlmSettings, Provider
from tests.hostile_model import Exchange, chunk, serving

STREAMS: Final = 100
CHUNKS: Final = 100
ROUNDS: Final = 3
ASK: Final[list[ChatMessage]] = [{"role": "user", "content": "Which strategy is steadier?"}]
WORD: Final = f"data: {json.dumps(chunk({'content': 'word '}))}\n\n".encode()

Stream = Callable[[], Awaitable[int]]
"""Reads one answer and counts its pieces of text."""


@dataclass(frozen=True, slots=True)
class StreamRates:
    """Pieces of text per second, the best of several rounds."""

    chain: float
    sdk: float

    @property
    def ratio(self) -> float:
        return self.chain / self.sdk


async def measure_streams(streams: int = STREAMS, rounds: int = ROUNDS) -> StreamRates:
    """Measure both by turns, after a round that warms up."""
    async with fast_model() as url, through_chain(url) as chain, through_sdk(url) as sdk:
        measured = [(await _rate(chain, streams), await _rate(sdk, streams)) for _ in range(rounds + 1)]
        return StreamRates(*(max(rates) for rates in zip(*measured[1:], strict=True)))


@asynccontextmanager
async def through_chain(url: str) -> AsyncIterator[Stream]:
    chain = Chain(
        LlmSettings(
            llm_providers=(Provider(name="bench", model="m", base_url=url, first_token_seconds=60.0),)
        )
    )
    await chain.open()

    async def read() -> int:
        return sum([1 async for _ in chain.stream(ASK)]) - 1  # the last piece is the end

    yield read
    await chain.close()


@asynccontextmanager
async def through_sdk(url: str) -> AsyncIterator[Stream]:
    from openai import AsyncOpenAI  # noqa: PLC0415 - 40 MB that only this measurement needs

    client = AsyncOpenAI(base_url=url, api_key="none")
    messages: Any = ASK

    async def read() -> int:
        stream = await client.chat.completions.create(
            model="m",
            messages=messages,
            stream=True,
            max_tokens=2048,
            stream_options={"include_usage": True},
        )
        async with stream:
            return sum([1 async for each in stream if each.choices and each.choices[0].delta.content])

    yield read
    await client.close()


async def _rate(stream: Stream, streams: int) -> float:
    began = time.perf_counter()
    pieces = sum(await asyncio.gather(*(stream() for _ in range(streams))))
    return pieces / (time.perf_counter() - began)


@asynccontextmanager
async def fast_model() -> AsyncIterator[str]:
    """Run the server in a process of its own; yield its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.streams", "serve", stdout=asyncio.subprocess.PIPE
    )
    if process.stdout is None:
        raise RuntimeError("the server has no output")
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()


async def _answer(exchange: Exchange) -> None:
    await exchange.head()
    for _ in range(CHUNKS):
        await exchange.part(WORD)
    await exchange.finish()


async def _serve() -> None:
    async with serving(_answer) as model:
        sys.stdout.write(f"{model.url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


async def _main() -> None:
    rates = await measure_streams()
    sys.stdout.write(
        f"chain {rates.chain:,.0f}/s, SDK directly {rates.sdk:,.0f}/s, ratio {rates.ratio:.2f}\n"
    )


if __name__ == "__main__":
    asyncio.run(_serve() if "serve" in sys.argv else _main())

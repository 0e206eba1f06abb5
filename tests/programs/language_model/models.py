"""Chains over servers on sockets, with limits that a test can wait for."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any

from pydantic import SecretStr

from services.language_model.chain import Chain
from services.language_model.messages import ChatMessage, Tool
from services.language_model.pieces import Piece, Restarted, TextDelta
from services.language_model.settings import LlmSettings, Provider

ASK: list[ChatMessage] = [{"role": "user", "content": "Which strategy is steadier?"}]
KEY = "sk-first-Zx81mQ27vL4tRw0pYb"
RANK = Tool("rank", "Rank strategies.", {"type": "object", "properties": {"metric": {"type": "string"}}})


def provider(name: str, url: str, seconds: float = 5.0, **given: Any) -> Provider:
    """Return a provider all of whose limits of time are this long."""
    limits = {"connect_seconds": seconds, "first_token_seconds": seconds, "idle_seconds": seconds}
    return Provider(
        **{"name": name, "model": f"{name}-model", "base_url": url, "api_key": SecretStr(KEY)}
        | {**limits, "max_bytes": 100_000}
        | given
    )


@asynccontextmanager
async def chained(*providers: Provider, seconds: float = 10.0) -> AsyncIterator[Chain]:
    chain = Chain(LlmSettings(llm_providers=providers, llm_deadline_seconds=seconds))
    await chain.open()
    try:
        yield chain
    finally:
        await chain.close()


async def pieces_of(chain: Chain, tools: Sequence[Tool] = (), **given: Any) -> list[Piece]:
    async with aclosing(chain.stream(ASK, tools, **given)) as pieces:
        return [piece async for piece in pieces]


def text_of(pieces: Sequence[Piece]) -> str:
    """Return the text that is left after all restarts."""
    last = max((i for i, piece in enumerate(pieces) if isinstance(piece, Restarted)), default=-1)
    return "".join(piece.text for piece in pieces[last + 1 :] if isinstance(piece, TextDelta))

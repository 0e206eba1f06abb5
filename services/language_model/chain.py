"""A chain of language models: the first provider that gives a complete answer gives the answer."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

import structlog

from services.chassis.redaction import Redaction
from services.language_model.chunks import Answer
from services.language_model.errors import AttemptError, Failure, LlmError, Tried
from services.language_model.link import Link, Reply
from services.language_model.messages import ChatMessage, Request, Tool
from services.language_model.pieces import (
    Completion,
    Finished,
    Piece,
    Restarted,
    Taken,
    TextDelta,
    ToolCall,
    Usage,
)
from services.language_model.settings import LlmSettings, Provider

log = structlog.get_logger()

MILLION = 1_000_000


class Chain:
    """The configured providers, in order. One object serves all calls of a process.

    Args:
        settings: name the providers and the deadline.
        clock: seconds that never go back, for the breakers.

    """

    def __init__(self, settings: LlmSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self.deadline_seconds = settings.llm_deadline_seconds
        redact = Redaction.of(settings)
        self._links = [Link(provider, redact, clock) for provider in settings.chain]

    async def open(self) -> None:
        """Load the SDK and make the clients, so that no turn waits for that. Connects to nothing."""
        for link in self._links:
            try:
                await link.connection.open()
            except AttemptError as error:
                log.warning("language model unusable", provider=link.provider.name, error=str(error))

    async def close(self) -> None:
        await asyncio.gather(*(link.connection.close() for link in self._links))

    def degraded(self) -> tuple[str, ...]:
        """Return the providers that are left out at present, as health names them."""
        return tuple(f"language model {link.provider.name}" for link in self._links if link.degraded)

    async def stream(
        self, messages: Sequence[ChatMessage], tools: Sequence[Tool] = (), *, deadline: float | None = None
    ) -> AsyncGenerator[Piece, None]:
        """Yield an answer as it comes: text, then calls of tools, then `Finished`.

        `Restarted` voids what was yielded before it. Close the iterator if it is not read to its end.

        Args:
            messages: the conversation.
            tools: that the model may call.
            deadline: of all providers together, in the time of the event loop; by default
                `LLM_DEADLINE_SECONDS` from now.

        Raises:
            LlmError: no provider gave a complete answer. What was yielded is void.

        """
        clock = asyncio.get_running_loop().time
        began = clock()
        deadline = began + self.deadline_seconds if deadline is None else deadline
        request = Request(messages, tools)
        tried: list[Tried] = []
        void = False
        for link in self._links:
            name = link.provider.name
            if reason := _left_out(link, clock() >= deadline):
                tried.append(Tried(name, Failure.SKIPPED, reason))
                continue
            reply, said = Reply(), False
            try:
                async with aclosing(link.ask(request, deadline, reply)) as pieces:
                    async for piece in pieces:
                        if void:
                            yield Restarted(name)
                            void = False
                        said = True
                        yield piece
            except AttemptError as error:
                void = void or said
                tried.append(Tried(name, error.failure, str(error)))
                log.warning("no answer of a language model", provider=name, error=str(tried[-1]))
            else:
                yield _finished(link.provider, reply.answer or Answer(), clock() - began)
                return
        asked = any(each.failure is not Failure.SKIPPED for each in tried)
        raise LlmError("no language model answered", tried, Taken(int(asked)))

    async def complete(
        self, messages: Sequence[ChatMessage], tools: Sequence[Tool] = (), *, deadline: float | None = None
    ) -> Completion:
        """Return a whole answer, its text stripped. Raises LlmError as `stream` does."""
        texts: list[str] = []
        calls: list[ToolCall] = []
        async with aclosing(self.stream(messages, tools, deadline=deadline)) as pieces:
            async for piece in pieces:
                match piece:
                    case TextDelta(text):
                        texts.append(text)
                    case ToolCall():
                        calls.append(piece)
                    case Restarted():
                        texts.clear()
                        calls.clear()
                    case Finished():
                        finished = piece
        return Completion("".join(texts).strip(), tuple(calls), finished)


def _left_out(link: Link, late: bool) -> str | None:  # noqa: FBT001 - of this module
    return "no time is left" if late else link.skipped()


def _finished(provider: Provider, answer: Answer, seconds: float) -> Finished:
    reason = answer.finish_reason or ""
    cost = cost_of(answer.usage, provider)
    return Finished(provider.name, provider.model, answer.usage, cost, seconds, reason)


def cost_of(usage: Usage, provider: Provider) -> float | None:
    """Return what an answer costs, in the currency of the prices; None if a price or a count is missing."""
    if None in (usage.input_tokens, usage.output_tokens, provider.input_price, provider.output_price):
        return None
    given = (usage.input_tokens or 0) * (provider.input_price or 0.0)
    return (given + (usage.output_tokens or 0) * (provider.output_price or 0.0)) / MILLION

"""An answer as server-sent events, by whose ids a client goes on after its connection broke."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import ValidationError

from backchat_contracts import ChatAnswered, ChatStreamed, ChatToolCompleted, ChatToolStarted
from services.chassis.errors import ChassisError
from services.chassis.messaging.envelope import Delivery
from services.gateway.problems import ProblemError, problem
from services.gateway.response_models import ChatAnswer, ChatDelta, ChatReset, TurnAnswer
from services.gateway.service_client import read

KEEPALIVE_SECONDS = 15.0
PLAIN_SECONDS = 0.2
"""How long the headers of a stream wait for its first event: a refusal until then is a plain problem."""
_SENT_ID: Final = re.compile(r"([0-9a-f]{1,64})\.([0-9]{1,6})")

Begun = asyncio.Future[tuple[AsyncGenerator[Delivery], Delivery]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a client has seen of an answer that is not complete.

    Attributes:
        tools: a bit for each event of a call, the first call's start being the lowest, then its end.
        pieces: how many pieces of text, since the text began anew.

    """

    tools: int = 0
    pieces: int = 0

    @classmethod
    def read(cls, last_event_id: str | None) -> Self:
        """Read the `Last-Event-ID` of a client; an id that was never sent counts as none."""
        given = _SENT_ID.fullmatch(last_event_id or "")
        return cls(int(given[1], 16), int(given[2])) if given else cls()

    def __str__(self) -> str:
        return f"{self.tools:x}.{self.pieces}"


class Writer:
    """Writes what happens to an answer as events, without those that the client has seen.

    A client that comes again is sent all that has happened: calls in their order, and the valid text.

    Args:
        turn_id: of the turn.
        message: what is answered.
        seen: what the client has seen of it.

    """

    def __init__(self, turn_id: str, message: str, seen: Seen) -> None:
        self._turn_id = turn_id
        self._message = message
        self._seen = seen
        self._calls: dict[str, int] = {}
        self._void = seen.pieces > 0
        self.ended = False

    def write(self, reply: Delivery) -> Iterator[bytes]:
        """Write what a reply tells. A client that has seen text is told first that it is void."""
        if self._void:
            yield self._reset(self._turn_id)
        match reply.type:
            case "chat.streamed":
                piece = read(reply, ChatStreamed)
                self._seen = replace(self._seen, pieces=piece.index + 1)
                delta = ChatDelta(turn_id=piece.turn_id, index=piece.index, delta=piece.delta)
                yield self._event("message.delta", delta.model_dump_json())
            case "chat.restarted":
                yield self._reset(read(reply, ChatReset).turn_id)
            case "chat.tool-started":
                yield from self._of_call("tool.started", read(reply, ChatToolStarted).call_id, 0, reply)
            case "chat.tool-completed":
                yield from self._of_call("tool.completed", read(reply, ChatToolCompleted).call_id, 1, reply)
            case _:
                answer = answer_of(read(reply, ChatAnswered), self._message)
                self.ended = True
                yield format_sse_event(
                    event="message.completed", id=self._turn_id, data_str=answer.model_dump_json()
                )

    def _reset(self, turn_id: str) -> bytes:
        self._void = False
        self._seen = replace(self._seen, pieces=0)
        return self._event("message.reset", ChatReset(turn_id=turn_id).model_dump_json())

    def _of_call(self, name: str, call_id: str, part: int, reply: Delivery) -> Iterator[bytes]:
        number = self._calls.setdefault(call_id, len(self._calls))
        bit = 1 << (2 * number + part)
        if not self._seen.tools & bit:
            self._seen = replace(self._seen, tools=self._seen.tools | bit)
            yield self._event(name, reply.value.decode())

    def _event(self, name: str, data: str) -> bytes:
        return format_sse_event(event=name, id=str(self._seen), data_str=data)


async def soon_begun(replies: AsyncGenerator[Delivery]) -> Begun:
    """Wait a moment for the first reply. Raises what refuses the request until then: a plain problem."""
    begun = asyncio.ensure_future(_begun(replies))
    try:
        if (await asyncio.wait({begun}, timeout=PLAIN_SECONDS))[0]:
            begun.result()
    except asyncio.CancelledError:
        begun.cancel()
        raise
    return begun


async def _begun(replies: AsyncGenerator[Delivery]) -> tuple[AsyncGenerator[Delivery], Delivery]:
    """Wait for the first reply."""
    return replies, await anext(replies)


async def events(begun: Begun, writer: Writer, **named: str) -> AsyncIterator[bytes]:
    """Yield the events of an answer as it is written, then one with the whole and valid text; or one `error`.

    `named`: what the error names. A comment is sent at once where the first event takes long, and in every
    pause.
    """
    try:
        async with aclosing(_with_pauses(begun)) as replies:
            async for reply in replies:
                for event in writer.write(reply) if reply else (KEEPALIVE_COMMENT,):
                    yield event
                if writer.ended:
                    return
    except ProblemError as error:
        yield _error(error.code, error.detail, {**named, **error.extra})
    except (ChassisError, ValidationError):
        yield _error("service-unavailable", "the answer broke off; ask again", named)


async def _with_pauses(begun: Begun) -> AsyncGenerator[Delivery | None]:
    """Yield the replies as they come, and None in every pause."""
    waiting: asyncio.Future[Any] = begun
    replies: AsyncGenerator[Delivery] | None = None
    try:
        if not begun.done():
            yield None
        while True:
            while not (await asyncio.wait({waiting}, timeout=KEEPALIVE_SECONDS))[0]:
                yield None
            if replies is None:
                replies, reply = await begun
            else:
                reply = await waiting
            yield reply
            waiting = asyncio.ensure_future(anext(replies))
    finally:
        if not waiting.done():  # the client has disconnected
            waiting.cancel()
            await asyncio.wait({waiting})
        if replies is None and begun.done() and not (begun.cancelled() or begun.exception()):
            replies, _ = begun.result()
        if replies is not None:
            await replies.aclose()


def answer_of(answered: ChatAnswered, message: str) -> ChatAnswer:
    turn = TurnAnswer(
        turn_id=answered.turn_id,
        message=answered.message or message,
        language=answered.language,
        strategy_ids=answered.strategy_ids,
        answered_at=answered.answered_at,
        replaces=answered.replaces,
    )
    return ChatAnswer(
        session_id=answered.session_id, answer=answered.answer, provider=answered.provider, turn=turn
    )


def _error(code: str, detail: str, extra: Mapping[str, Any]) -> bytes:
    return format_sse_event(event="error", data_str=bytes(problem(code, detail, extra).body).decode())

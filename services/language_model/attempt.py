"""One streamed chat completion at one provider, with a limit for all that can take long or grow."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from services.language_model.chunks import Answer, malformed
from services.language_model.connection import Connection
from services.language_model.errors import AttemptError, Failure
from services.language_model.failures import failure_of
from services.language_model.messages import Request
from services.language_model.pieces import Said, TextDelta

TAIL_SECONDS: Final = 2.0
"""How long the count of tokens may come after the answer: without it the answer is as good."""
AT_ALL: Final = "the whole answer"
END: Final = object()
OTHER_TYPES: Final = ("text/html", "application/json", "application/xml")


class Attempt:
    """Asks a provider once. After `pieces` has ended, `answer` has the usage and the reason of the end."""

    def __init__(
        self, connection: Connection, request: Request, redact: Callable[[str], str], deadline: float
    ) -> None:
        self.answer = Answer()
        self._connection = connection
        self._provider = connection.provider
        self._request = request
        self._redact = redact
        self._deadline = deadline
        self._clock = asyncio.get_running_loop().time
        self._limit, self._missed = deadline, AT_ALL

    async def pieces(self) -> AsyncGenerator[Said, None]:
        """Yield the text as it comes, then the calls of tools. Raises AttemptError in all other cases."""
        stream = await self._begin()
        answer = self.answer
        try:
            while True:
                # The limits are only around the waiting: around the yield they would cancel the caller.
                chunk = await self._next(stream)
                if chunk is END:
                    break
                text, moves = answer.read(chunk)
                if moves:
                    self._await("the next token", self._provider.idle_seconds)
                if text:
                    yield TextDelta(text)
        finally:
            await _close(stream)
        answer.check_complete()
        calls = answer.calls()
        if calls and not self._request.tools:
            raise malformed("the call of a tool, where none was offered")
        for call in calls:
            yield call

    async def _begin(self) -> Any:  # noqa: ANN401 - the SDK's types cost its import
        """Send the request and wait for the headers of the answer."""
        self._await("the first token", self._provider.first_token_seconds)
        try:
            async with asyncio.timeout_at(self._limit):
                stream = await self._connection.create(self._request)
        except TimeoutError as error:
            raise self._late() from error
        except Exception as error:
            raise self._failure(error, connected=False) from error
        content_type = str(stream.response.headers.get("content-type", ""))
        if content_type.startswith(OTHER_TYPES):
            await _close(stream)
            raise malformed(f"an answer of the type {self._redact(content_type)[:80]}")
        return stream

    async def _next(self, stream: Any) -> Any:  # noqa: ANN401 - any JSON value
        """Return the next chunk; `END`: there are no more, or none that matters."""
        complete = self.answer.finish_reason is not None
        limit = min(self._limit, self._clock() + TAIL_SECONDS) if complete else self._limit
        try:
            async with asyncio.timeout_at(limit):
                return await anext(stream, END)
        except TimeoutError as error:
            if complete:
                return END
            raise self._late() from error
        except Exception as error:
            if complete:
                return END
            raise self._failure(error, connected=True) from error

    def _await(self, what: str, seconds: float) -> None:
        limit = self._clock() + seconds
        early = limit < self._deadline
        self._limit, self._missed = (limit, what) if early else (self._deadline, AT_ALL)

    def _late(self) -> AttemptError:
        return AttemptError(Failure.LATE, f"{self._missed} did not come in time")

    def _failure(self, error: Exception, *, connected: bool) -> AttemptError:
        return failure_of(error, self._redact, datetime.now(UTC), connected=connected)


async def _close(stream: Any) -> None:  # noqa: ANN401 - the SDK's types cost its import
    with suppress(Exception):  # what is wrong with the connection is known, or does not matter any more
        await stream.close()

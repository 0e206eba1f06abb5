"""A provider in a chain: its breaker, its one retry, and what is known of calls that wait."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

import structlog

from services.language_model.attempt import Attempt
from services.language_model.breaker import Breaker, Waiting
from services.language_model.chunks import Answer
from services.language_model.connection import Connection
from services.language_model.errors import OF_THE_REQUEST, TRANSIENT, AttemptError, Failure
from services.language_model.messages import Request
from services.language_model.pieces import Said
from services.language_model.settings import Provider

log = structlog.get_logger()

RETRY_SECONDS: Final = 0.2
"""The pause before a retry where the server names none."""
STALL_SHARE: Final = 1 / 3
"""Of the limit of the first token: after it, many calls without one count as a stall."""


@dataclass(slots=True)
class Reply:
    """The answer of a link, known when its pieces have ended."""

    answer: Answer | None = None


class Link:
    """Asks one provider, and knows whether to."""

    def __init__(self, provider: Provider, redact: Callable[[str], str], clock: Callable[[], float]) -> None:
        self.provider = provider
        self.connection = Connection(provider)
        self._redact = redact
        self._clock = clock
        self._breaker = Breaker()
        self._waiting = Waiting(provider.first_token_seconds * STALL_SHARE)

    @property
    def degraded(self) -> bool:
        """Whether calls are sent elsewhere, or were until a trial that is still to come."""
        return not self._breaker.closed or self._waiting.stalled(self._clock())

    def skipped(self) -> str | None:
        """Return why the provider is not to be asked now; None: it is."""
        now = self._clock()
        if not self._breaker.allows(now):
            return f"failed {self._breaker.failures} times, and is tried again in a while"
        if self._breaker.closed and self._waiting.stalled(now):
            return "does not answer the calls that wait"
        return None

    async def ask(self, request: Request, deadline: float, reply: Reply) -> AsyncGenerator[Said, None]:
        """Yield the answer's pieces, and put its end into `reply`. Raises AttemptError."""
        began = self._clock()
        trial = not self._breaker.closed
        self._breaker = self._breaker.begun(began, max(deadline - asyncio.get_running_loop().time(), 0.0))
        decided = came = False
        try:
            async with aclosing(self._twice(request, deadline, reply)) as pieces:
                async for piece in pieces:
                    came = True
                    yield piece
            decided, self._breaker = True, Breaker()
        except AttemptError as error:
            decided = True
            self._note(error, trial=trial)
            raise
        finally:
            if not decided:  # the reader has stopped
                self._breaker = Breaker() if came else self._breaker.abandoned(trial=trial)

    def _note(self, error: AttemptError, *, trial: bool) -> None:
        if error.failure in OF_THE_REQUEST:
            # It answers: what it is asked is at fault.
            self._breaker = Breaker() if trial else self._breaker
            return
        was_closed = self._breaker.closed
        self._breaker = self._breaker.failed(
            self._clock(),
            trial=trial,
            at_once=error.failure is Failure.MISCONFIGURED,
            pause=error.retry_after if error.failure in {Failure.LIMITED, Failure.SERVER} else None,
        )
        if was_closed and not self._breaker.closed:
            log.warning("language model skipped for a while", provider=self.provider.name, error=str(error))

    async def _twice(self, request: Request, deadline: float, reply: Reply) -> AsyncGenerator[Said, None]:
        """Ask, and once more after a failure that may be gone in a moment or that says what to change."""
        await self.connection.open()
        form = self.connection.form
        for last in (False, True):
            attempt = Attempt(self.connection, request, self._redact, deadline)
            said = False
            try:
                async with aclosing(self._once(attempt)) as pieces:
                    async for piece in pieces:
                        said = True
                        yield piece
            except AttemptError as error:
                adapted = error.failure is Failure.REFUSED and self._adapt(error)
                pause = None if last or said else 0.0 if adapted else self._pause(error, deadline)
                if pause is None:
                    if error.failure is Failure.REFUSED and not adapted:
                        self.connection.form = form  # another one did not help
                    raise
            else:
                reply.answer = attempt.answer
                return
            await asyncio.sleep(pause)

    async def _once(self, attempt: Attempt) -> AsyncGenerator[Said, None]:
        """Ask once, and keep account of the wait for the first token."""
        self._waiting.begin(attempt, self._clock())
        try:
            async with aclosing(attempt.pieces()) as pieces:
                async for piece in pieces:
                    self._waiting.token(attempt, self._clock())
                    yield piece
        finally:
            self._waiting.end(attempt)

    def _adapt(self, error: AttemptError) -> bool:
        """Change the form of requests as a refusal asks for; tell whether that changed anything."""
        before = self.connection.form
        self.connection.form = before.adapted(str(error.__cause__))
        return self.connection.form != before

    def _pause(self, error: AttemptError, deadline: float) -> float | None:
        """Return the seconds before a retry; None: none is worth it."""
        if error.failure not in TRANSIENT:
            return None
        pause = RETRY_SECONDS if error.retry_after is None else error.retry_after
        left = deadline - asyncio.get_running_loop().time()
        # A server that wants a longer pause than its first token may take counts as one that is late.
        return pause if pause < min(left, self.provider.first_token_seconds) else None

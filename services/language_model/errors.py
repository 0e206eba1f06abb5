"""The errors of language models.

ChassisError
├── AttemptError            one provider gave no complete answer, and why
└── LlmError                no provider of the chain did
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.chassis.errors import ChassisError
from services.language_model.pieces import Taken


class Failure(StrEnum):
    """How an attempt at a provider failed."""

    UNREACHABLE = "unreachable"
    """The connection was refused, or there is no such server."""
    REFUSED = "refused"
    """The server refused this request: 400, 413 or 422."""
    MISCONFIGURED = "misconfigured"
    """The key, the address or the model is wrong: 401, 403, 404 and other 4xx."""
    LIMITED = "rate limited"
    """429: too many requests, or no quota."""
    SERVER = "server error"
    """5xx, or an error inside the stream."""
    LATE = "late"
    """A limit of time has passed: of connecting, the first token, the next one, or the deadline."""
    DISCONNECTED = "disconnected"
    """The connection was closed before the answer was complete."""
    MALFORMED = "malformed"
    """Not what Chat Completions answer: HTML, broken JSON, valid JSON of the wrong shape."""
    INCOMPLETE = "incomplete"
    """The model stopped early: `length`, `content_filter`, or no reason at all."""
    EMPTY = "empty"
    """Neither text nor the call of a tool."""
    TOO_LARGE = "too large"
    """More bytes than the limit."""
    SKIPPED = "skipped"
    """The provider was not asked: it failed a moment ago, or does not answer others."""


TRANSIENT: Final = frozenset({Failure.UNREACHABLE, Failure.LIMITED, Failure.SERVER, Failure.DISCONNECTED})
"""May be gone in a moment: tried once more, if nothing of the answer was passed on."""
OF_THE_REQUEST: Final = frozenset({Failure.REFUSED, Failure.INCOMPLETE, Failure.EMPTY})
"""Says nothing about how the provider will answer others."""


class AttemptError(ChassisError):
    """A provider gave no complete answer.

    Attributes:
        failure: of which kind.
        retry_after: seconds after which the server wants to be asked again, if it said so.

    """

    def __init__(self, failure: Failure, detail: str, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.failure = failure
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a provider."""

    provider: str
    failure: Failure
    detail: str

    def __str__(self) -> str:
        return f"{self.provider}: {self.failure} ({self.detail})"


ASKED_ONCE: Final = Taken()


class LlmError(ChassisError):
    """No language model gave a complete answer.

    Attributes:
        tried: what each one did.
        taken: of those that were asked; those that were left out were not.

    """

    def __init__(self, detail: str, tried: Sequence[Tried] = (), taken: Taken = ASKED_ONCE) -> None:
        super().__init__("; ".join((detail, *map(str, tried))))
        self.tried = tuple(tried)
        self.taken = taken

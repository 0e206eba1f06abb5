"""What a chain of language models yields, piece by piece."""

from dataclasses import dataclass, replace
from typing import TypeVar

T = TypeVar("T", int, float)


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next part of the text."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A complete call of a tool; `arguments` is the text of a JSON object."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Restarted:
    """All that was yielded before is void: another provider begins anew."""

    provider: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a provider counted; None where it did not say."""

    input_tokens: int | None = None
    output_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken of language models.

    Attributes:
        requests: how often one was asked.
        usage: tokens, as far as they were counted.
        cost: as far as it is known, in the currency of the prices.

    """

    requests: int = 1
    usage: Usage = Usage()
    cost: float | None = None

    def and_then(self, later: "Taken") -> "Taken":
        """Return what both took together."""
        usage = Usage(
            known_sum(self.usage.input_tokens, later.usage.input_tokens),
            known_sum(self.usage.output_tokens, later.usage.output_tokens),
        )
        return Taken(self.requests + later.requests, usage, known_sum(self.cost, later.cost))


def known_sum(one: T | None, other: T | None) -> T | None:
    """Return the sum of what is known; None: neither is."""
    return other if one is None else one if other is None else one + other


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer is complete.

    Attributes:
        provider: the name of the provider in the settings.
        model: that was asked for.
        usage: tokens; those of attempts that failed are not known.
        cost: in the currency of the provider's prices; None without prices or without a count of tokens.
        seconds: from the start of the chain to the end of the answer.
        finish_reason: `stop` or `tool_calls`.
        requests: how often a model was asked; `usage` and `cost` are of all, as far as they were counted.

    """

    provider: str
    model: str
    usage: Usage
    cost: float | None
    seconds: float
    finish_reason: str
    requests: int = 1

    @property
    def taken(self) -> Taken:
        return Taken(self.requests, self.usage, self.cost)

    def after(self, taken: Taken, seconds: float) -> "Finished":
        """Return it with what was taken before it, and the seconds of both."""
        both = taken.and_then(self.taken)
        return replace(self, requests=both.requests, usage=both.usage, cost=both.cost, seconds=seconds)


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole answer."""

    text: str
    tool_calls: tuple[ToolCall, ...]
    finished: Finished


Said = TextDelta | ToolCall
Piece = TextDelta | ToolCall | Restarted | Finished

"""What a chain of language models yields, piece by piece."""

from dataclasses import dataclass


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
class Finished:
    """The answer is complete.

    Attributes:
        provider: the name of the provider in the settings.
        model: that was asked for.
        usage: tokens of the answer; those of attempts that failed are not known.
        cost: in the currency of the provider's prices; None without prices or without a count of tokens.
        seconds: from the start of the chain to the end of the answer.
        finish_reason: `stop` or `tool_calls`.
        requests: how often a model was asked; `usage` and `cost` are of the last time.

    """

    provider: str
    model: str
    usage: Usage
    cost: float | None
    seconds: float
    finish_reason: str
    requests: int = 1


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole answer."""

    text: str
    tool_calls: tuple[ToolCall, ...]
    finished: Finished


Said = TextDelta | ToolCall
Piece = TextDelta | ToolCall | Restarted | Finished

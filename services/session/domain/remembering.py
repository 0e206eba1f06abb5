"""What a language model is told of a conversation: the last messages, and what was asked before them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from services.session.domain.history import Message

MOST_MESSAGES: Final = 20
MOST_TOKENS: Final = 8_000
"""Of the last messages."""
MOST_EARLIER: Final = 30
"""Of the messages before those, the last ones."""
_BEGINNING: Final = 80
"""How many characters of each of these are told."""


def remembered(history: Sequence[Message]) -> Sequence[Message]:
    """Return the last messages that a model is told of; the first one is a user's."""
    left, start = MOST_TOKENS, len(history)
    while start > max(0, len(history) - MOST_MESSAGES) and left >= (
        size := tokens_of(history[start - 1].content)
    ):
        start -= 1
        left -= size
    while start < len(history) and history[start].role != "user":
        start += 1
    return history[start:]


def earlier(history: Sequence[Message]) -> Mapping[str, Any]:
    """Return a summary of the messages before the ones that are remembered.

    It is computed from the history, which stays whole: how the user's messages began, and in what order. No
    figure of an answer is in it: a model writes references to figures of this turn only.
    """
    before = history[: len(history) - len(remembered(history))]
    asked = [each.content for each in before if each.role == "user"]
    said = [" ".join(each.split())[:_BEGINNING] for each in asked[-MOST_EARLIER:]]
    return {"messages": len(asked), "asked": said} if asked else {}


def tokens_of(text: str) -> int:
    """Estimate the tokens of a text: a quarter of its ASCII characters, and one for each other character."""
    plain = sum(each.isascii() for each in text)
    return len(text) - plain + (plain + 3) // 4

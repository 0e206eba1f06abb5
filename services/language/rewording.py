"""Questions told in the words that are read: "breached a 50 % drawdown" is "had more than" one."""

from typing import Final

from services.language.phrases import compiled
from services.language.vocabulary.rewording import REWORDED

_PATTERNS: Final = tuple((compiled(pattern), told) for pattern, told in REWORDED)


def reworded(text: str) -> str:
    """Return a text with the words that are read in place of others that ask the same."""
    for pattern, told in _PATTERNS:
        text = pattern.sub(told, text)
    return text

"""Splitting a text into words, numbers and signs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, cast

Kind = Literal["latin", "hangul", "number", "sign"]

_PATTERN: Final = re.compile(
    r"""
    (?P<latin>[a-zA-Z]/[a-zA-Z](?![a-zA-Z])|[^\W\d_ㄱ-ㆎ가-힣]+(?:'[a-zA-Z]+)?)
    |(?P<hangul>[ㄱ-ㆎ가-힣]+)
    |(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]*\.?[0-9]+)
    |(?P<sign>[<>]=?|\S)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, number or sign.

    Attributes:
        kind: what it is; a latin word may be of any script but Hangul.
        text: in lower case.
        raw: as it is written.
        spaced: a blank stands before it.

    """

    kind: Kind
    text: str
    raw: str
    spaced: bool


def split(text: str) -> Iterator[Piece]:
    """Yield the pieces of a text that is in Unicode's composed form."""
    end = 0
    for match in _PATTERN.finditer(text):
        kind = cast("Kind", match.lastgroup)
        yield Piece(kind, match.group().lower(), match.group(), match.start() != end)
        end = match.end()

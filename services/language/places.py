"""Terms that mean something beside others only: places, ends, and what strategies are compared with."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from services.language.numbers import BOTTOM, TOP
from services.language.terms import Grade, Limit, Mark, Number, Ordinal, Token, Trait

_COUNTED: Final = {"둘": 2, "셋": 3, "넷": 4}
_WITHIN: Final = Limit(-1, inclusive=True, beyond=True)
_FROM: Final = ("위에서", "앞에서", "아래에서", "밑에서", "끝에서", "뒤에서")
"""From which end is counted: no end where nothing is counted, "위에서 말한 전략"."""


def in_place(tokens: Sequence[Token]) -> list[Token]:
    """Return the terms of a question as they are meant beside each other."""
    return list(_with_others(list(_with_counts(list(_with_tops(list(_without_ends(tokens))))))))


def _with_counts(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield tokens; in place of a Korean number after an end, "꼴찌 둘은", how many are asked for."""
    for at, token in enumerate(tokens):
        before = tokens[at - 1].term if at else None
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        ends = isinstance(before, Grade | Trait) and not (after and after.term == Mark("among"))
        counted = _COUNTED.get(token.text) if ends and token.term == Mark("filler") else None
        yield replace(token, term=Number(counted, "items")) if counted else token


def _without_ends(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield tokens; in place of an end from which nothing is counted, a filler."""
    for at, token in enumerate(tokens):
        after = tokens[at + 1].term if at + 1 < len(tokens) else None
        idle = token.text.startswith(_FROM) and not isinstance(after, Ordinal | Number)
        yield replace(token, term=Mark("filler")) if idle and token.term in {TOP, BOTTOM} else token


def _with_tops(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield tokens; after a place that is one from the top, "2위", also the top; "3위 안": the top three."""
    at = 0
    while at < len(tokens):
        token, term = tokens[at], tokens[at].term
        at += 1
        if not (isinstance(term, Ordinal) and term.implied):
            yield token
        elif at < len(tokens) and tokens[at].term == _WITHIN:
            yield Token(TOP, token.text)
            yield Token(Number(term.place, "items"), token.text)
            at += 1
        else:
            yield token
            if at < 2 or tokens[at - 2].term != BOTTOM:  # noqa: PLR2004 - there is one before
                yield Token(TOP, token.text)


def _with_others(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield tokens; in place of a filler that strategies are compared with, "나머지보다", a mark."""
    for at, token in enumerate(tokens):
        after = at + 1
        while after < len(tokens) and tokens[after].term == Mark("head"):
            after += 1
        compared = after < len(tokens) and tokens[after].term == Mark("than")
        is_filler = token.term == Mark("filler")
        yield replace(token, term=Mark("others")) if compared and is_filler else token

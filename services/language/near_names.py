"""Finding names that a text has shortened, in the other script, or with a letter wrong: 모맨텀, "momentm"."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from services.language.korean import continues
from services.language.name_forms import apart, lowered, words_of
from services.language.name_index import Names
from services.language.names import Mention
from services.language.near_index import MOST_FITTING
from services.language.scanning import scan
from services.language.terms import Named, Word
from services.language.vocabulary.names import GENERIC, ORDINARY
from services.language.vocabulary.operands import ARTICLES, AUXILIARIES, NO_NAMES

_WORD: Final = re.compile(r"(?P<digits>\d+)|(?P<hangul>[ㄱ-ㆎ가-힣]+)|(?P<latin>[^\W\d_ㄱ-ㆎ가-힣]+)")
_GAP: Final = re.compile(r"[\s\-_/.&+]{0,3}")
"""What may stand between the words of a name."""
_ON: Final = re.compile(r"\b(?:on|in)\s$", re.IGNORECASE)
_KIND: Final = re.compile(rf"[\s_-]*(?:{'|'.join(GENERIC)})(?![a-z가-힣])", re.IGNORECASE)
_BLANKS: Final = " -_\t\n\u00a0"
_NUMBER: Final = re.compile(
    r"(?:[/.,]|[\s_-]*)\d[\d.,]*(?![\d.,]|\s*(?:%|percent|pct|bps?|퍼센트|프로)|[a-zA-Z가-힣])"
)
"""A number after a name that belongs to it, as that of another strategy: "RSI 14"."""
_MOST_WORDS: Final = 8
"""Of a name, where a script or a digit begins a word too."""
_MOST_READ: Final = 100
"""How many stretches of a text are looked up."""
_ENDINGS: Final = ("s", "es", "ed", "ing", "ly", "er", "est", "'s")
_SHORTEST_STEM: Final = 3
_NO_NAMES: Final = NO_NAMES | AUXILIARIES | ARTICLES
_LITTLE: Final = _NO_NAMES | ORDINARY


@dataclass(frozen=True, slots=True)
class Near:
    """A stretch of a text that may be a name.

    Attributes:
        start: the place of its first character.
        end: the place after its last one.
        fits: the ids of the strategies of each name that it may be: one name, where it is clear.

    """

    start: int
    end: int
    fits: tuple[tuple[str, ...], ...]

    def names(self, names: Mapping[str, str]) -> tuple[str, ...]:
        """Return the names that may be meant, as many as are shown."""
        return tuple(names[ids[0]] for ids in self.fits[:MOST_FITTING])

    def is_free_of(self, found: Sequence[Mention]) -> bool:
        """Tell whether no name that is written in full is a part of it."""
        return all(each.end <= self.start or self.end <= each.start for each in found)


def near_names(text: str, found: Sequence[Mention], names: Names) -> list[Near]:
    """Return what may be names among the words that mean nothing else, in order.

    Args:
        text: in Unicode's composed form.
        found: the names in it that are written in full.
        names: of the strategies.

    """
    tokens = scan(text, [(each.start, each.end, Named(each.ids)) for each in found])
    unread = [each for each in tokens if isinstance(each.term, Word) and len(each.text) > 1]
    free = _marks(text, (each.text for each in unread if not is_ordinary(each.text)))
    if not any(free) or not names:
        return []
    taken = [(each.start, each.end) for each in found]
    for start, end in taken:
        free[start:end] = [False] * (end - start)
    named = [mark or any(start <= at < end for start, end in taken) for at, mark in enumerate(free)]
    words = _marks(text, (each.text for each in unread if each.text not in _NO_NAMES))
    near: list[Near] = []
    for read, (start, end) in enumerate(_stretches(text, free, taken)):
        if read >= _MOST_READ:
            break
        if any(start < each.end and each.start < end for each in near) or _goes_on(text, named, start, end):
            continue
        alone = not (
            any(start <= at < end for at, _ in taken)
            or _goes_on(text, words, start, end)
            or _is_placed(text, start, end)
        )
        marks = [
            mark
            for each, mark in zip(text[start:end], free[start:end], strict=True)
            if each.isalnum()
            for _ in apart(each)
        ]
        if fits := names.near.fitting(words_of(text[start:end]), marks, shortened=alone):
            near.append(Near(start, end, tuple(fits)))
    return sorted(near, key=lambda each: each.start)


def is_ordinary(word: str) -> bool:
    """Tell whether a word is one of sentences about anything, in any of its forms."""
    if not word.isascii():
        lengths = range(1, len(word) + 1)
        return any(word[:length] in _LITTLE and continues(word[length:]) for length in lengths)
    stems = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
    return word in _LITTLE or any(
        {stem, f"{stem}e", f"{stem.removesuffix('i')}y", stem[:-1]} & _LITTLE
        for stem in stems
        if len(stem) >= _SHORTEST_STEM
    )


def _marks(text: str, words: Iterable[str]) -> list[bool]:
    """Return for each character of a text whether it is of one of these words, which are in lower case."""
    lower = lowered(text)
    marks = [False] * len(text)
    for word in dict.fromkeys(words):
        at = lower.find(word)
        while at >= 0:
            end = at + len(word)
            if not (_joins(lower, at) or _joins(lower, end)):
                marks[at:end] = [True] * len(word)
            at = lower.find(word, end)
    return marks


def _joins(text: str, at: int) -> bool:
    """Whether Latin letters go on at a place."""
    around = text[max(0, at - 1) : at + 1]
    return len(around) > 1 and around.isalpha() and not any("가" <= each <= "힣" for each in around)


def _stretches(
    text: str, free: Sequence[bool], taken: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Yield where names may stand, the longest first; each has a free word, and no part of a full name."""
    words = [(match.start(), match.end(), match.lastgroup) for match in _WORD.finditer(text)]
    linked = [_GAP.fullmatch(text, one[1], other[0]) is not None for one, other in pairwise(words)]
    places = [
        (first, last)
        for first in range(len(words))
        for last in range(first, min(len(words), first + _MOST_WORDS))
        if all(linked[first:last]) and any(free[words[first][0] : words[last][1]])
    ]
    for first, last in sorted(places, key=lambda each: each[0] - each[1]):
        start, end, kind = words[first][0], words[last][1], words[last][2]
        before = words[first - 1] if first else None
        after = words[last + 1] if last + 1 < len(words) else None
        if before and before[1] == start and (before[2], words[first][2]) != ("hangul", "latin"):
            continue
        if after and after[0] == end and not (after[2] == "hangul" and continues(text[end : after[1]])):
            continue
        ends = [end, *(_shorter(text, words[last][0], end) if kind == "hangul" else ())]
        for stop in ends:
            apart_from = all(stop <= at or to <= start or (start <= at and to <= stop) for at, to in taken)
            if apart_from and any(free[start:stop]) and not _NUMBER.match(text, stop):
                yield start, stop


def _shorter(text: str, start: int, end: int) -> Iterator[int]:
    """Yield where a Korean word may end before particles and known words, the longest first."""
    return (stop for stop in range(end - 1, start, -1) if continues(text[stop:end]))


def _is_placed(text: str, start: int, end: int) -> bool:
    """Whether a stretch is what something runs on, as a symbol is: "the best one on AAPL", AAPL에서."""
    return _ON.search(text[max(0, start - 4) : start]) is not None or text.startswith("에서", end)


def _goes_on(text: str, named: Sequence[bool], start: int, end: int) -> bool:
    """Whether another word that may be of a name stands beside a stretch: "RSI Breakout"."""
    kind = _KIND.match(text, end)
    at = len(text) - len(text[kind.end() if kind else end :].lstrip(_BLANKS))
    before = text[:start].rstrip(_BLANKS)
    if at > end and any(named[at : at + 1]):
        return True
    if not len(before) < start or not any(named[len(before) - 1 : len(before)]):
        return False
    word = before.split()[-1]
    return not any(_shorter(before, len(before) - len(word), len(before)))  # no "모멘텀이랑"

"""Splitting a stream of text into sentences, so that each can be checked before it is sent."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

MOST: Final = 2_000
"""How many characters a sentence has at most; a longer one is split at a blank."""
_END: Final = re.compile(r"\n+|[.!?…。！？]+[\"'’”)\]」』*_]*(?=\s)\s+")
_ABBREVIATIONS: Final = frozenset(
    ["e.g", "i.e", "vs", "approx", "mr", "mrs", "ms", "dr", "cf", "ca", "fig", "avg", "u.s"]
)
_SOMETIMES: Final = frozenset(
    [
        "etc",
        "no",
        "st",
        "inc",
        "ltd",
        "co",
        "max",
        "min",
        "est",
        "al",
        "p.a",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
    ]
)
"""Abbreviations after which a capital letter begins a sentence."""
_WORD: Final = re.compile(r"[A-Za-z.]+$")
_NUMBERED: Final = re.compile(r"(?:^|\n)\s*(?:[-•*]\s*)?\d{1,3}$")


@dataclass(frozen=True, slots=True)
class Sentences:
    """What was fed so far and is no whole sentence yet.

    Attributes:
        names: within which no sentence ends.
        rest: the beginning of the next sentence.

    """

    names: tuple[str, ...] = ()
    rest: str = ""

    def fed(self, delta: str) -> tuple["Sentences", tuple[str, ...]]:
        """Return the state after more text, and the sentences that are whole."""
        whole, rest = _split(self.rest + delta, self.names, is_all=False)
        return replace(self, rest=rest), tuple(whole)

    def closed(self) -> tuple[str, ...]:
        """Return the sentences that are left at the end of the text."""
        whole, rest = _split(self.rest, self.names, is_all=True)
        return (*whole, rest) if rest else tuple(whole)


def sentences_of(text: str, names: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the sentences of a whole text, with the blanks after each."""
    state, whole = Sentences(tuple(names)).fed(text)
    return (*whole, *state.closed())


def _split(text: str, names: tuple[str, ...], *, is_all: bool) -> tuple[list[str], str]:
    """Return the whole sentences of a text and what is left of it."""
    whole: list[str] = []
    start = 0
    for found in _END.finditer(text):
        if found.start() < start or (found.end() == len(text) and not is_all):
            continue
        following = text[found.end() : found.end() + 1]
        if _ends(text[start : found.end()], found.start() - start, following, names):
            whole.append(text[start : found.end()])
            start = found.end()
    rest = text[start:]
    while len(rest) > MOST:
        at = _cut(rest)
        whole.append(rest[:at])
        rest = rest[at:]
    return whole, rest


def _ends(sentence: str, mark: int, following: str, names: tuple[str, ...]) -> bool:
    """Whether a sentence ends with a mark: not within a reference or a name, or after an abbreviation."""
    before = sentence[:mark]
    if before.count("[[") > before.count("]]") and len(before) - before.rfind("[[") < MOST // 20:
        return False
    if any(_holds(sentence, mark, name) for name in names):
        return False
    if sentence[mark] != ".":
        return True
    word = _WORD.search(before)
    last = word[0].casefold().strip(".") if word else ""
    if last in _ABBREVIATIONS or (last in _SOMETIMES and (following.islower() or following.isdigit())):
        return False
    return not _NUMBERED.search(before)


def _holds(sentence: str, mark: int, name: str) -> bool:
    at = sentence.find(name, max(0, mark - len(name)))
    return 0 <= at <= mark < at + len(name)


def _cut(text: str) -> int:
    """Return where a text that is too long is split: at its last blank that is in no reference."""
    head = text[:MOST]
    opened = head.rfind("[[")
    limit = opened if opened > head.rfind("]]") and opened > MOST // 2 else MOST
    return max(head.rfind(" ", 1, limit) + 1, 0) or limit

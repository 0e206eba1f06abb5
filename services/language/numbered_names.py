"""Strategies that a text names by their numbers: "37/112" is SMA 37/112; "SMA 20/100" may be none."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.language.name_forms import digits_of, words_of
from services.language.names import Mention
from services.language.near_index import MOST_FITTING

_SEVERAL: Final = re.compile(
    r"(?:(?<![a-z가-힣\d])(?P<head>[a-z]{2,})[\s_-]?\(?)?"
    r"(?<![\w./-])(?P<numbers>\d{1,4}\s?(?P<by>[/,:x-])\s?\d{1,4}(?:\s?(?P=by)\s?\d{1,4})?)"
    r"(?![\d/%]|[.,:-]\d|[a-z]|\s*(?:%|퍼센트|프로|년|월|일))\)?",
    re.IGNORECASE,
)
_ONE: Final = re.compile(
    r"(?<![a-z가-힣\d])(?P<head>[a-z]{2,})[\s_-]?(?P<numbers>(?!(?:19|20)\d\d)\d{1,4})(?P<by>)"
    r"(?![\d/%]|[.,]\d|\s?[a-z]|\s*(?:%|퍼센트|프로|년|개월|월|거래일|일|주|분기|배|등|위|번째|개))",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MOST_NEAR: Final = 3


@dataclass(frozen=True, slots=True)
class Numbered:
    """A stretch of a text that names a strategy by its numbers.

    `names`: the ids of each name that has them: none, where there is no such strategy. `near`: then the ids
    of those with the nearest numbers.
    """

    start: int
    end: int
    names: tuple[tuple[str, ...], ...]
    near: tuple[str, ...] = ()

    @property
    def mention(self) -> Mention | None:
        """Return it as a mention, where it is clear which strategy it is."""
        return Mention(self.start, self.end, self.names[0], is_metric=False) if len(self.names) == 1 else None


def numbered_names(text: str, found: Sequence[Mention], names: Mapping[str, str]) -> list[Numbered]:
    """Return what names strategies by numbers, beside the names that are written in full.

    Numbers are looked for among names that have as many, and begin with the word before them, if any does.
    Numbers of no name are those of a strategy only where names begin so: "SMA 20/100", "37/113".
    """
    written = [match for pattern in (_SEVERAL, _ONE) for match in pattern.finditer(text)]
    free = [match for match in written if _is_free(match.span(), found)]
    if not free:
        return []
    there = [(words_of(name), digits_of(name), strategy_id) for strategy_id, name in names.items()]
    spoken_of = {words_of(names[each.ids[0]])[:1] for each in found if each.ids}
    read = (_read(match, there, spoken_of) for match in free)
    numbered: list[Numbered] = []
    for each in filter(None, read):
        if all(each.end <= other.start or other.end <= each.start for other in numbered):
            numbered.append(each)
    return sorted(numbered, key=lambda each: each.start)


_There = Sequence[tuple[tuple[str, ...], tuple[str, ...], str]]
"""Of each strategy the words of its name, the numbers among them, and its id."""


def _read(match: re.Match[str], there: _There, spoken_of: set[tuple[str, ...]]) -> Numbered | None:
    numbers, head = digits_of(match["numbers"]), (match["head"] or "").lower()
    alike = [each for each in there if len(each[1]) == len(numbers)]
    begun = [each for each in alike if head and each[0][0] == head]
    start = match.start() if begun else match.start("numbers")
    end = match.end() if begun or not match.group().endswith(")") else match.end("numbers")
    same = [each for each in begun or alike if each[1] == numbers]
    if len(same) > 1 and not begun:  # "SMA 10/50 vs 20/100" are both SMA
        same = [each for each in same if each[0][:1] in spoken_of] or same
    if same and begun and match["by"] != "/":
        return None  # a name that is not written in full
    if same and len(numbers) > 1:
        by_name: dict[tuple[str, ...], tuple[str, ...]] = {}
        for words, _, strategy_id in same:
            by_name[words] = (*by_name.get(words, ()), strategy_id)
        return Numbered(start, end, tuple(by_name.values()))
    usual = (
        match["by"] == "/" and not (head or _YEAR.search(match["numbers"])) and 2 * len(alike) > len(there)
    )
    if not (begun or usual):
        return None
    nearest = sorted(begun or alike, key=lambda each: _apart(numbers, each[1]))
    return Numbered(start, end, (), tuple(each[2] for each in nearest[:_MOST_NEAR]))


def _apart(one: Sequence[str], other: Sequence[str]) -> float:
    """Return how far numbers are from others, each in proportion to its size."""
    pairs = zip(map(int, one), map(int, other), strict=True)
    return sum(abs(a - b) / max(a, b, 1) for a, b in pairs)


def _is_free(span: tuple[int, int], found: Sequence[Mention]) -> bool:
    return all(span[1] <= each.start or each.end <= span[0] for each in found)


def without(text: str, numbered: Sequence[Numbered]) -> str:
    """Return a text without what names no strategy that there is, each character in its place."""
    for each in numbered:
        if each.mention is None:
            text = f"{text[: each.start]}{' ' * (each.end - each.start)}{text[each.end :]}"
    return text


def unclear_in(
    text: str, numbered: Sequence[Numbered], names: Mapping[str, str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what is written where no strategy, or several, are named, with the names that may be meant."""
    for each in numbered:
        if each.mention is None:
            meant = (*(ids[0] for ids in each.names), *each.near)
            yield text[each.start : each.end], tuple(names[key] for key in meant[:MOST_FITTING])

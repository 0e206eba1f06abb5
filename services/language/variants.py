"""Lists of values in a request: "windows of 10, 14 and 20" asks for a run of each."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Literal

from services.language.phrases import compiled, listed, one_of
from services.language.vocabulary import commands as words

_NUMBER: Final = r"(?!(?:19|20)\d\d(?!\d))\d{1,4}(?:\.\d{1,6})?"
"""No year."""
_AND: Final = r"\s*(?:,\s*(?:and|or)\s|,|&|\b(?:and|or|vs|versus|against)\b|와|과|이랑|랑|하고|및|또는)\s*"
_RATE: Final = r"(?:%|퍼센트|프로|퍼|percent|pct|bps?)"
_COST: Final = f"(?:{one_of(words.SLIPPAGE)}|{one_of(words.COMMISSION)}|{one_of(words.COSTS)})"
_NAMES: Final = one_of(
    ";".join(
        f"{word};{word}s" if word.isascii() else word
        for name, phrases in words.PARAMETERS.items()
        for word in (name, *listed(phrases))
    )
)
_OF: Final = r"\s*(?:을|를|은|는|이|가|의)?\s*(?:=|:|of|to|is|are|at)?\s*"
_RATES: Final = rf"{_NUMBER}\s*{_RATE}?(?:{_AND}{_NUMBER}\s*{_RATE}?)*{_AND}{_NUMBER}\s*(?P<unit>{_RATE})"
_PAIR: Final = r"\d{1,3}(?:\.\d{1,6})?(?:\s*/\s*\d{1,3}(?:\.\d{1,6})?){1,3}(?!\d)"

_LISTS: Final = (
    compiled(rf"{_COST}(?:\s*율|\s*rates?)?{_OF}(?P<list>{_RATES})"),
    compiled(rf"(?<![\w.-])(?P<list>{_RATES})(?=\s*(?:의|of|for|in)?\s*{_COST})"),
    compiled(
        rf"{_NAMES}{_OF}(?P<list>{_NUMBER}(?:{_AND}{_NUMBER})+)(?!\d|\.\d)"
        rf"(?=\s*(?:일|거래일|days?)?(?:으로|로|씩|$|[\s?.!,]))(?!\s*(?:[./:=-]|{_RATE}|[a-z]*(?<=\d)[kmx]|년|월))"
    ),
    compiled(rf"(?<![\w./])(?P<list>{_PAIR}(?:{_AND}{_PAIR})+)(?![a-z_./]|\s*/)"),
)
"""Lists whose values belong together: of a cost, of a parameter, and of pairs, "20/50 and 50/200"."""
_SEPARATOR: Final = compiled(_AND)
_JOINING: Final = compiled(r"\b(?:and|or|vs)\b|&|와|과|이랑|랑|하고|및|또는")
_HAS_UNIT: Final = compiled(_RATE)
_EACH: Final = compiled(one_of(words.EACH))
MOST: Final = 40
"""Of the texts that one is made to; no conversation proposes so many runs."""


def alternatives(text: str) -> list[str]:
    """Return a text once for each value of the lists in it, in all combinations; without a list, the text."""
    texts = [text]
    for pattern in (*_LISTS, *_LISTS):  # there may be lists of both costs, and of two parameters
        expanded = [each for before in texts for each in _expanded(before, pattern)]
        if len(expanded) > MOST:
            return expanded[:MOST]
        texts = expanded
    return texts


def _expanded(text: str, pattern: re.Pattern[str]) -> list[str]:
    """Return a text once for each value of the first list that matches."""
    found = pattern.search(text)
    if found is None:
        return [text]
    unit = found.groupdict().get("unit") or ""
    values = dict.fromkeys(_SEPARATOR.split(found["list"]))
    written = (each if not unit or _HAS_UNIT.search(each) else f"{each} {unit}" for each in values)
    return [f"{text[: found.start('list')]}{each}{text[found.end('list') :]}" for each in written]


def joined(text: str, numbers: Sequence[str]) -> Literal["list", "each"] | None:
    """Return how a text has these numbers, as they are written: as a list, and whether one that says "each".

    "10, 14" is a list; "10, 14 and 20" and "10, 14 each" say that they are several.
    """
    places, at = [], 0
    for number in numbers:
        start = text.find(number, at)
        if start < 0:
            return None
        at = start + len(number)
        places.append((start, at))
    between = [text[end:start] for (_, end), (start, _) in pairwise(places)]
    if not between or not all(map(_SEPARATOR.fullmatch, between)):
        return None
    return "each" if _EACH.search(text) or any(map(_JOINING.search, between)) else "list"

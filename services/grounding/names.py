"""Finding names in a text: of strategies, of the benchmark, and other terms of the data."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from services.grounding.facts import Facts
from services.grounding.vocabulary.metrics import METRIC_TEXT
from services.grounding.vocabulary.names import (
    ARTICLE_FOLLOWED,
    PARTICLES,
    QUOTES,
    SIGN_BEFORE,
    UNIT_AFTER,
)
from services.grounding.vocabulary.numerals import NUMERAL_WORD

_HANGUL: Final = re.compile(r"[가-힣]")
_NEAR: Final = 30
"""Within so many characters of a number stands its unit."""
_FREE: Final = 3
"""A name of so many characters is found in any case."""


@dataclass(frozen=True, slots=True)
class Name:
    """Where a name stands; `owner` is false for other terms."""

    start: int
    end: int
    name: str
    owner: bool


def names_in(text: str, facts: Facts) -> list[Name]:
    """Return the names of a text in order; where names overlap, the longest."""
    found: list[Name] = []
    taken: set[int] = set()
    owners = set(facts.owners)
    for name in sorted({*owners, *facts.terms}, key=lambda each: (-len(each), each)):
        for start, end in _occurrences(text, name):
            if taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                found.append(Name(start, end, name, name in owners))
    return sorted(found, key=lambda each: each.start)


def _occurrences(text: str, name: str) -> Iterable[tuple[int, int]]:
    pattern = _pattern(name)
    for each in pattern.finditer(text) if pattern else ():
        if _reads_as_a_figure(name):
            is_name = _is_quoted(text, *each.span()) and not _is_a_value(text, *each.span())
        else:
            is_name = _is_quoted(text, *each.span()) or _is_a_word(text, *each.span())
        if is_name:
            yield each.span()


def _is_quoted(text: str, start: int, end: int) -> bool:
    return start > 0 and end < len(text) and text[start - 1] in QUOTES and text[end] in QUOTES


def _is_a_value(text: str, start: int, end: int) -> bool:
    """Whether a number in quotes has a unit or a sign, so that it is said as a value."""
    before, after = text[max(0, start - 1 - _NEAR) : start - 1], text[end + 1 : end + 1 + _NEAR]
    before, after = (unicodedata.normalize("NFKC", each) for each in (before, after))
    return bool(SIGN_BEFORE.search(before) or UNIT_AFTER.match(after))


@lru_cache(maxsize=4_096)
def _pattern(name: str) -> re.Pattern[str] | None:
    parts = re.split(r"[\s_-]+", name.strip())
    if not any(parts):
        return None
    joined = r"[\s_-]+".join(map(re.escape, parts))
    return re.compile(joined, re.IGNORECASE if _is_free(name) else 0)


def _is_free(name: str) -> bool:
    """Whether a name is found in any case: "sma 50", "golden cross", but not "momentum" for "Momentum"."""
    one_word = name.isalpha() and not name.isupper()
    return len(name) >= _FREE and not one_word


@lru_cache(maxsize=4_096)
def _reads_as_a_figure(name: str) -> bool:
    """Whether a name says a figure, so that only quotes make it a name: "9.99", "샤프 9.99", "two"."""
    if not (re.search(r"\d", name) or NUMERAL_WORD.search(name)):
        return False
    rest = NUMERAL_WORD.sub(" ", METRIC_TEXT.sub(" ", name))
    return METRIC_TEXT.search(name) is not None or not re.search(r"[^\W\d_]", rest)


def _is_a_word(text: str, start: int, end: int) -> bool:
    """Whether a name begins and ends as a word does; Korean particles may follow it."""
    before, after, first, last = text[start - 1 : start], text[end:], text[start], text[end - 1]
    if before.isalnum() and first.isalnum() and (_HANGUL.match(first) or not _HANGUL.match(before)):
        return False
    if before.isdigit() and first.isdigit():
        return False
    if re.match(r"[.,]?\d|\s?[%‰]", after) and last.isdigit():
        return False
    if text[start:end] in {"A", "I", "a"} and ARTICLE_FOLLOWED.match(after):
        return False
    if not _HANGUL.match(after):
        return not (after[:1].isalnum() and last.isalnum())
    return not _HANGUL.match(last) or PARTICLES.match(after) is not None

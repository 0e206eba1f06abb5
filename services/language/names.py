"""Finding the strategies that a text mentions, by name or id."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.language.korean import continues, first_phrase
from services.language.lexicon import ENGLISH, METRIC_WORDS
from services.language.name_forms import LINKS, key_of, lowered
from services.language.name_index import Names
from services.language.terms import Degree, Noun, Trait, Unknown

_HANGUL: Final = re.compile("[ㄱ-ㆎ가-힣]*")
_AND: Final = re.compile(r"&|(?<=\s)n(?=\s)")
"""What is written for "and": "Buy n Hold"."""
_FREE: Final = 4
"""A Korean name of so many syllables may have blanks anywhere in a question."""
_AFTER_A_NAME: Final = re.compile(
    r"\s*(?:$|[?,.!:;)'\"/&=<>]|(?:is|are|was|has|have|had|does|did|or|and|vs|versus|than|beats?|not|really|against|over)\b"
    r"|(?:better|worse|\w+er|(?:more|less) \w+) than\b|[가-힣])"
)
"""What makes a word that also means something else a name: "A or B?", not "a strategy"."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text mentions a strategy.

    Attributes:
        start: the place of its first character.
        end: the place after its last one.
        ids: the ids of the strategies of that name.
        is_metric: it may be the metric of that name instead.

    """

    start: int
    end: int
    ids: tuple[str, ...]
    is_metric: bool


@dataclass(frozen=True, slots=True)
class _Text:
    """A text in lower case, and without blanks and hyphens: `places` says where each character stands."""

    raw: str
    lower: str
    packed: str
    places: tuple[int, ...]


def mentions(text: str, names: Mapping[str, str]) -> list[Mention]:
    """Return the mentions of strategies in order; where names overlap, the longest.

    A name is not found within another word, but Korean particles may follow it.
    """
    within = _text(text)
    keyed = sorted(Names.of(names).within(within.packed), key=lambda each: (-len(each.key), each.key))
    found: list[Mention] = []
    taken: set[int] = set()
    for each in keyed:
        for start, end, written in _occurrences(within, each.key, each.forms):
            if taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                is_metric = _is_metric(each.key, written, text[start:end])
                found.append(Mention(start, end, tuple(each.ids), is_metric))
    return sorted(_sure(found), key=lambda mention: mention.start)


def _text(text: str) -> _Text:
    lower = lowered(text)
    written = {found.start(): "and" for found in _AND.finditer(lower)}
    keys = [
        (at, key) for at, each in enumerate(lower) for key in written.get(at, each) if ord(each) not in LINKS
    ]
    return _Text(text, lower, "".join(key for _, key in keys), tuple(at for at, _ in keys))


def _occurrences(within: _Text, key: str, forms: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield where a text has a name that is written in these forms, and in which."""
    at = within.packed.find(key)
    while at >= 0:
        start, end = within.places[at], within.places[at + len(key) - 1] + 1
        if _is_whole(within, at, key) and _is_bounded(within, start, end):
            alike = (each for each in forms if _is_spaced_alike(within, at, key, each))
            yield from (
                (start, end, each) for each in alike if not _means_else(within, start, end, key, each)
            )
        at = within.packed.find(key, at + 1)


def _is_whole(within: _Text, at: int, key: str) -> bool:
    """Whether a name has no part of an "and" that is written as "&": a strategy called A is not in it."""
    places, end = within.places, at + len(key)
    starts = at == 0 or places[at - 1] != places[at]
    return starts and (end == len(places) or places[end] != places[end - 1])


def _is_bounded(within: _Text, start: int, end: int) -> bool:
    """Whether a name begins and ends as a word does."""
    lower = within.lower
    first, last = lower[start], lower[end - 1]
    before = lower[start - 1] if start else " "
    after = lower[end] if end < len(lower) else " "
    if before.isalnum() and (first.isalnum() and (_is_hangul(first) or not _is_hangul(before))):
        return False
    if not _is_hangul(after):
        number = last.isdigit() and re.match(r"[.,]\d", lower[end:])
        return not number and not (after.isalnum() and last.isalnum())
    rest = _HANGUL.match(lower, end)
    follows = continues(rest.group() if rest else "")
    if _is_hangul(last):
        word = _HANGUL.match(lower, start)
        longer = first_phrase(word.group()) if word else 0
        return follows and longer <= end - start
    return follows or (last.isalpha() and end - start > 1)


def _is_hangul(character: str) -> bool:
    return "가" <= character <= "힣" or "ㄱ" <= character <= "ㆎ"


def _is_spaced_alike(within: _Text, at: int, key: str, written: str) -> bool:
    """Whether a text has blanks where the name has some, or where a blank makes no other words."""
    places = within.places[at : at + len(key)]
    gaps = {n for n in range(1, len(places)) if places[n] - places[n - 1] > 1}
    return all(_may_part(key, n) for n in gaps - _gaps(written))


def _may_part(key: str, at: int) -> bool:
    before, after = key[at - 1], key[at]
    if before.isdigit() != after.isdigit():
        return True
    return _is_hangul(before) and _is_hangul(after) and len(key) >= _FREE


def _gaps(written: str) -> set[int]:
    """Return after how many characters of its key a name has blanks or hyphens."""
    gaps, count = set(), 0
    for each in written:
        if key := key_of(each):
            count += len(key)
        else:
            gaps.add(count)
    return gaps


def _means_else(within: _Text, start: int, end: int, key: str, written: str) -> bool:
    """Whether what is written like a name is another English word: "a", "best", "most stable"."""
    term = ENGLISH.get(key)
    if term is None or isinstance(term, Noun | Unknown):
        return False
    exact = within.raw[start:end] == written and written != written.lower()
    if isinstance(term, Trait):
        before = within.lower[:start].split()[-1:]
        return not exact and any(isinstance(ENGLISH.get(word), Degree) for word in before)
    begins = within.raw[:start].rstrip()[-1:] in {"", ".", "?", "!"}
    if exact and not begins and key != "i":
        return False
    return not ((exact or len(key) == 1) and _AFTER_A_NAME.match(within.lower, end))


def _is_metric(key: str, written: str, occurrence: str) -> bool:
    if key not in METRIC_WORDS and written.lower() not in METRIC_WORDS:
        return False
    return occurrence != written or written == written.lower()


def _sure(found: list[Mention]) -> Iterator[Mention]:
    """Yield mentions, without those in lower case of a metric's word that is also written as the name is."""
    exact = {mention.ids for mention in found if not mention.is_metric}
    return (mention for mention in found if not (mention.is_metric and mention.ids in exact))

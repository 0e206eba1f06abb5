"""Metric words with one letter wrong: "volatilty", "변동셩"."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from services.language.lexicon import ENGLISH_WORDS, KOREAN_NOUNS
from services.language.vocabulary import english

_MISSPELT: Final = frozenset(english.MISSPELT.split())
_LOOKALIKES: Final = frozenset(english.LOOKALIKES.split())
_FEWEST_LETTERS: Final = 5
_FEWEST_SYLLABLES: Final = 3
_FINALS, _VOWELS = 28, 21
_FIRST: Final = ord("가")
_LAST: Final = ord("힣")


def _without_one(word: str) -> Iterator[tuple[str, int]]:
    return ((word[:at] + word[at + 1 :], at) for at in range(len(word)))


def _by_shortened(words: Iterable[str]) -> Mapping[str, list[tuple[str, int]]]:
    index = defaultdict(list)
    for word in sorted(words):
        for shortened, at in _without_one(word):
            index[shortened].append((word, at))
    return dict(index)


_SHORTENED: Final = _by_shortened(_MISSPELT)


def corrected(word: str) -> str:
    """Return the English word that is meant by one with a letter wrong, missing, added or exchanged."""
    if len(word) < _FEWEST_LETTERS or word in ENGLISH_WORDS or word in _LOOKALIKES:
        return word
    return next((meant for meant in _meant(word) if meant[0] == word[0]), word)


def _meant(word: str) -> Iterator[str]:
    for meant, _ in _SHORTENED.get(word, ()):
        yield meant
    for shortened, at in _without_one(word):
        # A letter at the end is another form of the word: "capturer".
        if shortened in _MISSPELT and at < len(word) - 1:
            yield shortened
        for meant, other in _SHORTENED.get(shortened, ()):
            if abs(at - other) <= 1:  # one letter is another, or two neighbours are exchanged
                yield meant


def _by_gap(nouns: Iterable[str]) -> Mapping[str, list[str]]:
    index = defaultdict(list)
    for noun in sorted(nouns):
        if len(noun) >= _FEWEST_SYLLABLES and " " not in noun:
            for at in range(len(noun)):
                index[noun[:at] + "*" + noun[at + 1 :]].append(noun)
    return dict(index)


_GAPS: Final = _by_gap(KOREAN_NOUNS)
_LONGEST_NOUN: Final = max(map(len, _GAPS))


def corrected_start(text: str) -> tuple[str, int] | None:
    """Return the Korean metric that a text begins with but for one letter of a syllable, and its length."""
    for length in range(min(len(text), _LONGEST_NOUN), _FEWEST_SYLLABLES - 1, -1):
        start = text[:length]
        for at in range(length):
            for noun in _GAPS.get(start[:at] + "*" + start[at + 1 :], ()):
                if _one_letter_differs(start[at], noun[at]):
                    return noun, length
    return None


def _one_letter_differs(one: str, other: str) -> bool:
    if not all(_FIRST <= ord(each) <= _LAST for each in (one, other)):
        return False
    return sum(a != b for a, b in zip(_letters(one), _letters(other), strict=True)) == 1


def _letters(syllable: str) -> tuple[int, int, int]:
    number = ord(syllable) - _FIRST
    return number // (_VOWELS * _FINALS), number // _FINALS % _VOWELS, number % _FINALS

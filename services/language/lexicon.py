"""The vocabulary, indexed for reading: phrases by their words, in both languages."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from backchat_contracts import METRICS
from services.language.terms import Mark, Noun, Number, Ordinal, Sign, Term, Trait, Unknown
from services.language.vocabulary import english, english_metrics, korean, korean_metrics
from services.language.vocabulary.magnitudes import MAGNITUDES, OWN_END

Entries = Iterable[tuple[Term, str]]


def _phrases(*tables: Entries) -> Iterator[tuple[str, Term]]:
    for table in tables:
        for term, listed in table:
            for phrase in listed.split(";"):
                yield " ".join(phrase.split()), term


def _labels() -> Iterator[tuple[str, Term]]:
    """Yield each label of the catalogue, in lower case, with its metric."""
    for name, entry in METRICS.items():
        for label in (entry.label.ko, entry.label.en.casefold().replace("-", " ")):
            sense: Sign = -1 if name in MAGNITUDES else 1
            yield label, Noun(name, sense, own=1 if label.startswith(OWN_END) else 0)


def _first(phrases: Iterable[tuple[str, Term]]) -> dict[str, Term]:
    """Return the first term of each phrase."""
    terms: dict[str, Term] = {}
    for phrase, term in phrases:
        terms.setdefault(phrase, term)
    return terms


_LABELS: Final = dict(_labels())

ENGLISH: Final[Mapping[str, Term]] = _first(
    [
        *((label, term) for label, term in _LABELS.items() if label.isascii()),
        *_phrases(english_metrics.METRICS, english.UNKNOWN, english.ENDS, english.MARKS),
        *((word, Mark("filler")) for word in english.FILLERS.split()),
        *((word, Number(value)) for word, value in english.NUMBERS.items() if value > 1),
        *((word, Number(value, "multiple")) for word, value in english.MULTIPLES.items()),
        ("half", Number(0.5, "percent")),
    ]
)
"""Phrases of words that are separated by one blank."""
ENGLISH_LIMITS: Final[Mapping[str, Term]] = _first(_phrases(english.LIMITS))
"""The phrases that beside a number make it a bound."""
ENGLISH_WORDS: Final = frozenset(word for phrase in (*ENGLISH, *ENGLISH_LIMITS) for word in phrase.split())
MOST_WORDS: Final = max(len(phrase.split()) for phrase in (*ENGLISH, *ENGLISH_LIMITS))

_COUNTED: Final = ("개", "가지", "개만", "가지만")
_PREDICATE: Final = ("하", "한", "할", "해", "했", "합", "함", "히")


def _numerals() -> Iterator[tuple[str, Term]]:
    for word, value in korean.NUMBERS.items():
        for counter in _COUNTED:
            yield f"{word} {counter}", Number(value, "items")
        if value > 1:
            yield f"{word} 전략", Number(value, "items")
        yield f"{word} 번", Number(value, "times")
        yield f"{word} 배", Number(value, "multiple")
        yield f"{word}만", Number(value, "items")
    for value, word in enumerate(("둘째", "셋째", "넷째", "다섯째"), 2):
        yield word, Ordinal(value)
    for word, value in korean.ORDINALS.items():
        yield f"{word} 번째", Ordinal(value)
        yield f"{word} 번째로", Ordinal(value)


def _predicates() -> Iterator[tuple[str, Term]]:
    return ((root + form, term) for root, term in _phrases(korean.HA_TRAITS) for form in _PREDICATE)


KOREAN_NOUNS: Final[Mapping[str, Term]] = _first(
    [
        *((label, term) for label, term in _LABELS.items() if not label.isascii()),
        *_phrases(korean_metrics.METRICS),
    ]
)
_KOREAN: Final = _first(
    [
        *KOREAN_NOUNS.items(),
        *_phrases(korean.UNKNOWN),
        *_numerals(),
        *_phrases(korean.STEMS),
        *_predicates(),
        *(
            (root, term)
            for root, term in _phrases(korean.HA_TRAITS)
            if isinstance(term, Trait) and len(root) > len("안전")
        ),
        *_phrases(korean.MARKS),
    ]
)


def _squeezed(terms: Mapping[str, Term]) -> dict[str, tuple[Term, frozenset[int]]]:
    """Return phrases without their blanks, each with its term and where the blanks are."""
    squeezed: dict[str, tuple[Term, frozenset[int]]] = {}
    for phrase, term in terms.items():
        words = phrase.split()
        blanks = frozenset(sum(map(len, words[:n])) for n in range(1, len(words)))
        key = "".join(words)
        if key not in squeezed or blanks > squeezed[key][1]:
            squeezed[key] = (term, blanks)
    return squeezed


KOREAN: Final = _squeezed(_KOREAN)
KOREAN_LIMITS: Final = _squeezed(_first(_phrases(korean.LIMITS)))
"""The phrases that after a number make it a bound."""
KOREAN_LIMITS_BEFORE: Final = _squeezed(_first(_phrases(korean.LIMITS_BEFORE)))
MOST_SYLLABLES: Final = max(map(len, (*KOREAN, *KOREAN_LIMITS)))

METRIC_WORDS: Final = frozenset(
    phrase for phrase, term in (*ENGLISH.items(), *_KOREAN.items()) if isinstance(term, Noun | Unknown)
)
"""The phrases that may also be the name of a strategy: "Alpha"."""

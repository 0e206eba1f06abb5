"""The forms in which a strategy's name is written: in both scripts, shortened, and with a letter wrong."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, groupby
from typing import Final, Self

from services.language.vocabulary.names import ABBREVIATIONS, CONTRASTS, GENERIC, SOUNDS

LINKS: Final = str.maketrans("", "", " -_\t\n\u00a0")
"""What may stand between the words of a name, or be left out."""
_WORDS: Final = re.compile(r"\d+|[ㄱ-ㆎ가-힣]+|[^\W\d_ㄱ-ㆎ가-힣]+")
_DIGITS: Final = re.compile(r"\d+")
_LATIN: Final = {hangul: latin for latin, listed in SOUNDS.items() for hangul in listed}
_HANGUL: Final = {latin: listed[0] for latin, listed in SOUNDS.items()}
_GENERIC: Final = GENERIC | {unicodedata.normalize("NFD", each) for each in GENERIC}
_GENERIC_HANGUL: Final = tuple(each for each in GENERIC if not each.isascii())
_KNOWN: Final = sorted((*_LATIN, *_GENERIC_HANGUL), key=len, reverse=True)
_ONE: Final = re.compile("|".join(_KNOWN))
_SEVERAL: Final = re.compile(f"(?:{'|'.join(_KNOWN)})+")
"""Hangul without blanks that is made of such words: 듀얼모멘텀전략."""
_FEWEST_LETTERS, _FEWEST_SYLLABLES = 3, 2
"""Of a shortened name."""
_SWAPPED, _FIRST_WRONG, _TWO_WRONG = 4, 6, 10
"""Of so many letters two may be exchanged, the first one may be wrong, two may be wrong."""
_ONE_WRONG_JAMO, _TWO_WRONG_JAMO = 3, 6
"""Of so many syllables one jamo, or two, may be wrong."""
MOST_WRONG: Final = 2
"""Letters, in a name."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a name.

    Attributes:
        words: in lower case, with syllables taken apart into jamo.
        whole: it has all of them, but for what stands before what says what it is: "My Momentum".
        text: they without blanks.

    """

    words: tuple[str, ...]
    whole: bool
    text: str = field(compare=False)

    @classmethod
    def of(cls, words: Sequence[str], *, whole: bool) -> Self:
        """Return the form of some words."""
        parts = tuple(map(apart, words))
        return cls(parts, whole, "".join(parts))

    def begins_with(self, text: str) -> bool:
        """Tell whether a text is the first words of it, half of those that say what it is, or more."""
        if not (self.text.startswith(text) and _may_stand_alone(text)):
            return False
        ends = list(accumulate(map(len, self.words)))
        if len(text) not in ends:
            return False
        own = [_is_own(word) for word in self.words]
        return 2 * sum(own[: ends.index(len(text)) + 1]) >= sum(own)


@lru_cache(maxsize=65_536)
def key_of(name: str) -> str:
    """Return a name as it is looked for: in lower case, without blanks and hyphens, "&" as "and"."""
    composed = name if name.isascii() else unicodedata.normalize("NFKC", name)
    return composed.lower().translate(LINKS).replace("&", "and")


def lowered(text: str) -> str:
    """Return a text in lower case, with every character in its place."""
    return "".join(low if len(low := each.lower()) == 1 else each for each in text)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a name in lower case: letters of one script, or digits."""
    return tuple(_parted(_WORDS.findall(unicodedata.normalize("NFKC", text).lower())))


def _parted(words: Iterable[str]) -> Iterator[str]:
    """Part Hangul that is made of known words, and what a name has beside, as in 모멘텀전략."""
    for word in words:
        if _SEVERAL.fullmatch(word):
            yield from _ONE.findall(word)
        elif stem := next((word[: -len(end)] for end in _GENERIC_HANGUL if word.endswith(end)), ""):
            yield from (stem, word[len(stem) :])
        else:
            yield word


def apart(text: str) -> str:
    """Return a text with its syllables taken apart into jamo, so that a wrong one is one letter wrong."""
    return text if text.isascii() else unicodedata.normalize("NFD", text)


def digits_of(text: str) -> tuple[str, ...]:
    """Return the numbers in a text."""
    return tuple(_DIGITS.findall(text))


def in_latin(words: Iterable[str]) -> tuple[str, ...]:
    """Return words with those in Hangul that sound as Latin ones do in Latin letters."""
    return tuple(_LATIN.get(word, word) for word in words)


def in_hangul(words: Iterable[str]) -> tuple[str, ...]:
    """Return words with those in Latin letters that are written in Hangul too in Hangul."""
    return tuple(_HANGUL.get(word, word) for word in words)


@lru_cache(maxsize=4_096)
def forms_of(name: str) -> tuple[Form, ...]:
    """Return the forms of a name: in each script, whole, and without what follows what says what it is."""
    words = words_of(name)
    own = [at for at, word in enumerate(words) if _is_own(word)]
    first, last = (own[0], own[-1] + 1) if own else (0, len(words))
    if any(word.isdigit() for word in words[:first]):
        first = 0
    latin = in_latin(words)
    short = tuple(ABBREVIATIONS.get(each, each) for each in latin) if len(words) > 1 else latin
    spelt = dict.fromkeys((words, latin, in_hangul(words), short))
    return tuple(
        Form.of(each[first:stop], whole=stop == len(words))
        for each in spelt
        for stop in dict.fromkeys((len(words), last))
        if stop == len(words) or _may_stand_alone("".join(each[first:stop]))
    )


def _is_own(word: str) -> bool:
    """Whether a word says what a strategy is: no number, and not "strategy"."""
    return not word.isdigit() and word not in _GENERIC


def _may_stand_alone(text: str) -> bool:
    letters = "".join(each for each in unicodedata.normalize("NFC", text) if each.isalpha())
    return len(letters) >= (_FEWEST_LETTERS if letters.isascii() else _FEWEST_SYLLABLES)


def is_slip(written: str, free: Sequence[bool], form: Form, wrong: int) -> bool:
    """Tell whether a text is a form with so many letters wrong, all of them in one long word.

    Args:
        written: the text, with its syllables taken apart.
        free: for each letter of it, whether it may be wrong.
        form: the form.
        wrong: how many letters are wrong, missing, added or exchanged.

    """
    most = min(len(written), len(form.text))
    before, after = _alike(written, form.text), _alike(written[::-1], form.text[::-1])
    places = {(before, min(after, most - before)), (min(before, most - after), after)}
    return any(_is_slip_at(written, free, form, wrong, start, left) for start, left in places)


def _is_slip_at(written: str, free: Sequence[bool], form: Form, wrong: int, start: int, left: int) -> bool:
    """Whether a text is a form with letters wrong from a place on, up to those that are left."""
    text, stop, end = form.text, len(written) - left, len(form.text) - left
    touched = all(free[start:stop]) if start < stop else any(free[max(0, start - 1) : start + 1])
    word = _word_around(form.words, start, end)
    added = written[start:stop]
    if word is None or not touched or wrong > _may_be_wrong(word, added, text[start:end]):
        return False
    if word.isascii() and start == 0 and len(word) < _FIRST_WRONG:
        return False  # another word: "might" for "Light"
    inflected = start == end == len(text) and word.isascii() and added != text[-1]
    return not (inflected or _contrasts(written, text))


def _alike(one: str, other: str) -> int:
    """Return how many letters two texts begin with that are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _word_around(words: Sequence[str], start: int, end: int) -> str | None:
    """Return the longest word of a form, or Korean words, that have all of a stretch of it."""
    long = ["".join(each) for _, each in groupby(words, _script)]
    ends = accumulate(map(len, long))
    around = (
        word for word, stop in zip(long, ends, strict=True) if stop - len(word) <= start and end <= stop
    )
    return max(around, key=len, default=None)


def _script(word: str) -> object:
    """Return what Korean words beside each other have in common, which need no blank, and others do not."""
    return word if word.isascii() else "hangul"


def _may_be_wrong(word: str, written: str, meant: str) -> int:
    """Return how many letters of a word may be wrong."""
    if not word.isalpha() and word.isascii():
        return 0
    if word.isascii():
        if len(word) == _SWAPPED:
            return int(len(written) == MOST_WRONG and written == meant[::-1])
        return (len(word) > _SWAPPED) + (len(word) >= _TWO_WRONG)
    syllables = len(unicodedata.normalize("NFC", word))
    return (syllables >= _ONE_WRONG_JAMO) + (syllables >= _TWO_WRONG_JAMO)


def _contrasts(written: str, text: str) -> bool:
    """Whether the first syllable in which two texts differ makes another word: 일간, 월간."""
    one, other = (unicodedata.normalize("NFC", each) for each in (written, text))
    at = _alike(one, other)
    return one[at : at + 1] in CONTRASTS and other[at : at + 1] in CONTRASTS

"""Reading Korean: words with their particles and endings, whether blanks separate them or not."""

from dataclasses import dataclass, field
from typing import Final

from services.language.lexicon import (
    KOREAN,
    KOREAN_LIMITS,
    KOREAN_LIMITS_BEFORE,
    KOREAN_NOUNS,
    MOST_SYLLABLES,
)
from services.language.spelling import corrected_start
from services.language.terms import Degree, Grade, Mark, Noun, Number, Term, Token, Trait, Word
from services.language.vocabulary.korean_tails import LONGEST_TAIL, SUBJECT, TAILS

_LONGEST: Final = 60
"""The most syllables without a blank that are read as several words."""
_SPARED: Final = 4
"""A phrase of so many syllables is read with any blank in it."""
_SHORT_MARKS: Final = frozenset({"head", "among", "not", "ruled out", "only", "and", "by"})
_NEAR: Final = 4
"""How many syllables may stand between a number and the word that makes it a bound."""
_N: Final = 4
"""The number of the final consonant ㄴ, which ends an attribute."""


@dataclass(slots=True)
class Run:
    """Korean words that only blanks separate.

    Attributes:
        text: without the blanks.
        starts: where a word begins.
        after_number: it follows a number, which it may make a bound.
        before_number: a number follows.

    """

    text: str
    starts: frozenset[int]
    after_number: bool = False
    before_number: bool = False
    _failed: set[tuple[int, bool]] = field(default_factory=set)
    _ends: list[int] = field(default_factory=list)
    _begun: int = 0
    _limits_until: int = -1

    def __post_init__(self) -> None:
        end = len(self.text)
        for at in range(len(self.text) - 1, -1, -1):
            self._ends.append(end)
            end = at if at in self.starts else end
        self._ends.reverse()
        self._limits_until = _NEAR if self.after_number else -1

    def tokens(self, *, attached: bool) -> list[Token]:
        """Read all; `attached`: it begins with what follows another word without a blank."""
        tokens: list[Token] = []
        at = 0
        while at < len(self.text):
            self._begun = at
            found = self._tail(at) if attached and at == 0 else None
            found = found or self._words(at, first=True) or self._misspelt(at) or self._unread(at)
            read, at = found
            tokens += read
        return tokens

    def reads_on(self) -> bool:
        """Tell whether all of it can follow another word without a blank."""
        return self._tail(0) is not None

    def _end(self, at: int) -> int:
        """Return where the word at a place ends."""
        return self._ends[at]

    def _tail(self, at: int) -> tuple[list[Token], int] | None:
        """Read a particle or an ending, and the words that follow it without a blank."""
        end = self._end(at)
        for length in range(min(end - at, LONGEST_TAIL), -1, -1):
            tail = self.text[at : at + length]
            if length and tail not in TAILS:
                continue
            kind = TAILS[tail] if length else None
            tokens = [Token(Mark(kind), tail)] if kind else []
            if at + length == end:
                return tokens, end
            if rest := self._words(at + length, first=False):
                return tokens + rest[0], rest[1]
        return None

    def _words(self, at: int, *, first: bool) -> tuple[list[Token], int] | None:
        """Read the longest phrase whose rest can be read; `first`: it begins a word."""
        if (at, first) in self._failed or at - self._begun > _LONGEST:
            return None
        for length in range(min(len(self.text) - at, MOST_SYLLABLES), 0, -1):
            term = self._term(at, length, first=first)
            if term is None:
                continue
            token = Token(term, self._written(at, at + length))
            if isinstance(term, Number):
                self._limits_until = at + length + _NEAR
            if at + length in self.starts or at + length == len(self.text):
                return [token], at + length
            if (rest := self._tail(at + length)) and not self._is_part(term, length, rest[0]):
                return [token, *rest[0]], rest[1]
        self._failed.add((at, first))
        return None

    def _is_part(self, term: Term, length: int, rest: list[Token]) -> bool:
        """Whether a short word that means nothing is but the first syllable of another one: 상승률."""
        return (
            length == 1 and term == Mark("filler") and any(isinstance(each.term, Noun) for each in rest[:1])
        )

    def _term(self, at: int, length: int, *, first: bool) -> Term | None:
        """Return the meaning of a phrase, if there is one of this length here."""
        phrase = self.text[at : at + length]
        entry = None
        if at <= self._limits_until:
            entry = KOREAN_LIMITS.get(phrase)
        elif self.before_number and at + length == len(self.text):
            entry = KOREAN_LIMITS_BEFORE.get(phrase)
        entry = entry or KOREAN.get(phrase)
        if entry is None:
            return None
        term, blanks = entry
        split = {start - at for start in self.starts if at < start < at + length}
        if not split <= blanks and length < _SPARED:
            return None
        return term if first or length > 1 or _may_be_short(term) else None

    def _written(self, start: int, stop: int) -> str:
        """Return a stretch of the text with its blanks."""
        return "".join(
            f" {self.text[at]}" if at in self.starts and at > start else self.text[at]
            for at in range(start, stop)
        )

    def _misspelt(self, at: int) -> tuple[list[Token], int] | None:
        """Read a metric that has one letter wrong."""
        end = self._end(at)
        found = corrected_start(self.text[at:end]) if at in self.starts else None
        if found is None:
            return None
        noun, length = found
        token = Token(KOREAN_NOUNS[noun], noun)
        if at + length == end:
            return [token], end
        rest = self._tail(at + length)
        return ([token, *rest[0]], rest[1]) if rest else None

    def _unread(self, at: int) -> tuple[list[Token], int]:
        """Read a word that is not in the vocabulary."""
        end = self._end(at)
        word = self.text[at:end]
        subject = len(word) > 1 and word.endswith(SUBJECT)
        genitive = len(word) > 1 and word.endswith("의")
        particle = subject or genitive or (len(word) > 1 and word.endswith(("을", "를")))
        stem = word[:-1] if particle else word
        token = Token(Word(stem, subject, _is_attributive(word)), word)
        return [token, Token(Mark("of"), "의")] if genitive else [token], end


def _may_be_short(term: Term) -> bool:
    """Whether a phrase of one syllable can follow another word without a blank: 것, 더, 큰."""
    if isinstance(term, Mark):
        return term.kind in _SHORT_MARKS
    return isinstance(term, Grade | Degree | Noun | Trait)


def _is_attributive(word: str) -> bool:
    return "가" <= word[-1] <= "힣" and (ord(word[-1]) - ord("가")) % 28 == _N


def continues(rest: str, *, number: bool = False) -> bool:
    """Tell whether a Korean text can follow a name or number without a blank: a particle, known words."""
    return not rest or Run(rest, frozenset({0}), after_number=number).reads_on()


def first_phrase(text: str) -> int:
    """Return the length of the longest known phrase that a Korean text begins with."""
    return next((n for n in range(min(len(text), MOST_SYLLABLES), 0, -1) if text[:n] in KOREAN), 0)

"""Names in a comparison that are of no strategy: "Is SMA better than Foo?", "SMA랑 골든크로스 비교해줘"."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

from services.language.attachment import ADVERBIAL
from services.language.terms import (
    OVERALL,
    Grade,
    Mark,
    MarkKind,
    Named,
    Noun,
    Number,
    Term,
    Token,
    Trait,
    Word,
)
from services.language.vocabulary.operands import ARTICLES, AUXILIARIES, NO_NAMES, VERSUS

_MOST_WORDS: Final = 3
_SHORT: Final = frozenset({"vs", "versus"})
_THAN: Final = ("보다는", "보다도", "보다", "보단")
_AND: Final = ("이랑", "하고", "랑", "와", "과")
_NOT_OF_NAMES: Final = ("ed", "ly")
"""How words end that are verbs or adverbs: "better than expected"."""
_LISTED: Final[tuple[MarkKind, ...]] = ("among", "which", "of", "and", "comma", "break")
"""What follows a name in a list of those that are compared."""


def unresolved(tokens: Sequence[Token], *, korean: bool) -> tuple[str, ...]:
    """Return the names compared that are of no strategy, from all terms of a question, in lower case."""
    reader = _Operands(tokens)
    found = [*reader.versus(), *(reader.korean() if korean else reader.english())]
    return tuple(dict.fromkeys(found))


class _Operands:
    """The terms of a question, read for names that stand where those of strategies do."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._places = range(len(tokens))
        self._names = any(isinstance(token.term, Named) for token in tokens)

    def versus(self) -> Iterator[str]:
        """Yield the names before and after "vs"."""
        for at in self._places:
            if self._is(at, VERSUS):
                if self._is(at, _SHORT):  # not "how does SMA fare against RSI?"
                    yield from self._before(at)
                yield from self._after(at + 1)

    def english(self) -> Iterator[str]:
        if not self._names:
            yield from self._alone()
        for at, token in enumerate(self._tokens):
            if self._marks(at, "correlation") and self._is(at + 1, frozenset({"with", "to", "of"})):
                yield from self._after(at + 2)
            against = isinstance(token.term, Grade) and token.term.against
            if self._marks(at, "than", "except") or against:
                yield from self._after(at + 1)
            if (self._marks(at, "than") or against) and isinstance(self._term(self._past(at + 1)), Named):
                yield from self._subject()
            if isinstance(token.term, Named):
                yield from self._listed(at)

    def _alone(self) -> Iterator[str]:
        """Yield a name that is asked about by itself: "the Sharpe of Foo", "is Foo profitable?"."""
        for at in self._places:
            if isinstance(self._term(at), Noun) and self._is(at + 1, frozenset({"of"})):
                start = stop = self._past(at + 2)
                while isinstance(self._term(stop), Word):
                    stop += 1
                if self._term(stop) is None or self._marks(stop, "break"):
                    yield from self._joined(start, stop)
        if self._is(0, AUXILIARIES):
            start = stop = self._past(1)
            while isinstance(self._term(stop), Word):
                stop += 1
            if any(isinstance(self._term(at), Grade | Trait | Noun) for at in range(stop, len(self._tokens))):
                yield from self._joined(start, stop)

    def _alone_in_korean(self) -> Iterator[str]:
        """Yield a name whose figure is asked for: "MACD의 샤프는?"."""
        for at in self._places:
            term = self._term(at)
            plain = isinstance(term, Word) and term.stem not in NO_NAMES and not term.attributive
            if plain and self._marks(at + 1, "of") and isinstance(self._term(at + 2), Noun):
                number = isinstance(self._term(at - 1), Number)  # "6개월모멘텀의"
                first = self._tokens[at - 1].text if number else ""
                yield from (first + name for name in self._name(at, self._tokens[at].text.removesuffix("의")))

    def korean(self) -> Iterator[str]:
        if not self._names:
            yield from self._alone_in_korean()
        compared = any(
            self._marks(at, "among", "which", "than")
            or isinstance(self._term(at), Grade | Trait)
            or self._is_comparison(at)
            for at in self._places
        )
        for at in self._places:
            if self._lacks(at):  # "SMA가 없는 전략보다 나아?"
                yield f"{self._tokens[at].text}는 {self._tokens[at + 1].text}"
            term = self._term(at)
            if not isinstance(term, Word):
                continue
            name = _without(term.stem, _THAN)
            if name != term.stem or self._is_measured(at + 1) or self._marks(at + 1, "ruled out"):
                yield from self._name(at, name)
            elif self._is_subject(at, term) or (compared and self._is_in_a_list(at, term)):
                yield from self._name(at, _without(term.stem, _AND))

    def _term(self, at: int) -> Term | None:
        return self._tokens[at].term if 0 <= at < len(self._tokens) else None

    def _marks(self, at: int, *kinds: MarkKind) -> bool:
        term = self._term(at)
        return isinstance(term, Mark) and term.kind in kinds

    def _is(self, at: int, texts: frozenset[str]) -> bool:
        return 0 <= at < len(self._tokens) and self._tokens[at].text in texts

    def _is_comparison(self, at: int) -> bool:
        """Whether a word says that there is a comparison: "compare", "차이"."""
        term = self._term(at)
        return isinstance(term, Noun) and term.metric == OVERALL

    def _past(self, at: int) -> int:
        """Return the place after what leads to a name: "the strategy Foo", "that of Foo"."""
        while self._is(at, ARTICLES) or self._marks(at, "of") or self._is_of(at):
            at += 1
        return at

    def _is_of(self, at: int) -> bool:
        return isinstance(self._term(at), Noun) and self._marks(at + 1, "of")

    def _after(self, at: int) -> Iterator[str]:
        """Yield the name that begins at a place."""
        start = at = self._past(at)
        while isinstance(self._term(at), Word):
            at += 1
        yield from self._joined(start, at)

    def _before(self, stop: int) -> Iterator[str]:
        """Yield the name that ends before a place."""
        at = stop
        while isinstance(self._term(at - 1), Word) and not self._is(at - 1, AUXILIARIES):
            at -= 1
        yield from self._joined(at, stop)

    def _joined(self, start: int, stop: int) -> Iterator[str]:
        words = [term.stem for token in self._tokens[start:stop] if isinstance(term := token.term, Word)]
        known = any(word in NO_NAMES or word.endswith(_NOT_OF_NAMES) for word in words)
        if 0 < len(words) <= _MOST_WORDS and not known:
            yield " ".join(words)

    def _subject(self) -> Iterator[str]:
        """Yield the name that a strategy is compared with from before: "Is Foo better than SMA?"."""
        asked = self._is(0, AUXILIARIES)
        start = stop = self._past(1 if asked else 0)
        while isinstance(self._term(stop), Word) and not self._is(stop, AUXILIARIES):
            stop += 1
        verb = stop + 1 if not asked and self._is(stop, AUXILIARIES) else stop
        begins = asked or verb > stop or isinstance(self._term(stop), Grade)
        if begins and not isinstance(self._term(verb), Named):
            yield from self._joined(start, stop)

    def _listed(self, at: int) -> Iterator[str]:
        """Yield the names in a list with a strategy: "compare SMA with Foo", "Foo or SMA?"."""
        linked = self._is_link(at + 1)
        stop = self._past(at + 2)
        while isinstance(self._term(stop), Word):
            stop += 1
        if linked and self._ends(stop):
            yield from self._after(at + 2)
        start = at - 1
        while isinstance(self._term(start - 1), Word):
            start -= 1
        begins = (
            start == 0 or self._is_comparison(start - 1) or self._marks(start - 1, "comma", "break", "and")
        )
        if self._is_link(at - 1) and (begins or self._is(start - 1, ARTICLES | {"between"})):
            yield from self._joined(start, at - 1)

    def _is_link(self, at: int) -> bool:
        """Whether a word joins what is compared: "or", in a comparison also "and", "with"."""
        if self._is(at, frozenset({"or"})):
            return True
        if self._marks(at, "and"):
            return self._compares or self._grades
        return self._compares and self._is(at, frozenset({"with", "to", ","}))

    @cached_property
    def _compares(self) -> bool:
        """Whether a word says that there is a comparison."""
        return any(self._is_comparison(at) or self._marks(at, "correlation") for at in self._places)

    @cached_property
    def _grades(self) -> bool:
        """Whether a word says what one is like beside others."""
        terms = [token.term for token in self._tokens]
        return any(isinstance(each, Trait) or (isinstance(each, Grade) and each.compared) for each in terms)

    def _ends(self, at: int) -> bool:
        """Whether a list can end at a place, or go on."""
        return self._term(at) is None or self._marks(at, "comma", "break", "and", "by", "of", "head")

    def _name(self, at: int, name: str) -> Iterator[str]:
        """Yield a Korean name, with the words directly before it that may belong to it."""
        start = at
        while isinstance(term := self._term(start - 1), Word) and term.stem == self._tokens[start - 1].text:
            start -= 1
        words = [*(self._tokens[place].text for place in range(start, at)), name]
        if len(words) <= _MOST_WORDS and not any(word in NO_NAMES for word in words):
            yield " ".join(words)

    def _is_measured(self, at: int) -> bool:
        """Whether others are compared with the word before a place: "Foo보다", "Foo의 샤프보다"."""
        while self._marks(at, "of") or isinstance(self._term(at), Noun) or self._is(at, frozenset({"전략"})):
            at += 1
        return self._marks(at, "than")

    def _is_subject(self, at: int, term: Word) -> bool:
        """Whether a word is what is compared with a strategy: "골든크로스가 SMA보다 나아?"."""
        beside = (isinstance(self._term(at + 1), Named) and self._marks(at + 2, "than")) or (
            isinstance(self._term(at - 2), Named) and self._marks(at - 1, "than")
        )
        if not (term.subject and beside):
            return False
        grades = (
            place for place in range(at, len(self._tokens)) if isinstance(self._term(place), Grade | Trait)
        )
        place = next(grades, None)
        grade = None if place is None else self._term(place)
        is_measure = isinstance(grade, Grade) and grade.scale != "quality"
        return place is not None and not is_measure and not self._marks(place + 1, "head")

    def _is_in_a_list(self, at: int, term: Word) -> bool:
        """Whether a word stands in a list with a strategy: "SMA랑 Foo 중에", "골든크로스와 SMA 비교"."""
        if _without(term.stem, _AND) != term.stem and isinstance(self._term(at + 1), Named):
            return True
        if self._marks(at + 1, "and", "comma") and isinstance(self._term(at + 2), Named):
            return True
        if term.stem.endswith(ADVERBIAL):
            return False
        listed = self._marks(at - 1, "and", "comma") and isinstance(self._term(at - 2), Named)
        last = self._term(at + 1) is None or self._is_comparison(at + 1) or self._marks(at + 1, *_LISTED)
        return listed and (last or term.subject)

    def _lacks(self, at: int) -> bool:
        term = self._term(at)
        lacks = isinstance(term, Grade) and self._tokens[at].text == "없" and self._names
        operand = self._marks(at + 1, "head") and self._marks(at + 2, "than", "and", "among")
        return lacks and operand and not isinstance(self._term(at - 1), Noun | Word)


def _without(word: str, endings: Sequence[str]) -> str:
    """Return a Korean word without its particle."""
    ending = next((each for each in endings if word.endswith(each) and len(word) > len(each) + 1), "")
    return word.removesuffix(ending) if not word.isascii() else word

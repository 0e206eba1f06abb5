"""From the text of a question to its terms."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from services.language.counting import MOST
from services.language.korean import Run
from services.language.lexicon import ENGLISH, ENGLISH_LIMITS, ENGLISH_WORDS, KOREAN_LIMITS, MOST_WORDS
from services.language.numbers import TOP, is_currency, read_number
from services.language.pieces import Piece, split
from services.language.places import in_place
from services.language.spelling import corrected
from services.language.spelt_numbers import sino_korean, with_numbers
from services.language.terms import (
    Degree,
    Grade,
    Limit,
    Mark,
    Named,
    Noun,
    Number,
    Ordinal,
    Term,
    Token,
    Unknown,
    Word,
)
from services.language.vocabulary import english
from services.language.vocabulary.korean import COUNTS, PERCENTS, REWRITTEN
from services.language.vocabulary.korean_tails import TAILS

SIGNS: Final[Mapping[str, Term]] = {
    ">": Limit(1),
    "<": Limit(-1),
    ">=": Limit(1, inclusive=True),
    "≥": Limit(1, inclusive=True),
    "<=": Limit(-1, inclusive=True),
    "≤": Limit(-1, inclusive=True),
    ",": Mark("comma"),
    "/": Mark("and"),
    "&": Mark("and"),
    "+": Mark("and"),
    "~": Mark("range"),
    **dict.fromkeys(".?!;", Mark("break")),
}
_REWRITTEN: Final = [
    (re.compile(rf"(?<![a-z]){re.escape(phrase)}(?![a-z])", re.IGNORECASE), plain)
    for phrase, plain in REWRITTEN.items()
]
_SYLLABLES: Final = (re.compile(PERCENTS), re.compile(COUNTS))
_OBJECT: Final = re.compile(r"\s*(?:전략)?(?:를|을|에게|한테|에(?!서))")
_SUBJECT: Final = re.compile(r"\s*(?:전략)?(?:이|가|은|는)(?![가-힣])")
_AS_GOOD: Final = re.compile(r"(?:만|만큼)\s*못")
"""After a name that is not reached: RSI만 못한."""
_OR: Final = re.compile(r"나\s")
"""After a name that ends in a vowel: SMA나; 이나 is read as other particles are."""
_MINUS: Final = frozenset("-\N{MINUS SIGN}\N{EN DASH}")
_WITHOUT: Final = frozenset({"drop", "kill", "no"})
_LATELY: Final = frozenset({"last", "past"})
_MAKE: Final = frozenset(english.MAKE.split())
_AMOUNTS: Final = frozenset(english.AMOUNTS.split())
_PERCENT: Final = frozenset({"%", "percent", "pct"})
_VERBS: Final = frozenset(english.VERBS.split())
_OBJECTS: Final = frozenset(english.OBJECTS.split())
_NUMERALS: Final = frozenset(
    {*english.NUMBERS, *english.FRACTIONS, *english.MULTIPLES, "zero", "year", "month"}
)
"""Words that are numbers after a bound."""
_WINS: Final = frozenset({"win", "wins", "won", "lose", "loses", "lost"})


def scan(text: str, mentions: Sequence[tuple[int, int, Named]]) -> list[Token]:
    """Return the terms of a question in order, also those that mean nothing; the strategies by place."""
    tokens: list[Token] = []
    at = 0
    how_often = "how often" in text.lower()
    for start, end, named in mentions:
        tokens += _Segment(text[at:start], after_name=at > 0, before_name=True, how_often=how_often).tokens()
        is_object, is_subject = (particle.match(text, end) is not None for particle in (_OBJECT, _SUBJECT))
        term = replace(named, is_object=is_object, is_subject=is_subject)
        tokens.append(Token(term, text[start:end]))
        if _AS_GOOD.match(text, end):
            tokens.append(Token(Mark("than"), "만"))
        if _OR.match(text, end):
            tokens.append(Token(Mark("and"), "나"))
        at = end
    tokens += _Segment(text[at:], after_name=at > 0, how_often=how_often).tokens()
    return in_place(tokens)


@dataclass(slots=True)
class _Segment:
    """A stretch of text between mentions of strategies."""

    text: str
    after_name: bool
    before_name: bool = False
    how_often: bool = False
    _pieces: list[Piece] = field(default_factory=list)
    _tokens: list[Token] = field(default_factory=list)

    def tokens(self) -> list[Token]:
        text = self.text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
        for phrase, plain in _REWRITTEN:
            text = phrase.sub(plain, text)
        for pattern in _SYLLABLES:
            text = pattern.sub(lambda found: sino_korean(found[1]), text)
        self._pieces = list(with_numbers(list(_prepared(list(split(text))))))
        at = 0
        while at < len(self._pieces):
            at = self._read(at)
        return self._tokens

    def _read(self, at: int) -> int:
        piece = self._pieces[at]
        match piece.kind:
            case "hangul":
                return self._korean(at, "", attached=not piece.spaced and (at > 0 or self.after_name))
            case "latin":
                return self._english(at)
            case "number":
                return self._number(at)
            case "sign":
                if piece.text == "#" and (place := self._place(at + 1)):
                    self._tokens.append(place)
                    return at + 2
                if piece.text in SIGNS:
                    self._tokens.append(Token(SIGNS[piece.text], piece.text))
                return at + 1

    def _korean(self, at: int, left: str, *, attached: bool) -> int:
        """Read the Korean words from a piece on; `left`: what is left of the piece before it."""
        words = [left] if left else []
        last = self._tokens[-1].term if self._tokens else None
        while at < len(self._pieces) and self._pieces[at].kind == "hangul":
            words.append(self._pieces[at].text)
            at += 1
        bounded = isinstance(last, Number) and last.unit != "time" and (attached or bool(left))
        bound = words[0].removesuffix("만")
        if bounded and bound in TAILS and bound in KOREAN_LIMITS:  # "0.5부터", which is also a particle
            self._tokens.append(Token(KOREAN_LIMITS[bound][0], bound))
            words, attached, left = words[1:], False, ""
        if not words:
            return at
        starts = frozenset(sum(map(len, words[:n])) for n in range(len(words)))
        after_number = bool(self._tokens) and isinstance(self._tokens[-1].term, Number | Ordinal)
        before_number = at < len(self._pieces) and self._pieces[at].kind == "number"
        run = Run("".join(words), starts, after_number=after_number, before_number=before_number)
        tokens = run.tokens(attached=attached or bool(left))
        self._mark_subject(words, attached=attached)
        self._tokens += tokens
        return at

    def _mark_subject(self, words: Sequence[str], *, attached: bool) -> None:
        """Note the particle of a subject after a latin word that is not in the vocabulary: PEG가."""
        if attached and self._tokens and words[0] in {"이", "가", "은", "는"}:
            last = self._tokens[-1]
            if isinstance(last.term, Word):
                self._tokens[-1] = replace(last, term=replace(last.term, subject=True))

    def _english(self, at: int) -> int:
        piece = self._pieces[at]
        tokens, after = self._pair(at) or self._phrase(at) or ([], at + 1)
        if (
            not tokens and piece.text in english.EXCEEDING and self._goes_on(at)
        ):  # "a Sharpe above that of RSI"
            grade = Grade("size", english.EXCEEDING[piece.text], compared=True)
            tokens = [Token(grade, piece.text), Token(Mark("than"), piece.text)]
        elif not tokens and (name := self._glued(at)):  # "HOLD2"
            tokens, after = [Token(ENGLISH.get(name) or Word(name), name)], at + 2
        self._tokens += tokens or [Token(Word(piece.text), piece.text)]
        return after

    def _goes_on(self, at: int) -> bool:
        """Whether something follows that is compared with: not "the above"."""
        after = self._pieces[at + 1] if at + 1 < len(self._pieces) else None
        return after.kind in {"latin", "hangul"} if after else self.before_name

    def _pair(self, at: int) -> tuple[list[Token], int] | None:
        """Read a word with the number or the length of time that belongs to it."""
        piece, name = self._pieces[at], self._glued(at)
        token: Token | None = None
        after = self._pieces[at + 2].text if at + 2 < len(self._pieces) else ""
        if piece.text == "number" and not isinstance(ENGLISH.get(after), Noun):
            token = self._place(at + 1)
        elif self._follows_limit():
            length = english.LENGTHS.get(" ".join(each.text for each in self._pieces[at : at + 2]))
            token = Token(Number(length, "time"), piece.text) if length else None
        elif name and isinstance(ENGLISH.get(piece.text), Noun):  # "Alpha7", which is no metric
            token = Token(ENGLISH.get(name) or Word(name), name)
        return ([token], at + 2) if token else None

    def _glued(self, at: int) -> str | None:
        """Return a word and the number that follows it without a blank, as one."""
        after = self._pieces[at + 1] if at + 1 < len(self._pieces) else None
        if after is None or after.kind != "number" or after.spaced:
            return None
        return self._pieces[at].text + after.text

    def _phrase(self, at: int) -> tuple[list[Token], int] | None:
        """Read the longest phrase of the vocabulary."""
        words: list[str] = []
        for each in self._pieces[at : at + MOST_WORDS]:
            if each.kind != "latin":
                break
            words.append(each.text)
        for count in range(len(words), 0, -1):
            phrase = " ".join(words[:count])
            special = (
                self._spelt_number(phrase, at) or self._by_neighbours(phrase, at) if count == 1 else None
            )
            term = special or self._limit(phrase, at + count) or ENGLISH.get(phrase)
            if phrase.endswith("at most") and self._precedes_number(at + count - 1):
                term = self._limit(phrase, at + count)  # "lose at most 10 %" is a loss with a bound
            if term is not None:
                return [Token(term, phrase)], at + count
        return None

    def _by_neighbours(self, word: str, at: int) -> Term | None:
        """Return the meaning of a word that it has beside certain others alone."""
        last = self._tokens[-1].term if self._tokens else None
        if (
            self.before_name
            and all(each.text == "the" for each in self._pieces[at + 1 :])
            and word in _WITHOUT
            and not isinstance(last, Grade)
        ):
            return Mark("except")  # "drop RSI and rank them"
        if word in _WINS and self.how_often:
            return Noun("win_rate")
        if self._is_earning(at):
            return Noun("total_return", weak=True)
        if word in _LATELY and (self._precedes_number(at) or self._precedes_length(at)):
            return Mark("period")
        if self._is_other_verb(at):
            return Mark("filler")
        return Unknown() if self._is_price_ratio(at) else None

    def _follows_limit(self) -> bool:
        return bool(self._tokens) and isinstance(self._tokens[-1].term, Limit)

    def _ends(self, at: int) -> bool:
        """Whether a clause can end after a piece: not "more than one strategy"."""
        after = self._pieces[at + 1] if at + 1 < len(self._pieces) else None
        return after is None or after.kind != "latin" or after.text in {"and", "but", "or"}

    def _spelt_number(self, word: str, at: int) -> Number | None:
        """Read a number after a bound: "above zero", "more than a third", "below two thirds"."""
        if self._follows_limit() and (word == "zero" or word in english.NUMBERS):
            return Number(english.NUMBERS.get(word, 0)) if word != "one" or self._ends(at) else None
        part = english.FRACTIONS.get(word)
        match self._tokens if part else []:
            case [*_, Token(Limit()), Token(Number(count, ""))]:
                del self._tokens[-1]
                return Number(count * (part or 0), "percent")
            case [*_, Token(Limit())] | [*_, Token(Limit()), Token(Mark("filler"))]:
                return Number(part or 0, "percent")
        return None

    def _place(self, at: int) -> Token | None:
        """Read a place in an order: "#2", "number 2"."""
        piece = self._pieces[at] if at < len(self._pieces) else None
        if piece is None or not piece.text.isdecimal() or not 1 <= int(piece.text) <= MOST:
            return None
        place = int(piece.text)
        return Token(Ordinal(place, implied=True) if place > 1 else TOP, f"#{place}")

    def _limit(self, phrase: str, after: int) -> Term | None:
        """Return a bound, if a number stands beside the phrase."""
        limit = ENGLISH_LIMITS.get(phrase)
        if limit is None:
            return None
        if phrase.startswith(("or ", "and ")):
            return limit if self._tokens and isinstance(self._tokens[-1].term, Number) else None
        following = [each for each in self._pieces[after : after + 2] if each.text not in {"a", "an"}]
        if not following:
            return None
        number = (  # "at least a 30 % return"
            following[0].kind == "number" or following[0].text in _NUMERALS or is_currency(following[0])
        )
        return limit if number or following[0].text in _MINUS else None

    def _is_price_ratio(self, at: int) -> bool:
        """Whether "PER" is the ratio of price and earnings, not the preposition."""
        piece, after = self._pieces[at], self._pieces[at + 1 : at + 2]
        korean = any(each.kind == "hangul" and not each.spaced for each in after)
        return piece.text == "per" and (piece.raw == "PER" or korean)

    def _is_other_verb(self, at: int) -> bool:
        """Whether a word that could name a metric is a verb: "return the list"."""
        words = [each.text for each in self._pieces[at : at + 3]]
        if len(words) == 1 or words[0] not in _VERBS or words[1] not in _OBJECTS:
            return False
        if self._tokens and isinstance(self._tokens[-1].term, Grade):
            return False
        return len(words) == 2 or not isinstance(ENGLISH.get(words[2]), Grade | Degree)  # noqa: PLR2004

    def _precedes_number(self, at: int) -> bool:
        """Whether a number follows a piece: "the last 6 months"."""
        return any(each.kind == "number" for each in self._pieces[at + 1 : at + 2])

    def _precedes_length(self, at: int) -> bool:
        """Whether a length of time in words follows a piece: "the last six months"."""
        number, unit = ([each.text for each in self._pieces[at + 1 : at + 3]] + ["", ""])[:2]
        return number in english.NUMBERS and unit.rstrip("s") in {"year", "month", "week", "day", "quarter"}

    def _is_earning(self, at: int) -> bool:
        """Whether "make" is to earn: "which made more than 20 %?", "what did SMA make?"."""
        after = [each.text for each in self._pieces[at + 1 : at + 3]]
        follows = after[1:] if after[:1] == ["the"] else after[:1]
        percent = [each.kind for each in self._pieces[at + 1 : at + 2]] == ["number"]
        percent = percent and not _PERCENT.isdisjoint(after[1:])  # "made 20 percent"
        return self._pieces[at].text in _MAKE and (not after or percent or not _AMOUNTS.isdisjoint(follows))

    def _number(self, at: int) -> int:
        before = self._pieces[at - 1] if at else None
        negative = (
            before is not None
            and before.text in _MINUS
            and not self._pieces[at].spaced
            and (at == 1 or before.spaced or self._pieces[at - 2].kind == "sign")
        )
        if (
            self._tokens
            and self._tokens[-1].text == "마이너스"
            and before is not None
            and before.kind == "hangul"
        ):
            del self._tokens[-1]
            negative = True
        money = before is not None and is_currency(before)
        tokens, after, left = read_number(self._pieces, at, negative=negative, money=money)
        self._tokens += tokens
        if left:
            return self._korean(after, left, attached=True)
        return after


def _prepared(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Correct words, part genitives from their nouns and join words that a hyphen links."""
    for at, piece in enumerate(pieces):
        if piece.text == "-" and not piece.spaced and 0 < at < len(pieces) - 1 and not pieces[at + 1].spaced:
            if pieces[at - 1].kind == "latin":
                continue
            if pieces[at - 1].kind == "number":
                yield replace(piece, text="~") if pieces[at + 1].kind == "number" else piece
                continue
        if piece.kind != "latin":
            yield piece
        elif piece.text.endswith("'s") and piece.text not in ENGLISH_WORDS:
            yield replace(piece, text=corrected(piece.text[:-2]))
            yield replace(piece, text="of", raw="'s")
        elif piece.text == "s" and at and pieces[at - 1].text == "'":
            yield replace(piece, text="of")
        else:
            yield replace(piece, text=corrected(piece.text))

"""A question as its terms stand beside each other: what the rules of the grammar read and note."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from services.language.terms import OVERALL, Grade, Mark, MarkKind, Noun, Sign, Term, Token

_DURATION: Final = "longest_drawdown"


@dataclass(slots=True)
class Slot:
    """A mention of a metric, and what the grammar finds out about it.

    Attributes:
        at: the place of its token.
        noun: what names it.
        metric: its name; of a drawdown that is long, another one than the noun's.
        sign: the end asked for, of the stored value; 0 where there is none.
        ended: a grade belongs to it.
        graded: that grade, its sign in the question, and whether "by" stands with it.
        grade_before: that grade stands before it.
        negated: all but the one at that end are meant.
        bound: it carries a threshold.
        dropped: it is not asked about: "steady returns".
        quoted: it is asked of the strategy that another metric finds: "the return of the riskiest one".

    """

    at: int
    noun: Noun
    metric: str
    sign: Sign = 0
    ended: bool = False
    graded: tuple[Grade, Sign, bool] | None = None
    grade_before: bool = False
    negated: bool = False
    bound: bool = False
    dropped: bool = False
    quoted: bool = False

    @property
    def is_open(self) -> bool:
        """Whether a grade can still belong to it."""
        return not (self.ended or self.bound or self.dropped)

    @property
    def is_strong(self) -> bool:
        """Whether it takes a grade before others do."""
        return not self.noun.weak and self.noun.metric != OVERALL


@dataclass(slots=True)
class Sentence:
    """The tokens of a question, with its metrics, and with the tokens that thresholds have used up."""

    tokens: Sequence[Token]
    korean: bool
    slots: dict[int, Slot] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, tokens: Sequence[Token], *, korean: bool) -> Self:
        slots = {
            at: Slot(at, token.term, token.term.metric)
            for at, token in enumerate(tokens)
            if isinstance(token.term, Noun)
        }
        sentence = cls(tokens, korean, slots)
        for slot in slots.values():  # "rather than Sharpe", "비용 빼고"
            after, before = slot.at + 1, slot.at - 1
            slot.dropped = sentence.marks(after, "ruled out") or sentence.marks(before, "except")
            if sentence.marks(before, "not") and sentence.tokens[before].text == "not" and before == 0:
                slot.dropped = sentence.marks(after, "comma", "break")  # "not Sharpe, Sortino: who is best?"
        texts = {token.text for token in tokens}
        if texts & {"how long", "며칠"} or texts >= {"how many", "days"}:  # "how long was it under water?"
            for slot in slots.values():
                slot.metric = _DURATION if slot.metric == "time_under_water" else slot.metric
        if any(slot.metric == "cagr" and slot.noun.weak for slot in slots.values()):  # "earned per year"
            for slot in slots.values():
                slot.metric = "cagr" if slot.metric == "total_return" else slot.metric
        return sentence

    def term(self, at: int) -> Term | None:
        """Return the term at a place; None outside of the sentence."""
        return self.tokens[at].term if 0 <= at < len(self.tokens) else None

    def marks(self, at: int, *kinds: MarkKind) -> bool:
        """Tell whether a mark of one of these kinds is at a place."""
        term = self.term(at)
        return isinstance(term, Mark) and term.kind in kinds

    def back(self, start: int) -> Iterator[int]:
        """Yield the places before one, from the nearest on, within its clause."""
        for at in range(start - 1, -1, -1):
            if self.marks(at, "break"):
                return
            yield at

    def onward(self, start: int) -> Iterator[int]:
        """Yield the places from one on, within its clause."""
        for at in range(start, len(self.tokens)):
            if self.marks(at, "break"):
                return
            yield at

    def open_slot(self, at: int) -> Slot | None:
        """Return the metric at a place, if a grade can still belong to it."""
        slot = self.slots.get(at)
        return slot if slot is not None and slot.is_open else None

"""How many strategies a question asks for, and which place."""

from typing import Final

from services.language.sentence import Sentence
from services.language.terms import Degree, Grade, Number, Ordinal, Trait

MOST: Final = 1_000


def count(sentence: Sentence) -> int | None:
    """Return how many strategies are asked for: "top 3", "상위 세 개"; not "which of the two"."""
    for at, token in enumerate(sentence.tokens):
        term = token.term
        if isinstance(term, Number) and at not in sentence.used and _counts(sentence, at, term):
            return int(term.value)
    return None


def _counts(sentence: Sentence, at: int, number: Number) -> bool:
    if number.unit not in {"", "items"} or not 1 <= number.value <= MOST or number.value % 1:
        return False
    after = at + 1
    while sentence.marks(after, "head", "of"):
        after += 1
    is_set = sentence.tokens[at - 1].text in {"these", "those", "both"} if at else False
    if is_set or sentence.marks(after, "among") or sentence.marks(at - 1, "of"):
        return False
    if number.unit == "items":
        return True
    beside = (sentence.term(at - 1), sentence.term(at + 1))
    ends = any(isinstance(term, Grade | Degree | Trait) for term in beside)
    return ends or sentence.marks(at + 1, "head") or sentence.marks(at - 1, "which")


def rank(sentence: Sentence) -> Ordinal | None:
    """Return the place asked for: "second best", "2위"."""
    return next((token.term for token in sentence.tokens if isinstance(token.term, Ordinal)), None)

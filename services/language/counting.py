"""How many strategies a question asks for, and which place."""

import re
from collections.abc import Iterator
from typing import Final

from services.language.sentence import Sentence
from services.language.terms import Degree, Grade, Named, Noun, Number, Ordinal, Trait

MOST: Final = 1_000
_AT_RISK: Final = frozenset({"value_at_risk", "conditional_value_at_risk"})
_MEASURED: Final = frozenset({"", "percent", "multiple", "money"})
YEAR: Final = re.compile("(?:19[5-9]|20[0-4])[0-9]")
_RANKED: Final = frozenset({"rank", "ranks", "ranked", "stand", "stands", "come", "comes", "place", "placed"})


def count(sentence: Sentence) -> int | None:
    """Return how many strategies are asked for: "top 3", "상위 세 개"; not "which of the two"."""
    places = [token.term.place for token in sentence.tokens if isinstance(token.term, Ordinal)]
    if len(places) > 1:  # "the second and third best", "2위부터 4위까지"
        return max(places)
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
    if _is_a_set(sentence, at) or sentence.marks(after, "among") or sentence.marks(at - 1, "of"):
        return False
    if number.unit == "items":
        return True
    beside = (sentence.term(at - 1), sentence.term(at + 1))
    ends = any(isinstance(term, Grade | Degree | Trait) for term in beside)
    return ends or sentence.marks(at + 1, "head") or sentence.marks(at - 1, "which")


def rank(sentence: Sentence) -> Ordinal | None:
    """Return the place asked for: "second best", "2위"."""
    return next((token.term for token in sentence.tokens if isinstance(token.term, Ordinal)), None)


def numbers_left(sentence: Sentence) -> Iterator[int]:
    """Yield the places of the numbers that are no bound, count, year or length of time."""
    for at, token in enumerate(sentence.tokens):
        number = token.term
        if at in sentence.used or not isinstance(number, Number) or not token.text[:1].isdigit():
            continue
        is_year = number.unit == "" and YEAR.fullmatch(token.text)
        known = _counts(sentence, at, number) or is_year or _is_a_set(sentence, at)
        known = known or _is_of_another_word(sentence, at)
        if number.unit in _MEASURED and not known:
            yield at


def _is_of_another_word(sentence: Sentence, at: int) -> bool:
    """Whether a number belongs to the word beside it: "RSI 14", "95 % VaR", "of 5"."""
    beside = (sentence.term(at - 1), sentence.term(at + 1))
    at_risk = any(isinstance(each, Noun) and each.metric in _AT_RISK for each in beside)
    number = sentence.term(at)
    of_name = isinstance(beside[0], Named) and isinstance(number, Number) and number.unit == ""
    of_metric = sentence.marks(at - 1, "of") and at - 2 in sentence.slots  # "a Sharpe ratio of 1.5"
    return at_risk or of_name or (sentence.marks(at - 1, "of", "head") and not of_metric)


def _is_a_set(sentence: Sentence, at: int) -> bool:
    """Whether a number is of those that are compared: "these 3"."""
    return sentence.tokens[at - 1].text in {"these", "those", "both"} if at else False


def asks_rank(sentence: Sentence) -> bool:
    """Tell whether it is asked which place a strategy has: "where does RSI rank?", "RSI는 몇 위야?"."""
    words = {token.text for token in sentence.tokens}
    if any(sentence.marks(at, "place") for at in range(len(sentence.tokens))):
        return words.isdisjoint({"where"}) or not words.isdisjoint(_RANKED)
    return not words.isdisjoint({"how", "how high"}) and not words.isdisjoint(_RANKED)

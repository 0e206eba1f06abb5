"""What a message says of a strategy, to be confirmed or contradicted: "A made 2000 %, right?"."""

import re
from collections.abc import Iterator
from typing import Final

from backchat_contracts import METRICS
from services.language.bounds import in_unit
from services.language.counting import numbers_left
from services.language.question import Claim
from services.language.sentence import Sentence, Slot
from services.language.strategies import compared_with
from services.language.terms import OVERALL, Degree, Grade, Mark, MarkKind, Named, Number, Trait

_WHETHER: Final = re.compile(
    r"^\W*(?:(?:and|but|so|then|ok|okay)\W+)?(?:is|are|was|were|isn't|wasn't|does|did|do|didn't|doesn't|has|have|had|hasn't)\b"
    r"|\b(?:right|correct|true|no|yes|yeah|huh|(?:is|does|did|has|was|would)n't\s+(?:it|that|he|she|they))\W*$"
    r"|\bis it true\b"
    r"|^(?!.*\b(?:which|what|who|whose|whom|how|when|why|where|whats|whos|or)\b).*\b(?:is|are|was|were)\b.*\?\W*$"
    r"|(?:[아어해나니냐까야지죠네]|나요|가요|어요|아요|해요|에요|예요|인가|맞아|맞나|거야|아님|음|며|던데|다는데)\W*$",
    re.IGNORECASE,
)
"""What is answered by yes or no: "is A better than B?", "A made 20 %, right?", "A가 B보다 낫지?"."""
_DENIED: Final = re.compile(r"(?:않|못하)(?:지|죠|다며|다던데)(?:요)?\W*$")
"""A denial that is to be confirmed, of which a yes would leave unclear what it means."""
_NEAR: Final = 0.02
"""What a figure may differ by from the number that is said of it, as a part of that."""
_ROUND: Final = 10
"""From here on, a number without decimals is a rounded one."""
_OTHERS: Final = frozenset({"others", "rest", "other", "all", "everything", "나머지"})
_TWO: Final = 2
_ASKING: Final[tuple[MarkKind, ...]] = ("which", "how", "about", "among", "place", "than")


def asks_whether(text: str) -> bool:
    """Tell whether a message is answered by yes or no."""
    return _WHETHER.search(text) is not None and _DENIED.search(text) is None


def claims(sentence: Sentence) -> Iterator[Claim]:
    """Yield the figures that a message says a strategy has; their numbers are noted as used.

    A number directly beside a metric, in a sentence that asks for no other: "its Sharpe is 1.5".
    """
    tokens = sentence.tokens
    if any(sentence.marks(at, *_ASKING) for at in range(len(tokens))) or _names_an_end(sentence):
        return
    if sum(isinstance(each.term, Named) for each in tokens) > 1:
        return
    for at in list(numbers_left(sentence)):
        if _is_of_some(sentence, at):
            continue
        number = tokens[at].term
        before = at - 2 if sentence.marks(at - 1, "of") else at - 1
        places = (before, at + 1) if isinstance(number, Number) and number.unit else (before,)
        slots = (sentence.slots.get(place) for place in places)
        slot = next((each for each in slots if each and _can_have(each, number)), None)
        if slot is not None and isinstance(number, Number):
            sentence.used.add(at)
            yield _claim(slot, number, tokens[at].text)


def _is_of_some(sentence: Sentence, at: int) -> bool:
    """Whether strategies are asked for that have a figure: "샤프 1.5인 전략", "any with a Sharpe of 1"."""
    if sentence.korean:
        return sentence.marks(at + 1, "head")
    return any(sentence.marks(place, "head") for place in range(len(sentence.tokens)))


def _names_an_end(sentence: Sentence) -> bool:
    return any(
        isinstance(each.term, Grade | Trait | Degree) and at not in sentence.used and each.text != "no"
        for at, each in enumerate(sentence.tokens)
    )


def _can_have(slot: Slot, number: object) -> bool:
    """Whether a metric can have a value of the unit of a number."""
    if not isinstance(number, Number) or slot.dropped or slot.ended or slot.metric == OVERALL:
        return False
    if number.unit == "percent":
        return METRICS[slot.metric].unit == "fraction"
    return number.unit == "" or (number.unit == "multiple" and slot.metric == "total_return")


def _claim(slot: Slot, number: Number, written: str) -> Claim:
    value, digits = in_unit(number, slot.metric), written.replace(",", "")
    decimals, said = len(digits.partition(".")[2]), float(digits)
    rounded = 0.5 * 10**-decimals * abs(value / said) if said and (decimals or said >= _ROUND) else 0.0
    return Claim(slot.metric, slot.noun.sense * value, max(rounded, _NEAR * abs(value)), written)


def claimed(sentence: Sentence) -> str | None:
    """Return the id of the strategy that is said to be at the end asked for; None: it is said of none.

    "Is A better than B?", "A beats B, right?", "A가 제일 낫지?".
    """
    if any(sentence.marks(at, "which", "how", "about", "place") for at in range(len(sentence.tokens))):
        return None
    if any(sentence.marks(at, "not") and not _is_tag(sentence, at) for at in range(1, len(sentence.tokens))):
        return None
    named = {at: each.term for at, each in enumerate(sentence.tokens) if isinstance(each.term, Named)}
    said = [at for at in named if not compared_with(sentence, at)]
    if len(said) > 1 and any(isinstance(each.term, Grade) and each.term.against for each in sentence.tokens):
        said = [at for at in said if named[at].is_subject]  # "A가 B 이겼지?"
    if len(said) != 1 or len(named) > _TWO or (len(named) == 1 and not _is_superlative(sentence)):
        return None
    (strategy_id, *others) = named[said[0]].ids
    return None if others else strategy_id


def _is_tag(sentence: Sentence, at: int) -> bool:
    """Whether a word asks for a yes at the end: "A is better, isn't it?"."""
    return sentence.term(at + 1) is None or sentence.marks(at + 1, "break")


def _is_superlative(sentence: Sentence) -> bool:
    terms = [(each.term, sentence.term(at - 1)) for at, each in enumerate(sentence.tokens)]
    return any(
        (isinstance(term, Grade | Trait) and term.superlative)
        or (isinstance(before, Degree) and before.superlative and isinstance(term, Grade | Trait))
        for term, before in terms
    ) or any(each.text in _OTHERS or each.term == Mark("others") for each in sentence.tokens)

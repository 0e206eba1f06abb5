"""Thresholds at zero, which no number names: "negative Sharpe", "which made money", "no trades"."""

from collections.abc import Iterator
from typing import Final

from services.language.bounds import flipped, is_excepted, relation_of
from services.language.question import Threshold
from services.language.sentence import Sentence, Slot
from services.language.terms import (
    ABOVE_ZERO,
    NONE,
    OVERALL,
    Degree,
    Grade,
    Limit,
    MarkKind,
    Named,
    Noun,
    Number,
    Trait,
    Unknown,
    Word,
)

_NONE_OF: Final = frozenset({"trades", "costs_paid", "total_return"})
"""What a strategy can have none of; one without risk is one with little."""
_DEFAULT: Final = "total_return"
"""What is negative where no metric is named."""
_ASKING: Final[tuple[MarkKind, ...]] = ("which", "head")
_COUNTING: Final = frozenset({"how many", "몇 개", "몇개", "몇"})
"""What asks for no figure: "how many lost money?"."""
_LINKS: Final[tuple[MarkKind, ...]] = ("of", "head")


def thresholds_at_zero(sentence: Sentence) -> Iterator[tuple[int, Threshold]]:
    """Yield the thresholds of words as "negative" and "no", each with its place; they are noted as used."""
    for at, token in enumerate(sentence.tokens):
        if at in sentence.used:
            continue
        term = token.term
        if isinstance(term, Grade | Trait) and term.zero:
            found = None if _is_compared(sentence, at) else _of_word(sentence, at, term, term.zero)
        else:
            found = _of_none(sentence, at)
        if found is not None:
            yield at, found
        elif term == Grade("size", -1, zero=NONE) and not (sentence.korean or sentence.slots.get(at + 1)):
            sentence.used.add(at)  # "no, the best one"


def thresholds_of_clauses(sentence: Sentence) -> Iterator[tuple[int, Threshold]]:
    """Yield the thresholds of "those that lost money", "돈을 잃은 것 중에": no grade is of such a verb."""
    for slot in sentence.slots.values():
        if _is_clause_in_korean(sentence, slot) if sentence.korean else _is_clause(sentence, slot):
            yield slot.at, _threshold(sentence, slot, ABOVE_ZERO, slot.at, slot.at + 1, of_size=True)


def _is_clause(sentence: Sentence, slot: Slot) -> bool:
    goes_on = isinstance(sentence.term(slot.at + 1), Number | Limit | Degree)  # "lost the most"
    return sentence.marks(slot.at - 1, "relative") and not goes_on


def _is_clause_in_korean(sentence: Sentence, slot: Slot) -> bool:
    own = slot.metric == _DEFAULT and slot.noun.own and slot.is_strong
    graded = isinstance(sentence.term(slot.at - 1), Grade | Degree | Number | Limit)
    after = slot.at + 1
    while sentence.marks(after, "head"):
        after += 1
    chosen = after > slot.at + 1 and sentence.marks(after, "among", "ruled out", "only")
    return bool(own) and chosen and not graded


def thresholds_of_verbs(sentence: Sentence) -> Iterator[tuple[int, Threshold]]:
    """Yield the thresholds of those that "made money" or "lost", where no word names an end of it."""
    for slot in sentence.slots.values():
        if slot.noun.own and slot.is_open and slot.is_strong and _is_filter(sentence, slot):
            yield slot.at, _threshold(sentence, slot, ABOVE_ZERO, slot.at, slot.at + 1, of_size=True)


def _is_filter(sentence: Sentence, slot: Slot) -> bool:
    before, after = sentence.term(slot.at - 1), sentence.term(slot.at + 1)
    graded = isinstance(before, Grade | Degree | Number) or isinstance(after, Number)
    if slot.metric != _DEFAULT or graded or _asks_for_a_figure(sentence):
        return False
    if any(isinstance(token.term, Named) for token in sentence.tokens):
        return not _has(sentence, "which")
    counted = slot.at > 0 and sentence.tokens[slot.at - 1].text in _COUNTING
    asked = counted or any(sentence.marks(at, *_ASKING) for at in range(slot.at))
    return asked or (sentence.korean and sentence.marks(slot.at + 1, "head"))


def _asks_for_a_figure(sentence: Sentence) -> bool:
    return any(
        sentence.marks(at, "how", "about") and token.text not in _COUNTING
        for at, token in enumerate(sentence.tokens)
    )


def _has(sentence: Sentence, *kinds: MarkKind) -> bool:
    return any(sentence.marks(at, *kinds) for at in range(len(sentence.tokens)))


def _is_compared(sentence: Sentence, at: int) -> bool:
    """Whether a word is of an order: "most negative", "how profitable", "가장 거래가 없는"."""
    before = at - 1
    if sentence.korean and isinstance(sentence.term(before), Noun):
        before -= 1
    term = sentence.term(before)
    degree = isinstance(term, Degree) and term.compared
    graded = sentence.korean and isinstance(sentence.term(at - 1), Grade)
    compares = sentence.marks(before, "how", "than") and sentence.tokens[before].text not in _COUNTING
    return degree or graded or compares or sentence.marks(at + 1, "by")


def _of_word(sentence: Sentence, at: int, term: Grade | Trait, limit: Limit) -> Threshold | None:
    """Read "negative Sharpe", "profitable", "거래가 없는"."""
    slot = _beside(sentence, at)
    if isinstance(term, Trait):
        if slot is not None and slot.metric == term.metric:
            slot.dropped = True
        return _at_zero(sentence, term.metric, limit, at, at + 1)
    if limit == NONE:
        return _threshold(sentence, slot, limit, at, at + 1) if slot and _can_be_none(slot) else None
    if slot is not None:
        return _threshold(sentence, slot, limit, at, at + 1)
    others = sentence.term(at - 1) if sentence.korean else sentence.term(at + 1)
    asked = _has(sentence, *_ASKING) or any(isinstance(token.term, Named) for token in sentence.tokens)
    if isinstance(others, Noun | Word | Unknown) or not asked:
        return None
    return _at_zero(sentence, _DEFAULT, limit, at, at + 1)


def _beside(sentence: Sentence, at: int) -> Slot | None:
    """Return the metric that a word is of: "negative Sharpe", "샤프가 음수인"."""
    before = at - 1
    while isinstance(sentence.term(before), Named | Number) or sentence.marks(before, *_LINKS):
        before -= 1
    places = (before, at + 1) if sentence.korean else (at + 1, before)
    return next((slot for place in places if (slot := sentence.open_slot(place))), None)


def _can_be_none(slot: Slot) -> bool:
    return slot.metric in _NONE_OF and slot.noun.sense > 0


def _of_none(sentence: Sentence, at: int) -> Threshold | None:
    """Read "0 trades", "never traded", "without trades", "didn't make money"."""
    term = sentence.term(at)
    if isinstance(term, Number) and not term.value:
        near = (sentence.open_slot(at - 1), sentence.open_slot(at + 1))
        slot = next((each for each in near if each and _can_be_none(each)), None)
        return _threshold(sentence, slot, NONE, at, at + 1) if slot else None
    slot = sentence.open_slot(at + 1)
    without = sentence.marks(at, "except") and sentence.tokens[at].text == "without"
    if without and sentence.slots.get(at + 1) and sentence.slots[at + 1].metric == "trades":
        return _threshold(sentence, sentence.slots[at + 1], NONE, at, at + 2)
    if slot is not None and sentence.marks(at, "not") and _is_denied(sentence, at, slot):
        return _threshold(sentence, slot, NONE, at, at + 2)
    slot = sentence.open_slot(at)
    if slot is not None and sentence.marks(at + 1, "negated") and (slot.noun.own or slot.metric == "trades"):
        return _threshold(sentence, slot, NONE, at, at + 2) if slot.metric in _NONE_OF else None
    return None


def _is_denied(sentence: Sentence, at: int, slot: Slot) -> bool:
    """Whether "not" means none of what a verb names: "never traded", not "did not trade much"."""
    verb = slot.metric == _DEFAULT and (slot.noun.own or slot.noun.weak)
    graded = isinstance(sentence.term(at - 1), Degree) or isinstance(sentence.term(at + 2), Grade | Degree)
    graded = graded or sentence.marks(at - 1, "than")
    initial = at == 0 and sentence.tokens[at].text.endswith("n't")
    return (verb or slot.metric == "trades") and not (graded or initial)


def _threshold(
    sentence: Sentence, slot: Slot, limit: Limit, start: int, stop: int, *, of_size: bool = False
) -> Threshold:
    """Return the threshold of a metric, and note that it carries one."""
    slot.bound = True
    slot.metric = _DEFAULT if slot.metric == OVERALL else slot.metric
    if (limit.beyond or of_size) and slot.noun.sense < 0:
        limit = Limit(1 if limit.sign < 0 else -1, limit.inclusive)
    return _at_zero(sentence, slot.metric, limit, min(start, slot.at), max(stop, slot.at + 1))


def _at_zero(sentence: Sentence, metric: str, limit: Limit, start: int, stop: int) -> Threshold:
    sentence.used.update(range(start, stop))
    negated = sentence.marks(start - 1, "not") and not (
        start == 1 and sentence.tokens[0].text.endswith("n't")
    )
    denied = sentence.marks(stop, "negated")
    if negated or denied or is_excepted(sentence, start, stop):
        limit = flipped(limit)
    if negated:
        sentence.used.add(start - 1)
    return Threshold(metric, relation_of(limit), 0.0)

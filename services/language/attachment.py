"""Which metric an end belongs to: the nearest one that can take it, in the order of words of the language."""

from collections.abc import Iterator
from typing import Final

from backchat_contracts import METRICS
from services.language.ends import Phrase
from services.language.sentence import Sentence, Slot
from services.language.terms import (
    ABOVE_ZERO,
    BELOW_ZERO,
    OVERALL,
    Degree,
    Grade,
    Named,
    Noun,
    Number,
    Ordinal,
    Sign,
    Unknown,
    Word,
)
from services.language.vocabulary.operands import AUXILIARIES

_DURATIONS: Final = {
    "max_drawdown": "longest_drawdown",
    "longest_drawdown": "longest_drawdown",
    "time_under_water": "time_under_water",
    "exposure": "exposure",
}
"""Of what is long or short: a drawdown that is long, by its duration."""
ADVERBIAL: Final = ("에", "서", "로", "게", "히", "면", "고")
"""How Korean words end that are no measure, but say where or how."""
_GOOD: Final[dict[str, Sign]] = {"higher_is_better": 1, "lower_is_better": -1, "neither": 0}


def attach(sentence: Sentence, phrase: Phrase, grade: Grade) -> Slot | str | None:
    """Give a grade to the metric that it belongs to.

    Return that metric, or the measure that does not exist but has the grade; None if it is of neither.
    """
    target = _korean(sentence, phrase, grade) if sentence.korean else _english(sentence, phrase, grade)
    if target is None or is_of_another_predicate(sentence, phrase):
        return None
    at, by = target
    slot = sentence.slots.get(at)
    if slot is None:
        return unknown_at(sentence, at)
    sign = end_of(slot, phrase.sign, grade, by=by)
    if sign is None:
        return None
    slot.ended, slot.sign, slot.negated = True, sign, phrase.negated
    slot.graded = grade, phrase.sign, by
    slot.grade_before = at > phrase.start
    if phrase.asks_how and not phrase.compared:
        slot.sign = 0
    return slot


def is_of_another_predicate(sentence: Sentence, phrase: Phrase) -> bool:
    """Whether a Korean degree strengthens a word that is not known: "수익 곡선이 제일 아름다운"."""
    alone = isinstance(sentence.term(phrase.stop - 1), Degree)
    return sentence.korean and alone and isinstance(sentence.term(phrase.stop), Word)


def end_of(slot: Slot, sign: Sign, grade: Grade, *, by: bool) -> Sign | None:
    """Return the end of the stored value that a grade names: 0 if there is none, None if it does not fit."""
    if grade.scale == "length":
        if slot.metric == "cagr":  # fast growth
            return _product(-1, sign)
        if slot.metric not in _DURATIONS:
            return None
        slot.metric = _DURATIONS[slot.metric]
        return _product(sign, slot.noun.sense) if slot.metric == slot.noun.metric else sign
    if slot.metric == OVERALL or grade.zero in {ABOVE_ZERO, BELOW_ZERO}:
        return sign  # the most negative drawdown is the lowest value, as it is stored
    if grade.scale == "quality" or (grade.scale == "order" and by):
        return _product(sign, _GOOD[METRICS[slot.metric].direction])
    return _product(sign, slot.noun.sense)


def _product(one: Sign, other: Sign) -> Sign:
    product = one * other
    return 1 if product > 0 else -1 if product < 0 else 0


def _korean(sentence: Sentence, phrase: Phrase, grade: Grade) -> tuple[int, bool] | None:
    before, by = _before(sentence, phrase.start)
    after = _after(sentence, phrase.stop)
    next_slot = None if after is None else sentence.slots.get(after)
    last = phrase.start - 1
    while isinstance(sentence.term(last), Ordinal):  # "샤프 2등"
        last -= 1
    if before is not None and before.at == last and (before.is_strong or next_slot is None):
        return last, by
    if _has_measure(sentence, last, phrase, grade):
        return last, False
    if next_slot is not None and (next_slot.is_strong or before is None or not before.is_strong):
        return next_slot.at, False
    if before is not None:
        return before.at, by
    if after is not None and (phrase.superlative or isinstance(sentence.term(after), Unknown)):
        return after, False
    return None


def _english(sentence: Sentence, phrase: Phrase, grade: Grade) -> tuple[int, bool] | None:
    before, _ = _before(sentence, phrase.start)
    if before is not None and sentence.marks(before.at + 1, "of") and sentence.marks(phrase.stop, "head"):
        before = None  # "the volatility of the worst one"
    after, by = _after_english(sentence, phrase, grade)
    if after is not None:
        slot = sentence.slots.get(after)
        if slot is not None and not slot.is_strong and before is not None and before.is_strong:
            return before.at, False
        return after, by
    if before is not None:
        return before.at, False
    if phrase.compared:
        later = (at for at in sentence.onward(phrase.stop) if sentence.open_slot(at))
        return next(((at, True) for at in later), None)
    return None


def _before(sentence: Sentence, start: int) -> tuple[Slot | None, bool]:
    """Return the metric before a place that a grade there can belong to, and whether "by" stands with it."""
    weak: tuple[Slot | None, bool] = (None, False)
    by = False
    for at in sentence.back(start):
        by = by or sentence.marks(at, "by")
        slot = sentence.slots.get(at)
        if slot is None:
            continue
        if not slot.is_open:
            break
        linked = ("than", "of", "and", "comma") if sentence.korean else ("than",)
        if sentence.marks(at + 1, *linked):
            if sentence.korean and sentence.marks(at + 1, "than") and weak[0] is None:
                weak = (slot, by)  # "RSI의 샤프보다 높은"
            continue
        if slot.is_strong:
            return slot, by
        if weak[0] is None:
            weak = (slot, by)
    return weak


def _after(sentence: Sentence, stop: int) -> int | None:
    """Return the place of the metric or unknown word that directly follows a place."""
    for at in sentence.onward(stop):
        term = sentence.term(at)
        if isinstance(term, Noun):
            return at if sentence.open_slot(at) else None
        if isinstance(term, Word | Unknown):
            return at
        if not (isinstance(term, Number | Ordinal) or sentence.marks(at, "of", "range")):
            return None
    return None


def _after_english(sentence: Sentence, phrase: Phrase, grade: Grade) -> tuple[int | None, bool]:
    """Return the place of the metric or measure after a grade: "best Sharpe", "best strategy by Sharpe"."""
    by = False
    heads = False
    for at in sentence.onward(phrase.stop):
        term = sentence.term(at)
        if isinstance(term, Noun):
            return (at, by) if sentence.open_slot(at) else (None, False)
        if isinstance(term, Word) and sentence.tokens[at].text in AUXILIARIES:
            continue  # "how much more did SMA earn?"
        if isinstance(term, Word | Unknown):
            known = (
                isinstance(term, Unknown)
                or phrase.superlative
                or (phrase.compared and grade.scale != "quality")
            )
            return (at, False) if known and at == phrase.stop and not heads else (None, False)
        if sentence.marks(at, "by"):
            by = True
        elif sentence.marks(at, "head"):
            heads = True
        elif not (isinstance(term, Number | Ordinal | Named) or sentence.marks(at, "of", "range")):
            return None, False
    return None, False


def _has_measure(sentence: Sentence, at: int, phrase: Phrase, grade: Grade) -> bool:
    """Whether a word before a Korean predicate is a measure that does not exist: 감마가 가장 높은."""
    term = sentence.term(at)
    if isinstance(term, Unknown):
        return True
    if not isinstance(term, Word) or isinstance(sentence.term(at - 1), Noun):
        return False
    text = sentence.tokens[at].text
    if grade.scale == "quality":
        return text.endswith(("이", "가")) and term.subject and phrase.superlative
    if sentence.tokens[phrase.stop - 1].text.startswith("없"):
        return False
    asked = phrase.compared or sentence.marks(phrase.stop, "head")
    bare = text == term.stem and not text.endswith(ADVERBIAL)
    return (term.subject and asked) or (bare and phrase.superlative and grade.scale == "size")


def unknown_at(sentence: Sentence, at: int) -> str:
    """Return the measure that does not exist whose words stand at a place."""
    start = at
    while isinstance(sentence.term(start - 1), Unknown | Word) and _continues(sentence, start - 1):
        start -= 1
    words = []
    for place in range(start, len(sentence.tokens)):
        term = sentence.term(place)
        if not isinstance(term, Unknown | Word):
            break
        words.append(term.stem if isinstance(term, Word) else sentence.tokens[place].text)
        if place >= at and isinstance(term, Word) and term.subject:
            break
    return " ".join(words)


def _continues(sentence: Sentence, at: int) -> bool:
    """Whether a word may be the first part of the measure that the next word goes on with."""
    term = sentence.term(at)
    return isinstance(term, Unknown) or (isinstance(term, Word) and term.stem == sentence.tokens[at].text)


def measures_of_names(sentence: Sentence) -> Iterator[str]:
    """Yield the measures that do not exist but are asked of a strategy: "A's gamma"."""
    for at, token in enumerate(sentence.tokens):
        if isinstance(token.term, Named) and _is_genitive(sentence, at + 1) and _is_lone(sentence, at + 2):
            yield unknown_at(sentence, at + 2)
        elif sentence.korean or not isinstance(token.term, Word):
            continue
        elif sentence.marks(at + 1, "of") and isinstance(sentence.term(at + 2), Named):
            yield unknown_at(sentence, at)


def _is_genitive(sentence: Sentence, at: int) -> bool:
    return sentence.marks(at, "of") and sentence.tokens[at].text not in {"for", "in", "on"}


def _is_lone(sentence: Sentence, at: int) -> bool:
    """Whether words that are not in the vocabulary stand alone: not "A's famous Sharpe"."""
    if not isinstance(sentence.term(at), Word):
        return False
    after = at
    while isinstance(sentence.term(after), Word | Unknown):
        after += 1
    return sentence.term(after) is None or sentence.marks(after, "break", "and", "comma")

"""Metrics beside others: those asked of the strategy that another one finds, and those compared with others.

"The return of the riskiest one", "2등 전략의 MDD"; "more return than risk".
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from services.language.ends import Phrase, phrases
from services.language.sentence import Sentence, Slot
from services.language.terms import OVERALL, Grade, Named, Noun, Number, Ordinal, Token

_WEIGHED: Final = ("중요", "신경", "중시", "우선", "matter", "important", "care", "prefer")
"""How words begin that say which metric counts more."""
_AMONG: Final = frozenset({"of", "among", "amongst", "out", "within"})
"""How English questions begin that choose among some."""
_FIGURE: Final = ("how", "what")
"""How English questions for a figure begin."""
_LAST: Final = ("꼴찌", "꼴등", "최하위")
"""The last place, which is that of the worst."""
_NOT_ITS: Final = frozenset({OVERALL, "benchmark_return"})


def note_quoted(sentence: Sentence) -> None:
    """Note the metrics that are asked of the strategy found, not to find it; the grades are given."""
    choices = [phrase for phrase in phrases(sentence) if phrase.compared or _is_of_a_head(sentence, phrase)]
    is_asked_of = _in_korean if sentence.korean else _in_english
    slots = list(sentence.slots.values())
    for slot in slots:
        slot.quoted = _is_plain(slot) and any(is_asked_of(sentence, slot.at, each) for each in choices)
    for one, other in [*pairwise(slots), *pairwise(reversed(slots))]:
        first, last = sorted((one.at, other.at))
        listed = all(sentence.marks(at, "and", "comma") for at in range(first + 1, last))
        other.quoted |= one.quoted and listed and _is_plain(other)


def _is_of_a_head(sentence: Sentence, phrase: Phrase) -> bool:
    """Whether a Korean grade tells a strategy from the others: "소르티노 낮은 애 수익률은?"."""
    sized = isinstance(phrase.term, Grade) and phrase.term.scale == "size"
    headed = sentence.marks(phrase.stop, "head") and isinstance(sentence.term(phrase.stop + 1), Noun)
    return sentence.korean and sized and headed and isinstance(sentence.term(phrase.start - 1), Noun)


def _is_plain(slot: Slot) -> bool:
    """Whether a metric is neither graded nor bounded, and no other one nearby is meant."""
    return slot.is_open and slot.is_strong


def _in_english(sentence: Sentence, at: int, choice: Phrase) -> bool:
    if at < choice.start:  # "the return of the riskiest"
        between = range(at + 1, choice.start)
        linked = any(sentence.tokens[each].text == "of" for each in between)
    else:  # "the riskiest one's return"
        between = range(choice.stop, at)
        linked = bool(between) and sentence.tokens[at - 1].text == "of"
    if linked and all(_leads_on(sentence, each) for each in between):
        return True
    asked = sentence.tokens[0].text.startswith(_FIGURE)  # "how much did the riskiest one earn?"
    return asked and not any(sentence.marks(each, "and", "comma", "by", "break", "than") for each in between)


def _in_korean(sentence: Sentence, at: int, choice: Phrase) -> bool:
    between = range(choice.stop, at)
    placed = sentence.tokens[choice.stop - 1].text.startswith(_LAST)
    first = isinstance(choice.term, Grade) and (choice.term.scale == "order" or placed)  # "수익률 1등의 샤프"
    of_one = first or any(sentence.marks(each, "head") for each in between)
    return (bool(between) or first) and of_one and all(_leads_on(sentence, each) for each in between)


def _leads_on(sentence: Sentence, at: int) -> bool:
    """Whether a word may stand between a strategy and what is asked of it."""
    term = sentence.term(at)
    return isinstance(term, Number | Ordinal | Noun) or sentence.marks(
        at, "of", "head", "which", "how", "and"
    )


def compares_metrics(sentence: Sentence) -> bool:
    """Tell whether a metric is compared with another one: "whose return is above its volatility?"."""
    if any(token.text.startswith(_WEIGHED) for token in sentence.tokens):
        return False
    for at, slot in sentence.slots.items():
        if sentence.korean:
            of_another = sentence.marks(at - 1, "of") or isinstance(sentence.term(at - 1), Named)
            compared = sentence.marks(at + 1, "than") and not of_another
            places = [*sentence.back(at), *sentence.onward(at + 1)]
        else:
            compared = sentence.marks(at - 1, "than") and not sentence.marks(at + 1, "of")
            places = list(sentence.back(at))
        others = (sentence.slots[each] for each in places if each in sentence.slots)
        if compared and slot.metric not in _NOT_ITS and any(_differs(slot, each) for each in others):
            return True
    return False


def _differs(one: Slot, other: Slot) -> bool:
    return other.metric not in {one.metric, OVERALL} and one.is_strong and other.is_strong


def chooses_among_chosen(sentence: Sentence, tokens: Sequence[Token]) -> bool:
    """Tell whether it chooses among those that another end finds: "of the two calmest, which lost?"."""
    found = list(phrases(sentence))
    named = any(isinstance(token.term, Named) for token in tokens)
    choices = [
        each
        for each in found
        if each.compared
        or (not named and getattr(each.term, "against", False))
        or (sentence.korean and isinstance(sentence.term(each.stop), Number))  # "변동성 낮은 두 개 중"
    ]
    if sentence.korean:
        return any(_leads_to_among(sentence, each.stop) for each in choices if each is not found[-1])
    begins = bool(tokens) and tokens[0].text in _AMONG
    comma = next((at for at in range(len(sentence.tokens)) if sentence.marks(at, "comma")), None)
    if not begins or comma is None:
        return False
    return any(each.start < comma for each in choices) and any(each.start > comma for each in found)


def _is_against(phrase: Phrase) -> bool:
    return isinstance(phrase.term, Grade) and phrase.term.against


def _leads_to_among(sentence: Sentence, at: int) -> bool:
    while sentence.marks(at, "head") or isinstance(sentence.term(at), Number):
        at += 1
    return sentence.marks(at, "among")

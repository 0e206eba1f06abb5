"""From the terms of a question to what it asks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import Final

from backchat_contracts import METRICS, Texts
from services.language.asides import (
    ASIDES,
    correlates,
    is_beside_benchmark,
    is_of_the_lowest,
    with_benchmark_correlation,
    with_relatives,
)
from services.language.attachment import attach, end_of, measures_of_names
from services.language.bounds import bare_bounds, thresholds
from services.language.claims import claimed, claims
from services.language.counting import asks_rank, count, rank
from services.language.ends import Phrase, phrases
from services.language.finishing import compares, finished
from services.language.nesting import note_quoted
from services.language.operands import unresolved
from services.language.question import Criterion, End, Question, Together
from services.language.sentence import Sentence, Slot
from services.language.strategies import is_of_one, mentioned, yardsticks
from services.language.terms import (
    OVERALL,
    Degree,
    Grade,
    Mark,
    Named,
    Number,
    Sign,
    Token,
    Trait,
    Unknown,
    Word,
)
from services.language.zeros import thresholds_at_zero, thresholds_of_clauses, thresholds_of_verbs

_ENDS: Final[dict[Sign, End | None]] = {1: "highest", -1: "lowest", 0: None}
_OR: Final = frozenset({"or", "또는", "혹은", "거나", "이거나"})
_WHO: Final = frozenset({"which", "who", "any", "어느", "어떤", "누가", "누구"})
_ASKING: Final = frozenset({"which", "how", "about", "head"})
_OTHERS: Final = frozenset({"rest", "others", "other", "everything", "all", "나머지", "다른"})
BENCHMARK_CORRELATION: Final = Texts(ko="벤치마크와의 상관관계", en="correlation with the benchmark")
"""A measure that does not exist."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A criterion, and where in the question it stands."""

    at: int
    metric: str
    sign: Sign = 0
    negated: bool = False
    compared: bool = False
    asks_how: bool = False
    judged: bool = False


def understand(tokens: Sequence[Token], *, korean: bool) -> Question:
    """Return what a question asks, from its terms."""
    tokens = list(with_relatives(tokens))
    words = [token for token in tokens if not (isinstance(token.term, Mark) and token.term.kind in ASIDES)]
    sentence = Sentence.of(words, korean=korean)
    named, excluded = mentioned(sentence)
    bounded = [
        *thresholds_of_clauses(sentence),
        *thresholds(sentence),
        *thresholds_at_zero(sentence),
    ]
    found, unknown = _ends(sentence)
    bounded += thresholds_of_verbs(sentence)
    bounded.sort(key=itemgetter(0))
    bounds = tuple(threshold for _, threshold in bounded)
    note_quoted(sentence)
    found = sorted([*_figures(sentence), *found], key=lambda each: each.at)
    criteria = _criteria(each for each in found if each.metric != OVERALL)
    quoted = [slot.metric for slot in sentence.slots.values() if slot.quoted]
    if any(each.compared and each.sign for each in found):  # "how risky is the best one?"
        quoted += [each.metric for each in found if each.asks_how]
        found = [each for each in found if not each.asks_how]
        criteria = _criteria(each for each in found if each.metric != OVERALL)
    relation = _relation(tokens)
    if with_benchmark_correlation(tokens):
        relation, found, criteria = None, [], ()
        unknown.append(BENCHMARK_CORRELATION.of("ko" if korean else "en"))
    unknown += [token.text for token in tokens if isinstance(token.term, Unknown)]
    unknown += [*measures_of_names(sentence), *_superlatives(sentence)]
    overall = (
        [] if criteria or (unknown and not bounds) else [each for each in found if each.metric == OVERALL]
    )
    asked_about = bool(named) and any(token.term == Mark("about") for token in tokens)
    asked_about = asked_about or relation == "benchmark"
    end = max(overall, key=lambda each: (each.sign != 0, each.compared, -each.at), default=_Found(0, OVERALL))
    end = end if relation != "correlation" else _Found(0, OVERALL, -1 if is_of_the_lowest(tokens) else 0)
    counted, place = count(sentence), rank(sentence)
    bare = () if bounds or criteria or overall or unknown else bare_bounds(sentence)
    question = Question(
        criteria=criteria,
        overall=bool(overall) or (asked_about and not (criteria or bounds or unknown)),
        overall_end=_ENDS[end.sign],
        overall_ends=_overall_ends(sentence, overall, end),
        overall_negated=end.negated,
        count=counted,
        rank=place.place if place and not counted and (criteria or overall) else None,
        asks_rank=asks_rank(sentence) or _compares_one(tokens, named, criteria),
        quoted=tuple(dict.fromkeys(quoted)),
        thresholds=bounds,
        bare=bare,
        either=_is_either(sentence, [at for at, _ in bounded]),
        named=tuple(dict.fromkeys(each for each in named if each not in excluded)),
        yardsticks=() if relation else yardsticks(sentence),
        excluded=tuple(dict.fromkeys(excluded)),
        unknown=_distinct(unknown),
        unresolved=unresolved(tokens, korean=korean),
        relation=relation,
        claims=tuple(claims(sentence)) if not bounds else (),
        claimed=claimed(sentence),
    )
    return finished(question, sentence, tokens)


def _is_either(sentence: Sentence, places: Sequence[int]) -> bool:
    """Whether one of several bounds is enough: "above 1 or below 0", not "above 1 for RSI or SMA"."""
    between = range(min(places, default=0), max(places, default=0))
    joining = [at for at in between if sentence.marks(at, "and") and not _joins_names(sentence, at)]
    return bool(joining) and all(sentence.tokens[at].text in _OR for at in joining)


def _joins_names(sentence: Sentence, at: int) -> bool:
    return isinstance(sentence.term(at - 1), Named) or isinstance(sentence.term(at + 1), Named)


def _relation(tokens: Sequence[Token]) -> Together | None:
    """Return what is asked of strategies that is no metric of one."""
    if correlates(tokens):
        return "correlation"
    return "benchmark" if is_beside_benchmark(tokens) else None


def _compares_one(tokens: Sequence[Token], named: Sequence[str], criteria: Sequence[Criterion]) -> bool:
    """Whether a metric of the only strategy named is compared with that of others."""
    others = any(token.term == Mark("others") or token.text in _OTHERS for token in tokens)
    if len(named) == 1 and {"neither", "nor"} <= {token.text for token in tokens}:
        return True  # "is RSI neither the best nor the worst?"
    return len(named) == 1 and bool(criteria) and others and any(map(compares, tokens))


def _overall_ends(sentence: Sentence, overall: Sequence[_Found], end: _Found) -> tuple[End, ...]:
    """Return the ends asked for: one, or both of "the best and the worst"."""
    against = any(sentence.marks(at, "than") for at in range(len(sentence.tokens)))
    alike = [end] if against else [each for each in overall if each.compared == end.compared]
    return tuple(dict.fromkeys(found for each in alike if (found := _ENDS[each.sign])))


def _distinct(unknown: Iterable[str]) -> tuple[str, ...]:
    """Return measures without those that are part of another one."""
    each = list(dict.fromkeys(unknown))
    return tuple(one for one in each if not any(one != other and one in other for other in each))


def _ends(sentence: Sentence) -> tuple[list[_Found], list[str]]:
    """Return the criteria that are in the words for ends alone, and the measures that do not exist."""
    found: list[_Found] = []
    unknown: list[str] = []
    traits: list[tuple[Phrase, Trait]] = []
    last = 0
    graded: Slot | None = None
    for phrase in phrases(sentence):
        if sentence.marks(phrase.start - 1, "range") and last == phrase.start - 1:
            continue  # "from the safest to the riskiest"
        joined, last = _are_joined(sentence, last, phrase.start), phrase.stop
        if isinstance(phrase.term, Trait):
            found.append(_trait(phrase, phrase.term))
            traits.append((phrase, phrase.term))
            continue
        target = attach(sentence, phrase, phrase.term)
        if isinstance(target, str):
            unknown.append(target)
        elif target is not None:
            graded = target
        elif joined and graded is not None and graded.metric != OVERALL:
            sign = end_of(graded, phrase.sign, phrase.term, by=False)  # "the highest and lowest Sharpe"
            found.append(_Found(max(phrase.start, graded.at), graded.metric, sign or 0, phrase.negated))
        else:
            found += _quality(sentence, phrase, phrase.term)
            unknown += _adjective(sentence, phrase)
    _share_grades(sentence)
    for phrase, trait in traits:
        _drop_returns(sentence, phrase, trait)
    return found, unknown


def _are_joined(sentence: Sentence, start: int, stop: int) -> bool:
    """Whether only "and" stands between two words for ends, and what both are of."""
    between = range(start, stop)
    joined = any(sentence.marks(at, "and") for at in between)
    return joined and all(
        sentence.marks(at, "and", "head", "of") or isinstance(sentence.term(at), Number) for at in between
    )


def _trait(phrase: Phrase, trait: Trait) -> _Found:
    """Read "riskier"; "how risky" asks for the figure."""
    figure = phrase.asks_how and not phrase.compared
    return _Found(
        phrase.start, trait.metric, 0 if figure else phrase.sign, phrase.negated, phrase.compared, figure
    )


def _drop_returns(sentence: Sentence, phrase: Phrase, trait: Trait) -> None:
    """Take returns that are steady, or the like, for no metric of their own."""
    for at in (phrase.start - 1, phrase.stop):
        slot = sentence.open_slot(at)
        if slot is not None and slot.metric == "total_return" and trait.metric != slot.metric:
            slot.dropped = True


def _quality(sentence: Sentence, phrase: Phrase, grade: Grade) -> Iterator[_Found]:
    """Read a grade without a metric as one of quality as such: "which is better", not "good morning"."""
    if grade.scale not in {"quality", "order"} and not grade.against:
        return
    asking = any(
        isinstance(token.term, Named) or (isinstance(token.term, Mark) and token.term.kind in _ASKING)
        for token in sentence.tokens
    )
    followed = isinstance(sentence.term(phrase.stop), Word) and not grade.against
    if phrase.compared or (asking and not followed):
        figure = phrase.asks_how and not phrase.compared
        yield _Found(phrase.start, OVERALL, 0 if figure else phrase.sign, phrase.negated, phrase.compared)


def _adjective(sentence: Sentence, phrase: Phrase) -> Iterator[str]:
    """Yield a superlative that is none of ours: "most beautiful", "가장 예쁜"."""
    alone = phrase.superlative and isinstance(sentence.term(phrase.stop - 1), Degree)
    word = sentence.term(phrase.stop)
    if alone and isinstance(word, Word) and (word.attributive or not sentence.korean):
        yield sentence.tokens[phrase.stop].text


def _superlatives(sentence: Sentence) -> Iterator[str]:
    """Yield English superlatives that are none of ours: "the smartest strategy"."""
    for at, token in enumerate(sentence.tokens):
        ends = sentence.term(at + 1) is None or sentence.marks(at + 1, "head", "break")
        adverb = at > 0 and isinstance(sentence.term(at - 1), Word)  # "which bounced back hardest?"
        superlative = isinstance(token.term, Word) and token.text.endswith("est") and not adverb
        if superlative and ends and sentence.term(at - 1):
            yield token.text


def _share_grades(sentence: Sentence) -> None:
    """Give a grade to all metrics that a list joins: "수익률과 샤프가 높은", "the best return and Sharpe"."""
    slots = list(sentence.slots.values())
    for one, other in pairwise(reversed(slots)):
        if one.ended and not one.grade_before:
            _share(sentence, one, other)
    for one, other in pairwise(slots):
        if one.ended and one.grade_before:
            _share(sentence, one, other)


def _share(sentence: Sentence, graded: Slot, other: Slot) -> None:
    first, last = sorted((graded.at, other.at))
    between = range(first + 1, last)
    if not other.is_open or not other.is_strong or not graded.is_strong or graded.graded is None:
        return
    joined = any(sentence.marks(at, "and", "comma") for at in between)
    if joined and all(sentence.marks(at, "and", "comma", "of") for at in between):
        grade, sign, by = graded.graded
        own = end_of(other, sign, grade, by=by)  # "the lowest volatility and drawdown": each by its own sense
        if own is not None:
            other.ended, other.grade_before, other.negated = True, graded.grade_before, graded.negated
            other.graded, other.sign = graded.graded, own if graded.sign else 0


def _figures(sentence: Sentence) -> Iterator[_Found]:
    """Yield the metrics that are named, with their ends if they have any."""
    strong = any(slot.is_strong and not slot.dropped for slot in sentence.slots.values())
    for slot in sentence.slots.values():
        left_out = (
            slot.dropped
            or slot.quoted
            or (slot.bound and not slot.ended)
            or (slot.noun.weak and strong and not slot.ended)
        )
        if not left_out:
            sign = slot.sign or _own_end(sentence, slot)
            if slot.grade_before and is_of_one(sentence, slot.at):
                sign = 0
            of_metric = slot.metric != OVERALL
            judged = (
                slot.ended and not slot.sign and of_metric and METRICS[slot.metric].direction == "neither"
            )
            yield _Found(slot.at, slot.metric, sign, slot.negated, slot.ended, judged=judged)


def _own_end(sentence: Sentence, slot: Slot) -> Sign:
    """Return the end in a metric's own words if it is asked who has it: "which has the longest drawdown"."""
    if not slot.noun.own or any(each.ended for each in sentence.slots.values()):
        return 0
    asked = any(sentence.marks(at, "which") and sentence.tokens[at].text in _WHO for at in range(slot.at))
    named = any(isinstance(token.term, Named) for token in sentence.tokens)
    if named or not (asked or (sentence.korean and sentence.marks(slot.at + 1, "head"))):
        return 0
    return 1 if slot.noun.own * slot.noun.sense > 0 else -1


def _criteria(found: Iterable[_Found]) -> tuple[Criterion, ...]:
    """Return each metric once for each of its ends; without one only if no mention of it has one."""
    every = list(found)
    ended = {each.metric for each in every if each.sign}
    judged = {each.metric for each in every if each.judged}
    criteria = (
        Criterion(each.metric, _ENDS[each.sign], each.negated, not each.sign and each.metric in judged)
        for each in every
        if each.sign or each.metric not in ended
    )
    return tuple(dict.fromkeys(criteria))

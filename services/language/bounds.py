"""Thresholds at a number: which metric it bounds, and how."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from backchat_contracts import METRICS
from services.language.counting import YEAR
from services.language.question import Bound, Relation, Threshold
from services.language.scanning import SIGNS
from services.language.sentence import Sentence, Slot
from services.language.terms import (
    OVERALL,
    Degree,
    Grade,
    Limit,
    Mark,
    Named,
    Noun,
    Number,
    Token,
    Trait,
    Word,
)
from services.language.vocabulary.magnitudes import MAGNITUDES

_RELATIONS: Final[dict[tuple[int, bool], Relation]] = {
    (1, False): "above",
    (1, True): "at_least",
    (-1, False): "below",
    (-1, True): "at_most",
}
_WHOLE_PERCENT: Final = 1
"""From here on, a number without a unit is a percentage where the metric is a fraction."""
_OF_SIZE: Final = ("크", "큰", "커", "컸", "작", "깊", "얕", "심")
"""How Korean grades begin that are of the size of a loss, not of its stored value, which is negative."""
_AS_SHOWN: Final = 0.005
"""What a value may differ by from one that is shown with two digits."""
_DURATION: Final = "longest_drawdown"
_POINTS: Final = frozenset({"points", "point", "percentage", "pp", "times", "as"})
_OF_ANOTHER: Final = frozenset({Mark("of"), Mark("than")})
_NEAREST: Final = 5
_OF_TIME: Final = frozenset({"days", "time"})
_IN_DAYS: Final = frozenset({"max_drawdown", "time_under_water"})
"""What a bound in days makes the longest drawdown: "under water for less than 100 days"."""


def thresholds(sentence: Sentence) -> Iterator[tuple[int, Threshold]]:
    """Yield the thresholds, each with its place; their metrics and tokens are noted in the sentence."""
    last: tuple[Slot, int] | None = None
    for at, token in enumerate(sentence.tokens):
        if isinstance(token.term, Number) and at not in sentence.used:
            bounds = _bounds(sentence, at, token.term)
            slot = _bounded(sentence, bounds, last) if bounds else None
            if slot is None and sentence.slots and bounds and _is_loss(bounds):
                loss = Slot(at, Noun("max_drawdown", sense=-1), "max_drawdown")
                yield from ((at, _threshold(bound, loss)) for bound in bounds)
                sentence.used.update(place for bound in bounds for place in range(bound.start, bound.stop))
            if slot is not None:
                if _is_negated(sentence, slot, bounds[0]):
                    bounds = [replace(bound, limit=flipped(bound.limit)) for bound in bounds]
                for bound in bounds:
                    yield at, _threshold(bound, slot)
                    sentence.used.update(range(bound.start, bound.stop))
                slot.bound = True
                last = slot, bounds[0].stop


def bare_bounds(sentence: Sentence) -> tuple[Bound, ...]:
    """Return the bounds of a question that names no metric: "1 넘는 건?", "any above 20 %?"."""
    if sentence.slots:
        return ()
    return tuple(
        bound
        for at, token in enumerate(sentence.tokens)
        if isinstance(token.term, Number)
        if at not in sentence.used and not isinstance(sentence.term(at - 1), Word)  # "SMA 10 to 50"
        for bound in _bounds(sentence, at, token.term)
    )


def bounds_of(metric: str, bounds: Sequence[Bound]) -> tuple[Threshold, ...]:
    """Return bounds as those of a metric; none where their unit does not fit."""
    slot = Slot(0, Noun(metric, -1 if metric in MAGNITUDES else 1), metric)
    fits = _fits(slot, list(bounds))
    percent = all(each.number.unit != "percent" or METRICS[metric].unit == "fraction" for each in bounds)
    return tuple(_threshold(each, slot) for each in bounds) if fits and percent else ()


def _is_loss(bounds: Sequence[Bound]) -> bool:
    """Whether bounds are negative, as a drawdown is, and no Sharpe ratio: "within -45 %, by Sharpe"."""
    return all(bound.number.unit == "percent" and bound.number.value < 0 for bound in bounds)


def is_scaled(tokens: Sequence[Token], *, korean: bool) -> bool:
    """Tell whether a figure is compared with a share or multiple of a strategy's: "half of RSI's"."""
    return any(
        isinstance(token.term, Number) and (_scales_in_korean if korean else _scales)(tokens, at, token.term)
        for at, token in enumerate(tokens)
    )


def _scales_in_korean(tokens: Sequence[Token], at: int, number: Number) -> bool:
    before = tokens[at - 1].term if at else None
    named = any(isinstance(token.term, Named) for token in tokens[max(0, at - 4) : at])
    part = number.unit == "multiple" or tokens[at].text in {"절반", "반"}
    following = tokens[at + 1].term if at + 1 < len(tokens) else None
    multiple = number.unit == "multiple" and not isinstance(following, Noun)
    compared = multiple or isinstance(following, Limit | Grade)
    of_another = (before == Mark("of") and part) or (before == Mark("than") and bool(number.unit))
    return named and compared and of_another


def _scales(tokens: Sequence[Token], at: int, number: Number) -> bool:
    """Whether only words of a comparison lead from a number to a name: "5 points worse than RSI's"."""
    part = number.unit in {"multiple", "times"} or tokens[at].text == "half"
    compared = False
    for place, each in enumerate(each for each in tokens[at + 1 :] if each.term != Mark("filler")):
        if isinstance(each.term, Named):
            return (part or compared) and place <= _NEAREST
        part = part or (each.text in _POINTS and each.text != "as")
        compared = compared or (each.term == Mark("than") and number.unit == "percent")
        linked = isinstance(each.term, Grade | Trait | Degree | Noun) or each.term in _OF_ANOTHER
        if not (linked or each.text in _POINTS):
            return False
    return False


def is_excepted(sentence: Sentence, start: int, stop: int) -> bool:
    """Whether those within a bound are ruled out: "except those with ...", "1 이하가 아닌"."""
    while sentence.marks(start - 1, "head", "which", "of") or _leads(sentence, start - 1):
        start -= 1
    while sentence.marks(stop, "head"):
        stop += 1
    return sentence.marks(start - 1, "except") or sentence.marks(stop, "ruled out")


def _leads(sentence: Sentence, at: int) -> bool:
    """Whether a word stands for strategies of which more is said: "everything under 10 %", "those that"."""
    return sentence.term(at) is not None and sentence.tokens[at].text in {"everything", "everyone", "that"}


def _is_negated(sentence: Sentence, slot: Slot, bound: Bound) -> bool:
    before = slot.at - 1  # "never lost more than 10 %", "no drawdown above 20 %"
    never = not sentence.korean and (sentence.marks(before, "not") or _is(sentence, before, "no"))
    return never or is_excepted(sentence, min(slot.at, bound.start), bound.stop)


def _bounds(sentence: Sentence, at: int, number: Number) -> list[Bound]:
    """Return the bounds that a number belongs to: one, two for a range, or none."""
    before = sentence.term(at - 1) if at - 1 not in sentence.used else None
    after = sentence.term(at + 1)
    start = at - 1 if isinstance(before, Limit) else at
    if isinstance(after, Limit) and sentence.tokens[at + 1].text not in SIGNS:
        negated = sentence.marks(at + 2, "negated")
        return [Bound(number, flipped(after) if negated else after, start, at + 2 + negated)]
    if isinstance(before, Limit):
        negated = sentence.marks(at - 2, "not") or _is(sentence, at - 2, "but not")
        return [Bound(number, flipped(before) if negated else before, start - negated, at + 1)]
    if isinstance(after, Limit):  # "0.5 < Sharpe"
        return [Bound(number, replace(after, sign=-1 if after.sign > 0 else 1), at, at + 2)]
    if sentence.marks(at + 1, "than"):
        return _compared(sentence, at, number)
    return _range(sentence, at, number) or _equal(sentence, at, number)


def _equal(sentence: Sentence, at: int, number: Number) -> list[Bound]:
    """Read a value that those asked for have: "any with a 100 % win rate", "승률 100%인 전략"."""
    terms = [token.term for token in sentence.tokens]
    headed = sentence.marks(at + 1, "head") if sentence.korean else Mark("head") in terms
    asks = headed or Mark("which") in terms
    of_one = any(isinstance(each, Named | Grade | Limit) for each in terms)
    beside = (at + 1, at - 2 if sentence.marks(at - 1, "of") else at - 1)
    slot = next((sentence.slots[place] for place in beside if place in sentence.slots), None)
    written = sentence.tokens[at].text
    if number.value == 0 or not written[0].isdigit() or YEAR.fullmatch(written):
        return []
    supposed = isinstance(sentence.term(at + 1), Word)  # "거래가 2번뿐이면"
    if not asks or of_one or supposed or slot is None or slot.metric == OVERALL:
        return []
    near = _AS_SHOWN / 100 if number.unit == "percent" else _AS_SHOWN
    low, high = (replace(number, value=number.value + by) for by in (-near, near))
    limits = Limit(1, inclusive=True), Limit(-1, inclusive=True)
    return [Bound(low, limits[0], at, at + 1), Bound(high, limits[1], at, at + 1)]


def _range(sentence: Sentence, at: int, number: Number) -> list[Bound]:
    """Read "10 to 20 %"."""
    other = sentence.term(at + 2)
    joined = sentence.marks(at + 1, "range", "and") and sentence.tokens[at + 1].text != "/"
    joined = joined and not isinstance(sentence.term(at + 3), Limit)
    if not joined or not isinstance(other, Number):
        return []
    low = number.value / 100 if (number.unit, other.unit) == ("", "percent") else number.value
    return [
        Bound(Number(low, other.unit), Limit(1, inclusive=True), at, at + 3),
        Bound(other, Limit(-1, inclusive=True), at, at + 3),
    ]


def _compared(sentence: Sentence, at: int, number: Number) -> list[Bound]:
    """Read "1보다 큰"."""
    stop = at + 2
    sign = 1
    while isinstance(degree := sentence.term(stop), Degree):
        sign *= degree.sign
        stop += 1
    grade = sentence.term(stop)
    if not isinstance(grade, Grade):
        return []
    beyond = sentence.tokens[stop].text.startswith(_OF_SIZE)
    limit = Limit(1 if sign * grade.sign > 0 else -1, scale=grade.scale, beyond=beyond)
    negated = sentence.marks(stop + 1, "negated")
    return [Bound(number, flipped(limit) if negated else limit, at, stop + 1 + negated)]


def relation_of(limit: Limit) -> Relation:
    """Return what a value has to be to a number to be within a bound."""
    return _RELATIONS[1 if limit.sign > 0 else -1, limit.inclusive]


def _is(sentence: Sentence, at: int, text: str) -> bool:
    return sentence.term(at) is not None and sentence.tokens[at].text == text


def flipped(limit: Limit) -> Limit:
    """Return the bound that all others are within."""
    return replace(limit, sign=-1 if limit.sign > 0 else 1, inclusive=not limit.inclusive)


def _bounded(sentence: Sentence, bounds: list[Bound], last: tuple[Slot, int] | None) -> Slot | None:
    """Return the metric that a number bounds: the one beside it, else the nearest before or after it.

    A second bound directly after the `last` one is of the same metric: "above 0.5 but below 1.2".
    """
    if not sentence.slots:
        return None
    start, stop = bounds[0].start, bounds[0].stop
    beside = start - 2 if sentence.marks(start - 1, "of") else start - 1
    if last is not None and _goes_on(sentence, last, start, stop):
        return last[0]
    graded = isinstance(sentence.term(beside - 1), Grade) and _fits_at(sentence, stop, bounds)
    if graded:  # "the highest return under 12 % drawdown"
        beside = stop
    places = [beside, stop, *sentence.back(start), *sentence.onward(stop)]
    if sentence.marks(beside - 1, "by"):  # "by CAGR with at most 10 trades"
        places = [stop, *places]
    if sentence.korean:
        places = [*sentence.back(start), *sentence.onward(stop)]
    slots = [slot for at in places if (slot := sentence.slots.get(at)) and _fits(slot, bounds)]
    if _is_loss(bounds):  # those within -40 %, by return
        slots = [slot for slot in slots if not _orders(sentence, slot, stop)]
    return next((slot for slot in slots if not slot.noun.weak), next(iter(slots), None))


def _orders(sentence: Sentence, slot: Slot, stop: int) -> bool:
    """Whether a metric is asked of those within a bound that ends at a place, and not bounded by it."""
    if sentence.korean:  # "-40% 이내인 전략만 수익률순으로"
        return slot.at > stop and sentence.marks(stop, "head")
    return sentence.marks(slot.at - 1, "by")


def _goes_on(sentence: Sentence, last: tuple[Slot, int], start: int, stop: int) -> bool:
    """Whether a bound is the second one of a metric: not the first of another that follows it."""
    slot, end = last
    if slot.at == start - 1:  # "0.5 < Sharpe < 1.2"
        return True
    follows = stop if not sentence.korean else stop + 1 if sentence.marks(stop, "of") else -1
    between = range(end, start)
    other = sentence.slots.get(follows)
    return (other is None or other.bound) and all(
        sentence.marks(at, "and", "comma", "break", "range", "head") for at in between
    )


def _fits_at(sentence: Sentence, at: int, bounds: list[Bound]) -> bool:
    slot = sentence.slots.get(at)
    return slot is not None and _fits(slot, bounds)


def _fits(slot: Slot, bounds: list[Bound]) -> bool:
    if slot.bound or slot.metric == OVERALL or (slot.noun.sense < 0 and slot.metric == "volatility"):
        return False
    if METRICS[slot.metric].unit != "fraction" and _is_loss(bounds):
        return False
    return all(bound.number.unit not in _OF_TIME or _measured(slot, bound) == _DURATION for bound in bounds)


def _measured(slot: Slot, bound: Bound) -> str:
    """Return the metric that a bound is about: that of a drawdown in days is its duration."""
    of_days = bound.number.unit in _OF_TIME or bound.limit.scale == "length"
    return _DURATION if of_days and slot.metric in _IN_DAYS else slot.metric


def _threshold(bound: Bound, slot: Slot) -> Threshold:
    metric = _measured(slot, bound)
    slot.metric = metric
    value = in_unit(bound.number, metric)
    if slot.noun.sense < 0 and metric == "total_return":  # "lost -30 % or more" is no gain
        value = abs(value)
    sense = slot.noun.sense if metric != _DURATION and value > 0 else 1
    sign = bound.limit.sign * (slot.noun.sense if bound.limit.beyond and metric != _DURATION else sense)
    if bound.limit.scale == "quality":
        sign = bound.limit.sign * (-1 if METRICS[metric].direction == "lower_is_better" else 1)
    return Threshold(metric, _RELATIONS[1 if sign > 0 else -1, bound.limit.inclusive], sense * value)


def in_unit(number: Number, metric: str) -> float:
    """Return a number as a value of a metric: 20 % is 0.2, twice the money a return of 1."""
    if number.unit == "multiple":  # twice the money is a return of 100 %
        return number.value - 1 if metric == "total_return" else number.value
    plain = number.unit != "percent" and abs(number.value) >= _WHOLE_PERCENT
    return number.value / 100 if plain and METRICS[metric].unit == "fraction" else number.value

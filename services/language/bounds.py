"""Thresholds: which number bounds which metric, and how."""

from dataclasses import dataclass, replace
from typing import Final

from backchat_contracts import METRICS
from services.language.question import Relation, Threshold
from services.language.sentence import Sentence, Slot
from services.language.terms import OVERALL, Degree, Grade, Limit, Number

_RELATIONS: Final[dict[tuple[int, bool], Relation]] = {
    (1, False): "above",
    (1, True): "at_least",
    (-1, False): "below",
    (-1, True): "at_most",
}
_WHOLE_PERCENT: Final = 1
"""From here on, a number without a unit is a percentage where the metric is a fraction."""
_OF_SIZE: Final = ("크", "큰", "커", "컸", "작", "깊", "얕")
"""How Korean grades begin that are of the size of a loss, not of its stored value, which is negative."""
_DURATION: Final = "longest_drawdown"


@dataclass(frozen=True, slots=True)
class _Bound:
    """A number with its limit, and the places of its first token and after its last one."""

    number: Number
    limit: Limit
    start: int
    stop: int


def thresholds(sentence: Sentence) -> tuple[Threshold, ...]:
    """Return the thresholds in order of mention; their metrics and tokens are noted in the sentence."""
    found = []
    for at, token in enumerate(sentence.tokens):
        if isinstance(token.term, Number) and at not in sentence.used and token.term.unit != "time":
            bounds = _bounds(sentence, at, token.term)
            slot = _bounded(sentence, bounds) if bounds else None
            if slot is not None:
                if not sentence.korean and sentence.marks(slot.at - 1, "not"):  # "never lost more than 10 %"
                    bounds = [replace(bound, limit=_flipped(bound.limit)) for bound in bounds]
                found += [_threshold(bound, slot) for bound in bounds]
                slot.bound = True
                for bound in bounds:
                    sentence.used.update(range(bound.start, bound.stop))
    return tuple(found)


def _bounds(sentence: Sentence, at: int, number: Number) -> list[_Bound]:
    """Return the bounds that a number belongs to: one, two for a range, or none."""
    before, after = sentence.term(at - 1), sentence.term(at + 1)
    start = at - 1 if isinstance(before, Limit) else at
    if isinstance(after, Limit):
        flipped = sentence.marks(at + 2, "negated")
        return [_Bound(number, _flipped(after) if flipped else after, start, at + 2 + flipped)]
    if isinstance(before, Limit):
        flipped = sentence.marks(at - 2, "not")
        return [_Bound(number, _flipped(before) if flipped else before, start - flipped, at + 1)]
    if sentence.marks(at + 1, "than"):
        return _compared(sentence, at, number)
    other = sentence.term(at + 2)
    if sentence.marks(at + 1, "range", "and") and isinstance(other, Number):
        if isinstance(sentence.term(at + 3), Limit):
            return []
        low = number.value / 100 if (number.unit, other.unit) == ("", "percent") else number.value
        return [
            _Bound(Number(low, other.unit), Limit(1, inclusive=True), at, at + 3),
            _Bound(other, Limit(-1, inclusive=True), at, at + 3),
        ]
    return []


def _compared(sentence: Sentence, at: int, number: Number) -> list[_Bound]:
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
    flipped = sentence.marks(stop + 1, "negated")
    return [_Bound(number, _flipped(limit) if flipped else limit, at, stop + 1 + flipped)]


def _flipped(limit: Limit) -> Limit:
    return replace(limit, sign=-1 if limit.sign > 0 else 1, inclusive=not limit.inclusive)


def _bounded(sentence: Sentence, bounds: list[_Bound]) -> Slot | None:
    """Return the metric that a number bounds: the one beside it, else the nearest before or after it."""
    start, stop = bounds[0].start, bounds[0].stop
    beside = start - 2 if sentence.marks(start - 1, "of") else start - 1
    places = [beside, stop, *sentence.back(start), *sentence.onward(stop)]
    if sentence.korean:
        places = [*sentence.back(start), *sentence.onward(stop)]
    slots = [slot for at in places if (slot := sentence.slots.get(at)) and _fits(slot, bounds)]
    return next((slot for slot in slots if not slot.noun.weak), next(iter(slots), None))


def _fits(slot: Slot, bounds: list[_Bound]) -> bool:
    if slot.bound or slot.metric == OVERALL or (slot.noun.sense < 0 and slot.metric == "volatility"):
        return False
    return all(bound.number.unit != "days" or _measured(slot, bound) == _DURATION for bound in bounds)


def _measured(slot: Slot, bound: _Bound) -> str:
    """Return the metric that a bound is about: that of a drawdown in days is its duration."""
    of_days = bound.number.unit == "days" or bound.limit.scale == "length"
    return _DURATION if of_days and slot.metric == "max_drawdown" else slot.metric


def _threshold(bound: _Bound, slot: Slot) -> Threshold:
    metric = _measured(slot, bound)
    slot.metric = metric
    value = _in_unit(bound.number, metric)
    sense = slot.noun.sense if metric != _DURATION and value > 0 else 1
    sign = bound.limit.sign * (slot.noun.sense if bound.limit.beyond and metric != _DURATION else sense)
    if bound.limit.scale == "quality":
        sign = bound.limit.sign * (-1 if METRICS[metric].direction == "lower_is_better" else 1)
    return Threshold(metric, _RELATIONS[1 if sign > 0 else -1, bound.limit.inclusive], sense * value)


def _in_unit(number: Number, metric: str) -> float:
    plain = number.unit != "percent" and abs(number.value) >= _WHOLE_PERCENT
    return number.value / 100 if plain and METRICS[metric].unit == "fraction" else number.value

"""What a text asks of the answer before: another place or end, the others, why, how sure it is."""

from dataclasses import replace
from typing import Final

from backchat_contracts import METRICS
from services.language.question import Continuation, Criterion, End, Question, Relation
from services.language.vocabulary.magnitudes import MAGNITUDES

_OTHER: Final[dict[End | None, End | None]] = {"highest": "lowest", "lowest": "highest", None: None}
_NOT: Final[dict[Relation, Relation]] = {
    "above": "at_most",
    "at_most": "above",
    "below": "at_least",
    "at_least": "below",
}
OF_AN_ANSWER: Final = frozenset({"period", "windows", "why", "certainty"})
_OF_OTHERS: Final = frozenset({"again", "who", "opposite", "best", "worst", "next", "place", "degree"})
"""What is asked of all, where the question before was of one beside all: "is A the highest?", "who is?"."""


def continued(question: Question, earlier: Question, meant: Continuation) -> Question:
    """Return what is asked of the answer to an earlier question."""
    beyond = None if earlier.beyond in OF_AN_ANSWER else earlier.beyond
    beyond = "period" if question.same_window else beyond  # there was no window before
    window = question.window or earlier.window
    unresolved = earlier.unresolved if earlier.named else ()
    base = replace(earlier, unread=(), unresolved=unresolved, unknown=(), beyond=beyond, window=window)
    base = replace(base, whether=question.whether, excluded=all_of(base.excluded, question.excluded))
    if _is_beside_all(earlier) and meant.kind in _OF_OTHERS:
        base = replace(base, named=(), claimed=None, beyond=question.beyond)
    match meant.kind:
        case "why" | "certainty":
            of_one = meant.number > 1 and len(base.named) == 1  # a difference is of several
            return replace(base, beyond=meant.kind, named=() if of_one else base.named)
        case "opposite" | "unit" | "metric":
            return _otherwise(base, meant.kind, question.criteria)
        case "beyond":
            return _beyond(base, question, large=meant.number > 0)
        case "others":
            return _the_others(base)
        case "again" | "who":
            if meant.kind == "who" and earlier.whether == "all" and base.thresholds:
                base = _the_others(base)  # "not all" was the answer: it is asked which are not
            return base if _has_an_end(base) or base.thresholds else from_the(base, "highest")
    if meant.kind == "degree" and not question.whether and not base.yardsticks:
        base = replace(base, named=())  # "제일 많이 낸 건?", after what one has paid
    alone = len(base.named) == 1 and not (base.yardsticks or question.whether)  # it has no other places
    placed = _at_a_place(replace(base, count=None, asks_rank=False), meant)
    return replace(question, window=window) if alone else placed


def _the_others(base: Question) -> Question:
    """Return the question for those that it was not about, or that do not meet its bounds."""
    excluded = base.named if len(base.named) == 1 else base.excluded
    rest = replace(base, named=(), yardsticks=(), excluded=excluded, unresolved=())
    if base.thresholds:
        turned = tuple(replace(each, relation=_NOT[each.relation]) for each in base.thresholds)
        rest = replace(rest, thresholds=turned, either=len(turned) > 1 and not base.either)
    return replace(rest, rank=None, count=None, asks_rank=False)


def _is_beside_all(question: Question) -> bool:
    """Tell whether the only strategy that a question names is at an end of all: "is A the highest?"."""
    return len(question.named) == 1 and _has_an_end(question) and not question.overview


def _beyond(base: Question, question: Question, *, large: bool) -> Question:
    """Return the question for those on one side of its bound: "everything shallower than that"."""
    if len(base.thresholds) != 1:
        return question
    (bound,) = base.thresholds
    above = large != (bound.metric in MAGNITUDES)
    turned = above != (bound.relation in {"above", "at_least"})
    bounds = (replace(bound, relation=_NOT[bound.relation]),) if turned else base.thresholds
    return replace(base, thresholds=bounds, criteria=(), rank=None, count=None)


def _at_a_place(question: Question, meant: Continuation) -> Question:
    """Return the question for another place in its order, or by another end of its metrics."""
    first = replace(question, rank=None, overview=False)
    match meant.kind:
        case "best" | "worst":
            return from_the(first, "highest" if meant.kind == "best" else "lowest")
        case "degree":
            return _of_degree(first, large=meant.number > 0)
    ordered = first if _has_an_end(first) else from_the(first, "highest")
    place = (question.rank or 1) + 1 if meant.kind == "next" else meant.number
    if place < 0:
        return _turned(ordered)
    return replace(ordered, rank=place if place > 1 else None)


def _of_degree(question: Question, *, large: bool) -> Question:
    """Return the question for the large or the small end of its first metric: "제일 작은 건?"."""
    criteria, bounds = question.criteria, question.thresholds
    for metric in (*(each.metric for each in criteria), *(each.metric for each in bounds)):
        end: End = "highest" if large != (metric in MAGNITUDES) else "lowest"
        return replace(question, criteria=(Criterion(metric, end),), overall=False, overall_ends=())
    return question


def _otherwise(question: Question, kind: str, criteria: tuple[Criterion, ...]) -> Question:
    """Return the question from the other end, about the unit of its figure, or by other metrics."""
    match kind:
        case "opposite":
            return _turned(question)
        case "unit":
            return _meaning_of(question)
    return _by_others(question, criteria)


def _meaning_of(question: Question) -> Question:
    """Return the question for what the metrics of one mean, and so in which unit they are."""
    criteria = (*(each.metric for each in question.criteria), *(each.metric for each in question.thresholds))
    metrics = dict.fromkeys(criteria)
    return Question(criteria=tuple(map(Criterion, metrics)), beyond="meaning" if metrics else None)


def _by_others(question: Question, criteria: tuple[Criterion, ...]) -> Question:
    """Return the question by other metrics: from the good end, or the bad one, as it was asked."""
    first = next((each for each in question.criteria if each.end), None)
    good = question.overall_end if first is None else end_of(first.metric, first.end or "highest")
    by = replace(
        question, criteria=criteria, overall=False, overall_ends=(), overall_end=None, overview=False
    )
    return from_the(by, good) if good and not all(each.end for each in criteria) else by


def _has_an_end(question: Question) -> bool:
    return question.overall or any(each.end for each in question.criteria)


def from_the(question: Question, good: End) -> Question:
    """Return the question for the good end of its metrics (`highest`), or the bad one."""
    criteria = tuple(
        replace(each, end=end_of(each.metric, good), negated=False) for each in question.criteria
    )
    if criteria:
        return replace(question, criteria=criteria)
    return replace(question, overall=True, overall_end=good, overall_ends=(good,), overall_negated=False)


def end_of(metric: str, good: End) -> End | None:
    match METRICS[metric].direction:
        case "higher_is_better":
            return good
        case "lower_is_better":
            return _OTHER[good]
    return None


def _turned(question: Question) -> Question:
    """Return the question for the other end of each metric."""
    criteria = tuple(replace(each, end=_OTHER[each.end]) for each in question.criteria)
    ends: tuple[End, ...] = tuple(
        each for end in question.overall_ends or ("highest",) if (each := _OTHER[end])
    )
    if not question.overall:
        return replace(question, criteria=criteria)
    return replace(question, criteria=criteria, overall_end=ends[0], overall_ends=ends)


def all_of(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return (*one, *(each for each in other if each not in one))

"""Questions that continue the one before: "and in 2013?", "그 반대는?", "why?", "the second?"."""

from dataclasses import replace
from typing import Final

from backchat_contracts import METRICS
from services.language.asked_settings import CONDITIONS
from services.language.bounds import bounds_of
from services.language.question import Continuation, Criterion, End, Question, Relation
from services.language.vocabulary.magnitudes import MAGNITUDES
from services.language.window import Window

_OTHER: Final[dict[End | None, End | None]] = {"highest": "lowest", "lowest": "highest", None: None}
_NOT: Final[dict[Relation, Relation]] = {
    "above": "at_most",
    "at_most": "above",
    "below": "at_least",
    "at_least": "below",
}
_BEYOND_TIME: Final = frozenset({None, "period", "windows"})
_OF_AN_ANSWER: Final = frozenset({"period", "windows", "why", "certainty"})


def is_incomplete(question: Question) -> bool:
    """Tell whether a question has a meaning only after another one: "and in 2013?", "the opposite?"."""
    part = question.timing and question.timing.part
    if question.continuation or part or (question.bare and not question.asks):
        return True
    about_time = question.window or question.months or question.same_window or question.shift
    is_of_time = question.beyond in {None, "period"} and not question.unresolved
    return bool(about_time) and not question.asks and is_of_time


def following(question: Question, earlier: Question, *, goes_on: bool, by: bool = False) -> Question:
    """Return what a question asks after an earlier one.

    What it lacks is that of the earlier one. A whole question keeps the window alone, and that only if it
    names no strategy, or says that it goes on (`goes_on`): "그럼 RSI 수익률은?". One that says by which
    metric (`by`) keeps what is asked for of the order: "and by Sharpe?" after "top 3 by return".
    """
    if earlier.asks:
        earlier = replace(earlier, continuation=None)
    question = in_its_window(question, earlier)
    if question.continuation and earlier.asks:
        return _continued(question, earlier, question.continuation)
    if question.settings and question.settings.is_of_before and earlier.beyond == "settings":
        before = earlier.settings.settings if earlier.settings else CONDITIONS
        settings = replace(question.settings, settings=before)
        return Question(named=question.named, beyond="settings", settings=settings)
    if question.continuation or (question.unresolved and not (question.named or question.asks)):
        return question  # nothing was asked before, or it is of a strategy that there is not
    lacks_window = question.window is None and question.beyond != "period"
    window = earlier.window if lacks_window else question.window
    if other := _of_the_metric(question, earlier, goes_on=goes_on, by=by):
        return replace(other, window=window)
    asks = question.asks and not (goes_on and question.overview)  # "what about RSI?"
    if asks or question.beyond not in _BEYOND_TIME:
        keeps = goes_on or not question.named
        return replace(question, window=window) if keeps else question
    return _with_what_it_lacks(question, earlier, window)


def _with_what_it_lacks(question: Question, earlier: Question, window: Window | None) -> Question:
    """Return a question that asks nothing but of other strategies, or another time, as the earlier one."""
    if not (question.named or question.window or question.beyond):
        return question
    base = _of_others(earlier, question.named) if question.named else earlier
    return replace(
        base,
        settings=base.settings and replace(base.settings, alike=None, said=None),
        window=window,
        excluded=question.excluded or base.excluded,
        unread=question.unread,
        unresolved=question.unresolved or (base.unresolved if base.named and not question.named else ()),
        beyond=question.beyond or (None if base.beyond in {"period", "windows"} else base.beyond),
    )


def of_one(question: Question, strategy_id: str) -> Question:
    """Return a question as one about a strategy, whose figures are asked for: it has no places and ends."""
    if question.named or not (question.rank or question.count or question.thresholds):
        return question
    if question.rank or question.count:
        criteria = tuple(dict.fromkeys(Criterion(each.metric) for each in question.criteria))
        question = replace(
            question, criteria=criteria, overall_end=None, overall_ends=(), overview=not criteria
        )
    return replace(question, named=(strategy_id,), rank=None, count=None)


def _of_the_metric(question: Question, earlier: Question, *, goes_on: bool, by: bool) -> Question | None:
    """Return a question that lacks its metric, or all but that, with what an earlier one asks; else None."""
    if question.bare and not question.asks:
        return _within(question, earlier)
    if by and is_plain(question) and earlier.asks and not _is_figure(earlier):
        return _by_another(earlier, question)
    placed = (question.count or question.rank) and question.overall_end
    if goes_on and placed and earlier.criteria and not (question.criteria or question.named):
        ordered = _from_the(earlier, question.overall_end or "highest")  # "then the bottom 2?"
        return replace(ordered, count=question.count, rank=question.rank, unread=question.unread)
    return None


def _within(question: Question, earlier: Question) -> Question | None:
    """Return the question for those within bounds on the metric of an earlier one."""
    metrics = [*(each.metric for each in earlier.criteria), *(each.metric for each in earlier.thresholds)]
    bounds = bounds_of(metrics[0], question.bare) if metrics else ()
    if not bounds:
        return None
    unread = tuple(each for each in question.unread if not each[:1].isdigit())
    named = question.named or earlier.named
    return replace(question, thresholds=bounds, bare=(), named=named, unread=unread)


def is_plain(question: Question) -> bool:
    """Tell whether a question names metrics and nothing else."""
    ended = any(each.end or each.negated or each.judged for each in question.criteria)
    more = (question.named, question.thresholds, question.count, question.rank, question.excluded)
    beside = (question.unresolved, question.relation, question.unknown, question.asks_rank)
    return bool(question.criteria) and not ended and not any((*more, *beside))


def _is_figure(question: Question) -> bool:
    return len(question.named) == 1 and not question.yardsticks


def _by_another(earlier: Question, question: Question) -> Question:
    """Return an earlier question by other metrics: the same places, from the same end."""
    (first, *_) = earlier.criteria or (None,)
    end = earlier.overall_end if first is None else first.end
    bad = end is not None and end != (_end_of(first.metric, "highest") or "highest" if first else "highest")
    side: End = "lowest" if bad else "highest"
    criteria = tuple(replace(each, end=_end_of(each.metric, side)) for each in question.criteria)
    metric = criteria[0].metric
    alike = all(METRICS[each.metric].unit == METRICS[metric].unit for each in earlier.thresholds)
    bounds = tuple(replace(each, metric=metric) for each in earlier.thresholds) if alike else ()
    only_bounds = bool(bounds) and not (earlier.criteria or earlier.overall)
    return replace(
        earlier,
        criteria=() if only_bounds else criteria,
        overall=False,
        thresholds=bounds or earlier.thresholds,
        unread=question.unread,
        unknown=(),
        beyond=question.beyond,
    )


def _meaning_of(question: Question) -> Question:
    """Return the question for what the metrics of one mean, and so in which unit they are."""
    criteria = (*(each.metric for each in question.criteria), *(each.metric for each in question.thresholds))
    metrics = dict.fromkeys(criteria)
    return Question(criteria=tuple(map(Criterion, metrics)), beyond="meaning" if metrics else None)


def _continued(question: Question, earlier: Question, meant: Continuation) -> Question:
    """Return what is asked of the answer to an earlier question."""
    beyond = None if earlier.beyond in _OF_AN_ANSWER else earlier.beyond
    beyond = "period" if question.same_window else beyond  # there was no window before
    window = question.window or earlier.window
    unresolved = earlier.unresolved if earlier.named else ()
    base = replace(earlier, unread=(), unresolved=unresolved, unknown=(), beyond=beyond, window=window)
    base = replace(base, whether=question.whether)
    match meant.kind:
        case "why" | "certainty":
            of_one = meant.number > 1 and len(base.named) == 1  # a difference is of several
            return replace(base, beyond=meant.kind, named=() if of_one else base.named)
        case "opposite" | "unit" | "metric":
            return _otherwise(base, meant.kind, question.criteria)
        case "others":
            excluded = base.named if len(base.named) == 1 else base.excluded
            rest = replace(base, named=(), yardsticks=(), excluded=excluded, unresolved=())
            if base.thresholds:  # those that do not meet them
                turned = tuple(replace(each, relation=_NOT[each.relation]) for each in base.thresholds)
                rest = replace(rest, thresholds=turned, either=len(turned) > 1 and not base.either)
            return replace(rest, rank=None, count=None, asks_rank=False)
        case "again":
            return base if _has_an_end(base) or base.thresholds else _from_the(base, "highest")
    if meant.kind == "degree" and not question.whether and not base.yardsticks:
        base = replace(base, named=())  # "제일 많이 낸 건?", after what one has paid
    alone = len(base.named) == 1 and not base.yardsticks
    if alone and not question.whether:  # a figure of one has no other places
        return replace(question, window=window)
    return _at_a_place(replace(base, count=None, asks_rank=False), meant)


def _at_a_place(question: Question, meant: Continuation) -> Question:
    """Return the question for another place in its order, or by another end of its metrics."""
    first = replace(question, rank=None, overview=False)
    match meant.kind:
        case "best" | "worst":
            return _from_the(first, "highest" if meant.kind == "best" else "lowest")
        case "degree":
            return _of_degree(first, large=meant.number > 0)
    ordered = first if _has_an_end(first) else _from_the(first, "highest")
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


def _by_others(question: Question, criteria: tuple[Criterion, ...]) -> Question:
    """Return the question by other metrics: from the good end, or the bad one, as it was asked."""
    first = next((each for each in question.criteria if each.end), None)
    good = question.overall_end if first is None else _end_of(first.metric, first.end or "highest")
    by = replace(
        question, criteria=criteria, overall=False, overall_ends=(), overall_end=None, overview=False
    )
    return _from_the(by, good) if good and not all(each.end for each in criteria) else by


def _has_an_end(question: Question) -> bool:
    return question.overall or any(each.end for each in question.criteria)


def _from_the(question: Question, good: End) -> Question:
    """Return the question for the good end of its metrics (`highest`), or the bad one."""
    criteria = tuple(
        replace(each, end=_end_of(each.metric, good), negated=False) for each in question.criteria
    )
    if criteria:
        return replace(question, criteria=criteria)
    return replace(question, overall=True, overall_end=good, overall_ends=(good,), overall_negated=False)


def _end_of(metric: str, good: End) -> End | None:
    match METRICS[metric].direction:
        case "higher_is_better":
            return good
        case "lower_is_better":
            return _OTHER[good]
    return None


def in_its_window(question: Question, earlier: Question) -> Question:
    """Return a question with the window that it tells from the one before; where there is none, that is said.

    "That year", "in March", "the year after".
    """
    before = earlier.window
    if before is None:
        return question
    window = question.window
    if question.same_window:
        window = before.moved(question.shift) if question.shift else before
    elif question.shift:
        window = before.shifted(question.shift) or window
    elif question.months:
        window = before.part(question.months)
    if window is None or window is question.window:
        return question
    beyond = None if question.beyond == "period" else question.beyond
    return replace(question, window=window, same_window=False, shift=None, beyond=beyond)


def _turned(question: Question) -> Question:
    """Return the question for the other end of each metric."""
    criteria = tuple(replace(each, end=_OTHER[each.end]) for each in question.criteria)
    ends: tuple[End, ...] = tuple(
        each for end in question.overall_ends or ("highest",) if (each := _OTHER[end])
    )
    if not question.overall:
        return replace(question, criteria=criteria)
    return replace(question, criteria=criteria, overall_end=ends[0], overall_ends=ends)


def _of_others(question: Question, named: tuple[str, ...]) -> Question:
    """Return the question about these strategies; of a single one its figures are asked for, and no end."""
    if len(named) > 1:
        return replace(question, named=named, yardsticks=(), excluded=())
    if question.beyond == "settings":
        return Question(named=named, beyond="settings", settings=question.settings)
    criteria = tuple(dict.fromkeys(Criterion(each.metric) for each in question.criteria))
    return Question(
        criteria=criteria,
        overall=not criteria and not question.thresholds,
        overview=not criteria and not question.thresholds,
        thresholds=question.thresholds if not criteria else (),
        named=named,
        relation=question.relation,
        stake=question.stake,
    )

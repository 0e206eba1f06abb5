"""Questions that continue the one before: "and in 2013?", "그 반대는?", "why?", "the second?"."""

from dataclasses import dataclass, replace
from typing import Final, Literal

from backchat_contracts import METRICS
from services.language.asked_settings import CONDITIONS
from services.language.bounds import bounds_of
from services.language.continued import OF_AN_ANSWER, all_of, continued, end_of, from_the
from services.language.differences import by_the_same, of_both_orders
from services.language.question import Criterion, End, Question
from services.language.window import Window

_BEYOND_TIME: Final = frozenset({None, "period", "windows"})
_OF_MONEY: Final = frozenset({"total_return", "cagr"})


def is_incomplete(question: Question) -> bool:
    """Tell whether a question has a meaning only after another one: "and in 2013?", "the opposite?"."""
    part = question.timing and question.timing.part
    if question.continuation or part or (question.bare and not question.asks):
        return True
    if question.among:
        return True
    about_time = question.window or question.months or question.same_window or question.shift
    is_of_time = question.beyond in {None, "period"} and not question.unresolved
    return bool(about_time) and not question.asks and is_of_time


@dataclass(frozen=True, slots=True)
class Said:
    """What the words of a question say of the one before.

    Attributes:
        goes_on: it says that it goes on from it: "그럼 …", "and …".
        by: it says by which metric: "and by Sharpe?".
        by_how_much: it asks for the size of a difference: "그게 RSI보다 얼마나 작은데".
        side: on which side of a figure those are that it asks for: "anything deeper than RSI?".
        leaves_out: it leaves some out: "drop those below 1", after "rank them by return".
        of_a_set: it asks for strategies: "50퍼 넘는 애들 다 알려줘", after the figure of one.

    """

    goes_on: bool = False
    by: bool = False
    by_how_much: bool = False
    side: Literal[-1, 1] | None = None
    leaves_out: bool = False
    of_a_set: bool = False


def following(question: Question, earlier: Question, said: Said) -> Question:
    """Return what a question asks after an earlier one.

    What it lacks is that of the earlier one. A whole question keeps the window alone, and that only if it
    names no strategy, or says that it goes on: "그럼 RSI 수익률은?". One that says by which metric keeps
    what is asked for of the order, "and by Sharpe?" after "top 3 by return"; one for a difference is by the
    same metric.
    """
    if earlier.asks:
        earlier = replace(earlier, continuation=None)
    if earlier.beyond == "meaning" and not question.beyond:
        earlier = replace(earlier, beyond=None)  # the metric that was just explained
    if said.of_a_set and question.bare:
        earlier = replace(earlier, named=())
    question = in_its_window(question, earlier)
    if other := _of_the_answer(question, earlier):
        return other
    metrics = [*(each.metric for each in earlier.criteria), *(each.metric for each in earlier.thresholds)]
    of_money = bool(metrics) and metrics[0] in _OF_MONEY
    beats = question.yardsticks and question.overall and of_money  # "who lost money?", "did any beat RSI?"
    if said.by_how_much or beats or (question.yardsticks and said.side and not question.overall):
        question = by_the_same(question, earlier, said.side)
    lacks_window = question.window is None and question.beyond != "period"
    window = earlier.window if lacks_window else question.window
    if said.leaves_out and earlier.criteria and _only_bounds(question):
        bounds = (*earlier.thresholds, *question.thresholds)
        return replace(earlier, thresholds=bounds, whether=None, window=window, unread=question.unread)
    if other := _of_the_metric(question, earlier, goes_on=said.goes_on, by=said.by):
        return replace(other, window=window)
    asks = question.asks and not (said.goes_on and question.overview)  # "what about RSI?"
    if asks or question.beyond not in _BEYOND_TIME:
        if is_plain(question):  # "and volatility?" after "drop RSI"
            question = replace(question, excluded=earlier.excluded)
        keeps = said.goes_on or not question.named
        return replace(question, window=window) if keeps else question
    return _with_what_it_lacks(question, earlier, window)


def _only_bounds(question: Question) -> bool:
    """Tell whether a question names bounds and nothing else."""
    other = (question.criteria, question.overall, question.named, question.timing, question.whether)
    return bool(question.thresholds) and not any(other) and question.beyond in _BEYOND_TIME


def _of_the_answer(question: Question, earlier: Question) -> Question | None:
    """Return what a question asks of the answer to an earlier one, if that is what it is about."""
    if question.continuation and earlier.asks:
        return continued(question, earlier, question.continuation)
    if question.among and earlier.asks:
        return of_those_before(question, earlier)
    if question.settings and question.settings.is_of_before and earlier.beyond == "settings":
        before = earlier.settings.settings if earlier.settings else CONDITIONS
        settings = replace(question.settings, settings=before)
        return Question(named=question.named, beyond="settings", settings=settings)
    if question.continuation or (question.unresolved and not (question.named or question.asks)):
        return question  # nothing was asked before, or it is of a strategy that there is not
    return of_both_orders(question, earlier) if question.compares_orders else None


def _with_what_it_lacks(question: Question, earlier: Question, window: Window | None) -> Question:
    """Return a question that asks nothing but of other strategies, or another time, as the earlier one."""
    if not (question.named or question.window or question.beyond or question.excluded):
        return question
    base = _of_others(earlier, question.named) if question.named else without(earlier, question.excluded)
    return replace(
        base,
        settings=base.settings and replace(base.settings, alike=None, said=None),
        window=window,
        unread=question.unread,
        unresolved=question.unresolved or (base.unresolved if base.named and not question.named else ()),
        beyond=question.beyond or (None if base.beyond in {"period", "windows"} else base.beyond),
    )


def of_those_before(question: Question, earlier: Question) -> Question:
    """Return an earlier question about others of those spoken of, by the metrics that are named, if any."""
    kind = question.among.kind if question.among else None
    excluded = earlier.excluded
    if kind in {"all", "back"}:
        excluded = tuple(each for each in excluded if question.admitted and each not in question.admitted)
    base = replace(
        earlier,
        named=(*earlier.named, *question.admitted) if question.admitted and earlier.named else (),
        admitted=question.admitted,
        excluded=excluded,
        yardsticks=(),
        claimed=None,
        whether=None,
        unresolved=(),
        unread=question.unread,
        rank=None,
        count=earlier.count if kind in {"without", "back"} else None,
        beyond=question.beyond or (None if earlier.beyond in OF_AN_ANSWER | {"meaning"} else earlier.beyond),
        window=question.window or earlier.window,
    )
    if question.overall_end:  # "without it, who is best?" is by the same metric
        base = from_the(replace(base, beyond=None), question.overall_end)
    return _by_another(base, question) if question.criteria else base


def without(question: Question, excluded: tuple[str, ...]) -> Question:
    """Return a question about fewer strategies."""
    every = all_of(question.excluded, excluded)
    named = tuple(each for each in question.named if each not in every)
    return replace(question, excluded=every, named=named)


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
    bounded = tuple(dict.fromkeys(Criterion(each.metric) for each in earlier.thresholds))
    criteria = earlier.criteria or bounded
    if goes_on and placed and criteria and not (question.criteria or question.named):
        # "then the bottom 2?"
        ordered = from_the(replace(earlier, criteria=criteria), question.overall_end or "highest")
        return replace(ordered, count=question.count, rank=question.rank, unread=question.unread)
    both = len(question.overall_ends) > 1 and not (question.criteria or question.named or question.thresholds)
    if goes_on and both and criteria:  # "the best and the worst only"
        ends = (from_the(replace(earlier, criteria=criteria), end).criteria for end in question.overall_ends)
        return replace(earlier, criteria=tuple(each for end in ends for each in end), count=None, rank=None)
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
    bad = end is not None and end != (end_of(first.metric, "highest") or "highest" if first else "highest")
    side: End = "lowest" if bad else "highest"
    criteria = tuple(replace(each, end=end_of(each.metric, side)) for each in question.criteria)
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

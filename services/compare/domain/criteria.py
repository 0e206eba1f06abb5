"""By which metrics, and from which end, a question ranks strategies, and which of them it wants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Final

import numpy as np

from backchat_contracts import METRICS
from backchat_contracts.findings import End
from services.grounding.writing import SMALLEST
from services.language.question import Claim, Question, Threshold
from services.metrics.account import BoolArray, FloatArray

DEFAULT: Final = "sharpe_ratio"
"""The metric of a question about quality as such, "which is better?": return per unit of risk."""
DEFAULT_BESIDE_BENCHMARK: Final = "total_return"

ABOUT_RETURN: Final = frozenset({"sharpe_ratio", "sortino_ratio", "total_return", "cagr", "alpha"})
"""Metrics by which the best one invites the question whether it beats the benchmark."""
UNRANKED: Final = frozenset(
    {"when", "future", "nearest", "aggregate", "meaning", "metrics", "scaled", "settings", "norm", "act"}
    | {"strengths", "nested", "windows", "catalogue", "capital", "number"}
)
"""What is asked beyond figures for which no ranking helps."""
MOST_METRICS: Final = 5
"""How many rankings one question gets."""

BOTH: Final[tuple[End, ...]] = ("highest", "lowest")
INCLUSIVE: Final = frozenset({"at_least", "at_most"})
HOLDS: Final = {"above": gt, "below": lt, "at_least": ge, "at_most": le}


@dataclass(frozen=True, slots=True)
class Order:
    """A ranking to make.

    `negated`: the question wants all but the first one. `judged`: it is one of both ends of a metric, as the
    question asks for the good or the bad one of a metric that has none.
    """

    metric: str
    end: End
    negated: bool = False
    judged: bool = False


def orders_of(question: Question) -> tuple[Order, ...]:
    """Return the rankings that a question asks for; none where it asks for nothing that there is.

    A metric without an end is ranked from its good end, or from the highest where neither end is good.
    """
    if _asks_for_no_ranking(question):
        return ()
    if question.criteria:
        return tuple(
            Order(each.metric, end, each.negated and not each.judged, each.judged)
            for each in question.criteria[:MOST_METRICS]
            for end in (BOTH if each.judged else (each.end or good_end(each.metric) or "highest",))
        )
    if question.overall or (question.named and not question.unknown):
        thresholds = () if question.overall else question.thresholds
        default = DEFAULT_BESIDE_BENCHMARK if question.relation == "benchmark" else DEFAULT
        metric = thresholds[0].metric if thresholds else default
        ends = question.overall_ends or (good_end(metric) or "highest",)
        return tuple(Order(metric, end, question.overall_negated) for end in ends)
    if question.thresholds:
        metric = question.thresholds[0].metric
        return (Order(metric, good_end(metric) or "highest"),)
    return ()


def _asks_for_no_ranking(question: Question) -> bool:
    only_unresolved = bool(question.unresolved) and not question.named
    return question.relation == "correlation" or question.beyond in UNRANKED or only_unresolved


def metrics_of(question: Question) -> tuple[str, ...]:
    """Return the metrics of the rankings, each once."""
    return tuple(dict.fromkeys(order.metric for order in orders_of(question)))


def is_asked_about(strategy_id: str, question: Question) -> bool:
    """Tell whether a question is about a strategy: not where it rules it out, or names several others.

    One that it names alone may be meant beside all others: "is A better than the rest?", "what beats A?".
    """
    if strategy_id in question.excluded:
        return False
    several = len(question.named) > 1 and not question.yardsticks
    if several or (question.named and question.relation == "benchmark"):
        return strategy_id in question.named
    return not (asks_for_one(question) or question.asks_whether) or strategy_id in question.named


def is_beside_others(question: Question) -> bool:
    """Tell whether the strategies named are meant beside all others: "what beats A?"."""
    one = len(question.named) == 1 and question.relation != "benchmark"
    return bool(question.yardsticks) or (one and not (asks_for_one(question) or question.asks_whether))


def asks_for_one(question: Question) -> bool:
    """Tell whether a question asks for figures of one strategy: "what is the Sharpe ratio of A?".

    Where the strategy to compare it with does not exist, these are all that can be told.
    """
    ends = [each.end for each in question.criteria]
    alone = len(question.named) == 1 and not (question.yardsticks or question.asks_rank)
    alone = alone and question.relation != "correlation"
    plain = not question.overall and not any(ends) and not question.thresholds
    return alone and (plain or question.overview or bool(question.unresolved))


def good_end(metric: str) -> End | None:
    """Return the better end of a metric's values; None: neither is."""
    ends: Mapping[str, End] = {"higher_is_better": "highest", "lower_is_better": "lowest"}
    return ends.get(METRICS[metric].direction)


def meets(
    values: Mapping[str, float | None], thresholds: Sequence[Threshold], *, either: bool = False
) -> bool:
    """Tell whether figures are as a question wants them; one that is not defined is not.

    `either`: one of several bounds is enough.
    """
    held = (
        value is not None and bool(within(np.array(value), each))
        for each in thresholds
        for value in (values.get(each.metric),)
    )
    return any(held) if either else all(held)


def holds(value: float | None, claim: Claim) -> bool:
    """Tell whether a figure is what is said of it, as near as the number says; one not defined is not."""
    least = SMALLEST[METRICS[claim.metric].unit]
    return value is not None and abs(value - claim.value) <= max(claim.within, least)


def within(values: FloatArray, bound: Threshold) -> BoolArray:
    """Tell of each value whether it is within a bound; one that is shown as the bound is "at least" that.

    NaN is not.
    """
    within: BoolArray = HOLDS[bound.relation](values, bound.value)
    if bound.relation in INCLUSIVE:
        within = within | (np.abs(values - bound.value) <= SMALLEST[METRICS[bound.metric].unit])
    return within

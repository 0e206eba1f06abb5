"""What the stored figures of the whole catalogue say, where more strategies are there than are compared."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import Final

import numpy as np

from services.compare.domain.catalogue import COLUMNS, Catalogue, Row
from services.compare.domain.criteria import Order, orders_of, within
from services.compare.domain.wording import MOST_LISTED
from services.language.question import Question
from services.metrics.account import BoolArray, FloatArray, IntArray

MOST_COMPARED: Final = 50
"""How many are compared where the request does not say which."""
COUNTED: Final = frozenset({"trades"})
"""The metrics that say something also of what traded nothing."""


@dataclass(frozen=True, slots=True)
class Found:
    """A strategy with its stored figures of some metrics, None where one is not defined; and its rank."""

    strategy_id: str
    backtest_id: str
    name: str
    values: tuple[float | None, ...]
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """The order of all by a stored figure, counted from the end asked for; equal figures share a rank.

    Attributes:
        order: the metric, and the end.
        metrics: of the values of each: that one, and those asked of the ones that are found.
        defined: how many have a figure.
        counted: how many have the first places, as many as are asked for, with all that share one.
        first: the first ones, as many as are listed.
        sharing: how many have the place asked for.
        at: the first of these.
        named: those that the question names.
        beyond: how many come before all of those that others are measured against; None where none is.

    """

    order: Order
    metrics: tuple[str, ...]
    defined: int
    counted: int
    first: tuple[Found, ...]
    sharing: int = 0
    at: tuple[Found, ...] = ()
    named: tuple[Found, ...] = ()
    beyond: int | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """What the stored figures of all say.

    Attributes:
        strategies: how many have figures that compare, of those that the question does not rule out.
        unranked: how many completed a backtest and have none: nothing was traded, or for too few days.
        standings: by each order that the question asks for.
        meeting: how many are within its bounds; None where it names none.
        met: the first of these, with the figures that the bounds are of.
        beating: where the total return is compared with the benchmark's, how many have a higher one than
            their own benchmark has, and of how many both are known.
        sharpe_variance: of the annual Sharpe ratios of all; None where not two have one.

    """

    strategies: int
    unranked: int
    standings: tuple[Standing, ...] = ()
    meeting: int | None = None
    met: tuple[Found, ...] = ()
    beating: tuple[int, int] | None = None
    sharpe_variance: float | None = None

    def standing(self, order: Order) -> Standing:
        return next(each for each in self.standings if each.order == order)


def survey(question: Question, catalogue: Catalogue) -> tuple[Survey, Sequence[str]]:
    """Return what the figures of all say, and the ids of those to compare: the first by each order.

    Those that the question names are compared in any case. Without an order they are those that completed a
    backtest last.
    """
    rows, figures, bounds = catalogue.measured, catalogue.figures, question.thresholds
    asked = ~_are(rows, question.excluded)
    if not bounds or any(each.metric not in COUNTED for each in bounds):
        asked &= catalogue.ranked
    wanted = asked & _meeting(question, figures) if bounds else asked
    orders = [_Ordered(order, rows, figures, np.flatnonzero(wanted)) for order in orders_of(question)]
    completed = ~_are(catalogue.completed, question.excluded)
    first = orders[0].places if orders else np.flatnonzero(wanted)
    sharpe_ratios = figures[asked, COLUMNS["sharpe_ratio"]]
    sharpe_ratios = sharpe_ratios[~np.isnan(sharpe_ratios)]
    found = Survey(
        strategies=int(asked.sum()),
        unranked=int(completed.sum() - asked.sum()),
        standings=tuple(each.standing(question) for each in orders),
        meeting=int(wanted.sum()) if bounds else None,
        met=tuple(
            _found(rows[at], [each.metric for each in bounds])
            for at in islice(first, MOST_LISTED if bounds else 0)
        ),
        beating=_beating(figures[wanted]) if _asks_for_beating(question) else None,
        sharpe_variance=float(sharpe_ratios.var(ddof=1)) if len(sharpe_ratios) > 1 else None,
    )
    named = (key for key in question.named if key in catalogue.by_id and catalogue.by_id[key].ran)
    has_figures = bounds or any(len(each.places) for each in orders)
    latest = _ids(catalogue.completed[at] for at in np.flatnonzero(completed)[:MOST_COMPARED])
    rest = _in_turn([each.chosen(question) for each in orders]) if has_figures else latest
    return found, list(islice(dict.fromkeys(chain(named, rest)), MOST_COMPARED))


class _Ordered:
    """The candidates in an order; `places` are their rows, from the end asked for."""

    def __init__(self, order: Order, rows: Sequence[Row], figures: FloatArray, candidates: IntArray) -> None:
        self._order = order
        self._rows = rows
        values = figures[candidates, COLUMNS[order.metric]]
        candidates, values = candidates[~np.isnan(values)], values[~np.isnan(values)]
        signed = -values if order.end == "highest" else values
        by_value = np.argsort(signed, kind="stable")
        self.places = candidates[by_value]
        self._ranks = np.searchsorted(signed[by_value], signed[by_value]) + 1

    def standing(self, question: Question) -> Standing:
        listed = min(max(question.count or 1, MOST_LISTED) + 1, MOST_COMPARED)
        named = self._named(question.named)
        yardsticks = [
            self._ranks[at] for at in named if self._rows[self.places[at]].strategy_id in question.yardsticks
        ]
        at = self._at(question.rank)
        return Standing(
            order=self._order,
            metrics=(self._order.metric, *question.quoted),
            defined=len(self.places),
            counted=int((self._ranks <= (question.count or 1)).sum()),
            first=self._found(range(min(listed, len(self.places))), question),
            sharing=len(at),
            at=self._found(at[:MOST_LISTED], question),
            named=self._found(named, question),
            beyond=int(min(yardsticks)) - 1 if yardsticks else None,
        )

    def chosen(self, question: Question) -> Iterator[str]:
        """Yield ids in order, those at the place asked for first."""
        yield from _ids(self._rows[self.places[at]] for at in self._at(question.rank)[:MOST_LISTED])
        yield from _ids(self._rows[place] for place in self.places[:MOST_COMPARED])

    def _named(self, strategy_ids: Sequence[str]) -> Sequence[int]:
        named: Sequence[int] = np.flatnonzero(_are(self._rows, strategy_ids)[self.places]).tolist()
        return named

    def _at(self, rank: int | None) -> Sequence[int]:
        """Return where those are that share a place."""
        if rank is None or not 1 < rank <= len(self.places):
            return ()
        shared: Sequence[int] = np.flatnonzero(self._ranks == self._ranks[rank - 1]).tolist()
        return shared

    def _found(self, places: Iterable[int], question: Question) -> tuple[Found, ...]:
        metrics = [self._order.metric, *question.quoted]
        return tuple(_found(self._rows[self.places[at]], metrics, int(self._ranks[at])) for at in places)


def _are(rows: Sequence[Row], strategy_ids: Sequence[str]) -> BoolArray:
    """Tell of each row whether it is one of some strategies."""
    if not strategy_ids:
        return np.zeros(len(rows), np.bool_)
    return np.array([row.strategy_id in strategy_ids for row in rows], np.bool_)


def _meeting(question: Question, figures: FloatArray) -> BoolArray:
    held = [within(figures[:, COLUMNS[each.metric]], each) for each in question.thresholds]
    together: BoolArray = np.logical_or.reduce(held) if question.either else np.logical_and.reduce(held)
    return together


def _asks_for_beating(question: Question) -> bool:
    orders = orders_of(question)
    return question.relation == "benchmark" and [each.metric for each in orders] == ["total_return"]


def _beating(figures: FloatArray) -> tuple[int, int]:
    ahead = figures[:, COLUMNS["total_return"]] - figures[:, COLUMNS["benchmark_return"]]
    return int((ahead > 0.0).sum()), int((~np.isnan(ahead)).sum())


def _found(row: Row, metrics: Sequence[str], rank: int = 0) -> Found:
    backtest_id = row.ran.backtest_id if row.ran else ""
    return Found(row.strategy_id, backtest_id, row.name, tuple(map(row.value, metrics)), rank)


def _ids(rows: Iterable[Row]) -> Iterator[str]:
    return (row.strategy_id for row in rows)


def _in_turn(orders: Sequence[Iterator[str]]) -> Iterator[str]:
    """Yield the first of each, then the second of each, and so on."""
    return (key for keys in zip_longest(*orders) for key in keys if key is not None)

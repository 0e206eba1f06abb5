"""The whole catalogue in memory: what stands for each strategy, with its stored figures and what it ran."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from sys import intern
from typing import Any, Final

import numpy as np

from backchat_contracts import METRICS, UNRANKED, BacktestCompleted
from services.metrics.account import BoolArray, FloatArray

COLUMNS: Final[Mapping[str, int]] = {name: column for column, name in enumerate(METRICS)}
FIELDS: Final = (
    *(("backtest_id",), ("completed_at",), ("performance",), ("warnings", "code")),
    *(("config", name) for name in ("type", "symbols", "commission_rate", "slippage_rate", "initial_cash")),
)
"""The fields of a completed backtest that a row is made of."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What the backtest that stands for a strategy ran.

    Attributes:
        backtest_id: its id.
        completed_at: its end.
        type: of the strategy as it ran.
        symbols: in order.
        commission_rate: a fraction of what was traded.
        slippage_rate: a fraction of the price.
        initial_cash: in money.
        is_ranked: whether its figures compare with others: it traded, and was not too short.

    """

    backtest_id: str
    completed_at: datetime
    type: str | None
    symbols: tuple[str, ...]
    commission_rate: float
    slippage_rate: float
    initial_cash: float
    is_ranked: bool


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A strategy of the catalogue. `ran`: None where it has no completed backtest.

    `figures` has a value for each metric of `COLUMNS`, NaN where it is not defined.
    """

    strategy_id: str
    name: str
    latest_at: datetime
    ran: Ran | None
    figures: FloatArray

    def value(self, metric: str) -> float | None:
        value = float(self.figures[COLUMNS[metric]])
        return None if np.isnan(value) else value


NO_FIGURES: Final[FloatArray] = np.full(len(COLUMNS), np.nan)


class Catalogue:
    """The strategies of the catalogue at a moment, those that completed a backtest last first."""

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        by_id = sorted(rows, key=attrgetter("strategy_id"))  # of one time: the same order everywhere
        self.rows = sorted(by_id, key=attrgetter("latest_at"), reverse=True)

    @cached_property
    def by_id(self) -> Mapping[str, Row]:
        return {row.strategy_id: row for row in self.rows}

    @cached_property
    def names(self) -> Mapping[str, str]:
        return {row.strategy_id: row.name for row in self.rows}

    @cached_property
    def completed(self) -> Sequence[Row]:
        """Those with a completed backtest."""
        return [row for row in self.rows if row.ran]

    @cached_property
    def symbols(self) -> AbstractSet[str]:
        """What any of those ran on."""
        return {symbol for row in self.completed if row.ran for symbol in row.ran.symbols}

    @cached_property
    def types(self) -> AbstractSet[str]:
        """The types that any of those ran as."""
        return {row.ran.type for row in self.completed if row.ran and row.ran.type}

    @cached_property
    def measured(self) -> Sequence[Row]:
        """Those with figures."""
        return [row for row in self.completed if row.figures is not NO_FIGURES]

    @cached_property
    def figures(self) -> FloatArray:
        """The figures of those: a row for each, a column for each metric."""
        return np.stack([row.figures for row in self.measured]) if self.measured else NO_FIGURES[None][:0]

    @cached_property
    def ranked(self) -> BoolArray:
        """Whether the figures of each of those compare with others."""
        return np.array([row.ran is not None and row.ran.is_ranked for row in self.measured], np.bool_)


def row_of(
    strategy_id: str, name: str, latest_at: datetime, standing: Mapping[str, Any] | BacktestCompleted | None
) -> Row:
    """Return a row; `standing` is a completed backtest, or its `FIELDS` as they are stored."""
    if isinstance(standing, BacktestCompleted):
        standing = standing.model_dump(mode="json")
    if standing is None:
        return Row(strategy_id, name, latest_at, None, NO_FIGURES)
    config, performance = standing["config"], standing.get("performance")
    codes = {warning["code"] for warning in standing.get("warnings", ())}
    completed_at = standing["completed_at"]
    ran = Ran(
        standing["backtest_id"],
        datetime.fromisoformat(completed_at) if isinstance(completed_at, str) else completed_at,
        config.get("type") and intern(config["type"]),
        tuple(map(intern, config["symbols"])),
        config["commission_rate"],
        config.get("slippage_rate", 0.0),
        config["initial_cash"],
        is_ranked=codes.isdisjoint(UNRANKED),
    )
    figures = [performance.get(metric) for metric in METRICS] if performance else None
    return Row(strategy_id, name, latest_at, ran, np.array(figures, np.float64) if figures else NO_FIGURES)

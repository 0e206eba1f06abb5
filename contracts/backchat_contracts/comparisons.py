"""Comparisons of strategies by the backtests that stand for them."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from backchat_contracts.base import Contract, Event, Id, Identifier, Language, Request, SentId, Text
from backchat_contracts.metrics import MetricValues
from backchat_contracts.strategies import ParameterValues
from backchat_contracts.warnings import ResultWarning

SummaryMode = Literal["auto", "computed", "none"]

GapCode = Literal["strategy_not_found", "no_completed_backtest", "result_not_found"]


class ComparisonRequested(Request):
    """Request to compare strategies.

    `strategy_ids` null: those that the query mentions, else `context_strategy_ids` (the subject of the
    conversation), else all with a completed backtest. `summary`: `auto` lets a configured language model
    write it, `computed` never does, `none` is data only. `session_id`: the session of the chat turn that
    asks; the outcome repeats it. `language`: of error texts, and of the summary for a turn; any other summary
    is in the language of the query.
    """

    comparison_id: Id
    session_id: Id | None = None
    strategy_ids: Annotated[tuple[Id, ...], Field(max_length=50)] | None = None
    context_strategy_ids: Annotated[tuple[Id, ...], Field(max_length=50)] | None = None
    query: Text
    language: Language | None = None
    summary: SummaryMode = "auto"


class Period(Contract):
    """First and last day of a backtest, both included."""

    start: date
    end: date


class StrategyEntry(Contract):
    """The fields that all entries of a comparison have."""

    strategy_id: str
    name: str


class StrategyFigures(MetricValues, StrategyEntry):
    """A strategy with the metrics of the backtest that stands for it, and what that has run.

    It is the latest completed one, or the one that was chosen (`chosen`). `version`, `type` and `parameters`
    are those that it ran, which need not be the current ones; `benchmark` null: all its symbols at equal
    weights. So that a comparison fits a record, it has the first 50 symbols (`symbols_left_out` says how many
    more there are), and no parameter that is an object of more than 50 numbers: the backtest has all.
    """

    version: int = 1
    type: Identifier | None = None
    parameters: ParameterValues = Field(default_factory=dict)
    backtest_period: Period
    initial_cash: float
    commission_rate: float
    slippage_rate: float = 0.0
    benchmark: str | None = None
    symbols: tuple[str, ...]
    symbols_left_out: int = 0
    backtest_id: str
    chosen: bool = False
    warnings: tuple[ResultWarning, ...] = ()
    completed_at: datetime


class StrategyGap(StrategyEntry):
    """A strategy without figures: `error` says why in the language asked for, `error_code` is stable."""

    error: str
    error_code: GapCode


class ComparisonCompleted(Event):
    """A comparison was completed: the strategies in the order asked for, and a `summary` for the query.

    `metric`: the one that the query names; null where it names none, and the Sharpe ratio decides.
    """

    comparison_id: Id
    session_id: Id | None = None
    query: str
    strategies_data: tuple[StrategyFigures | StrategyGap, ...]
    total_strategies: int
    summary: str | None = None
    provider: str | None = None
    metric: str | None = None
    best_strategy_id: str | None = None
    completed_at: datetime


class ComparisonFailed(Event):
    """A comparison failed. `code` is stable, `detail` says why."""

    comparison_id: SentId
    session_id: SentId | None = None
    code: str
    detail: str

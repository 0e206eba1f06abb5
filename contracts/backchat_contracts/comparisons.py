"""Comparisons of strategies by their latest completed backtests."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from backchat_contracts.base import Contract, Event, Id, Language, Text

SummaryMode = Literal["auto", "computed", "none"]

GapCode = Literal["strategy_not_found", "no_completed_backtest", "result_not_found"]


class ComparisonRequested(Event):
    """Somebody wants strategies compared.

    `strategy_ids` null: those that the query mentions, else `context_strategy_ids` (what the conversation is
    about), else all with a completed backtest. `summary`: `auto` lets a configured language model write it,
    `computed` never does, `none` is data only. `session_id`: whose turn asks; it comes back
    with the outcome. `language`: of error texts, and of the summary for a turn; any other summary is in the
    language of the query.
    """

    comparison_id: Id
    session_id: Id | None = None
    strategy_ids: Annotated[tuple[Id, ...], Field(max_length=50)] | None = None
    context_strategy_ids: Annotated[tuple[Id, ...], Field(max_length=50)] | None = None
    query: Text
    language: Language | None = None
    summary: SummaryMode = "auto"


class Period(Contract):
    """The days that a backtest covers, both included."""

    start: date
    end: date


class StrategyFigures(Contract):
    """A strategy with the figures of its latest completed backtest; units as in `Performance`."""

    strategy_id: str
    name: str
    total_return: float
    sharpe_ratio: float | None
    max_drawdown: float
    backtest_period: Period
    cagr: float
    volatility: float
    sortino_ratio: float | None
    win_rate: float | None
    trades: int
    final_equity: float
    initial_cash: float
    commission_rate: float
    symbols: tuple[str, ...]
    backtest_id: str
    completed_at: datetime


class StrategyGap(Contract):
    """A strategy without figures, and why: the text in the reader's language, the code stable."""

    strategy_id: str
    name: str
    error: str
    error_code: GapCode


class ComparisonCompleted(Event):
    """The strategies side by side, in the order asked for; the answer to the query in `summary`.

    `metric`: what the query is about; null where it names none, and the Sharpe ratio decides.
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
    """There is no comparison, and why."""

    comparison_id: Id
    session_id: Id | None = None
    code: str
    detail: str

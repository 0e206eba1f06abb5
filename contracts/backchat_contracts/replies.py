"""What owners answer to queries, and how they refuse. Sent to the asker's reply partition alone."""

from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import Field

from backchat_contracts.backtests import BacktestConfig, BacktestStatus, Performance, Priority
from backchat_contracts.base import Contract, Language
from backchat_contracts.comparisons import StrategyFigures, StrategyGap
from backchat_contracts.strategies import ParameterValues, StrategyType


def _is_none(value: object) -> bool:
    return value is None


def _is_empty(value: tuple[str, ...]) -> bool:
    return not value


class Refused(Contract):
    """A request that can't be met. `code` is stable and becomes the HTTP problem's type."""

    code: str
    detail: str
    extra: dict[str, Any] = Field(default_factory=dict)


class HistoryEntry(Contract):
    """One message of a conversation."""

    turn_id: str
    role: str
    content: str
    timestamp: datetime
    provider: str | None = Field(default=None, exclude_if=_is_none)
    language: Language | None = Field(default=None, exclude_if=_is_none)
    strategy_ids: tuple[str, ...] = Field(default=(), exclude_if=_is_empty)


class SessionSummary(Contract):
    """A session without what was said."""

    session_id: str
    user_id: str
    is_active: bool
    created_at: datetime
    updated_at: datetime


class SessionView(SessionSummary):
    """A session with all that was said."""

    conversation_history: tuple[HistoryEntry, ...]
    context: dict[str, Any]


class StrategyView(Contract):
    """A strategy of the catalogue."""

    strategy_id: str
    name: str
    description: str
    type: StrategyType
    parameters: ParameterValues
    symbols: tuple[str, ...]
    created_at: datetime


class Problem(Contract):
    """Why a backtest failed. `code` is stable."""

    code: str
    detail: str


class Progress(Contract):
    """How far a running backtest was at the last heartbeat; the fields of `BacktestProgressed`."""

    fraction: float
    stage: str
    eta_seconds: float | None
    progressed_at: datetime


class BacktestView(Contract):
    """A backtest; `performance` once completed, `error` once failed, `progress` while it runs long.

    `sequence` is that of its last event. `reused_from`: the equal backtest whose result it shares.
    """

    id: str
    name: str
    description: str
    status: BacktestStatus
    strategy_id: str
    config: BacktestConfig
    user_id: str
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    priority: Priority = "normal"
    sequence: int = 0
    progress: Progress | None = Field(default=None, exclude_if=_is_none)
    performance: Performance | None = Field(default=None, exclude_if=_is_none)
    reused_from: str | None = Field(default=None, exclude_if=_is_none)
    error: Problem | None = Field(default=None, exclude_if=_is_none)


class ComparisonView(Contract):
    """A comparison as its asker gets it; without a summary where none was asked for."""

    status: Literal["success"] = "success"
    query: str
    strategies_data: tuple[StrategyFigures | StrategyGap, ...]
    total_strategies: int
    summary: str | None = Field(default=None, exclude_if=_is_none)


class EquityPoint(Contract):
    """What the account was worth at the close of a day."""

    date: date
    equity: float


class Trade(Contract):
    """One fill: shares are negative when sold; realised profit (net of commission) on sales only."""

    date: date
    symbol: str
    shares: float
    price: float
    commission: float
    profit: float | None


class BacktestResultView(Contract):
    """The equity curve at each close, and every fill."""

    id: str
    status: BacktestStatus
    performance: Performance
    equity_curve: tuple[EquityPoint, ...]
    trades: tuple[Trade, ...]


Item = TypeVar("Item", bound=Contract)


class Page(Contract, Generic[Item]):
    """A page of a list; `next` is the cursor of the one after."""

    data: tuple[Item, ...]
    has_more: bool
    next: str | None


class SessionPage(Page[SessionSummary]):
    """A page of a user's active sessions, the one talked to last first."""


class StrategyPage(Page[StrategyView]):
    """A page of the catalogue, in the order of the ids."""


class BacktestPage(Page[BacktestView]):
    """A page of backtests, newest first."""

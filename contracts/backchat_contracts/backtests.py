"""Backtests: what is asked for, what was accepted, how it ended."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from backchat_contracts.base import Contract, Event, Id, Name, PageSize, Symbol
from backchat_contracts.strategies import ParameterValues, StrategyType, TypedParameters

BacktestStatus = Literal["pending", "running", "completed", "failed", "cancelled"]
Priority = Literal["high", "normal", "low"]

Cash = Annotated[float, Field(gt=0, le=1e12)]
Rate = Annotated[float, Field(ge=0, lt=0.5)]


class StrategyConfig(TypedParameters):
    """What to run. Without a type: the catalogued strategy of this name, else buy-and-hold.

    Money in the prices' currency, rates as fractions (0.001 = 0.1 %). Without dates: the last 365 days of
    the data there is.
    """

    name: Name
    symbols: Annotated[tuple[Symbol, ...], Field(min_length=1, max_length=50)]
    start_date: date | None = None
    end_date: date | None = None
    initial_cash: Cash = 100_000.0
    commission_rate: Rate = 0.001
    slippage_rate: Rate = 0.0

    @model_validator(mode="after")
    def sensible(self) -> Self:
        if len(set(self.symbols)) < len(self.symbols):
            raise ValueError("symbols must be different from each other")
        if self.start_date and self.end_date and self.start_date >= self.end_date:
            raise ValueError(f"start_date ({self.start_date}) must be before end_date ({self.end_date})")
        return self


class BacktestRequested(Event):
    """Somebody wants a backtest. The publisher mints `backtest_id`; sending it again changes nothing.

    `priority`: high is next, whatever waits; low lets others pass, but not for ever; users take turns. An
    equal backtest that runs is joined and one that has run is reused, unless this one is to be `fresh`.
    """

    backtest_id: Id
    strategy_config: StrategyConfig
    user_id: Id = "system"
    priority: Priority = "normal"
    fresh: bool = False
    trigger_reason: Name = "manual"
    generate_report: bool = False
    notify_on_completion: bool = False


class BacktestCancelRequested(Event):
    """Somebody does not want a backtest any more. Cancelling twice is fine; what has ended stays as it is."""

    backtest_id: Id


class BacktestQueried(Event):
    """A question about backtests: one, one with its curve and trades, or a page, newest first."""

    backtest_id: Id | None = None
    include_result: bool = False
    status: BacktestStatus | None = None
    limit: PageSize = 50
    cursor: str | None = None


class BacktestConfig(Contract):
    """A backtest as it was accepted: everything resolved, nothing left to defaults."""

    type: StrategyType
    parameters: ParameterValues
    symbols: tuple[str, ...]
    start_date: date
    end_date: date
    initial_cash: float
    commission_rate: float
    slippage_rate: float = 0.0
    tags: tuple[str, ...] = ()


class Performance(Contract):
    """What a backtest earned and risked. Fractions (0.12 = 12 %); annual figures on 252 trading days.

    `max_drawdown` is zero or negative. A ratio is null where its denominator is zero.
    """

    total_return: float
    cagr: float
    volatility: float
    sharpe_ratio: float | None
    sortino_ratio: float | None
    max_drawdown: float
    trades: int
    win_rate: float | None
    final_equity: float


class BacktestEvent(Event):
    """What all events of an accepted backtest tell."""

    backtest_id: Id
    strategy_id: Id
    strategy_name: str


class BacktestAccepted(BacktestEvent):
    """The backtest is stored as pending and will run."""

    config: BacktestConfig
    user_id: Id = "system"
    priority: Priority = "normal"
    estimated_duration_seconds: float
    accepted_at: datetime


class BacktestRejected(Event):
    """The backtest can't run as asked for. Nothing was stored."""

    backtest_id: Id
    code: str
    detail: str
    coverage: dict[str, tuple[date, date]] = Field(
        default_factory=dict, description="First and last day of the data there is, by symbol."
    )


class BacktestStarted(BacktestEvent):
    """A worker took the backtest."""

    attempt: int
    started_at: datetime


class BacktestProgressed(BacktestEvent):
    """How far a backtest is that takes longer than a second.

    `fraction` of the work, 0 to 1, of this attempt; `eta_seconds` from now to its end, as far as can be told.
    It is told once and not kept: the `ce_sequence` is that of the event before.
    """

    attempt: int
    fraction: Annotated[float, Field(ge=0, le=1)]
    stage: str
    eta_seconds: float | None = None
    progressed_at: datetime


class BacktestCompleted(BacktestEvent):
    """The backtest is done. `performance` is null only where the result could not be kept.

    `reused_from` is the backtest whose result it shares: an equal one that had run, or ran already.
    """

    config: BacktestConfig
    performance: Performance | None = None
    user_id: Id = "system"
    duration_seconds: float | None = None
    reused_from: str | None = None
    generate_report: bool = False
    notify_on_completion: bool = False
    completed_at: datetime


class BacktestFailed(BacktestEvent):
    """The backtest ended without a result."""

    code: str
    detail: str
    user_id: Id = "system"
    notify_on_completion: bool = False
    failed_at: datetime


class BacktestCancelled(BacktestEvent):
    """The backtest ended because somebody did not want it any more. A late result is ignored."""

    user_id: Id = "system"
    notify_on_completion: bool = False
    cancelled_at: datetime

"""Backtests: requests, and the events of their life."""

from datetime import date, datetime
from typing import Annotated, Final, Literal, Self

from pydantic import Field, Strict, model_validator

from backchat_contracts.base import (
    Contract,
    Day,
    Event,
    Flag,
    Id,
    Identifier,
    Name,
    PageSize,
    Request,
    SentId,
    Symbol,
    Symbols,
    is_none,
)
from backchat_contracts.metrics import MetricValues
from backchat_contracts.strategies import Definition, ParameterValues
from backchat_contracts.warnings import ResultWarning

BacktestStatus = Literal["pending", "running", "completed", "failed", "cancelled"]
UNDER_WAY: Final[frozenset[BacktestStatus]] = frozenset({"pending", "running"})
"""The statuses of a backtest that has not ended."""
Priority = Literal["high", "normal", "low"]

Cash = Annotated[float, Strict(), Field(gt=0, le=1e12)]
Rate = Annotated[float, Strict(), Field(ge=0, lt=0.5)]


class StrategyConfig(Definition):
    """The backtest to run. Without a type: the current version of the strategy, else buy-and-hold.

    A type with parameters that the strategy did not have yet becomes its current version.

    Money in the prices' currency, rates as fractions (0.001 = 0.1 %). Without dates: the last 365 days of the
    data. `benchmark`: the symbol to hold for comparison; null: all `symbols` at equal weights.
    """

    name: Name
    symbols: Symbols
    start_date: Day | None = None
    end_date: Day | None = None
    initial_cash: Cash = 100_000.0
    commission_rate: Rate = 0.001
    slippage_rate: Rate = 0.0
    benchmark: Symbol | None = None

    @model_validator(mode="after")
    def sensible(self) -> Self:
        if len(set(self.symbols)) < len(self.symbols):
            raise ValueError("symbols must be different from each other")
        if self.start_date and self.end_date and self.start_date >= self.end_date:
            raise ValueError(f"start_date ({self.start_date}) must be before end_date ({self.end_date})")
        return self


class BacktestRequested(Request):
    """Request to run a backtest. The publisher chooses `backtest_id`; the same id again is the same request.

    `priority`: high runs before all others; low comes a hundred rounds later, a round being one backtest of
    each user. An equal backtest that waits or runs is followed, and the result of one that has completed is
    reused, unless this one is `fresh`.
    """

    backtest_id: Id
    strategy_config: StrategyConfig
    user_id: Id = "system"
    priority: Priority = "normal"
    fresh: Flag = False
    trigger_reason: Name = "manual"
    generate_report: Flag = False
    notify_on_completion: Flag = False
    session_id: Id | None = Field(
        default=None, description="The chat session that is told of its end; the events of its end repeat it."
    )


class BacktestEstimateQueried(Request):
    """Query for how a backtest would be run and when it would be done.

    Nothing is stored and nothing is run. What `backtest.requested` would reject is refused, with the same
    `code` and `detail`, and with its `coverage` in `extra`.
    """

    strategy_config: StrategyConfig
    user_id: Id = "system"
    priority: Priority = "normal"


class BacktestCancelRequested(Request):
    """Request to cancel a backtest. Cancelling twice is fine; a backtest that has ended is refused."""

    backtest_id: Id


class BacktestVerificationRequested(Request):
    """Request to run a completed backtest again and to say whether the result is the same.

    It changes nothing.
    """

    backtest_id: Id


class BacktestQueried(Request):
    """Query for one backtest, one with its equity curve and trades, or a page, newest first.

    A page has the backtests with this status, strategy and version, symbol among theirs, user, and tag.
    """

    backtest_id: Id | None = None
    include_result: Flag = False
    status: BacktestStatus | None = None
    strategy_id: Id | None = None
    version: Annotated[int, Strict(), Field(ge=1)] | None = None
    symbol: Symbol | None = None
    user_id: Id | None = None
    tag: Name | None = None
    limit: PageSize = 50
    cursor: str | None = None

    @model_validator(mode="after")
    def version_of_a_strategy(self) -> Self:
        if self.version is not None and self.strategy_id is None:
            raise ValueError("a version needs the strategy_id of its strategy")
        return self


class BacktestConfig(Contract):
    """The configuration of an accepted backtest, with all defaults filled in."""

    type: Identifier
    parameters: ParameterValues
    symbols: tuple[str, ...]
    start_date: date
    end_date: date
    initial_cash: float
    commission_rate: float
    slippage_rate: float = 0.0
    benchmark: str | None = None
    tags: tuple[str, ...] = ()


class Provenance(Contract):
    """What a result was computed by and from: where these are the same, it is the same, bit for bit.

    That is so on every worker of one image and type of processor. `data_hash`: of the bars that it used, of
    its symbols alone. `parameters_hash`: of the strategy's type and parameters, and of the version of the
    package that brings the type, if one does. `currency`: of the prices, an ISO 4217 code, where it is known.
    `fill`: orders were filled at the next day's open, or at its close where there are no opens; `mixed`: of
    some symbols at the open, of others at the close.
    """

    engine_version: int
    data_hash: str
    parameters_hash: str
    currency: str | None = None
    fill: Literal["open", "close", "mixed"] = "open"


class Performance(MetricValues):
    """The metrics of a completed backtest: fractions (0.12 = 12 %), annual figures on 252 trading days."""


class BacktestEvent(Event):
    """The fields that all events of an accepted backtest have; `version` is the strategy's."""

    backtest_id: Id
    strategy_id: Id
    strategy_name: str
    version: int = 1


class BacktestAccepted(BacktestEvent):
    """A backtest was accepted: it will run, or get the result of an equal one."""

    config: BacktestConfig
    user_id: Id = "system"
    priority: Priority = "normal"
    estimated_duration_seconds: float
    accepted_at: datetime


class BacktestRejected(Event):
    """A request for a backtest was rejected; nothing was stored.

    `code`: `invalid-request`, `outside-coverage`, with the `coverage` of the data, `mixed-currencies`,
    `unknown-strategy-type`, `invalid-parameters` or `too-many-versions`; `detail` says what is wrong and what
    would be right.
    """

    backtest_id: SentId
    code: str
    detail: str
    coverage: dict[str, tuple[date, date]] = Field(
        default_factory=dict, description="First and last day of the data, by symbol; of at most 500."
    )


class BacktestStarted(BacktestEvent):
    """A worker process began to run a backtest."""

    attempt: int
    started_at: datetime


class BacktestProgressed(BacktestEvent):
    """Progress of a backtest that runs for longer than a second.

    `fraction` of the work, 0 to 1, of this attempt; `eta_seconds` until its end, null while there is no
    estimate. It is published once and not stored: the `ce_sequence` is that of the event before.
    """

    attempt: int
    fraction: Annotated[float, Field(ge=0, le=1)]
    stage: str
    eta_seconds: float | None = None
    progressed_at: datetime


class BacktestCompleted(BacktestEvent):
    """A backtest was completed. `performance` is null only where the result could not be kept.

    `warnings`: what limits the worth of the performance. `provenance`: what it was computed by and from; null
    on those of before. `reused_from`: the id of the equal backtest whose
    result it shares.
    """

    config: BacktestConfig
    performance: Performance | None = None
    warnings: tuple[ResultWarning, ...] = ()
    provenance: Provenance | None = None
    user_id: Id = "system"
    duration_seconds: float | None = None
    reused_from: str | None = None
    generate_report: bool = False
    notify_on_completion: bool = False
    session_id: Id | None = Field(default=None, exclude_if=is_none)
    completed_at: datetime


class StrategyStandingChanged(Event):
    """Another backtest stands for a strategy: the one that was chosen; null: the latest completed one."""

    strategy_id: Id
    standing: BacktestCompleted | None
    changed_at: datetime


class BacktestFailed(BacktestEvent):
    """A backtest failed. `code` is stable, `detail` says why."""

    code: str
    detail: str
    user_id: Id = "system"
    notify_on_completion: bool = False
    session_id: Id | None = Field(default=None, exclude_if=is_none)
    failed_at: datetime


class BacktestCancelled(BacktestEvent):
    """A backtest was cancelled. A result that comes later is ignored."""

    user_id: Id = "system"
    notify_on_completion: bool = False
    session_id: Id | None = Field(default=None, exclude_if=is_none)
    cancelled_at: datetime

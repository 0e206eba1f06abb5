"""Replies to commands and queries, and refusals: sent to the requester's reply partition only."""

from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import Field

from backchat_contracts.backtests import BacktestConfig, BacktestStatus, Performance, Priority, Provenance
from backchat_contracts.base import Contract, Identifier, Language, Texts, is_empty, is_none
from backchat_contracts.comparisons import ComparisonAnswer, StrategyEntry
from backchat_contracts.findings import Pair
from backchat_contracts.market import InstrumentView
from backchat_contracts.sessions import ForkOrigin
from backchat_contracts.strategies import ParameterValues
from backchat_contracts.warnings import ResultWarning


class Refused(Contract):
    """A request was refused. `code` is stable and becomes the type of the HTTP problem."""

    code: str
    detail: str
    extra: dict[str, Any] = Field(default_factory=dict)


class ModelUse(Contract):
    """What language models took for an answer: tokens are null where no server counts them.

    `provider`: its name in `LLM_PROVIDERS`. `cost`: by the prices given there, null without them. `seconds`:
    of asking models, providers that failed before included. `requests`: how often one was asked, which is
    more than once where it called tools.
    """

    provider: str
    model: str
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: float | None = None
    seconds: float
    requests: int = 1


class ToolUse(Contract):
    """A call of a tool for an answer: `id` is that of what it has made or asked for.

    `code`: why it was refused or failed; null: it was not. `seconds`: how long it took.
    """

    id: str
    tool: str
    seconds: float
    code: str | None = Field(default=None, exclude_if=is_none)


class HistoryEntry(Contract):
    """One message of a conversation; of an answer, also what it took.

    `model_use`: where a language model wrote it. `tools`: those that were called for it, in that order.
    `replaces`: the turn whose answer this one replaces. `unanswered`: of a message without an answer, the
    code of why, such as `turn-cancelled`.
    """

    turn_id: str
    role: str
    content: str
    timestamp: datetime
    provider: str | None = Field(default=None, exclude_if=is_none)
    language: Language | None = Field(default=None, exclude_if=is_none)
    strategy_ids: tuple[str, ...] = Field(default=(), exclude_if=is_empty)
    model_use: ModelUse | None = Field(default=None, exclude_if=is_none)
    tools: tuple[ToolUse, ...] = Field(default=(), exclude_if=is_empty)
    replaces: str | None = Field(default=None, exclude_if=is_none)
    unanswered: str | None = Field(default=None, exclude_if=is_none)


class SessionSummary(Contract):
    """A session without its messages; `auto_run`: its chat starts backtests without asking first.

    `title`: that it was given, or made from its first message; null: nothing was said yet. `forked_from`: the
    session that it begins as.
    """

    session_id: str
    user_id: str
    title: str | None = None
    forked_from: ForkOrigin | None = Field(default=None, exclude_if=is_none)
    is_active: bool
    auto_run: bool = False
    created_at: datetime
    updated_at: datetime


class SessionView(SessionSummary):
    """A session with all its messages, or with those after a turn.

    `running`: the id of the turn that is being answered; `waiting`: of those that wait for it.
    """

    conversation_history: tuple[HistoryEntry, ...]
    context: dict[str, Any]
    running: str | None = None
    waiting: tuple[str, ...] = ()


class TurnView(Contract):
    """A turn that ended without an answer."""

    turn_id: str
    session_id: str
    status: Literal["cancelled"] = "cancelled"


class StrategyView(Contract):
    """A strategy of the catalogue; type and parameters are those of its current `version`.

    `standing`: the id of the backtest that was chosen to stand for it; null: its latest completed one does.
    """

    strategy_id: str
    name: str
    description: str
    type: Identifier
    parameters: ParameterValues
    symbols: tuple[str, ...]
    version: int = 1
    standing: str | None = None
    created_at: datetime


class StrategyVersionView(Contract):
    """A version of a strategy; `current`: it is run where a request names no type."""

    version: int
    current: bool
    type: Identifier
    parameters: ParameterValues
    created_at: datetime


class StrategyTypeView(Contract):
    """A strategy type.

    `also_called`: what people call it, beside its type and title. `parameters`: the JSON Schema of its
    parameters, with bounds, defaults, descriptions and what people also call each. `needed_bars`:
    with the default parameters, the trading days that its first decision needs, its own day included.
    """

    type: Identifier
    title: Texts
    description: Texts
    also_called: tuple[str, ...] = Field(default=(), exclude_if=is_empty)
    needed_bars: int
    parameters: dict[str, Any]


class StrategyTypes(Contract):
    """All strategy types, in the order of their names."""

    data: tuple[StrategyTypeView, ...]


class Problem(Contract):
    """The reason of a backtest's failure. `code` is stable."""

    code: str
    detail: str


class Progress(Contract):
    """Progress of a running backtest at its last heartbeat; the fields are those of `BacktestProgressed`."""

    fraction: float
    stage: str
    eta_seconds: float | None
    progressed_at: datetime


class BacktestView(Contract):
    """A backtest: with `performance` and `warnings` once completed, `error` once failed, `progress` before.

    `sequence`: that of its last event. `reused_from`: the id of the equal backtest whose result it shares.
    """

    id: str
    name: str
    description: str
    status: BacktestStatus
    strategy_id: str
    version: int = 1
    config: BacktestConfig
    user_id: str
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    priority: Priority = "normal"
    sequence: int = 0
    progress: Progress | None = Field(default=None, exclude_if=is_none)
    performance: Performance | None = Field(default=None, exclude_if=is_none)
    warnings: tuple[ResultWarning, ...] | None = Field(default=None, exclude_if=is_none)
    provenance: Provenance | None = Field(default=None, exclude_if=is_none)
    reused_from: str | None = Field(default=None, exclude_if=is_none)
    error: Problem | None = Field(default=None, exclude_if=is_none)


class BacktestEstimate(Contract):
    """How a backtest would be run, with all defaults filled in, and when it would be done.

    `version`: the strategy's version that it would be of; null: a new one.
    """

    strategy_id: str
    strategy_name: str
    version: int | None
    config: BacktestConfig
    estimated_duration_seconds: float


class ComparisonView(ComparisonAnswer):
    """A comparison, with a summary unless data only was asked for.

    `comparison_id`: by which it can be shown again; null where it is not stored, as data only is not.
    """

    status: Literal["success"] = "success"
    comparison_id: str | None = Field(default=None, exclude_if=is_none)
    summary: str | None = Field(default=None, exclude_if=is_none)


class MentionedStrategy(StrategyEntry):
    """A strategy that a text mentions: `config` of the backtest that stands for it; null: it has none.

    `symbols`: those that it was saved with.
    """

    backtest_id: str | None = None
    config: BacktestConfig | None = None
    symbols: tuple[str, ...] = Field(default=(), exclude_if=is_empty)


class NearMention(Contract):
    """What a text has in place of a strategy's name: shortened, in the other script, or with a letter wrong.

    `written`: as it is written there. `names`: those that may be meant, at most five. `strategy`: the one of
    the only such name; null: there are several.
    """

    written: str
    names: tuple[str, ...]
    strategy: MentionedStrategy | None = None


class StrategyMentions(Contract):
    """The strategies that a text mentions, in that order; `in_context`: it mentions none, these are meant.

    `near`: what else in it may be the name of one.
    """

    data: tuple[MentionedStrategy, ...]
    in_context: bool = False
    near: tuple[NearMention, ...] = Field(default=(), exclude_if=is_empty)


class Difference(Contract):
    """What differs between a stored result and one that was computed again.

    `field`: of the result, such as `performance.sharpe_ratio`, or `equity_curve.equity` or `trades`. `stored`
    and `now`: the two values; of a curve those that differ most, by `difference`, on `day`, where `days` says
    on how many days it differs; of trades how many there are.
    """

    field: str
    stored: int | float | str | None = None
    now: int | float | str | None = None
    difference: float | None = None
    day: date | None = None
    days: int | None = None


class BacktestVerification(Contract):
    """Whether a completed backtest, run again, gave the same metrics, curves and trades, bit for bit.

    `differences` says where it did not and by how much. Those of the provenance do not count: another engine
    or other prices, which they tell of, may give the same.
    """

    id: str
    identical: bool
    differences: tuple[Difference, ...]


class EquityPoint(Contract):
    """A trading day, at its close; null where a figure is not defined, or was not kept.

    `equity` and `benchmark`: the worth of the account, and of one that held the benchmark. `drawdown`: the
    fall from the highest equity so far, zero or negative. `exposure`: the share of the equity that is
    invested. The rolling figures are annual, of the last 126 daily returns.
    """

    date: date
    equity: float
    benchmark: float | None = None
    drawdown: float | None = None
    exposure: float | None = None
    rolling_sharpe_ratio: float | None = None
    rolling_volatility: float | None = None


class Trade(Contract):
    """A fill: `shares` are negative for a sale; `profit`, realised and net of commission, on sales only."""

    date: date
    symbol: str
    shares: float
    price: float
    commission: float
    profit: float | None


class MonthlyReturn(Contract):
    """The return of a calendar month, or of the part of it that is within the backtest."""

    year: int
    month: int
    value: float


class YearlyReturn(Contract):
    """The return of a calendar year, or of the part of it that is within the backtest."""

    year: int
    value: float
    benchmark: float | None = None


class Drawdown(Contract):
    """A fall of the equity below its peak; `recovery` is null where that was not reached again.

    `depth` is negative: -0.2 is a fall by a fifth. `days`: the trading days below the peak.
    """

    peak: date
    trough: date
    recovery: date | None
    depth: float
    days: int


class BacktestResultView(Contract):
    """The result of a completed backtest: its curves by trading day, every fill, and what a tear sheet shows.

    `missing_warm_up_bars`: how many trading days before the first one there were no prices for, of those that
    the strategy's first decision should see. `trades_left_out`: how many there were, where they were too many
    to keep; `trades` is empty then. `drawdowns`: the ten deepest, the deepest first.
    """

    id: str
    status: BacktestStatus
    config: BacktestConfig
    performance: Performance
    warnings: tuple[ResultWarning, ...] = ()
    provenance: Provenance | None = None
    missing_warm_up_bars: int = 0
    trades_left_out: int = 0
    monthly_returns: tuple[MonthlyReturn, ...] = ()
    yearly_returns: tuple[YearlyReturn, ...] = ()
    drawdowns: tuple[Drawdown, ...] = ()
    equity_curve: tuple[EquityPoint, ...]
    trades: tuple[Trade, ...]


Item = TypeVar("Item", bound=Contract)


class Page(Contract, Generic[Item]):
    """A page of a list; `next` is the cursor of the page after it."""

    data: tuple[Item, ...]
    has_more: bool
    next: str | None


class SessionPage(Page[SessionSummary]):
    """A page of a user's active sessions, the newest first."""


class StrategyPage(Page[StrategyView]):
    """A page of the catalogue, the newest first."""


class StrategyVersionPage(Page[StrategyVersionView]):
    """A page of a strategy's versions, the newest first."""


class InstrumentPage(Page[InstrumentView]):
    """A page of the instruments that have prices, in the order of their symbols."""


class PairPage(Page[Pair]):
    """A page of the pairs of a comparison, in the order in which the backtests were asked for."""


class BacktestPage(Page[BacktestView]):
    """A page of backtests, newest first."""

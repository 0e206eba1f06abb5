"""Comparisons of strategies by the backtests that stand for them."""

from datetime import date, datetime
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from backchat_contracts.backtests import Provenance
from backchat_contracts.base import (
    Contract,
    Event,
    Flag,
    Id,
    Identifier,
    Language,
    NameOrId,
    PageSize,
    Request,
    SentId,
    Text,
    is_empty,
    is_none,
)
from backchat_contracts.findings import Findings
from backchat_contracts.metrics import MetricValues
from backchat_contracts.strategies import ParameterValues
from backchat_contracts.warnings import ResultWarning

SummaryMode = Literal["auto", "computed", "none"]

GapCode = Literal["strategy_not_found", "no_completed_backtest", "result_not_found", "result_not_in_time"]


MOST_COMPARED: Final = 200
MOST_EARLIER: Final = 8
"""Of the questions that one may continue."""

Ids = Annotated[tuple[Id, ...], Field(max_length=MOST_COMPARED)]
NamesOrIds = Annotated[tuple[NameOrId, ...], Field(max_length=MOST_COMPARED)]


class RequestedWindow(Contract):
    """A window of time: its first and its last day, both within; one of them null: as far as the data go."""

    start: date | None = None
    end: date | None = None

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.start is None and self.end is None:
            raise ValueError("a window needs a start or an end, or both, as ISO dates: 2012-07-01")
        if self.start and self.end and self.start > self.end:
            raise ValueError(f"the window starts on {self.start}, after its end on {self.end}")
        return self


class ComparisonRequested(Request):
    """Request to compare strategies by the backtests that stand for them, or `backtest_ids` themselves.

    Both null: those that the query mentions, else `context_strategy_ids` (the subject of the conversation),
    else all with a completed backtest: of more than 50 the first by what the query asks, see `candidates`.
    `summary`: `auto` lets a configured language model write it, `computed` never does, `none` is data only,
    and is not stored. `session_id`: the session of the chat turn that asks; the outcome repeats it.
    `language`: of error texts, and of the summary for a turn; any other summary is in the language of the
    query. `window`: the figures are of these days alone, instead of those that the query names.
    `context_queries`: the questions before, in order, from which comes what the query lacks: "and in 2013?".
    `focus_strategy_id`: what "it" is where one strategy is asked about beside all others: "is it the best?".
    `excluded_strategy_ids`: those that are left out without being named: "the other two", "without those".
    """

    comparison_id: Id
    session_id: Id | None = None
    strategy_ids: NamesOrIds | None = None
    backtest_ids: Ids | None = None
    context_strategy_ids: Ids | None = None
    query: Text
    context_queries: Annotated[tuple[Text, ...], Field(max_length=MOST_EARLIER, exclude_if=is_empty)] = ()
    focus_strategy_id: Id | None = Field(default=None, exclude_if=is_none)
    excluded_strategy_ids: Annotated[Ids, Field(exclude_if=is_empty)] = ()
    window: RequestedWindow | None = Field(default=None, exclude_if=is_none)
    language: Language | None = None
    summary: SummaryMode = "auto"

    @model_validator(mode="after")
    def of_one_kind(self) -> Self:
        if self.strategy_ids is not None and self.backtest_ids is not None:
            raise ValueError("strategy_ids and backtest_ids can't both be given: compare one kind")
        return self


class ComparisonQueried(Request):
    """Query for a stored comparison; with `pairs`, for a page of all of its pairs with their statistics."""

    comparison_id: Id
    pairs: Flag = False
    limit: PageSize = 50
    cursor: str | None = None


class StrategyMentionQueried(Request):
    """Query for the strategies that a text mentions, and what the backtests that stand for them have run.

    `context_strategy_ids` (the subject of the conversation): those that are meant where it mentions none.
    """

    text: Text
    session_id: Id | None = None
    context_strategy_ids: Ids = ()


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
    weights. `provenance`: what the result was computed by and from. So that a comparison fits a record, it
    has the first 50 symbols, of more than 50 strategies the first 10 (`symbols_left_out` says how many more
    there are), and no parameter that is an object of more numbers than that: the backtest has all.
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
    provenance: Provenance | None = None
    completed_at: datetime


class StrategyGap(StrategyEntry):
    """A strategy without figures: `error` says why in the language asked for, `error_code` is stable.

    `did_you_mean`: ids of strategies that fit what was given as an id, such as a name.
    """

    error: str
    error_code: GapCode
    backtest_id: str | None = Field(default=None, exclude_if=is_none)
    did_you_mean: tuple[str, ...] = Field(default=(), exclude_if=is_empty)


class ComparisonAnswer(Findings):
    """The fields that all answers to a comparison have: the strategies in the order asked for, and findings.

    `metric`: the first one that the query names, null where it names none; `best_strategy_id` and
    `best_backtest_id`: the one at the end of its values that was asked for, whether or not the difference is
    shown: `verdict` says that. `summary`: in words; null where data only was asked for. `provider`: the
    language model that wrote it, or `computed`.
    """

    query: str
    strategies_data: tuple[StrategyFigures | StrategyGap, ...]
    total_strategies: int
    metric: str | None = None
    best_strategy_id: str | None = None
    best_backtest_id: str | None = None
    summary: str | None = None
    provider: str | None = None


class ComparisonCompleted(ComparisonAnswer, Event):
    """A comparison was completed, with a `summary` for the query.

    `left_out`: the fields that are not whole, where all of many strategies would not fit a record;
    `comparison.queried` shows them.
    """

    comparison_id: Id
    session_id: Id | None = None
    left_out: tuple[str, ...] = Field(default=(), exclude_if=is_empty)
    completed_at: datetime


class ComparisonFailed(Event):
    """A comparison failed. `code` is stable, `detail` says why."""

    comparison_id: SentId
    session_id: SentId | None = None
    code: str
    detail: str

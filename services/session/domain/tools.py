"""The tools of a turn: each call is a request of the contracts, to the service that owns the data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field

from backchat_contracts import (
    BacktestAccepted,
    BacktestCancelRequested,
    BacktestEstimate,
    BacktestEstimateQueried,
    BacktestPage,
    BacktestQueried,
    BacktestRequested,
    BacktestStatus,
    BacktestView,
    ComparisonRequested,
    ComparisonView,
    Contract,
    Event,
    InstrumentPage,
    InstrumentQueried,
    Language,
    StrategyConfig,
    StrategyMentionQueried,
    StrategyMentions,
    StrategyQueried,
    StrategyTypes,
)
from services.session.domain.turn import START, ToolCall


@dataclass(frozen=True, slots=True)
class Caller:
    """For which turn a tool is called."""

    session_id: str
    user_id: str
    language: Language


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool.

    Attributes:
        arguments: their class; its docstring says what the tool is for.
        request: returns the request that a call is. Raises pydantic's ValidationError.
        reply: the class of its reply.
        changes: it starts or changes something. Such a call is stored before it is made.

    """

    arguments: type[BaseModel]
    request: Callable[[ToolCall, Caller], Event]
    reply: type[Contract]
    changes: bool = False


class CompareArguments(BaseModel):
    """Ask about strategies and their figures: which is best by a metric, a figure of one, why, how sure.

    Or when: of one, several or all, the worst drawdown with its dates and recovery, the best or worst month,
    returns by year or by month of a year, how many years were lost, in which years one beat another.

    Give one question in Korean or English, with the names of the strategies as the user knows them, and with
    the window of time that it is about, if there is one: "in the second half of 2012".
    `context_strategy_ids`: those that it is about if it names none; null: all there are. `context_queries`:
    the questions before it that say what it lacks, in order. `focus_strategy_id`: the one that "it" is where
    it is asked about beside all others. `excluded_strategy_ids`: those that are left out without being named.
    """

    question: str
    context_strategy_ids: tuple[str, ...] | None = None
    context_queries: tuple[str, ...] = ()
    focus_strategy_id: str | None = None
    excluded_strategy_ids: tuple[str, ...] = ()


def _comparison(call: ToolCall, caller: Caller) -> ComparisonRequested:
    asked = CompareArguments.model_validate(call.arguments)
    return ComparisonRequested(
        comparison_id=call.id,
        session_id=caller.session_id,
        context_strategy_ids=asked.context_strategy_ids,
        query=asked.question,
        context_queries=asked.context_queries,
        focus_strategy_id=asked.focus_strategy_id,
        excluded_strategy_ids=asked.excluded_strategy_ids,
        language=caller.language,
        summary="computed",
    )


class MentionArguments(BaseModel):
    """Find the strategies that a text names, and what each has run. Without a name: those of the context."""

    text: str
    context_strategy_ids: tuple[str, ...] = ()


class InstrumentArguments(BaseModel):
    """See for which symbols there are prices, and from when to when; null: the first ones of all."""

    symbols: tuple[str, ...] | None = None


class NoArguments(BaseModel):
    """See which strategy types there are, and the parameters that each takes."""


class RunArguments(BaseModel):
    """Propose a backtest: see what it would run, with all defaults. It runs when the user then says yes."""

    strategy_config: StrategyConfig


class BacktestArguments(BaseModel):
    """See a backtest: its status, settings, figures and warnings."""

    backtest_id: str


class CancelArguments(BacktestArguments):
    """Cancel a backtest that the user wants to be cancelled."""


class BacktestsArguments(BaseModel):
    """List backtests, the newest first: all, those of a status, or `own` those of the user alone."""

    status: BacktestStatus | None = None
    own: bool = False
    limit: Annotated[int, Field(ge=1, le=50)] = 10


def _mention(call: ToolCall, caller: Caller) -> StrategyMentionQueried:
    asked = MentionArguments.model_validate(call.arguments)
    return StrategyMentionQueried(
        text=asked.text, session_id=caller.session_id, context_strategy_ids=asked.context_strategy_ids
    )


def _types(_call: ToolCall, _caller: Caller) -> StrategyQueried:
    return StrategyQueried(types=True)


def _instruments(call: ToolCall, _caller: Caller) -> InstrumentQueried:
    asked = InstrumentArguments.model_validate(call.arguments)
    return InstrumentQueried(symbols=asked.symbols, limit=MOST_LISTED)


def _estimate(call: ToolCall, caller: Caller) -> BacktestEstimateQueried:
    asked = RunArguments.model_validate(call.arguments)
    return BacktestEstimateQueried(strategy_config=asked.strategy_config, user_id=caller.user_id)


def _start(call: ToolCall, caller: Caller) -> BacktestRequested:
    asked = RunArguments.model_validate(call.arguments)
    return BacktestRequested(
        backtest_id=call.id,
        strategy_config=asked.strategy_config,
        user_id=caller.user_id,
        trigger_reason="chat",
        session_id=caller.session_id,
    )


def _backtest(call: ToolCall, _caller: Caller) -> BacktestQueried:
    return BacktestQueried(backtest_id=BacktestArguments.model_validate(call.arguments).backtest_id)


def _backtests(call: ToolCall, caller: Caller) -> BacktestQueried:
    asked = BacktestsArguments.model_validate(call.arguments)
    user_id = caller.user_id if asked.own else None
    return BacktestQueried(status=asked.status, user_id=user_id, limit=asked.limit)


def _cancel(call: ToolCall, _caller: Caller) -> BacktestCancelRequested:
    return BacktestCancelRequested(backtest_id=BacktestArguments.model_validate(call.arguments).backtest_id)


MOST_LISTED: Final = 200
"""Of instruments, in one answer."""

COMPARE: Final = "compare"
FIND_STRATEGIES: Final = "find_strategies"
LIST_TYPES: Final = "list_types"
LIST_INSTRUMENTS: Final = "list_instruments"
ESTIMATE: Final = "estimate_backtest"
GET: Final = "get_backtest"
LIST_BACKTESTS: Final = "list_backtests"
CANCEL: Final = "cancel_backtest"

TOOLS: Final[Mapping[str, Tool]] = {
    COMPARE: Tool(CompareArguments, _comparison, ComparisonView),
    FIND_STRATEGIES: Tool(MentionArguments, _mention, StrategyMentions),
    LIST_TYPES: Tool(NoArguments, _types, StrategyTypes),
    LIST_INSTRUMENTS: Tool(InstrumentArguments, _instruments, InstrumentPage),
    ESTIMATE: Tool(RunArguments, _estimate, BacktestEstimate),
    START: Tool(RunArguments, _start, BacktestAccepted, changes=True),
    GET: Tool(BacktestArguments, _backtest, BacktestView),
    LIST_BACKTESTS: Tool(BacktestsArguments, _backtests, BacktestPage),
    CANCEL: Tool(CancelArguments, _cancel, BacktestView, changes=True),
}


def compare_call(
    call_id: str,
    question: str,
    context: tuple[str, ...] | None,
    earlier: tuple[str, ...] = (),
    focus: str | None = None,
    without: tuple[str, ...] = (),
) -> ToolCall:
    """Return a call that asks about strategies.

    `focus` is the one asked about beside all others; `without` are those that are left out.
    """
    arguments: dict[str, Any] = {"question": question}
    if context is not None:
        arguments["context_strategy_ids"] = list(context)
    if earlier:
        arguments["context_queries"] = list(earlier)
    if focus:
        arguments["focus_strategy_id"] = focus
    if without:
        arguments["excluded_strategy_ids"] = list(without)
    return ToolCall(call_id, COMPARE, arguments)

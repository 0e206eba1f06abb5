"""The tools of a turn: each call is a request of the contracts, to the service that owns the data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from backchat_contracts import (
    BacktestAccepted,
    BacktestCancelRequested,
    BacktestEstimate,
    BacktestEstimateQueried,
    BacktestQueried,
    BacktestRequested,
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
    """A tool: the request that a call with these arguments is, and the class of its reply.

    `changes`: it starts or changes something. Such a call is stored before it is made.
    """

    request: Callable[[ToolCall, Caller], Event]
    reply: type[Contract]
    changes: bool = False


class CompareArguments(BaseModel):
    """A question about strategies; where it names none it is about those of the context, null: about all."""

    question: str
    context_strategy_ids: tuple[str, ...] | None = None


def _comparison(call: ToolCall, caller: Caller) -> ComparisonRequested:
    asked = CompareArguments.model_validate(call.arguments)
    return ComparisonRequested(
        comparison_id=call.id,
        session_id=caller.session_id,
        context_strategy_ids=asked.context_strategy_ids,
        query=asked.question,
        language=caller.language,
        summary="computed",
    )


class MentionArguments(BaseModel):
    """A text that may mention strategies; where it mentions none it is about those of the context."""

    text: str
    context_strategy_ids: tuple[str, ...] = ()


class InstrumentArguments(BaseModel):
    """The symbols of instruments; null: the first ones of all."""

    symbols: tuple[str, ...] | None = None


class RunArguments(BaseModel):
    """A backtest to run."""

    strategy_config: StrategyConfig


class BacktestArguments(BaseModel):
    """The id of a backtest."""

    backtest_id: str


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
CANCEL: Final = "cancel_backtest"

TOOLS: Final[Mapping[str, Tool]] = {
    COMPARE: Tool(_comparison, ComparisonView),
    FIND_STRATEGIES: Tool(_mention, StrategyMentions),
    LIST_TYPES: Tool(_types, StrategyTypes),
    LIST_INSTRUMENTS: Tool(_instruments, InstrumentPage),
    ESTIMATE: Tool(_estimate, BacktestEstimate),
    START: Tool(_start, BacktestAccepted, changes=True),
    GET: Tool(_backtest, BacktestView),
    CANCEL: Tool(_cancel, BacktestView, changes=True),
}


def compare_call(call_id: str, question: str, context: tuple[str, ...] | None) -> ToolCall:
    """Return a call that asks a question about strategies."""
    arguments: dict[str, Any] = {"question": question}
    if context is not None:
        arguments["context_strategy_ids"] = list(context)
    return ToolCall(call_id, COMPARE, arguments)

"""The tools of a turn: each call is a request of the contracts, to the service that owns the data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from backchat_contracts import ComparisonRequested, ComparisonView, Contract, Event, Language
from services.session.domain.turn import ToolCall


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


COMPARE: Final = "compare"

TOOLS: Final[Mapping[str, Tool]] = {
    COMPARE: Tool(_comparison, ComparisonView),
}


def compare_call(call_id: str, question: str, context: tuple[str, ...] | None) -> ToolCall:
    """Return a call that asks a question about strategies."""
    arguments: dict[str, Any] = {"question": question}
    if context is not None:
        arguments["context_strategy_ids"] = list(context)
    return ToolCall(call_id, COMPARE, arguments)

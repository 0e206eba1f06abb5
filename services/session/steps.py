"""The steps of a turn, as a mind sees them: the calls of tools, their replies, and what failed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from backchat_contracts import Contract
from services.session.domain.reasons import reason
from services.session.domain.session import Session
from services.session.domain.tools import COMPARE
from services.session.domain.turn import NO_REPLY, Step, ToolCall, Turn, call_id
from services.session.ports import Calls, Failed

Reply = TypeVar("Reply", bound=Contract)


def failure(turn: Turn, step: Step) -> Failed:
    """Return the failure of a turn that needs a step's reply."""
    code = (step.outcome and step.outcome.code) or NO_REPLY
    return Failed(code, reason(step.outcome, {}, (), turn.language))


def unanswered(turn: Turn, *tools: str) -> Failed | None:
    """Return the failure of a turn one of whose calls of these tools got no answer."""
    steps = (step for step in turn.steps if step.call.tool in tools)
    failed = (step for step in steps if step.outcome is None or step.outcome.reply is None)
    return next((failure(turn, step) for step in failed), None)


def steps_of(turn: Turn, tool: str) -> list[Step]:
    return [step for step in turn.steps if step.call.tool == tool]


def replies_of(turn: Turn, tool: str, kind: type[Reply]) -> Iterator[Reply]:
    for step in steps_of(turn, tool):
        if step.outcome and isinstance(step.outcome.reply, kind):
            yield step.outcome.reply


def reply_of(turn: Turn, tool: str, kind: type[Reply]) -> Reply:
    return next(replies_of(turn, tool, kind))


def compared_from(turn: Turn) -> Sequence[Step]:
    """Return the first comparison of a turn and the steps after it, which a model has asked for.

    Before it may stand what was looked up, and was not what the message is about.
    """
    first = next((n for n, step in enumerate(turn.steps) if step.call.tool == COMPARE), len(turn.steps))
    return turn.steps[first:]


def calls(session: Session, turn: Turn, *asked: tuple[str, Mapping[str, Any]]) -> Calls:
    """Return calls of tools with arguments."""
    first = len(turn.steps)
    return Calls(
        [
            ToolCall(call_id(session.session_id, turn.turn_id, first + number), tool, arguments)
            for number, (tool, arguments) in enumerate(asked)
        ]
    )

"""The tools that language models may call in a turn, and what comes of their calls."""

import json
from collections.abc import Sequence
from typing import Any, Final

from backchat_contracts import BacktestEstimate
from services.language.commands import cancels
from services.language_model.errors import LlmError
from services.language_model.pieces import ToolCall as WantedCall
from services.session.domain import telling
from services.session.domain.proposals import MOST_PROPOSED, Proposal
from services.session.domain.session import Session
from services.session.domain.tools import (
    CANCEL,
    COMPARE,
    ESTIMATE,
    FIND_STRATEGIES,
    GET,
    LIST_BACKTESTS,
    LIST_INSTRUMENTS,
    LIST_TYPES,
)
from services.session.domain.turn import Turn
from services.session.ports import Answer, Calls
from services.session.running import reminder
from services.session.steps import calls, compared_from, steps_of

MOST_CALLS: Final = 8
"""Of tools, by models, for one answer."""
MOST_DEEP: Final = 50
"""Of arguments, one within another: the database takes 100 levels, with those of the session."""
LARGEST: Final = 2**63
"""What an integer in the database is below."""
MOST_CHARACTERS: Final = 10_000
"""Of the arguments of a call."""
_HARMLESS: Final = (COMPARE, FIND_STRATEGIES, LIST_TYPES, LIST_INSTRUMENTS, LIST_BACKTESTS, GET, ESTIMATE)


def offered(session: Session, turn: Turn) -> Sequence[str]:
    """Return the names of the tools that a model may call at this point of a turn.

    None of them starts anything: a backtest is proposed, and the user's yes starts it. Backtests may be
    cancelled where the user speaks of that, whatever a name or a text among the data asks for.
    """
    if len(compared_from(turn)) > MOST_CALLS:  # the first one is not a model's
        return ()
    may_cancel = cancels(turn.message) and _under_way(session)
    return (*_HARMLESS, CANCEL) if may_cancel else _HARMLESS


def called(session: Session, turn: Turn, wanted: Sequence[WantedCall]) -> Calls:
    """Return the calls that a model wants; of too many, the first ones.

    Raises:
        LlmError: one is of a tool that was not offered, or has arguments that are too long.

    """
    left = MOST_CALLS + 1 - len(compared_from(turn))
    tools = offered(session, turn)
    asked = [(each.name, _arguments(each, tools)) for each in wanted[:left]]
    for tool, arguments in asked:
        if tool == CANCEL and arguments.get("backtest_id") not in _under_way(session):
            raise LlmError("a call that cancels another's backtest", ())
    return calls(session, turn, *asked)


def proposed(session: Session, turn: Turn) -> Answer:
    """Return the backtests that a turn's calls propose, and their text; else what is still proposed."""
    estimated = [
        (Proposal(step.call.arguments["strategy_config"]), step.outcome.reply)
        for step in steps_of(turn, ESTIMATE)
        if step.outcome and isinstance(step.outcome.reply, BacktestEstimate)
    ][-MOST_PROPOSED:]
    if not estimated:
        return Answer(reminder(session, turn), proposals=session.context.proposals)
    proposals = tuple(proposal.as_shown(estimate) for proposal, estimate in estimated)
    estimates = [estimate for _, estimate in estimated]
    text = telling.proposed(estimates, [None] * len(estimates), (), (), turn.language)
    return Answer(text, proposals=proposals)


def _under_way(session: Session) -> frozenset[str]:
    return frozenset(each.backtest_id for each in session.context.started if not each.ended)


def _arguments(wanted: WantedCall, tools: Sequence[str]) -> dict[str, Any]:
    if wanted.name not in tools:
        raise LlmError(f"a call of '{wanted.name[:40]}', which was not offered", ())
    if len(wanted.arguments) > MOST_CHARACTERS:
        raise LlmError(f"arguments of {len(wanted.arguments)} characters", ())
    arguments: dict[str, Any] = json.loads(wanted.arguments)
    if not _can_be_stored(arguments):
        raise LlmError("arguments that can't be stored", ())
    return arguments


def _can_be_stored(value: object, depth: int = 0) -> bool:
    """Tell whether the database takes a JSON value: no long integers, halves of characters, deep nesting."""
    match value:
        case _ if depth > MOST_DEEP:
            return False
        case dict():
            keys = all(_can_be_stored(key) and "\0" not in key for key in value)
            return keys and all(_can_be_stored(each, depth + 1) for each in value.values())
        case list():
            return all(_can_be_stored(each, depth + 1) for each in value)
        case str():
            return value.encode(errors="replace").decode() == value
        case int():
            return -LARGEST <= value < LARGEST
    return True

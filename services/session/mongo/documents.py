"""Documents of sessions: how their parts are stored and read."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from services.chassis.storage.mongo import Document
from services.session.domain.budgets import Used
from services.session.domain.history import Message, ToolUse, Unanswered, tools_of
from services.session.domain.model_use import ModelUse
from services.session.domain.proposals import Proposal, Started
from services.session.domain.session import Asked, Context, Fork, NewTurn, Session
from services.session.domain.tools import TOOLS
from services.session.domain.turn import Listener, Outcome, Step, ToolCall, Turn


def _message(entry: Mapping[str, Any]) -> Message:
    own = {
        "strategy_ids": tuple(entry.get("strategy_ids", ())),
        "model_use": model_use_of(entry),
        "tools": _tools(entry),
    }
    return Message(**{**entry, **own})


def model_use_of(fields: Mapping[str, Any]) -> ModelUse | None:
    """Return what language models took for a message or a turn."""
    use = fields.get("model_use")
    return ModelUse(**use) if use else None


def _tools(entry: Mapping[str, Any]) -> tuple[ToolUse, ...]:
    return tuple(ToolUse(**each) for each in entry.get("tools", ()))


def _unanswered(document: Mapping[str, Any], last: Turn | None) -> tuple[Unanswered, ...]:
    """Return the turns without an answer: before they were kept, the last one alone is known."""
    if "unanswered" in document:
        return tuple(Unanswered(**{**each, "tools": _tools(each)}) for each in document["unanswered"])
    history = document.get("conversation_history", ())
    answers = {each["turn_id"] for each in history if each["role"] == "assistant"}
    if last is None or last.turn_id in answers:
        return ()
    return (Unanswered(last.turn_id, None, tools_of(last), last.replaces),)


def turn_fields(turn: Turn) -> Document:
    fields = {**asdict(replace(turn, steps=())), "steps": [_step_fields(step) for step in turn.steps]}
    for name in ("backtest_id", "model_use", "listeners", "replaces"):
        if not fields[name]:  # a service of before refuses a field that it does not know, also an empty one
            del fields[name]
    return fields


def _step_fields(step: Step) -> Document:
    outcome = step.outcome
    reply = outcome and outcome.reply and outcome.reply.model_dump(mode="json")
    return {
        **asdict(step.call),
        "outcome": outcome and {**asdict(replace(outcome, reply=None)), "reply": reply},
    }


def _turn(fields: Mapping[str, Any]) -> Turn:
    own = {
        "steps": tuple(_step(each) for each in fields["steps"]),
        "model_use": model_use_of(fields),
        "listeners": listeners_of(fields),
    }
    return Turn(**{**fields, **own})


def listeners_of(turn: Mapping[str, Any]) -> tuple[Listener, ...]:
    return tuple(Listener(**each) for each in turn.get("listeners", ()))


def _step(fields: Mapping[str, Any]) -> Step:
    outcome = fields["outcome"]
    call = ToolCall(fields["id"], fields["tool"], fields["arguments"])
    if outcome is None:
        return Step(call)
    reply = outcome["reply"] and TOOLS[call.tool].reply.model_validate(outcome["reply"])
    return Step(call, Outcome(**{**outcome, "reply": reply}))


def context_fields(context: Context) -> Document:
    fields = asdict(context)
    if context.asked is None:
        del fields["asked"]
    return fields


def _context(fields: Mapping[str, Any]) -> Context:
    return Context(
        tuple(fields["strategy_ids"]),
        fields["focus"],
        tuple(_proposal(each) for each in fields.get("proposals", ())),
        tuple(Started(**each) for each in fields.get("started", ())),
        _asked(fields.get("asked")),
    )


def _asked(fields: Mapping[str, Any] | None) -> Asked | None:
    if fields is None:
        return None
    ids, period = fields["strategy_ids"], fields.get("period")
    queries = tuple(fields["queries"])
    return Asked(queries, None if ids is None else tuple(ids), None if period is None else tuple(period))


def _proposal(fields: Mapping[str, Any]) -> Proposal:
    return Proposal(**{**fields, "asked": tuple(fields.get("asked", ()))})


def read_session(document: Mapping[str, Any]) -> Session:
    """Read a session from its document."""
    turn, before = document.get("turn"), document.get("before")
    last = _turn(document["last"]) if document.get("last") else None
    fork = document.get("forked_from")
    return Session(
        session_id=document["session_id"],
        user_id=document["user_id"],
        created_at=document["created_at"],
        updated_at=document["updated_at"],
        is_active=document["is_active"],
        history=tuple(_message(entry) for entry in document.get("conversation_history", ())),
        context=_context(document["context"]),
        turn=_turn(turn) if turn else None,
        refused=tuple(document.get("refused", ())),
        auto_run=document.get("auto_run", False),
        waiting=tuple(NewTurn(_turn(each["turn"]), each["came_at"]) for each in document.get("waiting", ())),
        last=last,
        before=_context(before) if before else None,
        title=document.get("title"),
        forked_from=Fork(**fork) if fork else None,
        unanswered=_unanswered(document, last),
        used=Used(**document.get("used", {})),
    )

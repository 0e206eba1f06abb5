"""Answers that replace others, and conversations that begin as another one: what is known at a turn."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from services.session.domain.referring import remember
from services.session.domain.session import Context, Fork, Message, Session
from services.session.domain.tools import TOOLS

NO_REPLY: Final = "no-data"
"""The code of a call that got no reply in time: it may have been carried out."""


def as_asked(session: Session) -> Session:
    """Return a session as it was when the message of its turn was said first.

    Replaced answers are not part of it, neither is the one that this turn replaces. What was started stays.
    """
    replaced = {each.replaces for each in session.history} | {session.turn.replaces if session.turn else None}
    history = tuple(m for m in session.history if m.role == "user" or m.turn_id not in replaced)
    if session.turn and not session.turn.backtest_id:  # one that waited and was cancelled stands behind it
        root = session.root_of(session.turn.turn_id)
        ends = (n for n, m in enumerate(history, 1) if m.turn_id == root and m.role == "user")
        history = history[: next(ends, len(history))]
    if session.turn is None or session.turn.replaces is None:
        return replace(session, history=history)
    context = replace(session.before or session.context, started=session.context.started)
    return replace(session, history=history, context=context)


def recalled(history: Sequence[Message]) -> Context:
    """Return what a conversation is about after these messages; nothing is proposed or started in it."""
    context = Context()
    replaced = {each.replaces for each in history}
    for message in history:
        if message.role == "assistant" and message.turn_id not in replaced:
            context = remember(context, message.strategy_ids, message.focus)
    return context


def has_acted(session: Session, turn_id: str) -> bool:
    """Tell whether the last turn, or one that was to replace its answer, has started or cancelled something.

    Also where that is not known: of a turn without an answer, that has ended before its calls were kept.
    """
    last, answer = session.last, session.answer_to(turn_id)
    calls = [(each.tool, each.code) for each in answer.tools] if answer else []
    if last and turn_id in {last.turn_id, last.replaces}:
        calls += [(step.call.tool, step.outcome.code if step.outcome else None) for step in last.steps]
    elif answer is None:
        return True
    return any(TOOLS[tool].changes and code in {None, NO_REPLY} for tool, code in calls if tool in TOOLS)


def forked(session: Session, fork_id: str, fork: Fork) -> Session | None:
    """Return the session that begins as another one, up to before a turn; None: that has no such turn."""
    root = session.root_of(fork.turn_id)
    ids = [message.turn_id for message in session.history]
    if root not in ids:
        return None
    history = session.history[: ids.index(root)]
    return Session(
        fork_id,
        session.user_id,
        session.created_at,
        session.updated_at,
        auto_run=session.auto_run,
        history=history,
        context=recalled(history),
        title=fork.title or session.title,
        forked_from=fork,
    )

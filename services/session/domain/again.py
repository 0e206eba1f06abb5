"""Answers that replace others, and conversations that begin as another one: what is known at a turn."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from services.session.domain.budgets import used_by
from services.session.domain.history import Message, Unanswered
from services.session.domain.referring import remember
from services.session.domain.session import Context, Fork, Session
from services.session.domain.tools import TOOLS
from services.session.domain.turn import NO_REPLY


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


def has_acted(session: Session, turn_id: str) -> bool | None:
    """Tell whether a turn, or another one for its message, has started or cancelled something.

    None: that is not known. A call got no reply in time, or the turn has ended before its calls were kept.
    """
    root = session.root_of(turn_id)
    answers = (each for each in session.history if each.role == "assistant")
    ends: Iterable[Message | Unanswered] = (*answers, *session.unanswered)
    turns, ended = {root}, []
    for each in ends:
        if turns & {each.turn_id, each.replaces}:
            turns.add(each.turn_id)
            ended.append(each)
    if all(each.turn_id != turn_id for each in ended):
        return None
    calls = (call for each in ended for call in each.tools if call.tool in TOOLS and TOOLS[call.tool].changes)
    codes = {call.code for call in calls}
    return True if None in codes else None if NO_REPLY in codes else False


def forked(session: Session, fork_id: str, fork: Fork) -> Session | None:
    """Return the session that begins as another one, up to before a turn; None: that has no such turn."""
    root = session.root_of(fork.turn_id)
    ids = [message.turn_id for message in session.history]
    if root not in ids:
        return None
    before = ids.index(root)
    history = session.history[:before]
    unanswered = (each for each in session.unanswered if session.root_of(each.turn_id) in ids[:before])
    return Session(
        fork_id,
        session.user_id,
        session.created_at,
        session.updated_at,
        auto_run=session.auto_run,
        history=history,
        context=recalled(history),
        title=fork.title or (session.title if history else None),
        forked_from=fork,
        unanswered=tuple(unanswered),
        used=used_by(each.model_use for each in history),
    )

"""Translates sessions and answers to the contract's views and events."""

from dataclasses import asdict
from typing import Any

from backchat_contracts import (
    ChatAnswered,
    ChatStreamed,
    ChatToolCompleted,
    ChatToolStarted,
    Event,
    ForkOrigin,
    HistoryEntry,
    SessionCreated,
    SessionSummary,
    SessionView,
)
from services.language.detection import language_of
from services.session.domain.history import Message
from services.session.domain.session import Context, Session
from services.session.domain.turn import Step, Turn


def view_summary(session: Session) -> SessionSummary:
    return SessionSummary(
        session_id=session.session_id,
        user_id=session.user_id,
        title=session.title,
        forked_from=_fork_origin(session),
        is_active=session.is_active,
        auto_run=session.auto_run,
        created_at=session.created_at,
        updated_at=session.updated_at,
    )


def view_created(session: Session) -> SessionCreated:
    return SessionCreated(
        session_id=session.session_id,
        user_id=session.user_id,
        created_at=session.created_at,
        forked_from=_fork_origin(session),
    )


def _fork_origin(session: Session) -> ForkOrigin | None:
    fork = session.forked_from
    return ForkOrigin(session_id=fork.session_id, turn_id=fork.turn_id) if fork else None


def view_session(session: Session, after: str | None = None) -> SessionView:
    """Show a session; with `after`, of its history what came after that turn: nothing if it has none such."""
    shown = session.history
    unknown = len(shown) if after else 0
    why = session.messages_without_answer
    last = max((at for at, message in enumerate(shown, 1) if message.turn_id == after), default=unknown)
    return SessionView(
        **view_summary(session).model_dump(),
        conversation_history=tuple(
            HistoryEntry(**asdict(each), unanswered=why.get(each.turn_id)) for each in shown[last:]
        ),
        context=_shown(session.context),
        running=session.turn and session.turn.turn_id,
        waiting=tuple(each.turn.turn_id for each in session.waiting),
    )


def view_answer(session: Session, answer: Message) -> ChatAnswered:
    said = session.message_of(answer.replaces) if answer.replaces else None
    return ChatAnswered(
        turn_id=answer.turn_id,
        session_id=session.session_id,
        answer=answer.content,
        provider=answer.provider or "computed",
        language=answer.language or language_of(answer.content),
        strategy_ids=answer.strategy_ids,
        answered_at=answer.timestamp,
        replaces=answer.replaces,
        message=said and said.content,
    )


def view_steps(session_id: str, turn: Turn) -> list[Event]:
    """Show what was done for a turn, as a stream tells of it."""
    return [event for step in turn.steps for event in _view_step(session_id, turn.turn_id, step)]


def view_told(session: Session, answer: Message) -> list[Event]:
    """Show an answer as a stream has told of it: of the last turn with what its tools were called with."""
    ids = {"turn_id": answer.turn_id, "session_id": session.session_id}
    if session.last and session.last.turn_id == answer.turn_id:
        steps = view_steps(session.session_id, session.last)
    else:
        steps = [
            ChatToolCompleted(**ids, call_id=each.id, tool=each.tool, seconds=each.seconds, code=each.code)
            for each in answer.tools
        ]
    return [*steps, ChatStreamed(**ids, index=0, delta=answer.content)]


def _view_step(session_id: str, turn_id: str, step: Step) -> list[Event]:
    ids = {"turn_id": turn_id, "session_id": session_id, "call_id": step.call.id}
    started = ChatToolStarted(**ids, tool=step.call.tool, arguments=dict(step.call.arguments))
    if step.outcome is None:
        return [started]
    seconds, code = step.outcome.seconds, step.outcome.code
    return [started, ChatToolCompleted(**ids, tool=step.call.tool, seconds=seconds, code=code)]


def _shown(context: Context) -> dict[str, Any]:
    """Return what is shown of a context: not the questions that the next one may continue."""
    return {name: value for name, value in asdict(context).items() if name != "asked"}

"""Translates sessions and answers to the contract's views and events."""

from dataclasses import asdict
from typing import Any

from backchat_contracts import ChatAnswered, HistoryEntry, SessionSummary, SessionView
from services.language.detection import language_of
from services.session.domain.session import Context, Message, Session


def view_summary(session: Session) -> SessionSummary:
    return SessionSummary(
        session_id=session.session_id,
        user_id=session.user_id,
        is_active=session.is_active,
        auto_run=session.auto_run,
        created_at=session.created_at,
        updated_at=session.updated_at,
    )


def view_session(session: Session, after: str | None = None) -> SessionView:
    """Show a session; with `after`, of its history what came after that turn: nothing if it has none such."""
    shown = session.history
    unknown = len(shown) if after else 0
    last = max((at for at, message in enumerate(shown, 1) if message.turn_id == after), default=unknown)
    return SessionView(
        **view_summary(session).model_dump(),
        conversation_history=tuple(HistoryEntry(**asdict(message)) for message in shown[last:]),
        context=_shown(session.context),
        running=session.turn and session.turn.turn_id,
        waiting=tuple(each.turn.turn_id for each in session.waiting),
    )


def view_answer(session_id: str, answer: Message) -> ChatAnswered:
    return ChatAnswered(
        turn_id=answer.turn_id,
        session_id=session_id,
        answer=answer.content,
        provider=answer.provider or "computed",
        language=answer.language or language_of(answer.content),
        strategy_ids=answer.strategy_ids,
        answered_at=answer.timestamp,
    )


def _shown(context: Context) -> dict[str, Any]:
    """Return what is shown of a context: not the questions that the next one may continue."""
    return {name: value for name, value in asdict(context).items() if name != "asked"}

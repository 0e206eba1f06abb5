"""Chat sessions and their turns."""

from datetime import datetime

from backchat_contracts.base import Event, Id, Language, PageSize, Text


class SessionRequested(Event):
    """Somebody wants to talk."""

    session_id: Id
    user_id: Id = "system"


class SessionEndRequested(Event):
    """Somebody is done talking."""

    session_id: Id


class SessionQueried(Event):
    """A question about sessions: one with its history, or a page of a user's active ones."""

    session_id: Id | None = None
    user_id: Id | None = None
    limit: PageSize = 50
    cursor: str | None = None


class SessionCreated(Event):
    """A session is open."""

    session_id: Id
    user_id: Id
    created_at: datetime


class SessionEnded(Event):
    """A session is closed; its history can still be read until it expires."""

    session_id: Id
    ended_at: datetime


class ChatRequested(Event):
    """Somebody said something. `language` null: the language of the message."""

    turn_id: Id
    session_id: Id
    message: Text
    language: Language | None = None
    stream: bool = False


class ChatStreamed(Event):
    """A piece of an answer that is being written: sent to the asker's reply partition alone."""

    turn_id: Id
    session_id: Id
    index: int
    delta: str


class ChatAnswered(Event):
    """The whole answer. `provider` says who wrote it: `computed`, or the language model's name."""

    turn_id: Id
    session_id: Id
    answer: str
    provider: str
    language: Language
    strategy_ids: tuple[str, ...] = ()
    answered_at: datetime


class ChatFailed(Event):
    """The message stays in the history without an answer."""

    turn_id: Id
    session_id: Id
    code: str
    detail: str

"""Chat sessions and their turns: a message and its answer."""

from datetime import datetime

from backchat_contracts.base import Event, Id, Language, PageSize, Text


class SessionRequested(Event):
    """Request to open a chat session."""

    session_id: Id
    user_id: Id = "system"


class SessionEndRequested(Event):
    """Request to end a chat session."""

    session_id: Id


class SessionQueried(Event):
    """Query for one session with its history, or a page of a user's active sessions."""

    session_id: Id | None = None
    user_id: Id | None = None
    limit: PageSize = 50
    cursor: str | None = None


class SessionCreated(Event):
    """A chat session was opened."""

    session_id: Id
    user_id: Id
    created_at: datetime


class SessionEnded(Event):
    """A chat session was ended; its history can be read until it expires."""

    session_id: Id
    ended_at: datetime


class ChatRequested(Event):
    """Request to answer a message. `language` of the answer; null: the language of the message."""

    turn_id: Id
    session_id: Id
    message: Text
    language: Language | None = None
    stream: bool = False


class ChatStreamed(Event):
    """A piece of an answer while it is written, sent to the requester's reply partition only."""

    turn_id: Id
    session_id: Id
    index: int
    delta: str


class ChatAnswered(Event):
    """A message was answered. `provider`: `computed`, or the name of the language model."""

    turn_id: Id
    session_id: Id
    answer: str
    provider: str
    language: Language
    strategy_ids: tuple[str, ...] = ()
    answered_at: datetime


class ChatFailed(Event):
    """A message could not be answered; it stays in the history without an answer."""

    turn_id: Id
    session_id: Id
    code: str
    detail: str

"""Chat sessions and their turns: a message and its answer."""

from datetime import datetime
from typing import Any

from backchat_contracts.base import Event, Flag, Id, Language, PageSize, Request, SentId, Text


class SessionRequested(Request):
    """Request to open a chat session; `auto_run`: its chat starts backtests without asking first."""

    session_id: Id
    user_id: Id = "system"
    auto_run: Flag = False


class SessionEndRequested(Request):
    """Request to end a chat session."""

    session_id: Id


class SessionQueried(Request):
    """Query for one session with its history, or a page of a user's active sessions.

    `after`: only the entries of the history that came after those of this turn.
    """

    session_id: Id | None = None
    after: Id | None = None
    user_id: Id | None = None
    limit: PageSize = 50
    cursor: str | None = None


class SessionCreated(Event):
    """A chat session was opened."""

    session_id: Id
    user_id: Id
    created_at: datetime


class SessionRejected(Event):
    """A request to open a chat session was rejected. `code` is stable, `detail` says why."""

    session_id: SentId
    code: str
    detail: str


class SessionEnded(Event):
    """A chat session was ended; its history can be read until it expires."""

    session_id: Id
    ended_at: datetime


class ChatRequested(Request):
    """Request to answer a message. `language` of the answer; null: the language of the message."""

    turn_id: Id
    session_id: Id
    message: Text
    language: Language | None = None
    stream: Flag = False


class ChatCancelRequested(Request):
    """Request to end a turn without an answer. Cancelling twice is fine; an answered one is refused.

    What the turn has done stays done: a backtest that it has started runs on.
    """

    session_id: Id
    turn_id: Id


class ChatStreamed(Event):
    """A piece of an answer while it is written, sent to the requester's reply partition only."""

    turn_id: Id
    session_id: Id
    index: int
    delta: str


class ChatRestarted(Event):
    """An answer begins anew, what was streamed of it is void; sent to the requester's partition only."""

    turn_id: Id
    session_id: Id


class ChatToolStarted(Event):
    """A tool is called for an answer; sent to the requester's reply partition only.

    `call_id`: of what it makes or asks for. `arguments`: as JSON values.
    """

    turn_id: Id
    session_id: Id
    call_id: str
    tool: str
    arguments: dict[str, Any]


class ChatToolCompleted(Event):
    """A tool has answered; sent to the requester's partition only. `code`: why it was refused or failed."""

    turn_id: Id
    session_id: Id
    call_id: str
    tool: str
    seconds: float
    code: str | None = None


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
    """A message could not be answered. One that was taken stays in the history without an answer."""

    turn_id: SentId
    session_id: SentId
    code: str
    detail: str

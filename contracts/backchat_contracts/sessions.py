"""Chat sessions and their turns: a message and its answer."""

from datetime import datetime
from typing import Any

from pydantic import Field

from backchat_contracts.base import (
    Contract,
    Event,
    Flag,
    Id,
    Language,
    Name,
    PageSize,
    Request,
    SentId,
    Text,
    is_none,
)


class SessionRequested(Request):
    """Request to open a chat session; `auto_run`: its chat starts backtests without asking first."""

    session_id: Id
    user_id: Id = "system"
    auto_run: Flag = False


class SessionEndRequested(Request):
    """Request to end a chat session."""

    session_id: Id


class SessionRenameRequested(Request):
    """Request to give a chat session another title."""

    session_id: Id
    title: Name


class SessionForkRequested(Request):
    """Request to open a chat session that begins as another one did, up to before one of its turns.

    `fork_id`: of the new session; `title`: null, that of the other one, or, if nothing was said before the
    turn, of its own first message. Nothing is proposed in it, and no
    backtest was started by it: what the other one has started is told there.
    """

    session_id: Id
    turn_id: Id
    fork_id: Id
    title: Name | None = None


class SessionQueried(Request):
    """Query for one session with its history, or a page of a user's active sessions.

    `after`: only the entries of the history that came after those of this turn.
    """

    session_id: Id | None = None
    after: Id | None = None
    user_id: Id | None = None
    limit: PageSize = 50
    cursor: str | None = None


class ForkOrigin(Contract):
    """The session that another one begins as, and the turn before which they part."""

    session_id: str
    turn_id: str


class SessionCreated(Event):
    """A chat session was opened; `forked_from`: as the beginning of another one."""

    session_id: Id
    user_id: Id
    created_at: datetime
    forked_from: ForkOrigin | None = Field(default=None, exclude_if=is_none)


class SessionRenamed(Event):
    """A chat session got another title."""

    session_id: Id
    title: str


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


class ChatRegenerateRequested(Request):
    """Request to answer the last message of a session again, as turn `turn_id`.

    `replaces`: the session's last turn, whose answer is replaced, or one that has failed to replace it.
    Refused while a turn is under way, and where that turn has started or cancelled a backtest, or may have:
    what was done is not done again.
    """

    turn_id: Id
    session_id: Id
    replaces: Id
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
    """A message was answered. `provider`: `computed`, or the name of the language model.

    `replaces`: the turn whose answer this one replaces; `message`: what it answers, which came before.
    """

    turn_id: Id
    session_id: Id
    answer: str
    provider: str
    language: Language
    strategy_ids: tuple[str, ...] = ()
    answered_at: datetime
    replaces: str | None = Field(default=None, exclude_if=is_none)
    message: str | None = Field(default=None, exclude_if=is_none)


class ChatFailed(Event):
    """A message could not be answered. One that was taken stays in the history without an answer.

    `detail` is in the language of the conversation.
    """

    turn_id: SentId
    session_id: SentId
    code: str
    detail: str

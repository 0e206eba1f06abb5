"""What the session service's use cases need from the outside."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from backchat_contracts import Event
from services.chassis.messaging.envelope import Delivery, Origin, ReplyAddress
from services.session.domain import Context, Message, Session, Turn


@dataclass(frozen=True, slots=True)
class Stored:
    """A session as it was read, and what is needed to change just that."""

    session: Session
    version: int
    sequence: int
    origin: Origin
    reply_address: ReplyAddress | None


class SessionStore(Protocol):
    """Sessions. A change is refused (False) when the session has changed since it was read."""

    async def get(self, session_id: str) -> Stored | None: ...

    async def add(self, session: Session, events: Sequence[Event], delivery: Delivery) -> bool:
        """Store a new session; False: there is one of this id."""

    async def end(self, read: Stored, now: datetime, events: Sequence[Event], delivery: Delivery) -> bool: ...

    async def begin_turn(
        self,
        read: Stored,
        said: Message,
        turn: Turn,
        events: Sequence[Event],
        delivery: Delivery,
        due: datetime,
    ) -> bool:
        """Keep what was said and the turn; if nothing has come of it by `due`, a worker looks after it.

        The attempts of the turn before don't count any more.
        """

    async def refuse(self, session_id: str, event_id: str) -> None:
        """Remember that a message was refused. It does not stand in the way of the turn that is under way."""

    async def add_data(self, read: Stored, turn: Turn, due: datetime) -> bool:
        """Keep the data that a turn waited for; a worker writes its answer from `due` on."""

    async def end_turn(
        self, read: Stored, answer: Message | None, context: Context, events: Sequence[Event]
    ) -> bool:
        """Keep the answer, if there is one; the session takes the next message."""

    async def page(self, user_id: str, limit: int, before: tuple[datetime, str] | None) -> Sequence[Session]:
        """Return a user's active sessions, the last used first, from behind `before` (time of use and id)."""


class Writer(Protocol):
    """Writes answers in prose."""

    provider: str

    def write(self, history: Sequence[Message], turn: Turn) -> AsyncIterator[str]:
        """Yield the answer piece by piece.

        Raises:
            LlmError: there is no complete answer.

        """

"""What the session service's use cases need from the outside."""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from typing import Protocol

from backchat_contracts import ComparisonCompleted, Event, Language
from services.chassis.messaging.envelope import Delivery
from services.chassis.stored import Stored
from services.language_model.drafting import Drafted
from services.session.domain import Context, Message, Session, Turn


class SessionStore(Protocol):
    """Sessions. What changes one as it was read raises StaleError if the stored one has changed since."""

    async def get(self, session_id: str) -> Stored[Session] | None: ...

    async def add(self, session: Session, events: Sequence[Event], delivery: Delivery) -> None:
        """Store a new session. Raises ExistsError if there is one of its id."""

    async def end(
        self, read: Stored[Session], now: datetime, events: Sequence[Event], delivery: Delivery
    ) -> None: ...

    async def begin_turn(
        self,
        read: Stored[Session],
        said: Message,
        turn: Turn,
        events: Sequence[Event],
        delivery: Delivery,
        due: datetime,
    ) -> None:
        """Store what was said and the turn; a worker claims it at `due`, if it has not ended before.

        Attempts at it are counted from 1 again.
        """

    async def refuse(self, session_id: str, event_id: str) -> None:
        """Remember that a message was refused. A session as it was read can still be changed after that."""

    async def add_data(self, read: Stored[Session], turn: Turn, due: datetime) -> None:
        """Store the data that a turn waited for; a worker writes its answer from `due` on."""

    async def end_turn(
        self, read: Stored[Session], answer: Message | None, context: Context, events: Sequence[Event]
    ) -> None:
        """Store the answer, if there is one, and end the turn."""

    async def page(self, user_id: str, limit: int, before: str | None) -> Sequence[Session]:
        """Return a user's active sessions, the newest first, from behind `before` (creation and id)."""


class Writer(Protocol):
    """Writes answers in prose."""

    def write(
        self, history: Sequence[Message], language: Language, data: ComparisonCompleted
    ) -> AsyncGenerator[Drafted, None]:
        """Yield the answer to the last message, from this data, sentence by sentence, and what wrote it.

        `Restarted` voids the sentences before it.

        Raises:
            LlmError: there is no complete answer.

        """

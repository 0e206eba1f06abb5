"""What the session service's use cases need from the outside."""

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from backchat_contracts import Event
from services.chassis.jobs.queue import Claim
from services.chassis.messaging.envelope import Delivery, Origin, ReplyAddress
from services.chassis.stored import Stored
from services.language_model.drafting import Drafted
from services.language_model.pieces import Restarted
from services.session.domain.budgets import Used
from services.session.domain.history import Message
from services.session.domain.model_use import ModelUse
from services.session.domain.proposals import Proposal, Started
from services.session.domain.session import Asked, NewTurn, Session
from services.session.domain.tools import Caller
from services.session.domain.turn import Listener, Outcome, ToolCall, Turn


class TurnEnd(NamedTuple):
    """What the end of a turn leads to.

    Attributes:
        claim: of the next turn, as `begin_turn` returns it; None where none waits.
        listeners: the further requesters that the turn had.

    """

    claim: Claim[Session] | None
    listeners: tuple[Listener, ...]


class SessionStore(Protocol):
    """Sessions. What changes one as it was read raises StaleError if the stored one has changed since."""

    async def get(self, session_id: str) -> Stored[Session] | None: ...

    async def add(self, session: Session, events: Sequence[Event], delivery: Delivery) -> None:
        """Store a new session. Raises ExistsError if there is one of its id."""

    async def end(
        self, read: Stored[Session], now: datetime, events: Sequence[Event], delivery: Delivery
    ) -> None: ...

    async def rename(
        self, read: Stored[Session], title: str, events: Sequence[Event], delivery: Delivery
    ) -> None: ...

    async def begin_turn(
        self,
        read: Stored[Session],
        new: NewTurn,
        delivery: Delivery,
        held_until: datetime | None,
    ) -> Claim[Session] | None:
        """Store a turn with its message, and return the claim of it.

        Attempts at it are counted from 1 again. Without `held_until`, any worker may claim it at once.
        """

    async def add_waiting(self, read: Stored[Session], new: NewTurn, delivery: Delivery) -> None:
        """Store a turn that begins when those before it have ended."""

    async def drop_waiting(
        self, read: Stored[Session], turn_id: str, code: str, events: Sequence[Event]
    ) -> ReplyAddress | None:
        """Let a turn not begin that waits; return where its answer was to be sent. `code`: why."""

    async def waiting_address(self, session_id: str, turn_id: str) -> ReplyAddress | None:
        """Return where the answer of a turn that waits is to be sent; None: nowhere, or it waits no more."""

    async def add_listener(self, read: Stored[Session], turn_id: str, listener: Listener) -> None:
        """Store a further requester of a turn that runs or waits."""

    async def listeners(self, session_id: str, turn_id: str) -> Sequence[Listener]:
        """Return the further requesters of the turn that is being run; none if it is another one by now."""

    async def refuse(self, session_id: str, event_id: str) -> None:
        """Remember that a message was refused. A session as it was read can still be changed after that."""

    async def add_use(self, session_id: str, used: Used) -> None:
        """Add to what a session has taken of language models; as `refuse`, it changes nothing else."""

    async def save_turn(self, read: Stored[Session], turn: Turn) -> Stored[Session]:
        """Store the steps of a turn, and return the session as it is then.

        What changed in the session meanwhile stays; raises StaleError where the turn is another worker's.
        """

    async def end_turn(
        self,
        read: Stored[Session],
        ended: Callable[[Session], Session],
        events: Sequence[Event],
        held_until: datetime | None,
    ) -> TurnEnd:
        """Store the end of a turn, which `ended` applies to a session, and begin the next one that waits.

        What changed in the session meanwhile stays; raises StaleError where the turn is another worker's.
        """

    async def page(self, user_id: str, limit: int, before: str | None) -> Sequence[Session]:
        """Return a user's active sessions, the newest first, from behind `before` (creation and id)."""


class UseStore(Protocol):
    """What each user has taken of language models, by day."""

    async def add(self, user_id: str, day: date, used: Used) -> None: ...

    async def of(self, user_id: str, day: date) -> Used: ...


class TurnWorkers(Protocol):
    """What runs turns, in this process."""

    def lease(self) -> datetime | None:
        """Return until when a turn that is stored now can be held here; None: there is no room for it."""

    def adopt(self, claim: Claim[Session]) -> None:
        """Run a turn that was stored as claimed."""

    def drop(self, job_id: str, fence: int) -> None:
        """Stop the turn of a session that was claimed with this fence, if it is run here."""


class Tools(Protocol):
    """Calls tools."""

    async def call(self, call: ToolCall, caller: Caller, origin: Origin) -> Outcome:
        """Make a call, and return what came of it: also that it was refused, or got no reply in time."""


@dataclass(frozen=True, slots=True)
class Calls:
    """A decision to call tools, side by side; `model_use`: what a language model took for it."""

    calls: Sequence[ToolCall]
    model_use: ModelUse | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision to answer.

    Attributes:
        text: what is said.
        strategy_ids: the strategies that it is about.
        focus: the one in focus.
        model_use: what language models took for it.
        proposals: the backtests that run if the next message says yes.
        started: those that were started.
        ended: the ids of those whose end it tells.
        asked: the question about strategies that it answers.

    """

    text: str
    strategy_ids: tuple[str, ...] = ()
    focus: str | None = None
    model_use: ModelUse | None = None
    proposals: tuple[Proposal, ...] = ()
    started: tuple[Started, ...] = ()
    ended: tuple[str, ...] = ()
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A decision to end the turn without an answer."""

    code: str
    detail: str


Decision = Calls | Answer | Failed


class Mind(Protocol):
    """Decides how a turn goes on; `instant`: without waiting for anything."""

    instant: bool

    def think(
        self, session: Session, turn: Turn, began: float
    ) -> AsyncGenerator[str | Restarted | Decision, None]:
        """Yield the text of an answer as it is written, if it is, and then a decision.

        `Restarted` voids the text before it. `turn` has all that was done; that of `session` may be older.
        `began`: when the turn did, in the time of the event loop.

        Raises:
            LlmError: it can't decide. What was yielded is void.

        """


class Writer(Protocol):
    """Writes answers in prose."""

    def write(
        self, history: Sequence[Message], turn: Turn, tools: Sequence[str], began: float
    ) -> AsyncGenerator[Drafted, None]:
        """Yield the answer to the last message, sentence by sentence, or calls of tools; and what wrote it.

        `Restarted` voids the sentences before it.

        Args:
            history: ends with the message.
            turn: its first step has the comparison that the computed answer is from.
            tools: the names of those that may be called.
            began: when the turn did, in the time of the event loop.

        Raises:
            LlmError: there is no complete answer.

        """

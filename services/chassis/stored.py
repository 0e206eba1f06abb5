"""State as it was read: what a store hands out, and what it needs to change just that."""

from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from services.chassis.messaging.envelope import Origin, ReplyAddress

T_co = TypeVar("T_co", covariant=True)
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Stored(Generic[T_co]):
    """The state of an aggregate, as it was read.

    `version` counts its changes: a store makes a change only while the stored version is still this one.
    `sequence` counts its events, `fence` the claims of it as a job. `origin` is of the message that caused
    it; `reply_address` is where that message is to be answered.
    """

    id: str
    state: T_co
    version: int
    sequence: int
    origin: Origin
    reply_address: ReplyAddress | None = None
    fence: int = 0

    def of(self, kind: type[K]) -> "Stored[K] | None":
        """Return this, typed by its state, if the state is of this class; None otherwise."""
        return cast("Stored[K]", self) if isinstance(self.state, kind) else None

    def changed(self, state: K, events: int) -> "Stored[K]":
        """Return what is stored after a change to `state` that causes this number of events."""
        version, sequence = self.version + 1, self.sequence + events
        return Stored(self.id, state, version, sequence, self.origin, self.reply_address, self.fence)

"""What a transition gives: the new state, and the events that it causes."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from backchat_contracts import Event

S_co = TypeVar("S_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Change(Generic[S_co]):
    """A new state, and the events of the change."""

    state: S_co
    events: tuple[Event, ...] = ()

"""When the outbox clears sent events, and where it looks for unsent ones: pure functions of the time.

Times are seconds of the monotonic clock; `sent` is by document id, in the order of `Sent.at`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Final

LINGER_SECONDS: Final = 0.5
"""How long after its last event a document is cleared: once for several events in a row."""
QUIET_SECONDS: Final = 0.5
"""How long no event must have been acknowledged before clearing begins: it costs as much as the changes."""
MOST_LATE_SECONDS: Final = 30.0
"""Clearing that is later does not wait for a quiet moment; what has piled up is spread over this time."""
PAGE: Final = 10
"""Documents per call: a long call would hold up the writes of requests."""
PART_PAGE_SECONDS: Final = 1.0
"""How often fewer documents than a page are cleared: each call is a sync of the embedded database."""
PAUSE_SECONDS: Final = 0.2
"""How often the schedule is asked, or more often if that would not clear all documents in time."""


@dataclass(slots=True)
class Sent:
    """The acknowledged events that a document still holds; `at` is when the last was acknowledged."""

    at: float
    event_ids: list[str]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Sent events are kept for `keep` seconds; after `relay_after` seconds a stored event may be unsent."""

    keep: float
    relay_after: float

    @property
    def rest(self) -> float:
        """For how long a document must have had no event before it is cleared."""
        return max(self.keep, LINGER_SECONDS)

    def lateness(self, sent: Mapping[str, Sent], now: float) -> float:
        """Return for how long the first document could have been cleared."""
        first = next(iter(sent.values()), None)
        return max(0.0, now - self.rest - first.at) if first else 0.0

    def pause(self, sent: Mapping[str, Sent]) -> float:
        """Return how long to wait until `to_clear` is asked again: clearing must keep up, and not hurry."""
        pages = max(1.0, len(sent) / PAGE)
        return min(PAUSE_SECONDS, (self.rest + MOST_LATE_SECONDS) / pages)

    def to_clear(self, sent: dict[str, Sent], now: float, cleared_at: float) -> int:
        """Return how many documents to clear now, the first ones; `cleared_at` is the last time."""
        last = next(reversed(sent.values()), None)
        busy = last is not None and now - last.at <= QUIET_SECONDS
        if busy and self.lateness(sent, now) < MOST_LATE_SECONDS:
            return 0
        page = rested(sent, now, self.rest)
        return page if page == PAGE or now - cleared_at > PART_PAGE_SECONDS else 0

    def relay_age(self, sent: Mapping[str, Sent], now: float, *, starting: bool, suspect: bool) -> float:
        """Return how long ago a document must have got its last event for the relay to look at it.

        Young documents hold sent events that are not cleared yet, by this process or another. They are looked
        at only if there may be unsent ones too (`suspect`). At the start, all kept events are sent again.
        """
        if starting and self.keep:
            return 0.0
        if suspect:
            return self.relay_after
        return self.relay_after + self.rest + max(self.lateness(sent, now), MOST_LATE_SECONDS)


def rested(sent: Mapping[str, Sent], now: float, rest: float) -> int:
    """Count the first documents, a page at most, that had no event for `rest` seconds."""
    page = islice(sent.values(), PAGE)
    return sum(1 for _ in takewhile(lambda each: each.at <= now - rest, page))

"""Whose turn it is: start-time fair queueing over users, in classes of priority.

Every user's jobs get tags one apart, beginning at the tag of the job that was claimed last. So a user with a
thousand jobs waiting stands ahead of another's first one with a single job. Source: Goyal, Vin & Cheng,
*Start-time Fair Queueing* (1996), with the same cost for every job.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

HIGH_OFFSET: Final = -1e9
"""High priority has a line of its own, ahead of everything else."""
LOW_LAG: Final = 100.0
"""So many rounds, each of a job per waiting user, may overtake a job of low priority: then it's its turn."""

_OFFSETS: Final[Mapping[str, float]] = MappingProxyType(
    {"high": HIGH_OFFSET, "normal": 0.0, "low": LOW_LAG},
)


class FairQueue:
    """Gives every job its rank; the smallest is next.

    What it knows are hints, made from what passes through this process: with several of them each is fair to
    the users it sees, and all claim by the same ranks.
    """

    def __init__(self) -> None:
        self._now = {True: 0.0, False: 0.0}
        self._last: dict[tuple[str, str], float] = {}

    def place(self, user_id: str, priority: str) -> float:
        """Return the rank of a user's new job."""
        key = (user_id, priority)
        now = self._now[priority == "high"]
        tag = max(now, self._last.get(key, -1.0) + 1.0)
        if len(self._last) > 10_000:  # noqa: PLR2004 - users; who has nothing waiting need not be remembered
            self._forget()
        self._last[key] = tag
        return tag + _OFFSETS[priority]

    def leave(self, user_id: str, priority: str, rank: float) -> None:
        """Take back the rank that was given last, so that it costs the user no turn."""
        key = (user_id, priority)
        if self._last.get(key) == rank - _OFFSETS[priority]:
            self._last[key] -= 1.0

    def passed(self, rank: float) -> None:
        """Take note that a job of this rank is the next, or was claimed: nobody may stand before it."""
        high = rank < HIGH_OFFSET / 2
        tag = rank - HIGH_OFFSET if high else rank
        self._now[high] = max(self._now[high], tag)

    def restore(self, waiting: Iterable[tuple[str, str, float]]) -> None:
        """Take up a line that stands already: user, priority and rank of each job that waits."""
        for user_id, priority, rank in waiting:
            key, tag = (user_id, priority), rank - _OFFSETS[priority]
            self._last[key] = max(tag, self._last.get(key, -1.0))

    def _forget(self) -> None:
        self._last = {key: tag for key, tag in self._last.items() if tag >= self._now[key[1] == "high"]}

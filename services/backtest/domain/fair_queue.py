"""A fair queue of backtests: start-time fair queueing over users, in classes of priority.

Every user's jobs get tags one apart, beginning at the virtual time: the tag of the job that was claimed last.
So a user with a thousand queued jobs delays another's first one by a single job. Source: Goyal, Vin & Cheng,
*Start-time Fair Queueing* (1996), with the same cost for every job.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

HIGH_OFFSET: Final = -1e9
"""High priority has a queue of its own, ahead of everything else."""
LOW_LAG: Final = 100.0
"""How many rounds, each of one job per user, may overtake a job of low priority."""
MOST_USERS: Final = 10_000
"""How many last tags are remembered before those of users without a queued job are forgotten."""

_OFFSETS: Final[Mapping[str, float]] = MappingProxyType(
    {"high": HIGH_OFFSET, "normal": 0.0, "low": LOW_LAG},
)


class Queued(NamedTuple):
    """A job in the queue. Its `rank` is its tag, moved by its priority; the smallest is next."""

    user_id: str
    priority: str
    rank: float


class FairQueue:
    """Gives every job its rank.

    It knows the jobs of this process only. With several processes, each is fair to the users of its own jobs,
    and all claim by the same ranks.
    """

    def __init__(self) -> None:
        self._now = {True: 0.0, False: 0.0}  # the virtual times, of high priority and of the rest
        self._last: dict[tuple[str, str], float] = {}  # tags, by user and priority

    def rank(self, user_id: str, priority: str) -> float:
        """Return the rank of a user's new job."""
        key = (user_id, priority)
        now = self._now[priority == "high"]
        tag = max(now, self._last.get(key, -1.0) + 1.0)
        if len(self._last) > MOST_USERS:
            self._forget()
        self._last[key] = tag
        return tag + _OFFSETS[priority]

    def take_back(self, user_id: str, priority: str, rank: float) -> None:
        """Take back a rank, if it is the user's last: then the next job gets it."""
        key = (user_id, priority)
        if self._last.get(key) == rank - _OFFSETS[priority]:
            self._last[key] -= 1.0

    def advance(self, rank: float) -> None:
        """Advance the virtual time to a job that was claimed: no new job gets a smaller tag."""
        high = rank < HIGH_OFFSET / 2
        tag = rank - HIGH_OFFSET if high else rank
        self._now[high] = max(self._now[high], tag)

    def restore(self, queued: Iterable[Queued]) -> None:
        """Continue after jobs that are queued already."""
        for user_id, priority, rank in queued:
            key, tag = (user_id, priority), rank - _OFFSETS[priority]
            self._last[key] = max(tag, self._last.get(key, -1.0))

    def _forget(self) -> None:
        self._last = {key: tag for key, tag in self._last.items() if tag >= self._now[key[1] == "high"]}

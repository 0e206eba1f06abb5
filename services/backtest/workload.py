"""The adapter of the port `Workload`: ranks from the fair queue, estimates, announcements to the workers."""

from collections import deque
from collections.abc import Sequence
from typing import Any

from services.backtest.domain.fair_queue import FairQueue
from services.backtest.domain.planning import estimate_seconds
from services.chassis.jobs.rank import InQueue
from services.chassis.jobs.workers import Workers

REMEMBERED = 50
"""How many durations are remembered, the last ones."""
AHEAD_SECONDS = 0.1
"""How much work is claimed ahead for each process."""
MOST_AHEAD = 32
"""The most backtests that are claimed for each process."""


class Durations:
    """How long the last backtests took in their worker processes."""

    def __init__(self, seconds: Sequence[float] = ()) -> None:
        self._seconds = deque(seconds, maxlen=REMEMBERED)

    def remember(self, seconds: float) -> None:
        self._seconds.append(seconds)

    def estimate(self, ahead: int, workers: int) -> float:
        return estimate_seconds(self._seconds, ahead, workers)

    def at_once(self, processes: int, busy_seconds: float = 0.0) -> int:
        """Tell how many backtests to claim at once.

        One per process; of short ones more, so that claims and ends share calls of the database. They are
        `AHEAD_SECONDS` of work at most, as a backtest that was claimed can't be overtaken, less the time for
        which all processes have been busy: then the work takes longer than it did.
        """
        seconds = AHEAD_SECONDS - busy_seconds
        return processes * max(1, min(MOST_AHEAD, int(seconds / self.estimate(0, 1))))


class WorkerWorkload:
    """The workload of this process's workers."""

    def __init__(
        self, workers: Workers[Any], fair_queue: FairQueue, durations: Durations, processes: int
    ) -> None:
        self._workers = workers
        self._fair_queue = fair_queue
        self._durations = durations
        self._processes = processes

    def rank(self, user_id: str, priority: str) -> float:
        return self._fair_queue.rank(user_id, priority)

    def take_back(self, user_id: str, priority: str, queue_rank: float) -> None:
        self._fair_queue.take_back(user_id, priority, queue_rank)

    def announce(self, backtest_id: str, queue_rank: float) -> None:
        self._workers.announce(backtest_id, InQueue(queue_rank))

    def drop(self, backtest_id: str) -> None:
        self._workers.drop(backtest_id)

    def estimate_seconds(self, queue_rank: float | None) -> float:
        workers = self._workers
        ahead = workers.running if queue_rank is None else workers.ahead_of(InQueue(queue_rank))
        return self._durations.estimate(ahead, self._processes)

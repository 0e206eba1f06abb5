"""What the backtest service's use cases need from the outside."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from backchat_contracts import BacktestConfig, Event
from services.backtest.domain.acceptance import CancelledEarly, Entry
from services.backtest.domain.backtest import Backtest
from services.backtest.domain.catalogue import Strategy
from services.backtest.domain.change import Change
from services.backtest.domain.instruments import MarketData
from services.backtest.domain.result import Result
from services.backtest.output import Output
from services.backtest.progress import Stage
from services.chassis.jobs.rank import Rank
from services.chassis.messaging.envelope import Origin
from services.chassis.stored import Stored

__all__ = [
    "BacktestStore",
    "Clock",
    "Engine",
    "MarketData",
    "Publish",
    "PublishUnconfirmed",
    "Report",
    "Republish",
    "RequestMark",
    "SavedBefore",
    "StrategyStore",
    "Wanted",
    "Workload",
]

Clock = Callable[[], datetime]
Report = Callable[[Stage], Awaitable[None]]
Publish = Callable[[Event, Origin], Awaitable[None]]
"""Publishes an event and returns when the broker has it."""
PublishUnconfirmed = Callable[[Event, Origin, int], Awaitable[None]]
"""Sends an event with its sequence, without waiting for its acknowledgement; it may be lost."""
Republish = Callable[[Event, Origin, int], Awaitable[None]]
"""Publishes an event of the past again, with its sequence; returns when the broker has it."""


@dataclass(frozen=True, slots=True)
class RequestMark:
    """Which request a strategy came from: its id, and the digest of its content."""

    request_id: str
    digest: str


@dataclass(frozen=True, slots=True)
class SavedBefore:
    """What a request has saved before; `digest` is of the content that the request had then."""

    strategy: Strategy
    digest: str


class StrategyStore(Protocol):
    """The strategies of the catalogue, also those that were deleted."""

    async def get(self, strategy_id: str) -> Stored[Strategy] | None: ...

    async def saved_by(self, request_id: str) -> SavedBefore | None: ...

    async def add(self, created: Change[Strategy], origin: Origin, mark: RequestMark | None = None) -> None:
        """Store a new strategy and publish its events.

        Raises:
            ExistsError: there is one of its id, or the request has saved one before.

        """

    async def change(
        self,
        read: Stored[Strategy],
        change: Change[Strategy],
        origin: Origin,
        mark: RequestMark | None = None,
    ) -> None:
        """Change a strategy as it was read and publish the events.

        Raises:
            StaleError: it has changed since it was read.

        """

    async def page(self, limit: int, before: str | None) -> Sequence[Strategy]:
        """Return those that were not deleted, the newest first, from behind `before` (creation and id)."""

    def all(self) -> AsyncIterator[Stored[Strategy]]:
        """Yield all strategies, also those that were deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which backtests a list shows: those that have all of these; None: whatever they have."""

    status: str | None = None
    strategy_id: str | None = None
    version: int | None = None
    symbol: str | None = None
    user_id: str | None = None
    tag: str | None = None


class BacktestStore(Protocol):
    """Backtests, their results, and cancellations that came too early.

    What changes a backtest as it was read raises StaleError if the stored one has changed since.
    """

    async def get(self, backtest_id: str) -> Stored[Entry] | None: ...

    async def leader(self, work: str) -> Stored[Backtest] | None:
        """Return the leader of the backtests with this key: it is queued, runs or has completed."""

    async def add(self, accepted: Change[Backtest], origin: Origin) -> None:
        """Store a new backtest and publish its events.

        Raises:
            ExistsError: there is another entry of its id or, if it leads, another leader.

        """

    async def cancel_early(self, backtest_id: str, until: datetime, origin: Origin) -> None:
        """Keep the cancellation of a backtest, if that is not there; it is due at `until`."""

    async def accept_cancelled(
        self, read: Stored[CancelledEarly], accepted: Change[Backtest], origin: Origin
    ) -> None:
        """Replace an early cancellation by the backtest that it cancels, and publish the events."""

    async def forget(self, read: Stored[Entry]) -> None:
        """Remove an entry as it was read; one that has changed since stays."""

    async def end(
        self, read: Stored[Backtest], ended: Change[Backtest], result: Result | None = None
    ) -> None:
        """End a backtest as it was read, and publish its events.

        Its result is stored before that, under the id that the ended backtest has for it.
        """

    async def requeue(self, read: Stored[Backtest], change: Change[Backtest], rank: Rank) -> None:
        """Let a backtest that was claimed be claimed again by this rank, with all its attempts."""

    async def hasten(self, backtest_id: str, queue_rank: float) -> None:
        """Move a queued backtest forward.

        Raises:
            StaleError: it has left the queue, or is before that rank.

        """

    async def wake_followers(self, now: datetime) -> Sequence[str]:
        """Make those followers due whose leader is not under way; return their ids."""

    async def result(self, result_id: str) -> Result | None: ...

    async def page(self, wanted: Wanted, limit: int, before: str | None) -> Sequence[Stored[Backtest]]:
        """Return the newest first, from behind `before` (time of creation and id)."""

    async def durations(self, limit: int) -> Sequence[float]:
        """Return the run times of the backtests that completed last, in seconds."""


class Engine(Protocol):
    """Runs backtests in worker processes."""

    async def run(self, config: BacktestConfig, report: Report) -> tuple[Output, float]:
        """Run one; return its output, and how long it took in seconds.

        What takes longer than a second is reported every second.

        Raises:
            JobError: it can't be completed.

        """


class Workload(Protocol):
    """The backtests that are queued and run."""

    def rank(self, user_id: str, priority: str) -> float:
        """Return the rank in the fair queue of a user's new backtest."""

    def take_back(self, user_id: str, priority: str, queue_rank: float) -> None:
        """Take back a rank that is not needed."""

    def announce(self, backtest_id: str, queue_rank: float) -> None:
        """Tell the workers of a queued backtest."""

    def drop(self, backtest_id: str) -> None:
        """Tell the workers that a backtest has ended and need not run any further."""

    def estimate_seconds(self, queue_rank: float | None) -> float:
        """Estimate when a backtest of this rank will be done; one without a rank has left the queue."""

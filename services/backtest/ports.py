"""What the backtest service's use cases need from the outside."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from backchat_contracts import Event, StrategySaved
from services.backtest.progress import Stage
from services.chassis.messaging.envelope import Origin
from services.chassis.storage.mongo import Document

REVOKED = "revoked"
"""The status of a place that is kept for a backtest which was cancelled before it came."""

Clock = Callable[[], datetime]
Report = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class RequestMark:
    """Which request something came from: its id, and what tells its content from another's."""

    request_id: str
    digest: str


class StrategyStore(Protocol):
    async def get(self, strategy_id: str) -> StrategySaved | None:
        """Return the catalogue's entry; None: there is none, or it was deleted."""

    async def save(
        self, strategy: StrategySaved, origin: Origin, mark: RequestMark | None = None, *, revive: bool = True
    ) -> bool:
        """Add to the catalogue; False: there is one of this id, or of this mark.

        One that was deleted comes back, unless `revive` says no.
        """

    async def marked(self, request_id: str) -> tuple[StrategySaved, str] | None:
        """Return what a request has led to, and the request's digest."""

    async def delete(self, strategy_id: str, now: datetime, origin: Origin) -> bool:
        """Take out of the catalogue; False: there is none of this id."""

    async def page(self, limit: int, after: str | None) -> Sequence[StrategySaved]:
        """Return the entries in the order of their ids, from behind `after`."""


class BacktestStore(Protocol):
    """Backtests are documents.

    `handlers.py` draws the shape of a new one, `admission.py` how it waits, `jobs.py` how it ends. One at a
    time is `leading` a work: equal ones follow it, `attached_to` its id.
    """

    async def get(self, backtest_id: str) -> Document | None: ...

    async def revoke(self, backtest_id: str, until: datetime, origin: Origin) -> None:
        """Keep the place of a backtest that isn't there, with the status REVOKED; it is due at `until`."""

    async def forget(self, document: Document) -> None:
        """Remove a backtest as it was read; if it has changed since, it stays."""

    async def add(self, document: Document, events: Sequence[Event], origin: Origin) -> bool:
        """Store a new backtest and publish its events; False: there is one of this id, or one leading."""

    async def leader(self, work: str) -> Document | None:
        """Return the backtest that is leading a work: it waits, runs or has completed."""

    async def hasten(self, backtest_id: str, rank: float) -> bool:
        """Move a backtest that waits in line forward; False: it does not wait, or stands before that."""

    async def put(self, document: Document, fields: Document, gone: Iterable[str] = ()) -> bool:
        """Set and remove fields of a backtest as it was read; False: it has changed since."""

    async def end(
        self, document: Document, fields: Document, events: Sequence[Event], result: Document | None = None
    ) -> bool:
        """End a backtest as it was read, and publish its events; False: it has changed since.

        Its result is stored before that.
        """

    async def wake_followers(self, now: datetime) -> Sequence[str]:
        """Make those due whose leader has ended; return their ids."""

    async def result(self, result_id: str) -> Document | None: ...

    async def page(
        self, limit: int, status: str | None, before: tuple[datetime, str] | None
    ) -> Sequence[Document]:
        """Return the newest first, from behind `before` (time of creation and id)."""

    async def durations(self, limit: int) -> Sequence[float]:
        """Return the run times of the backtests that completed last, in seconds."""


class Engine(Protocol):
    """Runs backtests in worker processes."""

    async def run(self, config: dict[str, Any], report: Report) -> tuple[Document, float]:
        """Run one; return its `performance`, `dates`, `equity` and `trades`, and how long it took in seconds.

        What takes longer than a second is reported every second.

        Raises:
            JobError: it can't be brought to an end.

        """


class Workload(Protocol):
    """The work ahead."""

    def place(self, user_id: str, priority: str) -> float:
        """Return the rank of a user's new backtest."""

    def leave(self, user_id: str, priority: str, rank: float) -> None:
        """Take back a rank that is not needed."""

    def announce(self, backtest_id: str, rank: float) -> None:
        """Tell the workers of a backtest that waits."""

    def drop(self, backtest_id: str) -> None:
        """Tell the workers that a backtest has ended otherwise."""

    def estimate_seconds(self, rank: float) -> float:
        """Estimate when a backtest of this rank will be done."""

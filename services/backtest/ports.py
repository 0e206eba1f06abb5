"""What the backtest service's use cases need from the outside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from backchat_contracts import Event, StrategySaved
from services.chassis.envelope import Origin
from services.chassis.mongo import Document


class StrategyStore(Protocol):
    async def get(self, strategy_id: str) -> StrategySaved | None:
        """Return the catalogue's entry; None: there is none, or it was deleted."""

    async def save(self, strategy: StrategySaved, origin: Origin) -> bool:
        """Add to the catalogue; False: there is one of this id."""

    async def delete(self, strategy_id: str, now: datetime, origin: Origin) -> bool:
        """Take out of the catalogue; False: there is none of this id."""

    async def page(self, limit: int, after: str | None) -> Sequence[StrategySaved]:
        """Return the entries in the order of their ids, from behind `after`."""


class BacktestStore(Protocol):
    """Backtests are documents; `handlers.py` draws the shape of a new one, `jobs.py` that of an ended one."""

    async def get(self, backtest_id: str) -> Document | None: ...

    async def add(self, document: Document, events: Sequence[Event], origin: Origin) -> bool:
        """Store a new backtest and publish its events; False: there is one of this id."""

    async def end(self, document: Document, fields: Document, events: Sequence[Event]) -> bool:
        """End a claimed backtest; False: it is no longer this claim's to end."""

    async def keep_result(self, result: Document) -> None: ...

    async def result(self, result_id: str) -> Document | None: ...

    async def page(
        self, limit: int, status: str | None, before: tuple[datetime, str] | None
    ) -> Sequence[Document]:
        """Return the newest first, from behind `before` (time of creation and id)."""

    async def durations(self, limit: int) -> Sequence[float]:
        """Return the run times of the backtests that completed last, in seconds."""


class Engine(Protocol):
    """Runs backtests in worker processes."""

    async def run(self, config: dict[str, Any]) -> Document:
        """Run one and return its `performance`, `dates`, `equity` and `trades`.

        Raises:
            JobError: it can't be brought to an end.

        """


class Workload(Protocol):
    """The work ahead."""

    def announce(self, backtest_id: str) -> None:
        """Tell the workers of a new backtest."""

    def estimate_seconds(self) -> float:
        """Estimate when a backtest that is accepted now will be done."""

"""What the compare service's use cases need from the outside."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from backchat_contracts import (
    BacktestCompleted,
    BacktestSeriesPublished,
    ComparisonCompleted,
    ComparisonFailed,
    ComparisonRequested,
    Event,
    StrategyDeleted,
    StrategySaved,
    StrategyStandingChanged,
)
from services.chassis.messaging.envelope import Delivery, Origin, ReplyAddress
from services.chassis.stored import Stored
from services.compare.domain.catalogue import Catalogue
from services.compare.domain.gathering import KnownStrategy
from services.compare.domain.trials import Trial
from services.language.name_index import Names

Clock = Callable[[], datetime]
Publish = Callable[[Event, Origin], Awaitable[None]]
"""Publishes an event and returns when the broker has it."""


class StrategyModel(Protocol):
    """The read model: strategies and the backtests that may stand for them, fed by events alone."""

    async def saved(self, event: StrategySaved, sequence: int) -> None: ...

    async def deleted(self, event: StrategyDeleted, sequence: int) -> None: ...

    async def chosen(self, event: StrategyStandingChanged, sequence: int) -> None: ...

    async def completed(self, event: BacktestCompleted) -> None:
        """Keep the backtest if it is the latest of its strategy."""

    async def get(self, strategy_ids: Sequence[str]) -> Mapping[str, KnownStrategy]:
        """Return those of the strategies that are in the catalogue."""

    async def catalogued(self, strategy_ids: Sequence[str]) -> Mapping[str, KnownStrategy]:
        """Return them as `catalogue` has them, without reading again what has not changed."""

    async def names(self) -> Names:
        """Return the names of all in the catalogue, by their ids."""

    async def catalogue(self) -> Catalogue:
        """Return all in the catalogue, with the stored figures of what stands for each."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison as it is stored.

    While it is pending it has what was `asked`, and `waiting` is where its requesters are to be answered. It
    ends `completed`, or with a `failure`.
    """

    request: str
    """A digest of the request: the same id with another one is refused."""
    asked: ComparisonRequested | None = None
    waiting: tuple[ReplyAddress, ...] = ()
    completed: ComparisonCompleted | None = None
    failure: ComparisonFailed | None = None


class ComparisonStore(Protocol):
    """Comparisons, each with a digest of the request that it answers.

    What adds one raises ExistsError if there is one of its id; what changes one as it was read raises
    StaleError if the stored one has changed since.
    """

    async def get(self, comparison_id: str) -> Stored[Comparison] | None: ...

    async def add_completed(self, event: ComparisonCompleted, digest: str, delivery: Delivery) -> None:
        """Store a finished comparison and publish it."""

    async def add_pending(
        self, request: ComparisonRequested, digest: str, delivery: Delivery, now: datetime
    ) -> None:
        """Store a comparison that a worker will compute."""

    async def join(self, comparison_id: str, digest: str, address: ReplyAddress) -> None:
        """Add a requester to a pending comparison.

        Raises:
            StaleError: it is not pending any more, or is of another request.

        """

    async def complete(self, read: Stored[Comparison], event: ComparisonCompleted) -> None: ...

    async def fail(self, read: Stored[Comparison], event: ComparisonFailed) -> None: ...

    async def forget(self, before: datetime, most: int) -> None:
        """Delete comparisons from before that time, the oldest first; at most this number."""


class SeriesStore(Protocol):
    """What the backtest service has published of completed backtests; it publishes again what is gone."""

    async def get(self, backtest_ids: Sequence[str]) -> Mapping[str, BacktestSeriesPublished]: ...

    async def keep(self, event: BacktestSeriesPublished, at: datetime) -> None: ...

    async def forget(self, before: datetime, most: int) -> None:
        """Delete those that came before that time, the oldest first; at most this number."""


class TrialStore(Protocol):
    """The definitions that were run: see `services.compare.domain.trials`."""

    async def add(self, backtest: BacktestCompleted) -> None: ...

    async def of(self, searches: Iterable[str]) -> Mapping[str, Sequence[Trial]]:
        """Return the definitions of each search."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary in prose, and the name of the model that wrote it."""

    text: str
    provider: str


class Summariser(Protocol):
    """Writes a summary in prose."""

    async def summarise(self, computed: ComparisonCompleted) -> Summary:
        """Put a computed answer into other words.

        Raises:
            SummaryError: there is no usable answer.

        """

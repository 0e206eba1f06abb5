"""What the compare service's use cases need from the outside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from backchat_contracts import (
    BacktestCompleted,
    ComparisonCompleted,
    ComparisonFailed,
    StrategyDeleted,
    StrategyFigures,
    StrategyGap,
    StrategySaved,
)
from services.chassis.messaging.envelope import Delivery, ReplyAddress
from services.chassis.storage.mongo import Document
from services.compare.domain.gathering import KnownStrategy


class StrategyModel(Protocol):
    """The read model: strategies and their latest completed backtests, fed by events alone."""

    async def saved(self, event: StrategySaved, sequence: int) -> None: ...

    async def deleted(self, event: StrategyDeleted, sequence: int) -> None: ...

    async def completed(self, event: BacktestCompleted) -> None:
        """Keep the backtest if it is the latest of its strategy."""

    async def get(self, strategy_ids: Sequence[str]) -> Mapping[str, KnownStrategy]:
        """Return those of the strategies that are in the catalogue."""

    async def all(self, limit: int) -> Sequence[KnownStrategy]: ...


class ComparisonStore(Protocol):
    """Comparisons, each with a digest of the request that it answers."""

    async def get(self, comparison_id: str) -> Document | None: ...

    async def add_completed(self, event: ComparisonCompleted, digest: str, delivery: Delivery) -> bool:
        """Store a finished comparison and publish it; False: there is one of this id."""

    async def add_pending(
        self, event: ComparisonCompleted, digest: str, delivery: Delivery, now: datetime
    ) -> bool:
        """Store a comparison whose summary a language model will write; False: there is one of this id."""

    async def join(self, comparison_id: str, digest: str, address: ReplyAddress) -> bool:
        """Let one more wait for a pending comparison; False: none of this request is pending."""

    async def complete(self, document: Document, event: ComparisonCompleted) -> bool: ...

    async def fail(self, document: Document, event: ComparisonFailed) -> bool: ...

    async def forget(self, before: datetime, most: int) -> None:
        """Delete comparisons that came before then, the oldest first."""


class Summariser(Protocol):
    """Writes a summary in prose."""

    provider: str

    async def summarise(self, query: str, data: Sequence[StrategyFigures | StrategyGap], facts: str) -> str:
        """Answer the query from the data.

        Raises:
            SummaryError: there is no usable answer.

        """

"""The compare service's use cases on fakes, with a backtest service that publishes curves."""

from datetime import timedelta
from typing import Any

from backchat_contracts import (
    BacktestCompleted,
    BacktestSeriesPublished,
    BacktestSeriesRequested,
    ComparisonCompleted,
    ComparisonView,
    Contract,
    Event,
)
from services.chassis.messaging.envelope import Delivery, Origin
from services.compare.bootstrap import Adapters, wire
from services.compare.mongo import read_comparison
from tests.builders import (
    backtest_completed,
    comparison_requested,
    delivery,
    series_published,
    strategy_saved,
)
from tests.fakes import (
    Clock,
    FakeComparisons,
    FakeQueue,
    FakeReply,
    FakeSeries,
    FakeStrategyModel,
    FakeSummariser,
    FakeTrials,
    eventually,
)


class Service:
    """The use cases with everything they need; with a summariser, workers write the summaries."""

    def __init__(
        self, summariser: FakeSummariser | None = None, store: FakeComparisons | None = None
    ) -> None:
        self.clock = Clock()
        self.model = FakeStrategyModel()
        self.store = store or FakeComparisons()
        self.series, self.trials = FakeSeries(), FakeTrials()
        self.reply = FakeReply()
        self.announced: list[str] = []
        self.owned: dict[str, BacktestSeriesPublished] = {}
        self.asked: list[str] = []
        self.codes: dict[str, Any] = {}
        """By the ids of backtests that are not owned, why there is no result; None: no answer comes."""
        adapters = Adapters(
            self.model,
            self.store,
            self.series,
            self.trials,
            self.reply,
            self.publish,
            summariser,
            self.clock,
        )
        use_cases = wire(adapters, self.announced.append, "ko")
        self.projection, self.comparisons = use_cases.projection, use_cases.comparisons
        self.writer, self.router = use_cases.writer, use_cases.router
        self.comparing = use_cases.comparing
        self.queue = FakeQueue(self.store.memory, read_comparison)

    async def publish(self, event: Event, _origin: Origin) -> None:
        """Publish the curves of a backtest when they are asked for, as its owner does."""
        assert isinstance(event, BacktestSeriesRequested)
        self.asked.append(event.backtest_id)
        code = self.codes.get(event.backtest_id, "backtest-not-found")
        unknown = BacktestSeriesPublished(backtest_id=event.backtest_id, code=code)
        published = self.owned.get(event.backtest_id, unknown if code else None)
        if published:
            await self.projection.series_published(published, delivery())

    async def know(
        self, name: str, *, curves: dict[str, Any] | None = None, **given: object
    ) -> BacktestCompleted:
        """Add a strategy with a completed backtest to the read model."""
        await self.projection.strategy_saved(strategy_saved(name), delivery(sequence=1))
        completed = backtest_completed(name, completed_at=self.clock.advance(seconds=1), **given)
        await self.projection.backtest_completed(completed, delivery(sequence=3))
        self.owned[completed.backtest_id] = series_published(completed, **(curves or {}))
        return completed

    async def compare(self, query: str = "Which is steadier?", **given: object) -> ComparisonView:
        """Request a comparison, let a worker compute it if need be, and return the answer."""
        came, request = delivery(), comparison_requested(query, **given)
        await self.comparisons.compare(request, came)
        if request.comparison_id in self.announced:
            await self.work(request.comparison_id)
        await eventually(lambda: bool(self.answers_to(came)))
        (answer,) = self.answers_to(came)
        assert isinstance(answer, ComparisonView)
        return answer

    async def work(self, comparison_id: str) -> None:
        """Compute a comparison, as a worker does."""
        now = self.clock()
        claim = await self.queue.claim(comparison_id, now, now + timedelta(seconds=30))
        assert claim is not None
        end = await self.writer.run(claim)
        await end()

    def answers_to(self, came: Delivery) -> list[Contract]:
        return [answer for to, answer in self.reply.sent if to == came.reply_address]

    def published(self) -> list[ComparisonCompleted]:
        return [ComparisonCompleted.model_validate_json(record.value) for record in self.store.memory.sent]

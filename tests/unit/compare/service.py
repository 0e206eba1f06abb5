"""The compare service's use cases on fakes."""

from backchat_contracts import BacktestCompleted, ComparisonCompleted, ComparisonView, Contract
from services.chassis.messaging.envelope import Delivery
from services.compare.bootstrap import Adapters, wire
from services.compare.mongo import read_comparison
from tests.builders import backtest_completed, comparison_requested, delivery, strategy_saved
from tests.fakes import Clock, FakeComparisons, FakeQueue, FakeReply, FakeStrategyModel, FakeSummariser


class Service:
    """The use cases with everything they need; with a summariser, workers write the summaries."""

    def __init__(
        self, summariser: FakeSummariser | None = None, store: FakeComparisons | None = None
    ) -> None:
        self.clock = Clock()
        self.model = FakeStrategyModel()
        self.store = store or FakeComparisons()
        self.reply = FakeReply()
        self.announced: list[str] = []
        adapters = Adapters(self.model, self.store, self.reply, summariser, self.clock)
        use_cases = wire(adapters, self.announced.append, "ko")
        self.projection, self.comparisons = use_cases.projection, use_cases.comparisons
        self.writer, self.router = use_cases.writer, use_cases.router
        self.queue = FakeQueue(self.store.memory, read_comparison)

    async def know(self, name: str, **given: object) -> BacktestCompleted:
        """Add a strategy with a completed backtest to the read model."""
        await self.projection.strategy_saved(strategy_saved(name), delivery(sequence=1))
        completed = backtest_completed(name, completed_at=self.clock.advance(seconds=1), **given)
        await self.projection.backtest_completed(completed, delivery(sequence=3))
        return completed

    async def compare(self, query: str = "Which is steadier?", **given: object) -> ComparisonView:
        """Request a comparison that is answered at once, and return the answer."""
        came = delivery()
        await self.comparisons.compare(comparison_requested(query, **given), came)
        (answer,) = self.answers_to(came)
        assert isinstance(answer, ComparisonView)
        return answer

    def answers_to(self, came: Delivery) -> list[Contract]:
        return [answer for to, answer in self.reply.sent if to == came.reply_address]

    def published(self) -> list[ComparisonCompleted]:
        return [ComparisonCompleted.model_validate_json(record.value) for record in self.store.memory.sent]

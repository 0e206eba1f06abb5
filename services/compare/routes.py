"""The topics that the compare service reads, each with its handler."""

from faststream.kafka import KafkaRouter

from backchat_contracts import (
    BacktestCompleted,
    BacktestSeriesPublished,
    ComparisonQueried,
    ComparisonRequested,
    StrategyDeleted,
    StrategyMentionQueried,
    StrategySaved,
    StrategyStandingChanged,
)
from services.chassis.messaging.routing import current_delivery, event_router
from services.compare.handlers import Comparisons, Projection


def routes(projection: Projection, comparisons: Comparisons) -> KafkaRouter:
    router = event_router()

    @router.subscriber("strategy.saved")
    async def strategy_saved(event: StrategySaved) -> None:
        await projection.strategy_saved(event, current_delivery())

    @router.subscriber("strategy.deleted")
    async def strategy_deleted(event: StrategyDeleted) -> None:
        await projection.strategy_deleted(event, current_delivery())

    @router.subscriber("strategy.standing-changed")
    async def standing_changed(event: StrategyStandingChanged) -> None:
        await projection.standing_changed(event, current_delivery())

    @router.subscriber("backtest.completed")
    async def backtest_completed(event: BacktestCompleted) -> None:
        await projection.backtest_completed(event, current_delivery())

    @router.subscriber("backtest.series-published")
    async def series_published(event: BacktestSeriesPublished) -> None:
        await projection.series_published(event, current_delivery())

    @router.subscriber("strategy-mention.queried")
    async def find_mentioned(event: StrategyMentionQueried) -> None:
        await comparisons.find_mentioned(event, current_delivery())

    @router.subscriber("comparison.queried")
    async def query(event: ComparisonQueried) -> None:
        await comparisons.query(event, current_delivery())

    @router.subscriber("comparison.requested")
    async def compare(event: ComparisonRequested) -> None:
        await comparisons.compare(event, current_delivery())

    return router

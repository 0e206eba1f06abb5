"""Topics and their handlers."""

from backchat_contracts import BacktestCompleted, ComparisonRequested, StrategyDeleted, StrategySaved
from services.chassis.messaging.consumer import Consumer
from services.compare.handlers import Comparisons, Projection


def route(consumer: Consumer, projection: Projection, comparisons: Comparisons) -> None:
    consumer.on(StrategySaved, projection.strategy_saved)
    consumer.on(StrategyDeleted, projection.strategy_deleted)
    consumer.on(BacktestCompleted, projection.backtest_completed)
    consumer.on(ComparisonRequested, comparisons.compare)

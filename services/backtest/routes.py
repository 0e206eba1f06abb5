"""Topics and their handlers."""

from backchat_contracts import (
    BacktestCancelRequested,
    BacktestQueried,
    BacktestRequested,
    StrategyDeleteRequested,
    StrategyQueried,
    StrategySaveRequested,
)
from services.backtest.handlers import Backtests, Catalogue, Requests
from services.chassis.messaging.consumer import Consumer


def route(consumer: Consumer, catalogue: Catalogue, requests: Requests, backtests: Backtests) -> None:
    consumer.on(StrategySaveRequested, catalogue.save)
    consumer.on(StrategyDeleteRequested, catalogue.delete)
    consumer.on(StrategyQueried, catalogue.query)
    consumer.on(BacktestRequested, requests.take)
    consumer.on(BacktestCancelRequested, backtests.cancel)
    consumer.on(BacktestQueried, backtests.query)

"""Topics and their handlers."""

from backchat_contracts import (
    BacktestQueried,
    BacktestRequested,
    StrategyDeleteRequested,
    StrategyQueried,
    StrategySaveRequested,
)
from services.backtest.handlers import Backtests, Catalogue
from services.chassis.consumer import Consumer


def route(consumer: Consumer, catalogue: Catalogue, backtests: Backtests) -> None:
    consumer.on(StrategySaveRequested, catalogue.save)
    consumer.on(StrategyDeleteRequested, catalogue.delete)
    consumer.on(StrategyQueried, catalogue.query)
    consumer.on(BacktestRequested, backtests.request)
    consumer.on(BacktestQueried, backtests.query)

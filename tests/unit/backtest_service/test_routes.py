"""Records on the backtest service's topics reach its use cases, through FastStream's broker."""

import pytest

from backchat_contracts import (
    BacktestAccepted,
    BacktestCancelRequested,
    BacktestQueried,
    BacktestView,
    StrategyDeleted,
    StrategyDeleteRequested,
    StrategyQueried,
    StrategySaveRequested,
    StrategyView,
    strategy_id,
)
from tests.builders import backtest_requested
from tests.fakes import FakeKafka
from tests.pipeline import pipeline
from tests.unit.backtest_service.service import Service

pytestmark = pytest.mark.anyio


async def test_a_backtest_is_requested_queried_and_cancelled() -> None:
    service = Service()
    request = backtest_requested()
    async with pipeline(FakeKafka("backtest"), service.router) as made:
        await made.publish(request)
        await made.publish(BacktestQueried(backtest_id=request.backtest_id))
        await made.publish(BacktestCancelRequested(backtest_id=request.backtest_id))

    accepted, pending, cancelled = service.reply.answers
    assert isinstance(accepted, BacktestAccepted)
    assert isinstance(pending, BacktestView)
    assert isinstance(cancelled, BacktestView)
    assert (pending.status, cancelled.status) == ("pending", "cancelled")


async def test_a_strategy_is_saved_queried_and_deleted() -> None:
    service = Service()
    async with pipeline(FakeKafka("backtest"), service.router) as made:
        await made.publish(StrategySaveRequested(name="Hold"))
        await made.publish(StrategyQueried(strategy_id=strategy_id("Hold")))
        await made.publish(StrategyDeleteRequested(strategy_id=strategy_id("Hold")))

    saved, found, deleted = service.reply.answers
    assert isinstance(saved, StrategyView)
    assert saved == found
    assert isinstance(deleted, StrategyDeleted)


async def test_a_parameter_out_of_bounds_is_refused_in_the_pipeline() -> None:
    kafka, service = FakeKafka("backtest"), Service()
    async with pipeline(kafka, service.router) as made:
        await made.publish(StrategySaveRequested(name="RSI", type="rsi", parameters={"window": 0}))
    assert service.reply.answers == []
    assert b"invalid-parameters" in kafka.sent[0].value

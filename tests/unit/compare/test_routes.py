"""Records on the compare service's topics reach its use cases, through FastStream's broker."""

import pytest

from backchat_contracts import ComparisonView, StrategyDeleted, StrategyFigures, StrategyGap, strategy_id
from tests.builders import NOW, backtest_completed, comparison_requested, series_published, strategy_saved
from tests.fakes import FakeKafka, eventually
from tests.pipeline import pipeline
from tests.unit.compare.service import Service

pytestmark = pytest.mark.anyio


async def test_a_strategy_is_known_compared_and_forgotten_by_its_events() -> None:
    service = Service()
    wanted, completed = [strategy_id("Hold")], backtest_completed("Hold")
    async with pipeline(FakeKafka("compare"), service.router) as made:
        await made.publish(strategy_saved("Hold"), sequence=1)
        await made.publish(completed)
        await made.publish(series_published(completed))
        await made.publish(comparison_requested(strategy_ids=wanted, summary="none"))
        await eventually(lambda: len(service.reply.answers) == 1)
        await made.publish(StrategyDeleted(strategy_id=wanted[0], deleted_at=NOW), sequence=2)
        await made.publish(comparison_requested(strategy_ids=wanted, summary="none"))
        await eventually(lambda: len(service.reply.answers) == 2)

    known, gone = service.reply.answers
    assert isinstance(known, ComparisonView)
    assert isinstance(gone, ComparisonView)
    assert [type(entry) for entry in (*known.strategies_data, *gone.strategies_data)] == [
        StrategyFigures,
        StrategyGap,
    ]

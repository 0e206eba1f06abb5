"""The catalogue of strategies."""

import pytest

from backchat_contracts import (
    StrategyDeleted,
    StrategyDeleteRequested,
    StrategyPage,
    StrategyQueried,
    StrategySaved,
    StrategySaveRequested,
    StrategyView,
)
from services.backtest.errors import StrategyExistsError, StrategyNotFoundError
from tests.builders import NOW, delivery
from tests.unit.backtest_service.service import Service

pytestmark = pytest.mark.anyio


def save_requested(name: str = "SMA 20/50", **given: object) -> StrategySaveRequested:
    fields = {"name": name, "type": "sma_crossover", "parameters": {"fast": 20}, "symbols": ["aapl"]}
    return StrategySaveRequested.model_validate(fields | given)


async def page(service: Service, **given: object) -> StrategyPage:
    came = delivery()
    await service.catalogue.query(StrategyQueried.model_validate(given), came)
    (answer,) = service.answers_to(came)
    assert isinstance(answer, StrategyPage)
    return answer


async def test_a_strategy_is_stored_published_and_told() -> None:
    service, came = Service(), delivery()
    await service.catalogue.save(save_requested(description="The classic"), came)

    (view,) = service.answers_to(came)
    assert view == StrategyView(
        strategy_id="sma-20-50",
        name="SMA 20/50",
        description="The classic",
        type="sma_crossover",
        parameters={"fast": 20, "slow": 50},
        symbols=("AAPL",),
        created_at=NOW,
    )
    (record,) = service.strategies.memory.sent
    assert StrategySaved.model_validate_json(record.value).model_dump() == view.model_dump()
    assert record.headers["ce_sequence"] == "1"


@pytest.mark.parametrize("name", ["SMA 20/50", "sma 20-50", "SMA_20_50"])
async def test_a_name_is_taken_once_however_it_is_written(name: str) -> None:
    service = Service()
    await service.catalogue.save(save_requested("SMA 20/50"), delivery())

    with pytest.raises(StrategyExistsError) as refusal:
        await service.catalogue.save(save_requested(name), delivery())
    assert refusal.value.extra == {"strategy_id": "sma-20-50"}


async def test_a_deleted_strategy_is_gone_and_its_name_is_free_again() -> None:
    service, came = Service(), delivery()
    await service.catalogue.save(save_requested(), delivery())
    await service.catalogue.delete(StrategyDeleteRequested(strategy_id="sma-20-50"), came)
    assert service.answers_to(came) == [StrategyDeleted(strategy_id="sma-20-50", deleted_at=NOW)]
    with pytest.raises(StrategyNotFoundError):
        await service.catalogue.query(StrategyQueried(strategy_id="sma-20-50"), delivery())
    assert (await page(service)).data == ()

    await service.catalogue.save(save_requested(type="rsi", parameters={}), came)
    sequences = [record.headers["ce_sequence"] for record in service.strategies.memory.sent]
    assert sequences == ["1", "2", "3"]  # consumers drop what is not newer
    assert (await page(service)).data[0].type == "rsi"


@pytest.mark.parametrize("twice", [False, True])
async def test_what_is_not_there_cannot_be_deleted(*, twice: bool) -> None:
    service, request = Service(), StrategyDeleteRequested(strategy_id="sma-20-50")
    if twice:
        await service.catalogue.save(save_requested(), delivery())
        await service.catalogue.delete(request, delivery())

    with pytest.raises(StrategyNotFoundError):
        await service.catalogue.delete(request, delivery())


async def test_one_strategy_is_shown() -> None:
    service, came = Service(), delivery()
    await service.catalogue.save(save_requested(), delivery())
    await service.catalogue.query(StrategyQueried(strategy_id="sma-20-50"), came)

    (view,) = service.answers_to(came)
    assert isinstance(view, StrategyView)
    assert view.name == "SMA 20/50"


async def test_pages_come_in_the_order_of_the_ids() -> None:
    service = Service()
    for name in ("c", "a", "e", "b", "d"):
        await service.catalogue.save(save_requested(name), delivery())

    first = await page(service, limit=2)
    second = await page(service, limit=2, cursor=first.next)
    third = await page(service, limit=2, cursor=second.next)
    ids = [[strategy.strategy_id for strategy in shown.data] for shown in (first, second, third)]
    assert ids == [["a", "b"], ["c", "d"], ["e"]]
    assert [shown.has_more for shown in (first, second, third)] == [True, True, False]
    assert third.next is None


async def test_a_page_that_is_just_full_is_the_last() -> None:
    service = Service()
    for name in ("a", "b"):
        await service.catalogue.save(save_requested(name), delivery())

    assert (await page(service, limit=2)).has_more is False

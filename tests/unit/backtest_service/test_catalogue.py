"""The catalogue of strategies."""

import pytest

from backchat_contracts import (
    StrategyDeleted,
    StrategyDeleteRequested,
    StrategyPage,
    StrategyQueried,
    StrategySaved,
    StrategySaveRequested,
    StrategyTypes,
    StrategyView,
)
from services.backtest.domain.strategy_types import STRATEGIES
from services.backtest.errors import (
    InvalidParametersError,
    StrategyExistsError,
    StrategyNotFoundError,
    UnknownStrategyTypeError,
)
from services.chassis.errors import RefusalError
from tests.builders import NOW, delivery
from tests.unit.backtest_service.service import Service

pytestmark = pytest.mark.anyio


def save_requested(name: str = "SMA 20 50", **given: object) -> StrategySaveRequested:
    fields = {"name": name, "type": "sma_crossover", "parameters": {"fast": 20}, "symbols": ["aapl"]}
    return StrategySaveRequested.model_validate(fields | given)


async def page(service: Service, **given: object) -> StrategyPage:
    came = delivery()
    await service.catalogue.query(StrategyQueried.model_validate(given), came)
    (answer,) = service.answers_to(came)
    assert isinstance(answer, StrategyPage)
    return answer


async def test_a_strategy_is_stored_published_and_replied_to() -> None:
    service, came = Service(), delivery()
    await service.catalogue.save(save_requested(description="The classic"), came)

    (view,) = service.answers_to(came)
    assert view == StrategyView(
        strategy_id="sma-20-50",
        name="SMA 20 50",
        description="The classic",
        type="sma_crossover",
        parameters={"fast": 20, "slow": 50},
        symbols=("AAPL",),
        version=1,
        created_at=NOW,
    )
    (record,) = service.strategies.memory.sent
    assert StrategySaved.model_validate_json(record.value).model_dump() == view.model_dump(
        exclude={"standing"}
    )
    assert record.headers["ce_sequence"] == "1"


async def test_without_a_type_it_is_buy_and_hold() -> None:
    service = Service()
    await service.catalogue.save(save_requested(type=None, parameters={}), delivery())

    (saved,) = (await page(service)).data
    assert (saved.type, saved.parameters) == ("buy_and_hold", {})


@pytest.mark.parametrize(
    ("given", "error", "named"),
    [
        ({"type": "martingale"}, UnknownStrategyTypeError, ["'martingale'", *STRATEGIES]),
        ({"parameters": {"quick": 20}}, InvalidParametersError, ["'quick'", "fast, slow"]),
        ({"parameters": {"fast": 0}}, InvalidParametersError, ["fast", "at least 1", "at most 999", "got 0"]),
        ({"parameters": {"fast": 60}}, InvalidParametersError, ["fast (60)", "slow (50)"]),
        ({"type": None}, InvalidParametersError, ["need a type", *STRATEGIES]),
    ],
)
async def test_what_can_not_be_built_is_refused_with_what_would_be_right(
    given: dict[str, object], error: type[RefusalError], named: list[str]
) -> None:
    service = Service()
    with pytest.raises(error) as refusal:
        await service.catalogue.save(save_requested(**given), delivery())

    assert all(text in str(refusal.value) for text in named)
    assert service.strategies.memory.documents == {}


async def test_the_types_are_listed_with_the_schemas_that_requests_are_held_to() -> None:
    service, came = Service(), delivery()
    await service.catalogue.query(StrategyQueried(types=True), came)

    (answer,) = service.answers_to(came)
    assert isinstance(answer, StrategyTypes)
    assert [view.type for view in answer.data] == list(STRATEGIES)
    rsi = next(view for view in answer.data if view.type == "rsi")
    assert (rsi.title.ko, rsi.needed_bars) == ("RSI 역추세", 15)
    assert rsi.parameters["properties"]["window"]["maximum"] == 1000


@pytest.mark.parametrize("name", ["SMA 20 50", "sma 20 50", "ＳＭＡ ２０ ５０"])  # noqa: RUF001 - full width
async def test_a_name_is_taken_once_in_whatever_case(name: str) -> None:
    service = Service()
    await service.catalogue.save(save_requested("SMA 20 50"), delivery())

    with pytest.raises(StrategyExistsError) as refusal:
        await service.catalogue.save(save_requested(name), delivery())
    assert refusal.value.extra == {"strategy_id": "sma-20-50"}


async def test_names_that_differ_are_two_strategies() -> None:
    service = Service()
    for name in ("RSI < 30", "RSI > 30", "RSI 30", "C", "C++"):
        await service.catalogue.save(save_requested(name), delivery())

    assert {strategy.name for strategy in (await page(service)).data} == {
        *("RSI < 30", "RSI > 30", "RSI 30", "C", "C++")
    }


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
    assert view.name == "SMA 20 50"


async def test_pages_come_the_newest_first_and_then_by_id() -> None:
    service = Service()
    for name in ("c", "a", "e", "b", "d"):  # all at the same time
        await service.catalogue.save(save_requested(name), delivery())

    first = await page(service, limit=2)
    second = await page(service, limit=2, cursor=first.next)
    third = await page(service, limit=2, cursor=second.next)
    ids = [[strategy.strategy_id for strategy in shown.data] for shown in (first, second, third)]
    assert ids == [["e", "d"], ["c", "b"], ["a"]]
    assert [shown.has_more for shown in (first, second, third)] == [True, True, False]
    assert third.next is None


async def test_a_page_that_is_just_full_is_the_last() -> None:
    service = Service()
    for name in ("a", "b"):
        await service.catalogue.save(save_requested(name), delivery())

    assert (await page(service, limit=2)).has_more is False

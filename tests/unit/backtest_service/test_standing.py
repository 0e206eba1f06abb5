"""Which backtest stands for a strategy: the latest completed one, or one that was chosen."""

import pytest

from backchat_contracts import (
    BacktestCompleted,
    StrategyDeleteRequested,
    StrategyStandingChanged,
    StrategyStandingRequested,
    StrategyView,
)
from services.backtest.errors import (
    BacktestNotFoundError,
    OtherStrategyError,
    ResultNotReadyError,
    StrategyNotFoundError,
)
from services.backtest.republishing import Republishing
from services.chassis.errors import RefusalError
from services.chassis.messaging.envelope import Origin
from tests.builders import delivery
from tests.unit.backtest_service.service import Service

pytestmark = pytest.mark.anyio


async def completed(service: Service, name: str = "Golden") -> str:
    request = await service.accept(name)
    await service.run(request.backtest_id)
    return request.backtest_id


async def choose(service: Service, backtest_id: str | None, strategy_id: str = "golden") -> StrategyView:
    came = delivery()
    request = StrategyStandingRequested(strategy_id=strategy_id, backtest_id=backtest_id)
    await service.catalogue.choose_standing(request, came)
    (answer,) = service.answers_to(came)
    assert isinstance(answer, StrategyView)
    return answer


def changes(service: Service) -> list[StrategyStandingChanged]:
    records = service.strategies.memory.sent
    topic = "strategy.standing-changed"
    return [
        StrategyStandingChanged.model_validate_json(each.value) for each in records if each.topic == topic
    ]


async def test_a_completed_backtest_is_chosen_and_told_with_its_figures() -> None:
    service = Service()
    first, _ = await completed(service), await completed(service)

    assert (await choose(service, first)).standing == first
    (changed,) = changes(service)
    assert changed.standing is not None
    assert (changed.strategy_id, changed.standing.backtest_id) == ("golden", first)
    assert changed.standing.performance == (await service.show(first)).performance
    assert changed.changed_at == service.clock()


async def test_a_choice_that_is_made_already_changes_nothing() -> None:
    service = Service()
    first = await completed(service)
    for _ in range(2):
        await choose(service, first)
    assert len(changes(service)) == 1

    for _ in range(2):
        assert (await choose(service, None)).standing is None
    assert [each.standing is None for each in changes(service)] == [False, True]


@pytest.mark.parametrize(
    ("strategy_id", "wanted", "error"),
    [
        ("nothing", "done", StrategyNotFoundError),
        ("golden", "nothing", BacktestNotFoundError),
        ("golden", "other", OtherStrategyError),
        ("golden", "waits", ResultNotReadyError),
    ],
)
async def test_what_can_not_stand_is_refused(
    strategy_id: str, wanted: str, error: type[RefusalError]
) -> None:
    service = Service()
    ids = {"done": await completed(service), "other": await completed(service, "Other"), "nothing": "nothing"}
    ids["waits"] = (await service.accept("Golden")).backtest_id

    with pytest.raises(error):
        await choose(service, ids[wanted], strategy_id)
    assert changes(service) == []


async def test_the_choice_ends_with_its_strategy() -> None:
    service = Service()
    await choose(service, await completed(service))
    await service.catalogue.delete(StrategyDeleteRequested(strategy_id="golden"), delivery())
    assert [each.standing is None for each in changes(service)] == [False, True]

    await completed(service)
    stored = await service.strategies.get("golden")
    assert stored is not None
    assert stored.state.standing is None


async def test_the_choice_is_published_again_for_a_read_model() -> None:
    service, sent = Service(), []

    async def publish(event: object, _origin: Origin, sequence: int) -> None:
        sent.append((type(event), sequence))

    await choose(service, await completed(service))
    await Republishing(service.strategies, service.store, publish).run()

    assert (StrategyStandingChanged, 2) in sent
    assert (BacktestCompleted, 3) in sent


@pytest.mark.parametrize("deleted", [False, True])
async def test_that_there_is_no_choice_is_published_again_too(*, deleted: bool) -> None:
    """A read model that was put back from a copy may have one that was unset since."""
    service, sent = Service(), []

    async def publish(event: object, _origin: Origin, _sequence: int) -> None:
        if isinstance(event, StrategyStandingChanged):
            sent.append(event.standing)

    await completed(service)
    if deleted:
        await service.catalogue.delete(StrategyDeleteRequested(strategy_id="golden"), delivery())
    await Republishing(service.strategies, service.store, publish).run()
    assert sent == [None]

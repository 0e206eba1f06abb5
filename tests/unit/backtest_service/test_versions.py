"""Versions of strategies: added by request and by backtests, listed, and kept by what has run them."""

import asyncio
import json
from datetime import date

import pytest

from backchat_contracts import (
    BacktestAccepted,
    BacktestRejected,
    StrategyDeleteRequested,
    StrategyQueried,
    StrategySaveRequested,
    StrategyVersionPage,
    StrategyVersionRequested,
    StrategyView,
)
from services.backtest.domain import catalogue
from services.backtest.errors import (
    InvalidParametersError,
    StrategyNotFoundError,
    TooManyVersionsError,
    UnknownStrategyTypeError,
)
from services.chassis.errors import RefusalError
from services.chassis.paging import BadCursorError
from tests.builders import backtest_requested, delivery
from tests.unit.backtest_service.service import Service

pytestmark = pytest.mark.anyio

FIRST = {"type": "sma_crossover", "parameters": {"fast": 20}}
SECOND = {"type": "sma_crossover", "parameters": {"fast": 10}}
THIRD = {"type": "rsi", "parameters": {}}


async def run(service: Service, name: str = "Golden", /, **given: object) -> int:
    """Request a backtest; return the version that it runs."""
    request = backtest_requested(name, **given)
    await service.requests.take(request, delivery())
    return (await service.show(request.backtest_id)).version


async def listed(service: Service, **given: object) -> StrategyVersionPage:
    came = delivery()
    query = {"strategy_id": "golden", "versions": True} | given
    await service.catalogue.query(StrategyQueried.model_validate(query), came)
    (answer,) = service.answers_to(came)
    assert isinstance(answer, StrategyVersionPage)
    return answer


async def use(service: Service, **definition: object) -> StrategyView:
    came = delivery()
    request = StrategyVersionRequested.model_validate({"strategy_id": "golden"} | definition)
    await service.catalogue.add_version(request, came)
    (answer,) = service.answers_to(came)
    assert isinstance(answer, StrategyView)
    return answer


async def test_a_backtest_with_another_definition_makes_a_version() -> None:
    service = Service()
    assert [await run(service, **each) for each in (FIRST, SECOND, FIRST, THIRD, SECOND)] == [1, 2, 1, 3, 2]

    shown = await listed(service)
    assert [(each.version, each.type, each.current) for each in shown.data] == [
        (3, "rsi", True),
        (2, "sma_crossover", False),
        (1, "sma_crossover", False),
    ]
    assert shown.data[1].parameters == {"fast": 10, "slow": 50}


async def test_without_a_type_the_current_version_runs() -> None:
    service = Service()
    await run(service, **FIRST)
    await run(service, **THIRD)
    assert await run(service) == 2

    await use(service, **FIRST)
    assert await run(service) == 1


async def test_defaults_that_are_written_out_are_no_other_definition() -> None:
    service = Service()
    assert await run(service, type="sma_crossover") == 1
    assert await run(service, type="sma_crossover", parameters={"fast": 20, "slow": 50}) == 1


async def test_every_event_of_a_backtest_says_its_version() -> None:
    service = Service()
    await run(service, **FIRST)
    request = backtest_requested("Golden", **SECOND)
    await service.requests.take(request, delivery())
    await service.run(request.backtest_id)

    records = [each for each in service.store.memory.sent if each.key == request.backtest_id]
    assert [each.topic for each in records] == ["backtest.accepted", "backtest.started", "backtest.completed"]
    assert {json.loads(each.value)["version"] for each in records} == {2}


async def test_a_request_that_comes_again_changes_no_catalogue() -> None:
    service = Service()
    first = backtest_requested("Golden", **FIRST)
    await service.requests.take(first, delivery())
    await use(service, **SECOND)
    await service.requests.take(first, delivery())
    assert (await listed(service)).data[0].version == 2
    assert (await service.show(first.backtest_id)).version == 1

    await service.catalogue.delete(StrategyDeleteRequested(strategy_id="golden"), delivery())
    await service.requests.take(first, delivery())
    with pytest.raises(StrategyNotFoundError):
        await listed(service)


async def test_a_deleted_strategy_that_runs_again_goes_on_counting() -> None:
    service = Service()
    await run(service, **FIRST)
    await service.catalogue.delete(StrategyDeleteRequested(strategy_id="golden"), delivery())

    assert await run(service, **SECOND) == 2
    assert [each.version for each in (await listed(service)).data] == [2, 1]


async def test_backtests_that_come_at_once_get_a_version_each() -> None:
    service = Service()
    windows = range(2, 22)
    versions = await asyncio.gather(
        *(run(service, type="rsi", parameters={"window": window}) for window in windows)
    )

    assert sorted(versions) == list(range(1, 21))
    shown = {each.version: each.parameters["window"] for each in (await listed(service)).data}
    assert shown == dict(zip(versions, windows, strict=True))


async def test_a_version_is_added_once_and_made_current_by_request() -> None:
    service = Service()
    await run(service, **FIRST)
    sent = len(service.strategies.memory.sent)

    view = await use(service, **SECOND)
    assert (view.version, view.parameters) == (2, {"fast": 10, "slow": 50})
    assert (await use(service, **SECOND)).version == 2
    assert len(service.strategies.memory.sent) == sent + 1
    assert (await use(service, **FIRST)).version == 1
    assert [each.version for each in (await listed(service)).data] == [2, 1]


async def test_versions_come_page_by_page() -> None:
    service = Service()
    for window in range(2, 7):
        await run(service, type="rsi", parameters={"window": window})

    first = await listed(service, limit=2)
    second = await listed(service, limit=2, cursor=first.next)
    last = await listed(service, limit=2, cursor=second.next)
    assert [[each.version for each in page.data] for page in (first, second, last)] == [[5, 4], [3, 2], [1]]
    assert [page.has_more for page in (first, second, last)] == [True, True, False]
    with pytest.raises(BadCursorError):
        await listed(service, cursor="2026-03-02T09:30:00.000Z~golden")


@pytest.mark.parametrize(
    ("definition", "error"),
    [
        ({"type": "martingale"}, UnknownStrategyTypeError),
        ({"type": "rsi", "parameters": {"window": 0}}, InvalidParametersError),
    ],
)
async def test_what_can_not_be_built_is_no_version(
    definition: dict[str, object], error: type[RefusalError]
) -> None:
    service = Service()
    await run(service, **FIRST)
    with pytest.raises(error):
        await use(service, **definition)

    assert len((await listed(service)).data) == 1


async def test_a_strategy_that_is_not_there_gets_no_version() -> None:
    with pytest.raises(StrategyNotFoundError):
        await use(Service(), **FIRST)


async def test_a_full_strategy_takes_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "MOST_VERSIONS", 2)
    service = Service()
    await run(service, **FIRST)
    await run(service, **SECOND)
    with pytest.raises(TooManyVersionsError, match="another name"):
        await use(service, **THIRD)

    came = delivery()
    await service.requests.take(backtest_requested("Golden", **THIRD), came)
    (rejected,) = service.answers_to(came)
    assert isinstance(rejected, BacktestRejected)
    assert rejected.code == "too-many-versions"


async def test_a_full_strategy_that_was_deleted_is_refused_with_a_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(catalogue, "MOST_VERSIONS", 1)
    service = Service()
    await run(service, **FIRST)
    await service.catalogue.delete(StrategyDeleteRequested(strategy_id="golden"), delivery())

    again = StrategySaveRequested.model_validate({"name": "Golden", **THIRD})
    with pytest.raises(TooManyVersionsError):
        await service.catalogue.save(again, delivery())


async def test_what_was_accepted_is_not_rejected_when_it_comes_again() -> None:
    """Meanwhile another version is the current one, for which there are too few prices."""
    service = Service()
    await run(service, **FIRST)
    request = backtest_requested("Golden", symbols=["FB"], end_date=date(2012, 9, 28))
    await service.requests.take(request, delivery())
    await use(service, type="momentum", parameters={"lookback": 500})
    again = delivery()
    await service.requests.take(request, again)

    (answer,) = service.answers_to(again)
    assert isinstance(answer, BacktestAccepted)
    assert (answer.version, answer.config.type) == (1, "sma_crossover")
    assert service.publish.sent == []


async def test_a_version_of_before_runs_and_stays_so() -> None:
    """A trigger adds versions; it makes none current that was current before: `POST …/versions` does."""
    service = Service()
    for definition in (FIRST, SECOND, FIRST):
        await run(service, **definition)
    assert await run(service) == 2

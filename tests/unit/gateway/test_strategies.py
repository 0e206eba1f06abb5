"""The catalogue over HTTP."""

from typing import Any

import pytest

from backchat_contracts import (
    Refused,
    StrategyDeleted,
    StrategyDeleteRequested,
    StrategyPage,
    StrategyQueried,
    StrategySaveRequested,
    StrategyStandingRequested,
    StrategyTypes,
    StrategyTypeView,
    StrategyVersionPage,
    StrategyVersionRequested,
    StrategyVersionView,
    StrategyView,
    Texts,
    strategy_id,
)
from services.chassis.errors import NoReplyError
from tests.builders import NOW
from tests.unit.gateway.client import V1, assert_problem, connected

pytestmark = pytest.mark.anyio

PATH = f"{V1}/strategies"
VIEW = StrategyView(
    strategy_id="golden-cross",
    name="Golden Cross",
    description="",
    type="sma_crossover",
    parameters={"fast": 20, "slow": 50},
    symbols=("AAPL",),
    created_at=NOW,
)


async def test_a_strategy_is_saved_and_shown_as_its_owner_sent_it() -> None:
    body = {"name": "Golden Cross", "type": "sma_crossover", "parameters": {"fast": 20}, "symbols": ["aapl"]}
    async with connected() as client:
        client.request_client.will_answer(VIEW)
        response = await client.http.post(PATH, json=body)

        assert response.status_code == 201
        assert response.json() == VIEW.model_dump(mode="json")
        assert response.headers["location"] == f"{PATH}/golden-cross"
        assert isinstance(client.asked, StrategySaveRequested)
        assert client.asked == StrategySaveRequested(
            request_id=client.asked.request_id,
            name="Golden Cross",
            type="sma_crossover",
            parameters={"fast": 20},
            symbols=("AAPL",),
        )


async def test_a_version_is_added() -> None:
    second = VIEW.model_copy(update={"version": 2, "parameters": {"fast": 10, "slow": 50}})
    async with connected() as client:
        client.request_client.will_answer(second)
        body = {"type": "sma_crossover", "parameters": {"fast": 10}}
        response = await client.http.post(f"{PATH}/golden-cross/versions", json=body)

        assert (response.status_code, response.json()) == (200, second.model_dump(mode="json"))
        assert client.asked == StrategyVersionRequested(
            strategy_id="golden-cross", type="sma_crossover", parameters={"fast": 10}
        )


async def test_an_answer_that_comes_too_late_leaves_the_version_pending() -> None:
    async with connected() as client:
        client.request_client.will_answer(NoReplyError("late"))
        response = await client.http.post(f"{PATH}/golden-cross/versions", json={"type": "rsi"})

        assert response.status_code == 202
        assert response.headers["location"] == f"{PATH}/golden-cross"


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("strategy-not-found", 404),
        ("too-many-versions", 409),
        ("unknown-strategy-type", 422),
        ("invalid-parameters", 422),
    ],
)
async def test_a_version_that_is_refused_is_a_problem(code: str, status: int) -> None:
    async with connected() as client:
        client.request_client.will_answer(Refused(code=code, detail="no"))
        response = await client.http.post(f"{PATH}/golden-cross/versions", json={"type": "rsi"})
        assert_problem(response, status, code)


@pytest.mark.parametrize("chosen", ["b-1", None])
async def test_a_backtest_is_chosen_to_stand_for_its_strategy_and_unset(chosen: str | None) -> None:
    view = VIEW.model_copy(update={"standing": chosen})
    path = f"{PATH}/golden-cross/standing"
    async with connected() as client:
        client.request_client.will_answer(view)
        answer = client.http.put(path, json={"backtest_id": chosen}) if chosen else client.http.delete(path)
        response = await answer

        assert (response.status_code, response.json()["standing"]) == (200, chosen)
        assert client.asked == StrategyStandingRequested(strategy_id="golden-cross", backtest_id=chosen)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("strategy-not-found", 404),
        ("backtest-not-found", 404),
        ("result-not-ready", 409),
        ("other-strategy", 422),
    ],
)
async def test_a_backtest_that_can_not_stand_is_a_problem(code: str, status: int) -> None:
    async with connected() as client:
        client.request_client.will_answer(Refused(code=code, detail="no"))
        response = await client.http.put(f"{PATH}/golden-cross/standing", json={"backtest_id": "b-1"})
        assert_problem(response, status, code)


async def test_versions_are_listed_page_by_page() -> None:
    version = StrategyVersionView(version=2, current=True, type="rsi", parameters={}, created_at=NOW)
    page = StrategyVersionPage(data=(version,), has_more=True, next="cursor")
    async with connected() as client:
        client.request_client.will_answer(page)
        response = await client.http.get(f"{PATH}/golden-cross/versions?limit=1&cursor=c")

        assert response.json() == page.model_dump(mode="json")
        assert client.asked == StrategyQueried(strategy_id="golden-cross", versions=True, limit=1, cursor="c")


async def test_a_location_is_an_address_in_any_script() -> None:
    async with connected() as client:
        client.request_client.will_answer(VIEW)
        response = await client.http.post(PATH, json={"name": "황금 교차"})
        location = response.headers["location"]
        assert location.isascii()

        client.request_client.asked.clear()
        await client.http.get(location)
        assert client.asked == StrategyQueried(strategy_id="황금-교차")


async def test_a_strategy_that_a_durable_broker_keeps_is_pending() -> None:
    async with connected(kafka_durable=True) as client:
        client.request_client.will_answer(NoReplyError("late"))
        response = await client.http.post(PATH, json={"name": "Golden Cross"})

        assert (response.status_code, response.json()) == (202, {"status": "pending"})
        assert response.headers["location"] == f"{PATH}/golden-cross"


async def test_a_name_that_is_taken_is_a_conflict() -> None:
    async with connected() as client:
        extra = {"strategy_id": "golden-cross"}
        client.request_client.will_answer(Refused(code="strategy-exists", detail="taken", extra=extra))
        response = await client.http.post(PATH, json={"name": "Golden Cross"})

        assert assert_problem(response, 409, "strategy-exists")["strategy_id"] == "golden-cross"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": " "},
        {"name": "x" * 101},
        {"name": "x", "type": "Not a type"},
        {"name": "x", "type": "rsi", "parameters": {"lower": ["low"]}},
        {"name": "x", "type": "rsi", "parameters": [14]},
        {"name": "x", "symbols": ["not a symbol"]},
        {"name": "x", "owner": "kim"},
    ],
)
async def test_what_is_no_strategy_is_refused(body: dict[str, Any]) -> None:
    async with connected() as client:
        assert_problem(await client.http.post(PATH, json=body), 422, "invalid-request")
        assert client.request_client.asked == []


@pytest.mark.parametrize("code", ["unknown-strategy-type", "invalid-parameters"])
async def test_a_strategy_that_can_not_be_built_is_a_problem_of_its_own(code: str) -> None:
    async with connected() as client:
        client.request_client.will_answer(Refused(code=code, detail="what would be right"))
        response = await client.http.post(PATH, json={"name": "x", "type": "martingale"})

        assert assert_problem(response, 422, code)["detail"] == "what would be right"


async def test_the_types_are_listed_and_are_no_strategy() -> None:
    types = StrategyTypes(
        data=(
            StrategyTypeView(
                type="hold",
                title=Texts(ko="보유", en="Hold"),
                description=Texts(ko="보유합니다.", en="Holds."),
                needed_bars=1,
                parameters={"type": "object", "properties": {}},
            ),
        )
    )
    async with connected() as client:
        client.request_client.will_answer(types)
        response = await client.http.get(f"{PATH}/types")

        assert (response.status_code, response.json()) == (200, types.model_dump(mode="json"))
        assert client.asked == StrategyQueried(types=True)


async def test_a_strategy_that_is_called_types_has_another_address() -> None:
    async with connected() as client:
        client.request_client.will_answer(VIEW)
        location = (await client.http.post(PATH, json={"name": "Types"})).headers["location"]
        client.request_client.asked.clear()
        await client.http.get(location)

        assert location != f"{PATH}/types"
        assert client.asked == StrategyQueried(strategy_id=strategy_id("Types"))


async def test_a_strategy_is_shown() -> None:
    async with connected() as client:
        client.request_client.will_answer(VIEW)
        response = await client.http.get(f"{PATH}/golden-cross")

        assert (response.status_code, response.json()) == (200, VIEW.model_dump(mode="json"))
        assert client.asked == StrategyQueried(strategy_id="golden-cross")


async def test_the_catalogue_comes_in_pages() -> None:
    page = StrategyPage(data=(VIEW,), has_more=True, next="golden-cross")
    async with connected() as client:
        client.request_client.will_answer(page)
        response = await client.http.get(PATH, params={"limit": 1, "cursor": "a"})

        assert response.json() == page.model_dump(mode="json")
        assert client.asked == StrategyQueried(limit=1, cursor="a")


async def test_a_strategy_is_deleted() -> None:
    async with connected() as client:
        client.request_client.will_answer(StrategyDeleted(strategy_id="golden-cross", deleted_at=NOW))
        response = await client.http.delete(f"{PATH}/golden-cross")

        assert (response.status_code, response.content) == (204, b"")
        assert client.asked == StrategyDeleteRequested(strategy_id="golden-cross")


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_a_strategy_that_is_not_there_is_a_problem(method: str) -> None:
    async with connected() as client:
        client.request_client.will_answer(Refused(code="strategy-not-found", detail="none"))
        response = await client.http.request(method, f"{PATH}/nothing")

        assert_problem(response, 404, "strategy-not-found")

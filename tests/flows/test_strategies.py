"""Strategies through HTTP, events and both services: whose figures are shown under which name."""

from typing import Any

import pytest

from tests.flows.api import Api, unique

pytestmark = pytest.mark.anyio

STRATEGIES = "/api/v1/strategies"
BACKTESTS = "/api/v1/backtests"


async def test_names_that_differ_have_figures_of_their_own(api: Api) -> None:
    prefix = unique("Momentum")
    up = await api.completed(name=f"{prefix} +5%", type="momentum", symbols=["AAPL"])
    down = await api.completed(name=f"{prefix} -5%", symbols=["IBM"])
    shown = await api.compared([up["strategy_id"], down["strategy_id"]])

    assert [entry["name"] for entry in shown] == [f"{prefix} +5%", f"{prefix} -5%"]
    assert [entry["backtest_id"] for entry in shown] == [up["id"], down["id"]]
    assert [(entry["type"], entry["symbols"]) for entry in shown] == [
        ("momentum", ["AAPL"]),
        ("buy_and_hold", ["IBM"]),
    ]


async def test_another_definition_under_a_name_is_a_version_that_its_figures_say(api: Api) -> None:
    name = unique("Golden")
    first = await api.completed(name=name, type="sma_crossover", parameters={"fast": 20})
    second = await api.completed(name=name, type="sma_crossover", parameters={"fast": 10}, slippage_rate=0.01)
    path = f"{STRATEGIES}/{first['strategy_id']}"

    assert (first["version"], second["version"]) == (1, 2)
    versions = (await api.get(f"{path}/versions")).json()["data"]
    assert [(each["version"], each["parameters"]["fast"], each["current"]) for each in versions] == [
        (2, 10, True),
        (1, 20, False),
    ]
    (entry,) = await api.compared([first["strategy_id"]])
    assert (entry["version"], entry["parameters"], entry["slippage_rate"]) == (
        *(2, {"fast": 10, "slow": 50}, 0.01),
    )
    body = {"type": "sma_crossover", "parameters": {"fast": 20}}
    answer = await api.post(f"{path}/versions", body)
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert (await api.completed(name=name))["version"] == 1


async def test_a_backtest_that_is_chosen_stands_for_its_strategy(api: Api) -> None:
    name = unique("Chosen")
    real = await api.completed(name=name, symbols=["AAPL"])
    toy = await api.completed(name=name, symbols=["IBM"], initial_cash=7)
    strategy_id = real["strategy_id"]
    (entry,) = await api.compared([strategy_id])
    assert (entry["backtest_id"], entry["chosen"]) == (toy["id"], False)

    standing = f"{STRATEGIES}/{strategy_id}/standing"
    chosen = await api.client.put(standing, json={"backtest_id": real["id"]})
    assert (chosen.status_code, chosen.json()["standing"]) == (200, real["id"])
    (entry,) = await api.compared_until([strategy_id], lambda data: data[0]["chosen"])
    assert (entry["backtest_id"], entry["initial_cash"]) == (real["id"], 100_000.0)

    other = await api.completed()
    refused = await api.client.put(standing, json={"backtest_id": other["id"]})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/other-strategy")
    unset = await api.client.delete(standing)
    assert (unset.status_code, unset.json()["standing"]) == (200, None)
    (entry,) = await api.compared_until([strategy_id], lambda data: not data[0]["chosen"])
    assert entry["backtest_id"] == toy["id"]


async def test_backtests_are_found_by_what_they_ran(api: Api) -> None:
    user = unique("user").replace(" ", "-")
    name, tag = unique("Found"), unique("sweep")
    request: dict[str, Any] = {"user_id": user, "trigger_reason": tag}
    first = await api.ended(await api.trigger(request, name=name, type="rsi", symbols=["AAPL", "IBM"]))
    second = await api.ended(await api.trigger(request, name=name, type="momentum", symbols=["MSFT"]))
    ids = [second["id"], first["id"]]

    async def found(**query: str | int) -> list[str]:
        response = await api.get(BACKTESTS, **query)
        assert response.status_code == 200, response.text
        return [each["id"] for each in response.json()["data"]]

    assert await found(strategy_id=first["strategy_id"]) == ids
    assert await found(strategy_id=first["strategy_id"], version=1) == ids[1:]
    assert await found(user_id=user) == await found(tag=tag) == ids
    assert await found(user_id=user, symbol="msft", status="completed") == ids[:1]
    assert await found(user_id=user, symbol="FB") == await found(tag=unique("none")) == []

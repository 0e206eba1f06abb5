"""Backtests from the trigger to the result."""

import pytest

from services.backtest.domain.strategy_types import STRATEGIES
from tests.flows.api import CHATOPS, Api, unique

pytestmark = pytest.mark.anyio


async def test_a_trigger_becomes_a_completed_backtest(api: Api) -> None:
    name = unique("골든크로스")
    body = {
        "strategy_config": {
            "name": name,
            "type": "sma_crossover",
            "parameters": {"fast": 10},
            "symbols": ["aapl", "MSFT"],
            "start_date": "2010-01-04",
            "end_date": "2012-12-31",
            "initial_cash": 50_000,
            "commission_rate": 0.002,
        },
        "trigger_reason": "nightly",
        "generate_report": False,
        "notify_on_completion": True,
    }
    response = await api.post(f"{CHATOPS}/backtest/trigger", body)
    assert response.status_code == 202
    triggered = response.json()
    assert set(triggered) == {
        *("backtest_id", "status", "estimated_duration_seconds", "report_url", "strategy_id", "version")
    }
    assert (triggered["status"], triggered["report_url"]) == ("pending", None)
    assert triggered["estimated_duration_seconds"] > 0
    assert response.headers["location"] == f"/api/v1/backtests/{triggered['backtest_id']}"

    page = await api.ended(triggered["backtest_id"])
    assert page["status"] == "completed"
    assert (page["name"], page["description"]) == (f"Auto: {name}", "Triggered by nightly")
    assert page["config"] == {
        "type": "sma_crossover",
        "parameters": {"fast": 10, "slow": 50},
        "symbols": ["AAPL", "MSFT"],
        "start_date": "2010-01-04",
        "end_date": "2012-12-31",
        "initial_cash": 50_000.0,
        "commission_rate": 0.002,
        "slippage_rate": 0.0,
        "benchmark": None,
        "tags": ["nightly", "auto_generated"],
    }
    result = (await api.get(f"/api/v1/backtests/{page['id']}/result")).json()
    assert result["performance"] == page["performance"]
    curve = result["equity_curve"]
    assert (curve[0]["date"], curve[-1]["date"]) == ("2010-01-04", "2012-12-31")
    assert curve[0]["equity"] == 50_000.0
    assert curve[-1]["equity"] == pytest.approx(page["performance"]["final_equity"])
    assert len(result["trades"]) == page["performance"]["trades"]
    assert curve[-1]["benchmark"] / 50_000.0 - 1.0 == pytest.approx(page["performance"]["benchmark_return"])
    assert result["drawdowns"][0]["depth"] == page["performance"]["max_drawdown"]


async def test_what_would_run_is_what_runs(api: Api) -> None:
    strategy = {"name": unique("전략"), "symbols": ["aapl"], "type": "rsi"}
    estimate = await api.post("/api/v1/backtests/estimate", {"strategy_config": strategy})
    assert estimate.status_code == 200
    assert estimate.json()["version"] is None
    page = await api.ended(await api.trigger(**strategy))
    assert {**page["config"], "tags": []} == estimate.json()["config"]
    unknown = {"strategy_config": {**strategy, "symbols": ["NOSUCH"]}}
    refused = await api.post("/api/v1/backtests/estimate", unknown)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/outside-coverage")


async def test_fixed_weights_of_a_symbol_that_is_listed_late(api: Api) -> None:
    parameters = {"weights": {"AAPL": 0.75, "FB": 0.25}, "rebalance": "quarterly"}
    page = await api.completed(
        type="fixed_weights", parameters=parameters, symbols=["AAPL", "FB"], start_date="2012-01-03"
    )
    trades = (await api.get(f"/api/v1/backtests/{page['id']}/result")).json()["trades"]

    assert page["config"]["parameters"] == parameters
    assert page["config"]["end_date"] == "2013-03-01"
    # FB was listed on 2012-05-18, and every quarter begins on the first trading day that AAPL has
    assert [(trade["date"], trade["symbol"]) for trade in trades if trade["shares"] > 0][:2] == [
        ("2012-01-04", "AAPL"),
        ("2012-05-21", "FB"),
    ]
    assert {"2012-04-03", "2012-07-03", "2012-10-02", "2013-01-03"} <= {trade["date"] for trade in trades}


async def test_a_result_is_a_table_for_those_who_ask(api: Api) -> None:
    page = await api.completed(type="rsi", start_date="2010-01-04", benchmark="IBM")
    path, csv = f"/api/v1/backtests/{page['id']}/result", {"Accept": "text/csv"}
    days = (await api.client.get(path, headers=csv)).text.splitlines()
    trades = (await api.client.get(f"{path}?part=trades", headers=csv)).text.splitlines()
    shown = (await api.get(path)).json()

    assert days[0].startswith("date,equity,benchmark,drawdown,exposure")
    assert len(days) - 1 == len(shown["equity_curve"])
    assert float(days[-1].split(",")[1]) == page["performance"]["final_equity"]
    assert len(trades) - 1 == page["performance"]["trades"]
    assert shown["config"]["benchmark"] == "IBM"


async def test_a_result_that_is_larger_than_a_record_comes_whole(api: Api) -> None:
    """Thirteen years of a rule that trades nearly every day."""
    days = {"start_date": "2000-03-01", "end_date": "2013-03-01"}
    page = await api.completed(type="sma_crossover", parameters={"fast": 1, "slow": 2}, **days)
    response = await api.get(f"/api/v1/backtests/{page['id']}/result")

    assert len(response.content) > 700_000
    assert len(response.json()["equity_curve"]) == 3270
    assert len(response.json()["trades"]) == page["performance"]["trades"] > 1_500


async def test_a_completed_backtest_is_verified(api: Api) -> None:
    page = await api.completed(type="macd", start_date="2004-01-02")
    assert page["provenance"]["currency"] == "USD"

    response = await api.post(f"/api/v1/backtests/{page['id']}/verify")
    assert response.json() == {"id": page["id"], "identical": True, "differences": []}
    assert (await api.post("/api/v1/backtests/none/verify")).status_code == 404


async def test_a_benchmark_without_prices_is_refused_at_once(api: Api) -> None:
    body = {"strategy_config": {"name": unique("SMA"), "symbols": ["AAPL"], "benchmark": "NOPE"}}
    response = await api.post(f"{CHATOPS}/backtest/trigger", body)
    assert response.status_code == 422
    assert response.json()["type"].endswith("/outside-coverage")


async def test_without_dates_it_is_the_last_365_days_of_the_data(api: Api) -> None:
    page = await api.completed()
    assert (page["config"]["start_date"], page["config"]["end_date"]) == ("2012-03-01", "2013-03-01")
    assert page["config"]["type"] == "buy_and_hold"


async def test_a_new_name_is_catalogued_and_its_type_remembered(api: Api) -> None:
    name = unique("RSI 전략")
    first = await api.completed(name=name, type="rsi", parameters={"window": 7})
    entry = (await api.get(f"/api/v1/strategies/{first['strategy_id']}")).json()
    assert (entry["name"], entry["type"], entry["parameters"]["window"]) == (name, "rsi", 7)
    again = await api.completed(name=name, symbols=["IBM"])
    assert (again["strategy_id"], again["config"]["type"]) == (first["strategy_id"], "rsi")
    assert again["config"]["parameters"] == first["config"]["parameters"]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"symbols": ["TSLA"]}, "TSLA"),
        ({"symbols": ["AAPL"], "start_date": "1990-01-01"}, "1990-01-01"),
        ({"symbols": ["FB"], "start_date": "2012-01-03"}, "2012-05-18"),
    ],
)
async def test_what_the_data_does_not_cover_is_refused_with_the_coverage(
    api: Api, config: dict[str, object], said: str
) -> None:
    body = {"strategy_config": {"name": unique("x"), **config}}
    response = await api.post(f"{CHATOPS}/backtest/trigger", body)
    problem = response.json()
    assert (response.status_code, problem["type"]) == (422, "/problems/outside-coverage")
    assert said in problem["detail"]
    assert all(len(days) == 2 for days in problem["coverage"].values())
    assert problem["coverage"]


@pytest.mark.parametrize(
    ("definition", "code", "said"),
    [
        ({"type": "magic"}, "unknown-strategy-type", "momentum, rsi, sma_crossover, volatility_target"),
        ({"type": "rsi", "parameters": {"windw": 3}}, "invalid-parameters", "window, lower, upper"),
        ({"type": "rsi", "parameters": {"window": 1}}, "invalid-parameters", "at least 2 and at most 1000"),
        ({"parameters": {"window": 3}}, "invalid-parameters", "need a type"),
    ],
)
async def test_a_strategy_that_can_not_be_built_is_refused_with_what_would_be_right(
    api: Api, definition: dict[str, object], code: str, said: str
) -> None:
    strategy = {"name": unique("x"), "symbols": ["AAPL"], **definition}
    for path, body in (
        (f"{CHATOPS}/backtest/trigger", {"strategy_config": strategy}),
        ("/api/v1/strategies", strategy),
    ):
        response = await api.post(path, body)
        problem = response.json()
        assert (response.status_code, problem["type"]) == (422, f"/problems/{code}")
        assert said in problem["detail"]


async def test_every_type_that_is_listed_runs_with_its_defaults(api: Api) -> None:
    types = (await api.get("/api/v1/strategies/types")).json()["data"]
    assert [each["type"] for each in types] == list(STRATEGIES)
    for each in types:
        page = await api.ended(await api.trigger(type=each["type"]))
        properties = each["parameters"]["properties"]
        assert page["status"] == "completed"
        assert page["config"]["parameters"] == {
            name: schema["default"] for name, schema in properties.items()
        }


async def test_a_strategy_that_is_called_types_is_one_of_its_own(api: Api) -> None:
    saved = await api.post("/api/v1/strategies", {"name": "types"})
    assert saved.status_code == 201
    assert (await api.get(saved.headers["location"])).json() == saved.json()
    assert "data" in (await api.get("/api/v1/strategies/types")).json()
    assert (await api.client.delete(saved.headers["location"])).status_code == 204


async def test_the_listed_metrics_are_those_of_a_result(api: Api) -> None:
    metrics = (await api.get("/api/v1/metrics")).json()["data"]
    page = await api.completed()
    (figures,) = await api.compared([page["strategy_id"]])
    assert [metric["name"] for metric in metrics] == list(page["performance"])
    assert {name: figures[name] for name in page["performance"]} == page["performance"]


async def test_backtests_are_listed_newest_first_page_by_page(api: Api) -> None:
    ran = [await api.trigger() for _ in range(3)]
    for backtest_id in ran:
        await api.ended(backtest_id)
    first = (await api.get("/api/v1/backtests", limit=2)).json()
    assert [entry["id"] for entry in first["data"]] == ran[:0:-1]
    second = (await api.get("/api/v1/backtests", limit=1, cursor=first["next"])).json()
    assert [entry["id"] for entry in second["data"]] == ran[:1]
    bad = await api.get("/api/v1/backtests", cursor="nonsense")
    assert (bad.status_code, bad.json()["type"]) == (422, "/problems/bad-cursor")


async def test_an_unknown_backtest_is_a_404(api: Api) -> None:
    for path in ("/api/v1/backtests/nothing", "/api/v1/backtests/nothing/result"):
        response = await api.get(path)
        assert (response.status_code, response.json()["type"]) == (404, "/problems/backtest-not-found")


async def test_strategies_are_saved_once_and_deleted(api: Api) -> None:
    body = {"name": unique("모멘텀"), "type": "momentum", "parameters": {"lookback": 60}, "symbols": ["IBM"]}
    saved = await api.post("/api/v1/strategies", body)
    assert saved.status_code == 201
    entry = saved.json()
    assert (await api.get(saved.headers["location"])).json() == entry
    again = await api.post("/api/v1/strategies", body)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/strategy-exists")
    path = f"/api/v1/strategies/{entry['strategy_id']}"
    assert (await api.client.delete(path)).status_code == 204
    assert (await api.get(path)).status_code == 404
    assert (await api.client.delete(path)).status_code == 404
    assert (await api.post("/api/v1/strategies", body)).status_code == 201

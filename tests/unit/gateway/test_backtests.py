"""Backtests over HTTP."""

import json
from datetime import date
from typing import Any

import pytest

from backchat_contracts import (
    BacktestAccepted,
    BacktestEstimate,
    BacktestEstimateQueried,
    BacktestPage,
    BacktestQueried,
    BacktestRejected,
    BacktestRequested,
    BacktestResultView,
    BacktestVerification,
    BacktestVerificationRequested,
    BacktestView,
    EquityPoint,
    Refused,
    Trade,
)
from services.chassis.errors import NoReplyError
from tests.builders import NOW, config, new_id, performance
from tests.unit.gateway.client import V1, assert_problem, connected

pytestmark = pytest.mark.anyio

TRIGGER = f"{V1}/chatops-advanced/backtest/trigger"
BACKTESTS = f"{V1}/backtests"
ACCEPTED = BacktestAccepted(
    backtest_id="any",
    strategy_id="golden-cross",
    strategy_name="Golden Cross",
    config=config(),
    version=3,
    estimated_duration_seconds=1.5,
    accepted_at=NOW,
)
CONFIG = {"name": "Golden Cross", "symbols": ["aapl"]}


def view(**given: Any) -> BacktestView:
    fields = {
        "id": new_id(),
        "name": "Auto: Golden Cross",
        "description": "Triggered by manual",
        "status": "pending",
        "strategy_id": "golden-cross",
        "config": config(),
        "user_id": "system",
        "created_at": NOW,
        "started_at": None,
        "completed_at": None,
    }
    return BacktestView.model_validate(fields | given)


async def test_a_triggered_backtest_has_these_fields_and_no_others() -> None:
    async with connected() as client:
        client.request_client.will_answer(ACCEPTED)
        response = await client.http.post(TRIGGER, json={"strategy_config": CONFIG})

        asked = client.asked
        assert isinstance(asked, BacktestRequested)
        assert response.status_code == 202
        assert response.json() == {
            "backtest_id": asked.backtest_id,
            "status": "pending",
            "estimated_duration_seconds": 1.5,
            "strategy_id": "golden-cross",
            "version": 3,
            "report_url": None,
        }
        assert response.headers["location"] == f"{BACKTESTS}/{asked.backtest_id}"
        assert (asked.user_id, asked.trigger_reason) == ("system", "manual")
        assert (asked.generate_report, asked.notify_on_completion) == (False, False)


async def test_what_was_sent_is_what_is_asked_for() -> None:
    body = {
        "strategy_config": {
            **CONFIG,
            "type": "sma_crossover",
            "parameters": {"fast": 5, "slow": 9},
            "start_date": "2010-01-04",
            "end_date": "2012-12-31",
            "initial_cash": 5000,
            "commission_rate": 0.002,
            "slippage_rate": 0.001,
        },
        "trigger_reason": "nightly",
        "user_id": "kim",
        "generate_report": True,
        "notify_on_completion": True,
    }
    async with connected() as client:
        client.request_client.will_answer(ACCEPTED)
        await client.http.post(TRIGGER, json=body)

        asked = client.asked
        assert isinstance(asked, BacktestRequested)
        wanted = asked.strategy_config
        assert (wanted.type, wanted.parameters) == ("sma_crossover", {"fast": 5, "slow": 9})
        assert (wanted.symbols, wanted.start_date) == (("AAPL",), date(2010, 1, 4))
        assert (wanted.initial_cash, wanted.commission_rate, wanted.slippage_rate) == (5000.0, 0.002, 0.001)
        assert (asked.trigger_reason, asked.user_id) == ("nightly", "kim")
        assert (asked.generate_report, asked.notify_on_completion) == (True, True)


async def test_what_would_run_is_told_with_all_defaults_and_nothing_is_run() -> None:
    estimate = BacktestEstimate(
        strategy_id="calm",
        strategy_name="Calm",
        version=None,
        config=config(),
        estimated_duration_seconds=0.5,
    )
    strategy = {"name": "Calm", "symbols": ["aapl"]}
    body = {"strategy_config": strategy, "user_id": "kim", "priority": "high", "fresh": True}
    async with connected() as client:
        client.request_client.will_answer(estimate)
        response = await client.http.post(f"{BACKTESTS}/estimate", json=body)

        assert (response.status_code, response.content) == (200, estimate.model_dump_json().encode())
        asked = client.asked
        assert isinstance(asked, BacktestEstimateQueried)
        assert (asked.user_id, asked.priority) == ("kim", "high")
        assert (asked.strategy_config.name, asked.strategy_config.symbols) == ("Calm", ("AAPL",))


async def test_what_would_be_rejected_is_refused_with_the_same_problem() -> None:
    body = {"strategy_config": {"name": "Calm", "symbols": ["TSLA"]}}
    async with connected() as client:
        client.request_client.will_answer(Refused(code="outside-coverage", detail="no data for 'TSLA'"))
        response = await client.http.post(f"{BACKTESTS}/estimate", json=body)
        assert_problem(response, 422, "outside-coverage")
        response = await client.http.post(f"{BACKTESTS}/estimate", json={"strategy_config": {}})
        assert_problem(response, 422, "invalid-request")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"name": ""}, "/body/strategy_config/name"),
        ({"symbols": []}, "/body/strategy_config/symbols"),
        ({"symbols": ["AAPL", "aapl"]}, "/body/strategy_config"),
        ({"symbols": ["A B"]}, "/body/strategy_config/symbols"),
        ({"type": "Not a type"}, "/body/strategy_config/type"),
        ({"type": "rsi", "parameters": {"window": ["many"]}}, "/body/strategy_config/parameters/window"),
        ({"type": "rsi", "parameters": {"window": float("nan")}}, "/body/strategy_config/parameters/window"),
        ({"type": "rsi", "parameters": {"w" * 65: 5}}, "/body/strategy_config/parameters"),
        ({"type": "rsi", "parameters": {f"p{n}": n for n in range(33)}}, "/body/strategy_config/parameters"),
        ({"start_date": "2012-02-30"}, "/body/strategy_config/start_date"),
        ({"start_date": "2012-12-31", "end_date": "2012-01-02"}, "/body/strategy_config"),
        ({"initial_cash": 0}, "/body/strategy_config/initial_cash"),
        ({"initial_cash": float("inf")}, "/body/strategy_config/initial_cash"),
        ({"initial_cash": float("nan")}, "/body/strategy_config/initial_cash"),
        ({"commission_rate": 0.5}, "/body/strategy_config/commission_rate"),
        ({"leverage": 3}, "/body/strategy_config/leverage"),
    ],
)
async def test_a_configuration_that_makes_no_sense_is_refused_with_its_place(
    changes: dict[str, Any], pointer: str
) -> None:
    async with connected() as client:
        # Python's own kind of JSON, which has NaN and Infinity: httpx refuses to send those.
        body = json.dumps({"strategy_config": CONFIG | changes})
        headers = {"content-type": "application/json"}
        response = await client.http.post(TRIGGER, content=body, headers=headers)

        problem = assert_problem(response, 422, "invalid-request")
        assert all(error["pointer"].startswith(pointer) for error in problem["errors"])
        assert not any("float" in error["pointer"] for error in problem["errors"])
        assert client.request_client.asked == []


async def test_what_is_outside_the_data_says_what_there_is() -> None:
    rejected = BacktestRejected(
        backtest_id="any",
        code="outside-coverage",
        detail="no data for 'TSLA'",
        coverage={"AAPL": (date(2000, 3, 1), date(2013, 3, 1))},
    )
    async with connected() as client:
        client.request_client.will_answer(rejected)
        response = await client.http.post(TRIGGER, json={"strategy_config": CONFIG})

        problem = assert_problem(response, 422, "outside-coverage")
        assert problem["detail"] == "no data for 'TSLA'"
        assert problem["coverage"] == {"AAPL": ["2000-03-01", "2013-03-01"]}


@pytest.mark.parametrize("code", ["unknown-strategy-type", "invalid-parameters"])
async def test_a_strategy_that_can_not_be_built_is_a_problem_of_its_own(code: str) -> None:
    rejected = BacktestRejected(backtest_id="any", code=code, detail="what would be right")
    body = {"strategy_config": CONFIG | {"type": "martingale", "parameters": {"stake": 2}}}
    async with connected() as client:
        client.request_client.will_answer(rejected)
        response = await client.http.post(TRIGGER, json=body)

        assert assert_problem(response, 422, code)["detail"] == "what would be right"


async def test_a_backtest_that_a_durable_broker_keeps_is_pending_without_an_estimate() -> None:
    async with connected(kafka_durable=True) as client:
        client.request_client.will_answer(NoReplyError("late"))
        response = await client.http.post(TRIGGER, json={"strategy_config": CONFIG})

        assert response.status_code == 202
        body = response.json()
        assert body.keys() == {
            *("backtest_id", "status", "estimated_duration_seconds", "report_url", "strategy_id", "version")
        }
        assert (body["status"], body["estimated_duration_seconds"]) == ("pending", None)
        assert response.headers["location"] == f"{BACKTESTS}/{body['backtest_id']}"


async def test_a_backtest_is_shown_as_its_owner_sent_it() -> None:
    shown = view(status="completed", performance=performance())
    async with connected() as client:
        client.request_client.will_answer(shown)
        response = await client.http.get(f"{BACKTESTS}/b-1")

        assert response.status_code == 200
        assert response.json() == shown.model_dump(mode="json")
        assert client.asked == BacktestQueried(backtest_id="b-1")


async def test_a_result_is_shown_with_its_curve_and_trades() -> None:
    result = BacktestResultView(
        id="b-1", status="completed", config=config(), performance=performance(), equity_curve=(), trades=()
    )
    async with connected() as client:
        client.request_client.will_answer(result)
        response = await client.http.get(f"{BACKTESTS}/b-1/result")

        assert response.json() == result.model_dump(mode="json")
        assert client.asked == BacktestQueried(backtest_id="b-1", include_result=True)


async def test_a_backtest_is_verified_and_that_may_take_its_time() -> None:
    verified = BacktestVerification(id="b-1", identical=True, differences=())
    async with connected() as client:
        client.request_client.will_answer(verified)
        response = await client.http.post(f"{BACKTESTS}/b-1/verify")

        assert (response.status_code, response.json()) == (200, verified.model_dump(mode="json"))
        assert client.asked == BacktestVerificationRequested(backtest_id="b-1")


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("backtest-not-found", 404),
        ("result-not-ready", 409),
        ("not-repeated", 409),
        ("too-many-verifications", 503),
    ],
)
async def test_a_backtest_that_can_not_be_verified_is_a_problem(code: str, status: int) -> None:
    async with connected() as client:
        client.request_client.will_answer(Refused(code=code, detail="no"))
        response = await client.http.post(f"{BACKTESTS}/b-1/verify")
        assert_problem(response, status, code)
        assert ("Retry-After" in response.headers) == (status == 503)


DAY = date(2010, 1, 4)
RESULT = BacktestResultView(
    id="b-1",
    status="completed",
    config=config(),
    performance=performance(),
    equity_curve=(EquityPoint(date=DAY, equity=100.5, benchmark=100.0, drawdown=-0.25),),
    trades=(Trade(date=DAY, symbol="BRK.B", shares=-2.0, price=30.0, commission=0.06, profit=-1e-7),),
)


@pytest.mark.parametrize(
    ("query", "accept", "table"),
    [
        ("", "text/csv", "equity"),
        ("?part=equity", "text/csv; charset=utf-8, application/json", "equity"),
        ("?part=trades", "TEXT/CSV", "trades"),
        ("", "application/json;q=0.1, text/csv;q=0.9", "equity"),
    ],
)
async def test_a_result_is_given_as_a_table(query: str, accept: str, table: str) -> None:
    lines = {
        "equity": "date,equity,benchmark,drawdown,exposure,rolling_sharpe_ratio,rolling_volatility\r\n"
        "2010-01-04,100.5,100.0,-0.25,,,\r\n",
        "trades": "date,symbol,shares,price,commission,profit\r\n2010-01-04,BRK.B,-2.0,30.0,0.06,-1e-07\r\n",
    }
    async with connected() as client:
        client.request_client.will_answer(RESULT)
        response = await client.http.get(f"{BACKTESTS}/b-1/result{query}", headers={"Accept": accept})

        assert response.text == lines[table]
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert response.headers["Content-Disposition"] == f'attachment; filename="{table}.csv"'
        assert response.headers["Vary"] == "Accept"
        known = {"Accept": accept, "If-None-Match": response.headers["ETag"]}
        client.request_client.will_answer(RESULT)
        assert (await client.http.get(f"{BACKTESTS}/b-1/result{query}", headers=known)).status_code == 304


@pytest.mark.parametrize(
    "accept",
    [
        *("*/*", "application/json", "application/json, text/csv", "text/html", "text/csv;q=0"),
        *("text/csv;q=0.1, application/json", "text/csv;q=wrong, application/json;q=0.1"),
    ],
)
async def test_a_result_is_json_unless_a_table_is_asked_for(accept: str) -> None:
    async with connected() as client:
        client.request_client.will_answer(RESULT)
        response = await client.http.get(f"{BACKTESTS}/b-1/result", headers={"Accept": accept})
        assert response.json() == RESULT.model_dump(mode="json")


@pytest.mark.parametrize(("query", "accept"), [("?part=trades", "*/*"), ("?part=fills", "text/csv")])
async def test_a_part_is_one_of_the_table(query: str, accept: str) -> None:
    async with connected() as client:
        response = await client.http.get(f"{BACKTESTS}/b-1/result{query}", headers={"Accept": accept})
        assert_problem(response, 422, "invalid-request")
        assert client.request_client.asked == []


async def test_trades_that_were_not_kept_are_no_empty_table() -> None:
    left_out = RESULT.model_copy(update={"trades": (), "trades_left_out": 123_456})
    async with connected() as client:
        client.request_client.will_answer(left_out)
        response = await client.http.get(
            f"{BACKTESTS}/b-1/result?part=trades", headers={"Accept": "text/csv"}
        )
        assert_problem(response, 409, "trades-not-kept")
        assert "123456" in response.json()["detail"]


@pytest.mark.parametrize(
    ("path", "code", "status"),
    [("b-1", "backtest-not-found", 404), ("b-1/result", "result-not-ready", 409)],
)
async def test_what_there_is_not_is_a_problem(path: str, code: str, status: int) -> None:
    async with connected() as client:
        client.request_client.will_answer(Refused(code=code, detail="there is none"))

        assert_problem(await client.http.get(f"{BACKTESTS}/{path}"), status, code)


async def test_backtests_are_listed_in_pages() -> None:
    page = BacktestPage(data=(view(), view(status="failed")), has_more=True, next="here")
    async with connected() as client:
        client.request_client.will_answer(page)
        of = {"strategy_id": "golden", "version": "2", "symbol": "aapl", "user_id": "kim", "tag": "sweep"}
        parameters = {"status": "failed", "limit": "2", "cursor": "there", **of}
        response = await client.http.get(BACKTESTS, params=parameters)

        assert response.json() == page.model_dump(mode="json")
        assert client.asked == BacktestQueried(
            status="failed",
            strategy_id="golden",
            version=2,
            symbol="AAPL",
            user_id="kim",
            tag="sweep",
            limit=2,
            cursor="there",
        )


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=many",
        "status=odd",
        "page=2",
        "version=1",
        "strategy_id=a&version=0",
        "symbol=a b",
        "cursor=" + 201 * "x",
    ],
)
async def test_a_page_that_cannot_be_is_refused(query: str) -> None:
    async with connected() as client:
        assert_problem(await client.http.get(f"{BACKTESTS}?{query}"), 422, "invalid-request")
        assert client.request_client.asked == []


async def test_a_cursor_that_its_owner_refuses_is_a_problem() -> None:
    async with connected() as client:
        client.request_client.will_answer(Refused(code="bad-cursor", detail="not one of this list's"))

        assert_problem(await client.http.get(f"{BACKTESTS}?cursor=x"), 422, "bad-cursor")

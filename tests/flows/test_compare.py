"""Comparisons: figures as stored, gaps explained, answers in the reader's language."""

import asyncio
import json
import uuid

import pytest
from aiokafka import AIOKafkaProducer

from deploy.embedded.stack import Stack
from tests.flows.api import CHATOPS, Api, unique

pytestmark = pytest.mark.anyio

FIGURES = ("total_return", "sharpe_ratio", "max_drawdown")


async def test_the_figures_are_those_of_the_latest_completed_backtest(api: Api) -> None:
    name = unique("이동평균")
    await api.completed(name=name, type="sma_crossover")
    latest = await api.completed(name=name, type="sma_crossover", parameters={"fast": 5, "slow": 30})
    body = {"strategy_ids": [latest["strategy_id"]], "query": "어떤 전략이 더 안정적인가요?"}
    answer = (await api.post(f"{CHATOPS}/strategies/compare", body)).json()
    assert set(answer) >= {"status", "query", "strategies_data", "total_strategies", "summary", "provider"}
    assert (answer["status"], answer["query"], answer["total_strategies"]) == ("success", body["query"], 1)
    entry = answer["strategies_data"][0]
    assert {key: entry[key] for key in FIGURES} == {key: latest["performance"][key] for key in FIGURES}
    assert entry["backtest_period"] == {"start": "2012-03-01", "end": "2013-03-01"}
    debug = (await api.post(f"{CHATOPS}/strategies/compare/debug", body)).json()
    prose = {"summary", "comparison_id"}
    assert debug == {key: value for key, value in answer.items() if key not in prose}


async def test_the_summary_names_the_best_by_the_metric_asked_for(api: Api) -> None:
    pages = [await api.completed(type=kind) for kind in ("sma_crossover", "buy_and_hold", "momentum")]
    ids = [page["strategy_id"] for page in pages]
    for query, metric, best in (
        ("어떤 전략이 더 안정적인가요?", "volatility", min),
        ("수익률이 가장 높은 전략은?", "total_return", max),
        ("Which one has the smallest drawdown?", "max_drawdown", max),
    ):
        body = {"strategy_ids": ids, "query": query}
        summary = (await api.post(f"{CHATOPS}/strategies/compare", body)).json()["summary"]
        winner = best(pages, key=lambda page, metric=metric: page["performance"][metric])
        first_named = min(pages, key=lambda page: summary.find(page["name"].removeprefix("Auto: ")))
        assert first_named["id"] == winner["id"], summary


async def test_the_opposite_question_has_the_opposite_answer_and_both_say_how_sure_they_are(api: Api) -> None:
    pages = [await api.completed(type=kind) for kind in ("sma_crossover", "buy_and_hold", "rsi")]
    body = {"strategy_ids": [page["strategy_id"] for page in pages]}
    answers = [
        (await api.post(f"{CHATOPS}/strategies/compare", {**body, "query": query})).json()
        for query in ("최대 낙폭이 가장 작은 전략은?", "최대 낙폭이 가장 큰 전략은?")
    ]
    leaders = [answer["verdict"][0]["leader"] for answer in answers]
    by_drawdown = sorted(pages, key=lambda page: page["performance"]["max_drawdown"])
    assert leaders == [by_drawdown[-1]["id"], by_drawdown[0]["id"]]
    for answer in answers:
        (verdict,) = answer["verdict"]
        assert {*verdict["over"], *verdict["not_over"]} == {page["id"] for page in pages} - {
            verdict["leader"]
        }
        assert "확인" in answer["summary"]
    again = (
        await api.post(f"{CHATOPS}/strategies/compare/debug", {**body, "query": answers[0]["query"]})
    ).json()
    assert again["verdict"] == answers[0]["verdict"]
    assert again["pairs"] == answers[0]["pairs"]


async def test_backtests_are_compared_by_their_ids_and_a_stored_comparison_is_shown_again(api: Api) -> None:
    name = unique("두 번")
    first = await api.completed(name=name, type="sma_crossover")
    second = await api.completed(name=name, type="momentum")
    wanted = [first["id"], second["id"], "no-such-backtest"]
    body = {"backtest_ids": wanted, "query": "Which has the higher Sharpe ratio?"}
    answer = (await api.post(f"{CHATOPS}/strategies/compare", body)).json()

    assert [entry["backtest_id"] for entry in answer["strategies_data"]] == wanted
    assert answer["strategies_data"][2]["error_code"] == "result_not_found"
    assert answer["comparability"]["comparable"] == "comparable"
    assert len(answer["pairs"]) == 1
    shown = f"/api/v1/comparisons/{answer['comparison_id']}"
    assert (await api.get(shown)).json() == answer
    pairs = (await api.get(f"{shown}/pairs")).json()
    assert pairs == {"data": answer["pairs"], "has_more": False, "next": None}


async def test_a_name_is_answered_with_the_id_that_fits(api: Api) -> None:
    name = unique("SMA 20/50")
    page = await api.completed(name=name)
    answer = (await api.post(f"{CHATOPS}/strategies/compare", {"strategy_ids": [name]})).json()

    (entry,) = answer["strategies_data"]
    assert entry["error_code"] == "strategy_not_found"
    assert entry["did_you_mean"][0] == page["strategy_id"]


@pytest.mark.parametrize("query", ["How is the weather in Seoul?", "감마가 가장 높은 전략은?"])
async def test_what_has_no_figure_is_told_and_not_ranked(api: Api, query: str) -> None:
    pages = [await api.completed(type=kind) for kind in ("sma_crossover", "buy_and_hold")]
    body = {"strategy_ids": [page["strategy_id"] for page in pages], "query": query}
    answer = (await api.post(f"{CHATOPS}/strategies/compare", body)).json()

    assert answer["verdict"] == answer["ranking"] == []
    assert "Sharpe" not in answer["summary"].replace("'Which has the highest Sharpe ratio?'", "")


async def test_each_gap_is_explained_and_none_fails_the_request(api: Api, stack: Stack) -> None:
    tested = await api.completed()
    untested = (await api.post("/api/v1/strategies", {"name": unique("미실행")})).json()["strategy_id"]
    lost = (await api.post("/api/v1/strategies", {"name": unique("유실")})).json()["strategy_id"]
    await publish_completed_without_performance(stack.kafka, lost)
    ids = [tested["strategy_id"], "unknown", untested, lost]
    data = await api.compared_until(
        ids, lambda entries: entries[3].get("error_code") == "result_not_found" and "error" in entries[2]
    )
    assert [entry.get("error") for entry in data] == [
        None,
        "전략을 찾을 수 없습니다",
        "완료된 백테스트 결과가 없습니다",
        "백테스트 결과를 찾을 수 없습니다",
    ]
    assert [entry.get("error_code") for entry in data] == [
        None,
        "strategy_not_found",
        "no_completed_backtest",
        "result_not_found",
    ]
    assert data[1]["name"] == "Unknown Strategy"


@pytest.mark.parametrize(
    ("header", "field", "text"),
    [
        (None, None, "전략을 찾을 수 없습니다"),
        ("en", None, "Strategy not found"),
        ("en-GB,ko;q=0.5", None, "Strategy not found"),
        ("fr, ko;q=0.3, en;q=0.2", None, "전략을 찾을 수 없습니다"),
        ("en", "ko", "전략을 찾을 수 없습니다"),
    ],
)
async def test_error_texts_are_in_the_readers_language(
    api: Api, header: str | None, field: str | None, text: str
) -> None:
    body = {"strategy_ids": ["unknown"], "query": "비교"} | ({"language": field} if field else {})
    headers = {"accept_language": header} if header else {}
    answer = (await api.post(f"{CHATOPS}/strategies/compare", body, **headers)).json()
    assert answer["strategies_data"][0]["error"] == text


async def test_a_deleted_strategy_is_unknown_again(api: Api) -> None:
    page = await api.completed()
    strategy_id = page["strategy_id"]
    assert (await api.client.delete(f"/api/v1/strategies/{strategy_id}")).status_code == 204
    await api.compared_until([strategy_id], lambda data: data[0].get("error_code") == "strategy_not_found")


async def test_a_key_makes_a_repeated_comparison_the_same_one(api: Api) -> None:
    name, key = unique("열쇠"), str(uuid.uuid4())
    first = await api.completed(name=name, type="buy_and_hold")
    body = {"strategy_ids": [first["strategy_id"]], "query": "수익률은?"}
    path = f"{CHATOPS}/strategies/compare"
    sent = (api.post(path, body, Idempotency_Key=key) for _ in range(5))
    answers = await asyncio.gather(*sent)
    await api.completed(name=name, type="buy_and_hold", initial_cash=5000)  # the latest by now
    answers.append(await api.post(path, body, Idempotency_Key=key))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert answers[-1].json()["strategies_data"][0]["backtest_id"] == first["id"]
    assert (await api.post(path, body)).json()["strategies_data"][0]["backtest_id"] != first["id"]
    refused = await api.post(path, body | {"query": "낙폭은?"}, Idempotency_Key=key)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/request-mismatch")
    assert (await api.post(path, body, Idempotency_Key="k" * 256)).status_code == 422


async def publish_completed_without_performance(kafka: str, strategy_id: str) -> None:
    """Publish what an old service would have: a completion whose result was not kept."""
    backtest_id = str(uuid.uuid4())
    value = {
        "backtest_id": backtest_id,
        "strategy_id": strategy_id,
        "strategy_name": strategy_id,
        "config": {
            "type": "rsi",
            "parameters": {},
            "symbols": ["IBM"],
            "start_date": "2012-01-03",
            "end_date": "2012-12-31",
            "initial_cash": 1000.0,
            "commission_rate": 0.0,
        },
        "completed_at": "2026-01-01T00:00:00Z",
    }
    headers = {
        "ce_specversion": "1.0",
        "ce_id": backtest_id,
        "ce_type": "backtest.completed",
        "ce_source": "/old",
    }
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
    await producer.start()
    try:
        await producer.send_and_wait(
            "backtest.completed",
            json.dumps(value).encode(),
            key=backtest_id.encode(),
            headers=[(name, text.encode()) for name, text in headers.items()],
        )
    finally:
        await producer.stop()

"""Comparisons over HTTP."""

from typing import Any

import pytest

from backchat_contracts import (
    ComparisonFailed,
    ComparisonQueried,
    ComparisonRequested,
    ComparisonView,
    Findings,
    Language,
    PairPage,
    Refused,
)
from tests.builders import figures, gap
from tests.unit.gateway.client import V1, Client, assert_problem, connected

pytestmark = pytest.mark.anyio

PATH = f"{V1}/chatops-advanced/strategies/compare"
ANSWER = ComparisonView(
    query="어느 것?",
    strategies_data=(figures("Calm"), gap("unknown")),
    total_strategies=2,
    metric="volatility",
    best_strategy_id="calm",
    summary="Calm입니다.",
)


def asked(client: Client) -> ComparisonRequested:
    event = client.asked
    assert isinstance(event, ComparisonRequested)
    return event


async def test_a_comparison_has_these_fields_and_no_others() -> None:
    async with connected() as client:
        client.request_client.will_answer(ANSWER)
        body = {"strategy_ids": ["calm", "unknown"], "query": "어느 것?"}
        response = await client.http.post(PATH, json=body)

        assert response.status_code == 200
        assert response.json() == {
            **Findings().model_dump(mode="json"),
            "status": "success",
            "query": "어느 것?",
            "strategies_data": [entry.model_dump(mode="json") for entry in ANSWER.strategies_data],
            "total_strategies": 2,
            "metric": "volatility",
            "best_strategy_id": "calm",
            "best_backtest_id": None,
            "summary": "Calm입니다.",
            "provider": None,
        }
        request = asked(client)
        assert (request.strategy_ids, request.query, request.summary) == (
            ("calm", "unknown"),
            "어느 것?",
            "auto",
        )


async def test_a_gap_among_the_data_has_four_fields() -> None:
    async with connected() as client:
        client.request_client.will_answer(ANSWER)
        response = await client.http.post(PATH, json={"strategy_ids": ["calm", "unknown"]})

        entry = response.json()["strategies_data"][1]
        assert entry == {
            "strategy_id": "unknown",
            "name": "Unknown Strategy",
            "error": "전략을 찾을 수 없습니다",
            "error_code": "strategy_not_found",
        }


async def test_the_data_alone_has_no_summary() -> None:
    async with connected() as client:
        client.request_client.will_answer(ANSWER.model_copy(update={"summary": None}))
        response = await client.http.post(f"{PATH}/debug", json={"strategy_ids": ["calm"]})

        assert response.status_code == 200
        assert response.json().keys() == {
            *(Findings.model_fields.keys() - {"timing"}),  # which is there where it was asked for
            *("status", "query", "strategies_data", "total_strategies", "provider"),
            *("metric", "best_strategy_id", "best_backtest_id"),
        }
        assert asked(client).summary == "none"


async def test_a_key_makes_a_repeated_request_the_same_comparison() -> None:
    async with connected() as client:
        client.request_client.will_answer(ANSWER)
        for key in (16 * "a", 16 * "a", 16 * "b", None, None):
            headers = {"idempotency-key": key} if key else {}
            await client.http.post(PATH, json={"strategy_ids": ["calm"]}, headers=headers)

        ids = [
            event.comparison_id
            for event, _ in client.request_client.asked
            if isinstance(event, ComparisonRequested)
        ]
        assert ids[0] == ids[1]
        assert len(set(ids)) == 4


@pytest.mark.parametrize(("path", "seconds"), [(PATH, 75.0), (f"{PATH}/debug", 5.0)])
async def test_a_summary_may_take_as_long_as_a_language_model(path: str, seconds: float) -> None:
    async with connected(reply_timeout_seconds=5, chat_timeout_seconds=75) as client:
        client.request_client.will_answer(ANSWER)
        await client.http.post(path, json={"strategy_ids": ["calm"]})

        assert [waited for _, waited in client.request_client.asked] == [seconds]


async def test_without_a_query_it_is_about_the_steadiest() -> None:
    async with connected() as client:
        client.request_client.will_answer(ANSWER)
        await client.http.post(PATH, json={"strategy_ids": ["calm"]})

        assert asked(client).query == "어떤 전략이 더 안정적인가요?"


@pytest.mark.parametrize(
    ("header", "field", "default", "expected"),
    [
        (None, None, "ko", "ko"),
        (None, None, "en", "en"),
        ("en-US,en;q=0.9", None, "ko", "en"),
        ("ko-KR", None, "en", "ko"),
        ("fr", None, "ko", "ko"),
        ("en", "ko", "en", "ko"),
        ("ko", "en", "ko", "en"),
    ],
)
@pytest.mark.parametrize("path", [PATH, f"{PATH}/debug"])
async def test_the_body_names_the_language_else_the_header_else_the_setting(
    path: str, header: str | None, field: Language | None, default: Language, expected: Language
) -> None:
    async with connected(default_language=default) as client:
        client.request_client.will_answer(ANSWER)
        headers = {"accept-language": header} if header else {}
        await client.http.post(path, json={"strategy_ids": ["calm"], "language": field}, headers=headers)

        assert asked(client).language == expected


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"strategy_ids": []},
        {"strategy_ids": ["x"] * 201},
        {"strategy_ids": ["a\u202eb"]},
        {"backtest_ids": ["a b"]},
        {"backtest_ids": []},
        {"strategy_ids": ["calm"], "backtest_ids": ["b"]},
        {"strategy_ids": "calm"},
        {"strategy_ids": [1]},
        {"strategy_ids": ["calm"], "query": ""},
        {"strategy_ids": ["calm"], "query": "x" * 4001},
        {"strategy_ids": ["calm"], "language": "de"},
        {"strategy_ids": ["calm"], "summary": "none"},
        [],
        None,
    ],
)
async def test_what_is_no_comparison_is_not_asked_for(body: Any) -> None:
    async with connected(max_body_bytes=10_000) as client:
        assert_problem(await client.http.post(PATH, json=body), 422, "invalid-request")
        assert client.request_client.asked == []


async def test_backtests_are_compared_by_their_ids() -> None:
    async with connected() as client:
        client.request_client.will_answer(ANSWER)
        await client.http.post(PATH, json={"backtest_ids": ["b", "c"]})

        assert (asked(client).backtest_ids, asked(client).strategy_ids) == (("b", "c"), None)


@pytest.mark.parametrize(
    "window", [{"start": "2012-07-01", "end": "2012-12-31"}, {"start": "2012-07-01"}, {"end": "2012-12-31"}]
)
@pytest.mark.parametrize("path", [PATH, f"{PATH}/debug"])
async def test_a_window_is_asked_for_beside_the_question(path: str, window: dict[str, str]) -> None:
    async with connected() as client:
        client.request_client.will_answer(ANSWER)
        await client.http.post(path, json={"strategy_ids": ["calm"], "window": window})

        shown = asked(client).window
        assert shown is not None
        assert shown.model_dump(mode="json", exclude_none=True) == window


@pytest.mark.parametrize(
    ("window", "said"),
    [
        ({"start": "2013-01-01", "end": "2012-12-31"}, "starts on 2013-01-01, after its end on 2012-12-31"),
        ({}, "a window needs a start or an end"),
        ({"start": None, "end": None}, "a window needs a start or an end"),
        ({"start": "last year"}, "date"),
        ({"start": "2012-02-30"}, "date"),
        ({"from": "2012-01-01", "start": "2012-01-01"}, "from"),
    ],
)
async def test_a_window_that_is_none_is_refused(window: dict[str, Any], said: str) -> None:
    async with connected() as client:
        problem = await client.http.post(PATH, json={"strategy_ids": ["calm"], "window": window})
        assert_problem(problem, 422, "invalid-request")
        assert said in problem.text
        assert client.request_client.asked == []


async def test_a_name_is_passed_on_as_an_id() -> None:
    async with connected() as client:
        client.request_client.will_answer(ANSWER)
        await client.http.post(PATH, json={"strategy_ids": [" SMA 20/50 "]})

        assert asked(client).strategy_ids == ("SMA 20/50",)


async def test_a_stored_comparison_is_shown_again() -> None:
    async with connected() as client:
        client.request_client.will_answer(ANSWER)
        shown = await client.http.get(f"{V1}/comparisons/c")
        assert shown.json() == ANSWER.model_dump(mode="json")
        assert client.asked == ComparisonQueried(comparison_id="c")


async def test_the_pairs_of_a_comparison_come_in_pages() -> None:
    async with connected() as client:
        client.request_client.will_answer(PairPage(data=(), has_more=False, next=None))
        page = await client.http.get(f"{V1}/comparisons/c/pairs?limit=2&cursor=4")
        assert page.json() == {"data": [], "has_more": False, "next": None}
        assert client.asked == ComparisonQueried(comparison_id="c", pairs=True, limit=2, cursor="4")


async def test_a_comparison_that_is_not_there_is_a_problem() -> None:
    async with connected() as client:
        client.request_client.will_answer(Refused(code="comparison-not-found", detail="no"))
        assert_problem(await client.http.get(f"{V1}/comparisons/c"), 404, "comparison-not-found")


async def test_a_comparison_that_failed_is_a_problem() -> None:
    failed = ComparisonFailed(comparison_id="c", code="internal-error", detail="the log says why")
    async with connected() as client:
        client.request_client.will_answer(failed)
        response = await client.http.post(PATH, json={"strategy_ids": ["calm"]})

        assert assert_problem(response, 500, "internal-error")["detail"] == "the log says why"

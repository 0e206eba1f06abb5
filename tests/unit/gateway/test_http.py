"""HTTP as it is specified: HEAD, methods, media types, compression, ETags, origins; the start page."""

import json
import re
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from backchat_contracts import (
    BacktestResultView,
    EquityPoint,
    SessionRequested,
    StrategyTypes,
)
from services.gateway.settings import GatewaySettings
from tests.unit.gateway.client import CHAT, V1, assert_problem, connected

pytestmark = pytest.mark.anyio

CREATE, TRIGGER = f"{CHAT}/session/create", f"{CHAT}/backtest/trigger"
KEY = "5e3c9d0e-8d3c-4b0a-9a53-1c1f4f2f6d0b"
CONFIG = {"name": "kept", "symbols": ["AAPL"]}


def result(points: int) -> BacktestResultView:
    day = date(2012, 3, 1)
    curve = tuple(EquityPoint(date=day, equity=100_000.0 + number) for number in range(points))
    return BacktestResultView.model_construct(backtest_id="b-1", equity_curve=curve, trades=())


@pytest.mark.parametrize(
    "path", ["/health/live", f"{V1}/metrics", "/", "/openapi.json", f"{V1}/strategies/types"]
)
async def test_head_is_get_without_a_body(path: str) -> None:
    async with connected() as client:
        client.request_client.will_answer(StrategyTypes(data=()))
        plain = {"accept-encoding": "identity"}
        got, head = await client.http.get(path, headers=plain), await client.http.head(path, headers=plain)

        assert (head.status_code, head.content) == (200, b"")
        assert head.headers == got.headers
        assert int(head.headers["content-length"]) == len(got.content)


async def test_head_of_what_is_not_there_is_a_problem_without_a_body() -> None:
    async with connected() as client:
        response = await client.http.head("/nowhere")
        assert (response.status_code, response.content) == (404, b"")
        assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", f"{V1}/strategies", "GET, HEAD, POST"),
        ("POST", f"{V1}/strategies/any", "DELETE, GET, HEAD"),
        ("PUT", f"{CHAT}/session/s-1", "DELETE, GET, HEAD, PATCH"),
        ("GET", TRIGGER, "POST"),
        ("HEAD", TRIGGER, "POST"),
        ("DELETE", "/health/live", "GET, HEAD"),
        ("POST", "/static-offline-docs/swagger-ui.css", "GET, HEAD"),
    ],
)
async def test_a_405_names_all_methods(method: str, path: str, allowed: str) -> None:
    async with connected() as client:
        response = await client.http.request(method, path)
        assert (response.status_code, response.headers["allow"]) == (405, allowed)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded",
        "text/plain",
        "text/json; charset=utf-8",
        "multipart/form-data",
        None,
        "",
    ],
)
@pytest.mark.parametrize("path", [TRIGGER, CREATE, f"{CHAT}/session/s-1/chat", f"{V1}/strategies"])
async def test_json_that_is_sent_as_something_else_is_refused(path: str, content_type: str | None) -> None:
    async with connected() as client:
        headers = {} if content_type is None else {"content-type": content_type}
        body = json.dumps({"strategy_config": CONFIG}).encode()
        response = await client.http.post(path, content=body, headers=headers)

        problem = assert_problem(response, 415, "unsupported-media-type")
        assert "application/json" in problem["detail"]
        assert response.headers["accept-post"] == "application/json"
        assert client.request_client.asked == []


@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON; charset=utf-8", "application/ld+json"]
)
async def test_json_of_any_kind_is_taken(content_type: str) -> None:
    async with connected() as client:
        response = await client.http.post(TRIGGER, content=b"{}", headers={"content-type": content_type})
        assert_problem(response, 422, "invalid-request")


@pytest.mark.parametrize("path", [f"{V1}/backtests/", f"{CHAT}/sessions/", "/health/ready/", "/docs/"])
async def test_no_redirect_leads_to_a_host_that_the_request_names(path: str) -> None:
    async with connected() as client:
        response = await client.http.get(path, headers={"host": "evil.example"})
        assert_problem(response, 404, "not-found")
        assert "location" not in response.headers


async def test_a_long_answer_is_compressed_for_those_who_ask() -> None:
    async with connected() as client:
        client.request_client.will_answer(result(3000))
        plain = await client.http.get(f"{V1}/backtests/b-1/result", headers={"accept-encoding": "identity"})
        small = await client.http.get(f"{V1}/backtests/b-1/result", headers={"accept-encoding": "gzip"})

        assert "content-encoding" not in plain.headers
        assert small.headers["content-encoding"] == "gzip"
        assert small.content == plain.content
        assert int(small.headers["content-length"]) < len(plain.content) / 5
        assert small.headers["vary"] == "Accept, Accept-Encoding"


async def test_a_short_answer_is_not_compressed() -> None:
    async with connected() as client:
        response = await client.http.get("/health/live", headers={"accept-encoding": "gzip"})
        assert "content-encoding" not in response.headers


async def test_a_result_that_the_client_has_is_not_sent_again() -> None:
    async with connected() as client:
        client.request_client.will_answer(result(3))
        first = await client.http.get(f"{V1}/backtests/b-1/result")
        etag = first.headers["etag"]
        for known in (etag, f'"other", {etag}', etag.removeprefix("W/"), "*"):
            again = await client.http.get(f"{V1}/backtests/b-1/result", headers={"if-none-match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)

        client.request_client.will_answer(result(4))
        other = await client.http.get(f"{V1}/backtests/b-1/result", headers={"if-none-match": etag})
        assert (other.status_code, other.headers["etag"] == etag) == (200, False)


async def test_pages_of_other_origins_may_call_if_they_are_set() -> None:
    origin = {"origin": "https://desk.example"}
    ask = {
        **origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "idempotency-key",
    }
    async with connected(cors_origins="https://desk.example, https://other.example") as client:
        preflight = await client.http.options(TRIGGER, headers=ask)
        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] == "https://desk.example"
        refused = await client.http.post(TRIGGER, json={}, headers=origin)
        assert refused.headers["access-control-allow-origin"] == "https://desk.example"
        foreign = await client.http.get("/health/live", headers={"origin": "https://evil.example"})
        assert "access-control-allow-origin" not in foreign.headers
    async with connected() as client:
        assert (
            "access-control-allow-origin"
            not in (await client.http.get("/health/live", headers=origin)).headers
        )


async def test_a_web_page_of_another_origin_sees_an_unexpected_error_too() -> None:
    async with connected(cors_origins="*") as client:
        client.request_client.will_answer(RuntimeError("odd"))
        response = await client.http.get(f"{V1}/backtests/b-1", headers={"origin": "https://desk.example"})
        assert_problem(response, 500, "internal-error")
        assert response.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "origin", ["https://desk.example/", "desk.example", "https://Desk.example", "*.example"]
)
def test_an_origin_that_no_browser_sends_is_refused(origin: str) -> None:
    with pytest.raises(ValidationError, match="is no origin"):
        GatewaySettings(cors_origins=f"https://other.example:8443, {origin}")


def ids(client: Any) -> list[str]:
    found = []
    for event, _ in client.request_client.asked:
        found.append(event.session_id if isinstance(event, SessionRequested) else event.backtest_id)
    return found


async def test_keys_belong_to_a_user() -> None:
    async with connected() as client:
        for user in ("kim", "lee", "kim", None):
            body = {} if user is None else {"user_id": user}
            await client.http.post(CREATE, json=body, headers={"idempotency-key": KEY})
            trigger = {"strategy_config": CONFIG, **body}
            await client.http.post(TRIGGER, json=trigger, headers={"idempotency-key": KEY})
        made = ids(client)
        assert made[0:2] == made[4:6]
        assert len(set(made)) == 6


@pytest.mark.parametrize(
    "key", ["x", 15 * "x", 256 * "x", "sixteen with a blank", "열여섯글자보다더긴열쇠입니다만", " " * 16]
)
async def test_a_key_is_long_enough_to_be_the_only_one(key: str) -> None:
    async with connected() as client:
        response = await client.http.post(CREATE, headers={"idempotency-key": key.encode()})
        assert "Idempotency-Key" in assert_problem(response, 422, "invalid-request")["detail"]


async def test_the_start_page_says_what_this_is_and_where_things_are() -> None:
    async with connected() as client:
        page = await client.http.get("/")
        assert page.headers["content-type"].startswith("text/html")
        assert "Backchat" in page.text
        assert ">not ready<" in page.text  # there is no Kafka
        addresses = re.findall(r'href="(/[^"]*)"', page.text)
        assert {"/docs", "/openapi.json", "/health/ready"} <= set(addresses)
        assert not re.search(r"""(?:src|href)=["']https?:""", page.text)  # offline
        assert "default-src 'none'" in page.headers["content-security-policy"]

"""Every error is a problem with status and type, and shows no internals."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from backchat_contracts import Refused
from services.chassis.errors import BrokerUnavailableError, NoReplyError
from services.gateway.problems import KINDS
from tests.unit.gateway.client import CHAT, MOST_BYTES, V1, Client, assert_problem, connected

pytestmark = pytest.mark.anyio

COMPARE = f"{V1}/chatops-advanced/strategies/compare"
TRIGGER = f"{V1}/chatops-advanced/backtest/trigger"
JSON = {"content-type": "application/json"}
STRATEGY = {"strategy_config": {"name": "x", "symbols": ["AAPL"]}}
COMMANDS: list[tuple[str, str, Any]] = [
    ("POST", f"{CHAT}/session/create", {}),
    ("POST", f"{CHAT}/session/s-1/chat", {"message": "hi"}),
    ("DELETE", f"{CHAT}/session/s-1", None),
    ("POST", TRIGGER, STRATEGY),
    ("POST", f"{V1}/strategies", {"name": "x"}),
    ("DELETE", f"{V1}/strategies/x", None),
]
QUERIES: list[tuple[str, str, Any]] = [
    ("GET", f"{CHAT}/session/s-1", None),
    ("GET", f"{CHAT}/sessions", None),
    ("POST", COMPARE, {"strategy_ids": ["x"]}),
    ("POST", f"{COMPARE}/debug", {"strategy_ids": ["x"]}),
    ("GET", f"{V1}/backtests", None),
    ("GET", f"{V1}/backtests/b-1", None),
    ("GET", f"{V1}/backtests/b-1/result", None),
    ("GET", f"{V1}/strategies", None),
    ("GET", f"{V1}/strategies/x", None),
    ("GET", f"{V1}/strategies/types", None),
]


async def request(client: Client, route: tuple[str, str, Any]) -> Any:
    method, path, body = route
    return await client.http.request(method, path, json=body)


@pytest.mark.parametrize("route", [*COMMANDS, *QUERIES], ids=lambda route: f"{route[0]} {route[1]}")
async def test_a_broker_that_is_down_is_a_problem_that_passes(route: tuple[str, str, Any]) -> None:
    async with connected(kafka_durable=True) as client:
        client.request_client.will_answer(BrokerUnavailableError("kafka-1:9092 refused"))
        response = await request(client, route)

        body = assert_problem(response, 503, "broker-unavailable")
        assert int(response.headers["retry-after"]) > 0
        assert "kafka-1" not in json.dumps(body)


@pytest.mark.parametrize("route", [*COMMANDS, *QUERIES], ids=lambda route: f"{route[0]} {route[1]}")
async def test_no_answer_is_a_problem_where_the_broker_may_forget(route: tuple[str, str, Any]) -> None:
    async with connected(kafka_durable=False) as client:
        client.request_client.will_answer(NoReplyError("late"))
        response = await request(client, route)

        assert_problem(response, 503, "service-unavailable")
        assert int(response.headers["retry-after"]) > 0


@pytest.mark.parametrize("route", COMMANDS, ids=lambda route: f"{route[0]} {route[1]}")
async def test_a_command_that_a_durable_broker_keeps_is_accepted(route: tuple[str, str, Any]) -> None:
    async with connected(kafka_durable=True) as client:
        client.request_client.will_answer(NoReplyError("late"))

        assert (await request(client, route)).status_code == 202


@pytest.mark.parametrize("route", QUERIES, ids=lambda route: f"{route[0]} {route[1]}")
async def test_a_query_without_an_answer_is_a_problem_on_any_broker(route: tuple[str, str, Any]) -> None:
    async with connected(kafka_durable=True) as client:
        client.request_client.will_answer(NoReplyError("late"))
        response = await request(client, route)

        assert_problem(response, 503, "service-unavailable")
        assert int(response.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        f"{V1}/nothing",
        "/problems/nothing",
        f"{V1}/backtests/b/r/x",
        "/static-offline-docs/x",
    ],
)
async def test_an_address_with_nothing_at_it(path: str) -> None:
    async with connected() as client:
        assert_problem(await client.http.get(path), 404, "not-found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", COMPARE, "POST"),
        ("PUT", f"{V1}/strategies/x", "GET"),
        ("DELETE", f"{V1}/backtests", "GET"),
        ("PATCH", "/health/live", "GET"),
    ],
)
async def test_a_method_that_an_address_does_not_have(method: str, path: str, allowed: str) -> None:
    async with connected() as client:
        response = await client.http.request(method, path)

        assert_problem(response, 405, "method-not-allowed")
        assert allowed in response.headers["allow"]


@pytest.mark.parametrize("body", [b"{", b"", b"{'query': 1}", b"\xff\xfe", b'{"a": \xff}', b"\x00"])
async def test_a_body_that_is_no_json(body: bytes) -> None:
    async with connected() as client:
        response = await client.http.post(COMPARE, content=body, headers=JSON)

        code = response.json()["type"].rpartition("/")[2]
        assert code in {"invalid-request", "bad-request"}
        assert_problem(response, response.status_code, code)
        assert response.status_code in {400, 422}


@pytest.mark.parametrize(
    ("route", "pointer"),
    [
        (("POST", COMPARE, {"strategy_ids": ["x"], "extra": 1}), "/body/extra"),
        (("POST", f"{COMPARE}/debug", {"strategy_ids": ["x"], "extra": 1}), "/body/extra"),
        (("POST", f"{CHAT}/session/create", {"extra": 1}), "/body/extra"),
        (("POST", f"{CHAT}/session/s-1/chat", {"message": "hi", "extra": 1}), "/body/extra"),
        (("POST", TRIGGER, STRATEGY | {"extra": 1}), "/body/extra"),
        (("POST", f"{V1}/strategies", {"name": "x", "extra": 1}), "/body/extra"),
        (("GET", f"{V1}/backtests?extra=1", None), "/query/extra"),
        (("GET", f"{V1}/strategies?extra=1", None), "/query/extra"),
        (("GET", f"{CHAT}/sessions?extra=1", None), "/query/extra"),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else "",
)
async def test_a_field_that_is_not_known_is_named(route: tuple[str, str, Any], pointer: str) -> None:
    async with connected() as client:
        problem = assert_problem(await request(client, route), 422, "invalid-request")

        assert [error["pointer"] for error in problem["errors"]] == [pointer]
        assert pointer in problem["detail"]
        assert client.request_client.asked == []


@pytest.mark.parametrize("text", [r"\ud800", r"a\udfffb"])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"{CHAT}/session/create", '{"user_id": "LONE"}'),
        (f"{CHAT}/session/s-1/chat", '{"message": "LONE"}'),
        (f"{CHAT}/session/s-1/chat", '{"message": "hi", "LONE": 1}'),
        (COMPARE, '{"strategy_ids": ["LONE"]}'),
        (TRIGGER, '{"strategy_config": {"name": "LONE", "symbols": ["AAPL"]}}'),
        (TRIGGER, '{"strategy_config": {"name": "x", "symbols": ["AAPL"], "parameters": {"LONE": 1}}}'),
        (f"{V1}/strategies", '{"name": "LONE"}'),
    ],
)
async def test_half_a_surrogate_pair_is_no_text(path: str, body: str, text: str) -> None:
    async with connected() as client:
        response = await client.http.post(path, content=body.replace("LONE", text), headers=JSON)

        assert_problem(response, 422, "invalid-request")
        assert client.request_client.asked == []


async def test_what_was_sent_is_not_sent_back() -> None:
    async with connected() as client:
        response = await client.http.post(COMPARE, json={"strategy_ids": ["my secret"], "token": "hush"})

        assert "secret" not in response.text
        assert "hush" not in response.text


async def chunks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 1024 + 1):
        yield 1024 * b" "


@pytest.mark.parametrize("path", [COMPARE, TRIGGER, f"{CHAT}/session/s-1/chat", f"{CHAT}/session/create"])
@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_that_is_too_large_is_not_read(path: str, *, declared: bool) -> None:
    async with connected() as client:
        content: Any = b" " * (MOST_BYTES + 1) if declared else chunks(MOST_BYTES)
        response = await client.http.post(path, content=content, headers=JSON)

        assert_problem(response, 413, "body-too-large")
        assert client.request_client.asked == []


@pytest.mark.parametrize("identifier", ["a b", "x" * 129, "%ff%fe%20", "%20"])
async def test_an_id_that_can_be_none(identifier: str) -> None:
    async with connected() as client:
        assert_problem(await client.http.get(f"{V1}/backtests/{identifier}"), 422, "invalid-request")


async def test_an_unexpected_error_is_a_problem_without_internals() -> None:
    async with connected() as client:
        client.request_client.will_answer(RuntimeError("mongodb://me:hush@db in frame 7"))
        response = await client.http.get(f"{V1}/backtests/b-1")

        assert_problem(response, 500, "internal-error")
        assert not {"hush", "RuntimeError", "Traceback", "frame"} & set(
            response.text.replace(":", " ").split()
        )
        assert "hush" not in response.text


async def test_a_reply_that_cannot_be_read_is_a_problem_without_its_content() -> None:
    async with connected() as client:
        client.request_client.will_answer(Refused(code="no-such-code", detail="odd"))
        response = await client.http.get(f"{V1}/backtests/b-1")

        assert_problem(response, 500, "internal-error")


async def test_what_a_refusal_adds_does_not_replace_the_problems_own_members() -> None:
    extra = {"status": "running", "type": "odd", "title": "odd", "detail": "odd", "until": "monday"}
    async with connected() as client:
        client.request_client.will_answer(Refused(code="result-not-ready", detail="wait", extra=extra))
        problem = assert_problem(await client.http.get(f"{V1}/backtests/b/result"), 409, "result-not-ready")

        assert (problem["detail"], problem["until"]) == ("wait", "monday")


@pytest.mark.parametrize("header", ["en;q=²", "ko;q=", "x" * 1000, ";;;=,"])
async def test_an_odd_accept_language_is_no_problem(header: str) -> None:
    async with connected() as client:
        client.request_client.will_answer(NoReplyError("late"))
        headers = [(b"accept-language", header.encode("latin-1"))]
        response = await client.http.post(COMPARE, json={"strategy_ids": ["x"]}, headers=headers)

        assert_problem(response, 503, "service-unavailable")


@pytest.mark.parametrize("code", KINDS)
async def test_every_type_of_problem_is_described_at_its_address(code: str) -> None:
    async with connected() as client:
        response = await client.http.get(f"/problems/{code}")

        assert response.status_code == 200
        assert response.json() == {
            "type": f"/problems/{code}",
            "title": KINDS[code].title,
            "status": KINDS[code].status,
        }

"""The description of the API: every operation has examples, and they are what their schemas say."""

from typing import Any

import pytest

from services.gateway.problems import KINDS
from tests.openapi import Description
from tests.unit.gateway.client import CHAT, V1, description

pytestmark = pytest.mark.anyio

COMMANDS = {
    ("post", f"{CHAT}/session/create"),
    ("post", f"{CHAT}/session/{{session_id}}/chat"),
    ("post", f"{CHAT}/session/{{session_id}}/turns/{{turn_id}}/regenerate"),
    ("post", f"{CHAT}/session/{{session_id}}/turns/{{turn_id}}/fork"),
    ("post", f"{CHAT}/session/{{session_id}}/turns/{{turn_id}}/cancel"),
    ("patch", f"{CHAT}/session/{{session_id}}"),
    ("delete", f"{CHAT}/session/{{session_id}}"),
    ("post", f"{CHAT}/backtest/trigger"),
    ("post", f"{V1}/backtests/{{backtest_id}}/cancel"),
    ("post", f"{V1}/strategies"),
    ("put", f"{V1}/strategies/{{strategy_id}}/standing"),
    ("delete", f"{V1}/strategies/{{strategy_id}}/standing"),
    ("post", f"{V1}/strategies/{{strategy_id}}/versions"),
    ("delete", f"{V1}/strategies/{{strategy_id}}"),
}


@pytest.fixture(name="description")
def described() -> Description:
    return description()


def media(operation: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return each media type of the request and of the responses, with where it is."""
    contents = [("request", operation.get("requestBody", {}).get("content", {}))]
    contents += [(status, each.get("content", {})) for status, each in operation["responses"].items()]
    return [(f"{where} {name}", found) for where, content in contents for name, found in content.items()]


async def test_every_body_has_examples_which_fit_its_schema(description: Description) -> None:
    wrong = []
    for method, path, operation in description.operations():
        for where, found in media(operation):
            what = f"{method} {path} {where}"
            if not found.get("examples"):
                wrong.append(f"{what}: no examples")
            for name, example in found.get("examples", {}).items():
                wrong += [
                    f"{what} {name}: {each}" for each in description.errors(found["schema"], example["value"])
                ]
    assert wrong == []


async def test_what_may_happen_to_any_request_is_said_of_every_operation(description: Description) -> None:
    for method, path, operation in description.operations():
        assert {"400", "408", "413", "431", "500", "503"} <= operation["responses"].keys(), (method, path)
        assert ("415" in operation["responses"]) == ("requestBody" in operation), (method, path)
        assert "Retry-After" in operation["responses"]["503"]["headers"]


async def test_a_command_may_be_accepted_without_its_reply(description: Description) -> None:
    late = {(method, path) for method, path, found in description.operations() if "202" in found["responses"]}
    assert late == COMMANDS


async def test_streams_are_described_by_their_events(description: Description) -> None:
    streams = {
        path: [kind["properties"]["event"]["const"] for kind in content["schema"]["items"]["oneOf"]]
        for _, path, operation in description.operations()
        for where, content in media(operation)
        if where == "200 text/event-stream"
    }
    answer = [
        *("message.delta", "message.reset"),
        *("tool.started", "tool.completed"),
        *("message.completed", "error"),
    ]
    assert streams == {
        f"{CHAT}/session/{{session_id}}/chat": answer,
        f"{CHAT}/session/{{session_id}}/turns/{{turn_id}}/regenerate": answer,
        f"{CHAT}/session/{{session_id}}/turns/{{turn_id}}/fork": answer,
        f"{CHAT}/session/{{session_id}}/events": ["message.completed", "error"],
        f"{V1}/backtests/{{backtest_id}}/events": ["progress", "status"],
    }


async def test_every_type_of_problem_is_one_of_an_operation(description: Description) -> None:
    found = {
        example["value"]["type"].rpartition("/")[2]
        for _, _, operation in description.operations()
        for where, content in media(operation)
        if where.endswith("problem+json")
        for example in content["examples"].values()
    }
    assert found == KINDS.keys() - {"method-not-allowed"}


async def test_what_is_only_there_under_conditions_is_described(description: Description) -> None:
    events = description.find("GET", f"{V1}/backtests/b-1/events")
    result = description.find("GET", f"{V1}/backtests/b-1/result")
    assert events is not None
    assert result is not None
    assert {"200", "204", "404"} <= events["responses"].keys()
    assert "ETag" in result["responses"]["304"]["headers"]
    assert "ETag" in result["responses"]["200"]["headers"]

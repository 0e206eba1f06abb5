"""A service of another team, which knows headers and JSON only.

The scenario is in `deploy/embedded/listener.py`, which the demo uses too and which imports nothing of
ours; the first test holds it to that.
"""

import ast
import asyncio
import inspect
import json
import os
import re
import shutil
import uuid
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.embedded import listener
from deploy.embedded.listener import BacktestListener, publish_backtest
from deploy.embedded.stack import Stack
from deploy.services import ROOT
from tests.fakes import eventually
from tests.flows.api import Api
from tests.servers import needs_apache_kafka

pytestmark = pytest.mark.anyio


def test_the_foreign_service_imports_nothing_of_ours() -> None:
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(inspect.getsource(listener)))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    assert imported <= {"aiokafka", "asyncio", "collections", "json", "typing", "uuid"}


async def test_it_publishes_a_request_and_receives_the_completion(stack: Stack, api: Api) -> None:
    backtest_id = f"foreign-{uuid.uuid4()}"
    value = {"backtest_id": backtest_id, "strategy_config": {"name": "외부 전략", "symbols": ["IBM"]}}
    async with BacktestListener(stack.kafka) as listening:
        for _ in range(2):  # the same id again is the same backtest
            await publish_backtest(stack.kafka, value)
        seen = await listening.until_ended(backtest_id, 20)
    assert [status for status, _ in seen] == ["pending", "running", "completed"]
    page = (await api.get(f"/api/v1/backtests/{backtest_id}")).json()
    assert seen[-1][1]["performance"] == page["performance"]
    assert page["config"]["type"] == "buy_and_hold"


async def test_a_request_that_cannot_be_met_is_rejected_by_an_event(stack: Stack) -> None:
    backtest_id = f"foreign-{uuid.uuid4()}"
    value = {"backtest_id": backtest_id, "strategy_config": {"name": "외부 전략", "symbols": ["TSLA"]}}
    async with BacktestListener(stack.kafka) as listening:
        await publish_backtest(stack.kafka, value)
        seen = await listening.until_ended(backtest_id, 20)
    assert [status for status, _ in seen] == ["rejected"]
    assert "TSLA" in seen[0][1]["detail"]


@needs_apache_kafka
@pytest.mark.skipif(shutil.which("kcat") is None, reason="needs kcat (Debian: kcat)")
async def test_the_lines_for_kcat_request_a_backtest_and_read_its_completion(stack: Stack) -> None:
    readme = (ROOT / "contracts" / "README.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"```bash\n(echo .*?)```", readme, re.DOTALL)
    publish, _, read = lines.strip().rpartition("\n")

    async def completed() -> bool:
        return any(json.loads(line)["backtest_id"] == "kcat-1" for line in await shell(read, stack.kafka))

    assert await shell(publish, stack.kafka) == []
    await eventually(completed, 20)


async def shell(command: str, kafka: str) -> list[str]:
    """Run a command of the README with the address of a broker; return the lines that it wrote."""
    process = await asyncio.create_subprocess_shell(
        command,
        env={**os.environ, "KAFKA_BOOTSTRAP_SERVERS": kafka},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(20):
        said, _ = await process.communicate()
    assert process.returncode == 0, said
    return said.decode().splitlines()


async def told(stack: Stack, topic: str, command: bytes, headers: dict[str, str], on: str, key: str) -> Any:
    """Publish a command, and return what is told about it on a topic."""
    consumer = AIOKafkaConsumer(on, bootstrap_servers=stack.kafka, auto_offset_reset="earliest")
    producer = AIOKafkaProducer(bootstrap_servers=stack.kafka, acks="all")
    await producer.start()
    await consumer.start()
    try:
        sent = [(name, value.encode()) for name, value in headers.items()]
        await producer.send_and_wait(topic, command, key=b"any", headers=sent)
        async with asyncio.timeout(20):
            while True:
                record = await consumer.getone()
                if record.key == key.encode():
                    return json.loads(record.value)
    finally:
        await consumer.stop()
        await producer.stop()


def binary(topic: str) -> dict[str, str]:
    return {
        "ce_specversion": "1.0",
        "ce_id": str(uuid.uuid4()),
        "ce_type": topic,
        "ce_source": "/elsewhere",
    }


CONFIG = {"name": "외부 전략", "symbols": ["IBM"]}


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"initial_cash": 0}, "strategy_config.initial_cash: Input should be greater than 0"),
        ({"initial_cash": float("nan")}, "strategy_config.initial_cash: Input should be a finite number"),
        ({"symbols": ["IBM", "ibm"]}, "strategy_config: Value error, symbols must be different"),
        ({"commision_rate": 0.02}, "strategy_config.commision_rate: Extra inputs are not permitted"),
        ({"id": "mine"}, "strategy_config.id: Extra inputs are not permitted"),
        ({"start_date": 20120301}, "strategy_config.start_date: Input should be a date like 2012-03-01"),
        ({"name": "a\u202eb"}, "U+202E (RIGHT-TO-LEFT OVERRIDE)"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
async def test_a_backtest_that_can_be_read_and_not_accepted_is_rejected(
    stack: Stack, config: dict[str, Any], said: str
) -> None:
    backtest_id = f"foreign-{uuid.uuid4()}"
    command = json.dumps({"backtest_id": backtest_id, "strategy_config": CONFIG | config}).encode()
    rejected = await told(
        stack, "backtest.requested", command, binary("backtest.requested"), "backtest.rejected", backtest_id
    )
    assert (rejected["backtest_id"], rejected["code"]) == (backtest_id, "invalid-request")
    assert said in rejected["detail"]


@pytest.mark.parametrize(
    ("topic", "command", "on", "key", "code"),
    [
        (
            "session.requested",
            {"session_id": "{id}", "user_id": "a/b"},
            "session.rejected",
            "{id}",
            "invalid-request",
        ),
        (
            "chat.requested",
            {"session_id": "{id}", "turn_id": "t", "message": "hi"},
            "chat.failed",
            "{id}",
            "session-not-found",
        ),
        (
            "comparison.requested",
            {"comparison_id": "{id}", "query": " "},
            "comparison.failed",
            "{id}",
            "invalid-request",
        ),
        (
            "strategy.save-requested",
            {"name": "{id}", "type": "nonsense"},
            "strategy.rejected",
            "{id}",
            "unknown-strategy-type",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else None,
)
async def test_every_command_that_is_refused_is_told(
    stack: Stack, topic: str, command: dict[str, Any], on: str, key: str, code: str
) -> None:
    given = f"foreign-{uuid.uuid4()}"
    body = json.dumps(command).replace("{id}", given).encode()
    assert (await told(stack, topic, body, binary(topic), on, key.replace("{id}", given)))["code"] == code


async def test_structured_mode_and_headers_of_other_systems_are_understood(stack: Stack, api: Api) -> None:
    backtest_id = f"foreign-{uuid.uuid4()}"
    event = {
        **{name.removeprefix("ce_"): value for name, value in binary("backtest.requested").items()},
        "datacontenttype": "application/json",
        "data": {"backtest_id": backtest_id, "strategy_config": CONFIG},
    }
    completed = await told(
        stack,
        "backtest.requested",
        json.dumps(event).encode(),
        {"content-type": "application/cloudevents+json", "traceparent": "none"},
        "backtest.completed",
        backtest_id,
    )
    assert completed["strategy_name"] == CONFIG["name"]
    assert (await api.get(f"/api/v1/backtests/{backtest_id}")).json()["status"] == "completed"

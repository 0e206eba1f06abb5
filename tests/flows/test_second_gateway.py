"""A gateway that is started by hand beside a running stack, on the embedded broker."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from deploy.embedded.console import output
from deploy.embedded.net import HttpProbe, free_ports, http_url
from deploy.embedded.stack import LOOPBACK, Stack
from deploy.embedded.supervisor import ProcessSpec, Supervisor
from deploy.services import ROOT
from tests.flows.api import CHATOPS, DEADLINE_SECONDS, Api
from tests.servers import KAFKA

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.long,
    pytest.mark.skipif(KAFKA != "embedded", reason="about the embedded broker"),
]

GATEWAY = (sys.executable, "-m", "services.gateway")
NEEDED = {
    "KAFKA_IDEMPOTENCE": "false",
    "KAFKA_DURABLE": "false",
    "KAFKA_OFFSET_GAPS": "true",
    "KAFKA_PARTITIONS": "1",
}


async def test_one_line_names_the_settings_that_it_needs(stack: Stack) -> None:
    (port,) = free_ports(1)
    process = await asyncio.create_subprocess_exec(
        *GATEWAY,
        cwd=ROOT,
        env={**os.environ, "KAFKA_BOOTSTRAP_SERVERS": stack.kafka, "PORT": str(port)},
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(30):
        _, said = await process.communicate()
    assert process.returncode == 69
    (line,) = said.decode().splitlines()
    assert "cannot start" in line
    assert [name for name, value in NEEDED.items() if f"{name}={value}" not in line] == []


@asynccontextmanager
async def second_gateway(stack: Stack, folder: Path) -> AsyncIterator[Api]:
    (port,) = free_ports(1)
    url = http_url(LOOPBACK, port)
    env = {**os.environ, **NEEDED, "KAFKA_BOOTSTRAP_SERVERS": stack.kafka, "PORT": str(port)}
    program = ProcessSpec("gateway", GATEWAY, HttpProbe(f"{url}/health/ready"), env=env, cwd=ROOT)
    with output(folder / "gateway.log") as stream:
        async with (
            Supervisor([[program]], stream),
            httpx.AsyncClient(base_url=url, timeout=30) as client,
        ):
            yield Api(client)


async def test_with_them_its_requests_are_answered(stack: Stack, tmp_path: Path) -> None:
    async with second_gateway(stack, tmp_path) as api:
        for _ in range(3):
            assert await api.session()
        assert (await api.completed())["status"] == "completed"


async def test_an_answer_goes_on_at_another_gateway_when_the_connection_broke(
    api: Api, stack: Stack, tmp_path: Path
) -> None:
    page = await api.completed()
    session_id = await api.session()
    message = {"message": f"{page['name'].removeprefix('Auto: ')} 수익률은?"}
    sent = {"path": f"{CHATOPS}/session/{session_id}/chat", "body": message, "key": str(uuid4())}
    async with second_gateway(stack, tmp_path) as other:
        stack.supervisor.kill("compare")  # the answer waits for it
        async with aclosing(api.events(**sent)) as stream:  # the connection is closed then
            event = await anext(stream)
        assert event.name == "tool.started"
        events = [event async for event in other.events(**sent, last_event_id=event.id)]
        whole = [event async for event in api.events(**sent)]
        seen = [each async for each in other.events(**sent, last_event_id=whole[-1].id)]
    await stack.supervisor.wait_ready("compare", DEADLINE_SECONDS)

    assert [each.name for each in events] == ["tool.completed", "message.delta", "message.completed"]
    assert [each.id for each in whole] == [event.id, *(each.id for each in events)]
    assert whole[-1] == events[-1]
    assert seen == []

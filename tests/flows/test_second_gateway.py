"""A gateway that is started by hand beside a running stack, on the embedded broker."""

import asyncio
import os
import sys
from pathlib import Path

import httpx
import pytest

from deploy.embedded.console import output
from deploy.embedded.net import HttpProbe, free_ports, http_url
from deploy.embedded.stack import LOOPBACK, Stack
from deploy.embedded.supervisor import ProcessSpec, Supervisor
from deploy.services import ROOT
from tests.flows.api import Api
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


async def test_with_them_its_requests_are_answered(stack: Stack, tmp_path: Path) -> None:
    (port,) = free_ports(1)
    url = http_url(LOOPBACK, port)
    env = {**os.environ, **NEEDED, "KAFKA_BOOTSTRAP_SERVERS": stack.kafka, "PORT": str(port)}
    program = ProcessSpec("gateway", GATEWAY, HttpProbe(f"{url}/health/ready"), env=env, cwd=ROOT)
    with output(tmp_path / "gateway.log") as stream:
        async with (
            Supervisor([[program]], stream),
            httpx.AsyncClient(base_url=url, timeout=30) as client,
        ):
            api = Api(client)
            for _ in range(3):
                assert await api.session()
            assert (await api.completed())["status"] == "completed"

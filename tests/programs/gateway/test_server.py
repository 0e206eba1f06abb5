"""The gateway as a process: what it does when it is told to stop."""

import asyncio
import os
import signal
import socket
import sys

import pytest

from deploy.embedded.net import free_ports

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_start_that_waits_for_a_broker_is_given_up_at_once(number: signal.Signals) -> None:
    (port,) = free_ports(1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(30)
        env = {"KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{silent.getsockname()[1]}", "PORT": str(port)}
        words = (sys.executable, "-m", "services.gateway")
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*words, env={**os.environ, **env}, stderr=pipe)
        connection, _ = await asyncio.to_thread(silent.accept)
        with connection:
            process.send_signal(number)
            async with asyncio.timeout(5):  # the broker would have ten
                _, said = await process.communicate()
    assert process.returncode == -number
    assert b"stopped before it had started" in said


async def started(port: int, env: dict[str, str]) -> asyncio.subprocess.Process:
    words = (sys.executable, "-m", "services.gateway")
    settings = {"PORT": str(port), "KAFKA_IDEMPOTENCE": "false", **env}
    return await asyncio.create_subprocess_exec(
        *words, env={**os.environ, **settings}, stderr=asyncio.subprocess.PIPE
    )


async def test_without_a_broker_it_ends_with_one_line() -> None:
    (port,) = free_ports(1)
    process = await started(port, {"KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"})
    async with asyncio.timeout(30):
        _, said = await process.communicate()
    assert process.returncode == 69
    assert b"no usable Kafka broker at 127.0.0.1:1" in said
    assert b"Traceback" not in said

"""The connections to a service's health endpoints."""

import asyncio
from functools import partial

import httpx
import pytest

from deploy.embedded.net import free_ports
from services.chassis.process.health import serving_health
from services.chassis.settings import ServiceSettings
from tests.fakes import eventually

pytestmark = pytest.mark.anyio


async def ready() -> bool:
    return True


async def test_the_connections_are_limited_in_number_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.chassis.process.health.MOST_CONNECTIONS", 2)
    monkeypatch.setattr("services.chassis.process.health.LONGEST_SECONDS", 0.5)
    (port,) = free_ports(1)
    async with serving_health(ServiceSettings(health_host="127.0.0.1", health_port=port), {"kafka": ready}):
        await eventually(partial(answers, port))
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        assert not await answers(port)
        async with asyncio.timeout(5):
            assert [await reader.read() for reader, _ in silent] == [b"", b""]
        assert await answers(port)
        for _, writer in silent:
            writer.close()


async def answers(port: int) -> bool:
    try:
        async with httpx.AsyncClient() as client:
            return (await client.get(f"http://127.0.0.1:{port}/health/ready")).status_code == 200
    except httpx.TransportError:
        return False

"""Health over HTTP: served on its own port, until the service stops."""

import asyncio

import httpx
import pytest

from deploy.embedded.net import free_ports
from services.chassis.process.health import serving_health
from services.chassis.settings import ServiceSettings

pytestmark = pytest.mark.anyio


async def good() -> bool:
    return True


async def test_health_is_served_on_its_port_until_the_service_stops() -> None:
    (port,) = free_ports(1)
    settings = ServiceSettings(health_port=port)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        async with serving_health(settings, {"kafka": good}), asyncio.timeout(10):
            while True:
                try:
                    response = await client.get("/health/ready")
                    break
                except httpx.ConnectError:
                    await asyncio.sleep(0.01)
            assert response.status_code == 200
        with pytest.raises(httpx.ConnectError):
            await client.get("/health/live", headers={"connection": "close"})

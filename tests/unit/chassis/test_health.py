"""Health: live, ready, and what ready depends on."""

import asyncio

import httpx
import pytest

from services.chassis.process.health import Check, health_app, run_checks

pytestmark = pytest.mark.anyio


async def good() -> bool:
    return True


async def bad() -> bool:
    return False


async def broken() -> bool:
    raise ConnectionError("away")


async def stuck() -> bool:
    await asyncio.Event().wait()
    return True


async def get(path: str, **checks: Check) -> httpx.Response:
    transport = httpx.ASGITransport(health_app(checks))
    async with httpx.AsyncClient(transport=transport, base_url="http://health") as client:
        return await client.get(path)


async def test_live_does_not_depend_on_the_checks() -> None:
    response = await get("/health/live", kafka=bad)

    assert (response.status_code, response.json()) == (200, {"status": "live"})


async def test_ready_when_all_checks_pass() -> None:
    response = await get("/health/ready", kafka=good, consumer=good)

    assert response.status_code == 200
    assert response.json() == {"status": "ready", "checks": {"kafka": True, "consumer": True}}


@pytest.mark.parametrize("check", [bad, broken])
async def test_not_ready_says_which_check_failed(check: Check) -> None:
    response = await get("/health/ready", kafka=good, consumer=check)

    assert response.status_code == 503
    assert response.json() == {"status": "not ready", "checks": {"kafka": True, "consumer": False}}


async def test_other_paths_are_not_found() -> None:
    assert (await get("/metrics")).status_code == 404


async def test_a_check_that_hangs_is_false_and_holds_up_no_other() -> None:
    checks = {"a": stuck, "b": stuck, "c": good}
    async with asyncio.timeout(0.9):  # one time limit for all of them, as they run side by side
        assert await run_checks(checks, 0.5) == {"a": False, "b": False, "c": True}


async def test_no_checks_no_failures() -> None:
    assert await run_checks({}) == {}


@pytest.mark.parametrize(("check", "code", "status"), [(good, 200, "degraded"), (bad, 503, "not ready")])
async def test_what_is_degraded_is_named_and_changes_no_status_code(
    check: Check, code: int, status: str
) -> None:
    app = health_app({"kafka": check}, degraded=lambda: ("language model openai",))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://health") as client:
        response = await client.get("/health/ready")

    assert response.status_code == code
    assert response.json()["status"] == status
    assert response.json()["degraded"] == ["language model openai"]

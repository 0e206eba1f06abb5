"""The documentation page, the description of the API, and health."""

import re

import pytest

from tests.unit.gateway.client import CHAT, V1, connected

pytestmark = pytest.mark.anyio

ROUTES = {
    f"{CHAT}/session/create": {"post"},
    f"{CHAT}/session/{{session_id}}/chat": {"post"},
    f"{CHAT}/session/{{session_id}}/export": {"get"},
    f"{CHAT}/session/{{session_id}}": {"get", "patch", "delete"},
    f"{CHAT}/session/{{session_id}}/events": {"get"},
    f"{CHAT}/session/{{session_id}}/turns/{{turn_id}}/cancel": {"post"},
    f"{CHAT}/session/{{session_id}}/turns/{{turn_id}}/regenerate": {"post"},
    f"{CHAT}/session/{{session_id}}/turns/{{turn_id}}/fork": {"post"},
    f"{CHAT}/sessions": {"get"},
    f"{CHAT}/strategies/compare": {"post"},
    f"{CHAT}/strategies/compare/debug": {"post"},
    f"{CHAT}/backtest/trigger": {"post"},
    f"{V1}/comparisons/{{comparison_id}}": {"get"},
    f"{V1}/comparisons/{{comparison_id}}/pairs": {"get"},
    f"{V1}/backtests": {"get"},
    f"{V1}/backtests/estimate": {"post"},
    f"{V1}/backtests/{{backtest_id}}": {"get"},
    f"{V1}/backtests/{{backtest_id}}/cancel": {"post"},
    f"{V1}/backtests/{{backtest_id}}/events": {"get"},
    f"{V1}/backtests/{{backtest_id}}/result": {"get"},
    f"{V1}/backtests/{{backtest_id}}/verify": {"post"},
    f"{V1}/market/instruments": {"get"},
    f"{V1}/market/report": {"get"},
    f"{V1}/metrics": {"get"},
    f"{V1}/strategies": {"get", "post"},
    f"{V1}/strategies/types": {"get"},
    f"{V1}/strategies/{{strategy_id}}": {"get", "delete"},
    f"{V1}/strategies/{{strategy_id}}/standing": {"put", "delete"},
    f"{V1}/strategies/{{strategy_id}}/versions": {"get", "post"},
    "/problems/{code}": {"get"},
    "/health/live": {"get"},
    "/health/ready": {"get"},
}


async def test_the_documentation_loads_nothing_from_elsewhere() -> None:
    async with connected() as client:
        page = await client.http.get("/docs")
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        addresses = re.findall(r"""(?:src|href|url)\s*[=:]\s*["']([^"']+)""", page.text)

        assert not re.search(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", page.text)
        assert len(addresses) >= 3  # a script, a style, the description
        for address in addresses:
            assert address.startswith("/")
            asset = await client.http.get(address)
            assert (asset.status_code, bool(asset.content)) == (200, True)


async def test_styles_and_scripts_come_with_their_types() -> None:
    async with connected() as client:
        page = (await client.http.get("/docs")).text
        (script,) = re.findall(r'src="([^"]+\.js)"', page)
        (style,) = re.findall(r'href="([^"]+\.css)"', page)

        assert "javascript" in (await client.http.get(script)).headers["content-type"]
        styles = await client.http.get(style)
        assert "text/css" in styles.headers["content-type"]
        assert not re.search(r"@import|url\(\s*[\"']?(?:https?:)?//", styles.text)


async def test_there_is_one_documentation_page() -> None:
    async with connected() as client:
        assert (await client.http.get("/redoc")).status_code == 404


async def test_the_description_names_every_path_and_method() -> None:
    async with connected() as client:
        paths = (await client.http.get("/openapi.json")).json()["paths"]

        assert {path: set(methods) for path, methods in paths.items()} == ROUTES


async def test_a_key_is_described_at_every_post_that_creates() -> None:
    async with connected() as client:
        paths = (await client.http.get("/openapi.json")).json()["paths"]

        keyed = {
            path
            for path, methods in paths.items()
            for parameter in methods.get("post", {}).get("parameters", ())
            if parameter["name"] == "Idempotency-Key"
        }
        assert keyed == {
            f"{CHAT}/session/create",
            f"{CHAT}/session/{{session_id}}/chat",
            f"{CHAT}/session/{{session_id}}/turns/{{turn_id}}/regenerate",
            f"{CHAT}/session/{{session_id}}/turns/{{turn_id}}/fork",
            f"{CHAT}/strategies/compare",
            f"{CHAT}/backtest/trigger",
            f"{V1}/strategies",
        }


async def test_the_gateway_is_live_without_a_broker() -> None:
    async with connected() as client:
        response = await client.http.get("/health/live")

        assert (response.status_code, response.json()) == (200, {"status": "live"})


async def test_it_is_ready_only_with_one() -> None:
    async with connected() as client:
        response = await client.http.get("/health/ready")

        assert response.status_code == 503
        checks = {"kafka": False, "replies": True}
        assert response.json() == {"status": "not ready", "checks": checks, "degraded": {}}

"""`/health/live` and `/health/ready` for services without an HTTP API of their own."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, nullcontext
from typing import Any

import uvicorn

from services.chassis.settings import HealthSettings

Check = Callable[[], Awaitable[bool]]


async def run_checks(checks: Mapping[str, Check]) -> dict[str, bool]:
    """Run all checks concurrently; one that fails or takes longer than two seconds is False."""

    async def passed(check: Check) -> bool:
        try:
            async with asyncio.timeout(2):
                return await check()
        except Exception:  # noqa: BLE001 - any failure means "not ready"
            return False

    results = await asyncio.gather(*(passed(check) for check in checks.values()))
    return dict(zip(checks, results, strict=True))


def health_app(checks: Mapping[str, Check]) -> Any:  # noqa: ANN401 - an ASGI application
    """Return the ASGI application: live is 200 while the event loop runs, ready if all checks pass."""

    async def app(scope: Any, _receive: Any, send: Any) -> None:  # noqa: ANN401
        status: int
        body: dict[str, Any]
        if scope["path"] == "/health/live":
            status, body = 200, {"status": "live"}
        elif scope["path"] == "/health/ready":
            results = await run_checks(checks)
            status = 200 if all(results.values()) else 503
            body = {"status": "ready" if status == 200 else "not ready", "checks": results}  # noqa: PLR2004
        else:
            status, body = 404, {"status": "the paths are /health/live and /health/ready"}
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})

    return app


@asynccontextmanager
async def serving_health(settings: HealthSettings, checks: Mapping[str, Check]) -> AsyncIterator[None]:
    """Serve the health endpoints in the background, if a port is set."""
    if settings.health_port is None:
        yield
        return
    address: dict[str, Any] = {"host": settings.health_host, "port": settings.health_port}
    config = uvicorn.Config(health_app(checks), **address, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    server.capture_signals = nullcontext  # type: ignore[assignment]  # the service handles signals itself
    task = asyncio.create_task(server.serve())
    try:
        yield
    finally:
        server.should_exit = True
        await task

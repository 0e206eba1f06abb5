"""`/health/live` and `/health/ready` for services without an HTTP API of their own."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from http import HTTPStatus
from typing import Any

import structlog
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from services.chassis.messaging.telemetry import METRICS_TYPE
from services.chassis.settings import ServiceSettings

log = structlog.get_logger()

MOST_CONNECTIONS = 50
LONGEST_SECONDS = 60.0

Check = Callable[[], Awaitable[bool]]
Metrics = Callable[[], bytes]
Degraded = Callable[[], Sequence[str]]
"""Names what does not work at present, without which the service still does its work."""


class LimitedConnection(HttpToolsProtocol):
    """A connection that lasts a minute at most, one of fifty: others would take the files of the service."""

    _end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            log.warning("health connections refused: too many are open", most=MOST_CONNECTIONS, again=True)
            transport.close()
        else:
            self._end = self.loop.call_later(LONGEST_SECONDS, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._end:
            self._end.cancel()
        super().connection_lost(exc)


async def run_checks(checks: Mapping[str, Check], seconds: float = 2.0) -> dict[str, bool]:
    """Run all checks concurrently; one that fails or takes longer than this time is False."""

    async def passed(check: Check) -> bool:
        try:
            async with asyncio.timeout(seconds):
                return await check()
        except Exception:  # noqa: BLE001 - any failure means "not ready"
            return False

    results = await asyncio.gather(*(passed(check) for check in checks.values()))
    return dict(zip(checks, results, strict=True))


def health_app(
    checks: Mapping[str, Check], metrics: Metrics | None = None, degraded: Degraded = tuple
) -> Any:  # noqa: ANN401 - an ASGI application
    """Return the ASGI application: live is 200 while the event loop runs, ready if all checks pass.

    What is degraded is named, and changes no status code: requests are still answered.
    """

    async def app(scope: Any, _receive: Any, send: Any) -> None:  # noqa: ANN401
        path, status, kind = scope["path"], 200, b"application/json"
        if path == "/metrics" and metrics:
            kind, body = METRICS_TYPE, metrics()
        elif path == "/health/live":
            body = b'{"status": "live"}'
        elif path == "/health/ready":
            results = await run_checks(checks)
            status, said = (200, "ready") if all(results.values()) else (503, "not ready")
            report: dict[str, object] = {"status": said, "checks": results}
            if missing := degraded():
                report |= {"degraded": list(missing)} | (
                    {"status": "degraded"} if status == HTTPStatus.OK else {}
                )
            body = json.dumps(report).encode()
        else:
            status, body = 404, b'{"status": "the paths are /health/live and /health/ready"}'
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind)]})
        await send({"type": "http.response.body", "body": body})

    return app


@asynccontextmanager
async def serving_health(
    settings: ServiceSettings,
    checks: Mapping[str, Check],
    metrics: Metrics | None = None,
    degraded: Degraded = tuple,
) -> AsyncIterator[None]:
    """Serve the health endpoints, and `/metrics` if there are any, in the background, if a port is set."""
    if settings.health_port is None:
        yield
        return
    app = health_app(checks, metrics, degraded)
    quiet: dict[str, Any] = {"log_config": None, "access_log": False}
    address = settings.health_host, settings.health_port
    server = uvicorn.Server(uvicorn.Config(app, *address, http=LimitedConnection, lifespan="off", **quiet))
    server.capture_signals = nullcontext  # type: ignore[assignment]  # the service handles signals itself
    task = asyncio.create_task(server.serve())
    try:
        yield
    finally:
        server.should_exit = True
        await task

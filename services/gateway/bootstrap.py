"""Builds the gateway: the only place that knows which adapter is used."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from backchat_contracts import (
    BacktestAccepted,
    BacktestCancelled,
    BacktestCompleted,
    BacktestFailed,
    BacktestProgressed,
    BacktestStarted,
    ChatAnswered,
    ChatFailed,
)
from services.chassis.messaging.kafka import Kafka
from services.chassis.messaging.request_client import RequestClient
from services.chassis.process.health import run_checks
from services.chassis.process.service import TIDY_SECONDS, HardStop, connected
from services.chassis.process.watchdog import Watchdog
from services.gateway import documentation, middleware, problems
from services.gateway.live_events import LiveEvents
from services.gateway.readiness import PROBE_SECONDS, Readiness, ServiceHealth
from services.gateway.routes import (
    backtests,
    chat,
    comparisons,
    exports,
    health,
    market,
    metrics,
    problem_types,
    prometheus,
    results,
    sessions,
    start_page,
    strategies,
    turns,
    versions,
)
from services.gateway.service_client import ServiceClient
from services.gateway.settings import GatewaySettings, origins_in

FOLLOWED = (
    BacktestAccepted,
    BacktestStarted,
    BacktestProgressed,
    BacktestCompleted,
    BacktestFailed,
    BacktestCancelled,
    ChatAnswered,
    ChatFailed,
)
"""The events that streams tell of."""

DESCRIPTION = """
Talk back to your backtests. Errors are problem details (RFC 9457) with a stable `type`; lists come in pages:
pass `next` as `cursor` for the one after.
"""


def create_app(
    settings: GatewaySettings,
    stopping: asyncio.Event,
    request_client_on: Callable[[Kafka], RequestClient] = RequestClient,
) -> FastAPI:
    """Return the HTTP application; it connects to Kafka when it starts, and ends streams when `stopping`."""
    kafka = Kafka(settings, "gateway")
    request_client = request_client_on(kafka)
    events = LiveEvents(kafka, FOLLOWED)
    client = ServiceClient(request_client, events, settings, stopping)
    watchdog = Watchdog([request_client], settings.watchdog_seconds)
    services = ServiceHealth(request_client)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        hard_stop = HardStop()
        try:
            async with connected(kafka):
                await request_client.start()
                async with watchdog.running():
                    yield
                hard_stop.after(TIDY_SECONDS)  # the server has waited for the requests
                await events.stop()
                await request_client.stop()
        finally:
            hard_stop.cancel()

    app = FastAPIOffline(
        title="Backchat",
        version="0.1.0",
        description=DESCRIPTION,
        lifespan=lifespan,
        redoc_url=None,
        redirect_slashes=False,  # the redirect would go to the host that the request names
    )
    problems.install(app, settings.max_body_bytes)
    middleware.install(app, origins_in(settings.cors_origins))
    chatting = (sessions, chat, turns, exports)
    for module in (*chatting, comparisons, backtests, results, strategies, versions, market):
        app.include_router(module.routes(client))
    app.include_router(metrics.routes())

    async def listening() -> bool:
        return request_client.ready and watchdog.progressing

    async def readiness() -> Readiness:
        checks, degraded = await asyncio.gather(
            run_checks({"kafka": kafka.ping, "replies": listening}, PROBE_SECONDS), services.degraded()
        )
        return Readiness(checks, degraded if all(checks.values()) else {})

    app.include_router(start_page.routes(readiness))
    app.include_router(health.routes(readiness))
    app.include_router(problem_types.routes())
    if kafka.telemetry.metrics:
        app.include_router(prometheus.routes(kafka.telemetry.metrics))
    documentation.complete(app)
    return app

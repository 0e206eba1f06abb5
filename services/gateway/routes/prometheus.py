"""The page that Prometheus reads."""

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import Response

from services.chassis.messaging.telemetry import METRICS_TYPE


def routes(metrics: Callable[[], bytes]) -> APIRouter:
    router = APIRouter()

    @router.get("/metrics", include_in_schema=False)
    async def page() -> Response:
        return Response(metrics(), media_type=METRICS_TYPE.decode())

    return router

"""The page that Prometheus reads."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.chassis.messaging.telemetry import METRICS_TYPE, Telemetry


def routes(telemetry: Telemetry) -> APIRouter:
    router = APIRouter()

    @router.get("/metrics", include_in_schema=False)
    async def page() -> Response:
        return Response(telemetry.page(), media_type=METRICS_TYPE.decode())

    return router

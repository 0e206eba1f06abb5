"""Whether the process lives, and whether it can take requests."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from services.gateway.documentation import Shown, answers, problems
from services.gateway.response_models import Health, Readiness
from services.gateway.routes.responses import as_json

Checks = Callable[[], Awaitable[Mapping[str, bool]]]

LIVE: Final = Health(status="live")
READY: Final = Readiness(status="ready", checks={"kafka": True, "replies": True})
NOT_READY: Final = Readiness(status="not ready", checks={"kafka": False, "replies": False})


def routes(checks: Checks) -> APIRouter:
    router = APIRouter(prefix="/health", tags=["health"])

    @router.get("/live", responses={200: answers(Shown(Health, {"live": LIVE})), **problems()})
    async def live() -> Health:
        """Say that the process answers."""
        return LIVE

    unavailable = problems()[503]
    not_ready = answers(Shown(Readiness, {"not-ready": NOT_READY}), model=Readiness)
    unavailable |= not_ready | {"content": unavailable["content"] | not_ready["content"]}

    @router.get(
        "/ready",
        response_model=Readiness,
        responses={
            **problems(),
            200: answers(Shown(Readiness, {"ready": READY})),
            503: {**unavailable, "description": f"It can't. {unavailable['description']}"},
        },
    )
    async def ready() -> Response:
        """Say whether requests can be taken: Kafka answers, and so can the services."""
        found = await checks()
        passed = all(found.values())
        body = Readiness(status="ready" if passed else "not ready", checks=dict(found))
        return as_json(body, HTTPStatus.OK if passed else HTTPStatus.SERVICE_UNAVAILABLE)

    return router

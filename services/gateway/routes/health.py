"""Whether the process lives, and whether it can take requests."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from services.gateway.documentation import Shown, answers, problems
from services.gateway.readiness import Readiness
from services.gateway.response_models import Health, ReadinessAnswer, Silence
from services.gateway.routes.responses import as_json

AskReadiness = Callable[[], Awaitable[Readiness]]

LIVE: Final = Health(status="live")
READY: Final = ReadinessAnswer(status="ready", checks={"kafka": True, "replies": True})
DEGRADED: Final = ReadinessAnswer(
    status="degraded",
    checks={"kafka": True, "replies": True},
    degraded={"compare": Silence(since=datetime(2026, 3, 2, 9, 30, tzinfo=UTC))},
)
NOT_READY: Final = ReadinessAnswer(status="not ready", checks={"kafka": False, "replies": False})


def routes(readiness: AskReadiness) -> APIRouter:
    router = APIRouter(prefix="/health", tags=["health"])

    @router.get("/live", responses={200: answers(Shown(Health, {"live": LIVE})), **problems()})
    async def live() -> Health:
        """Say that the process answers."""
        return LIVE

    unavailable = problems()[503]
    not_ready = answers(Shown(ReadinessAnswer, {"not-ready": NOT_READY}), model=ReadinessAnswer)
    unavailable |= not_ready | {"content": unavailable["content"] | not_ready["content"]}

    @router.get(
        "/ready",
        response_model=ReadinessAnswer,
        responses={
            **problems(),
            200: answers(Shown(ReadinessAnswer, {"ready": READY, "degraded": DEGRADED})),
            503: {**unavailable, "description": f"It can't. {unavailable['description']}"},
        },
    )
    async def ready() -> Response:
        """Say whether requests can be taken: Kafka answers. `degraded` names the services that do not."""
        found = await readiness()
        silent = {service: Silence(since=since) for service, since in found.degraded.items()}
        body = ReadinessAnswer(status=found.status, checks=dict(found.checks), degraded=silent)
        return as_json(body, HTTPStatus.SERVICE_UNAVAILABLE if found.status == "not ready" else HTTPStatus.OK)

    return router

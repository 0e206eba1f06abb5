"""Whether the process lives, and whether it can take requests."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from services.gateway.documentation import RETRY_AFTER, Examples, problem_responses, response
from services.gateway.problems import RETRY_AFTER_SECONDS
from services.gateway.readiness import AskReadiness
from services.gateway.response_models import Degraded, Health, ReadinessAnswer
from services.gateway.routes.responses import as_json

LIVE: Final = Health(status="live")
READY: Final = ReadinessAnswer(status="ready", checks={"kafka": True, "replies": True})
DEGRADED: Final = ReadinessAnswer(
    status="degraded",
    checks={"kafka": True, "replies": True},
    degraded={"compare": Degraded(since=datetime(2026, 3, 2, 9, 30, tzinfo=UTC))},
)
NOT_READY: Final = ReadinessAnswer(status="not ready", checks={"kafka": False, "replies": False})


def routes(readiness: AskReadiness) -> APIRouter:
    router = APIRouter(prefix="/health", tags=["health"])

    @router.get("/live", responses={200: response(Examples(Health, {"live": LIVE})), **problem_responses()})
    async def live() -> Health:
        """Say that the process answers."""
        return LIVE

    problems = problem_responses()
    not_ready = response(Examples(ReadinessAnswer, {"not-ready": NOT_READY}))
    unavailable = {
        "model": ReadinessAnswer,
        "description": f"It can't. {problems[503]['description']}",
        "headers": RETRY_AFTER,
        "content": problems[503]["content"] | not_ready["content"],
    }

    @router.get(
        "/ready",
        response_model=ReadinessAnswer,
        responses={
            **problems,
            200: response(Examples(ReadinessAnswer, {"ready": READY, "degraded": DEGRADED})),
            503: unavailable,
        },
    )
    async def ready() -> Response:
        """Say whether requests can be taken: Kafka answers. `degraded` names services that do not."""
        found = await readiness()
        degraded = {
            service: Degraded(since=each.since, without=each.without)
            for service, each in found.degraded.items()
        }
        body = ReadinessAnswer(status=found.status, checks=dict(found.checks), degraded=degraded)
        if found.status == "not ready":
            return as_json(body, HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": str(RETRY_AFTER_SECONDS)})
        return as_json(body)

    return router

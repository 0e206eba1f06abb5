"""The paths that describe the types of problems."""

from http import HTTPStatus

from fastapi import APIRouter
from starlette.exceptions import HTTPException

from services.gateway.documentation import Examples, problem_responses, response
from services.gateway.problems import KINDS, PROBLEMS_PATH
from services.gateway.response_models import ProblemType


def routes() -> APIRouter:
    router = APIRouter(prefix=PROBLEMS_PATH, tags=["problems"])

    @router.get(
        "/{code}",
        summary="What a problem's type means",
        responses={
            200: response(Examples(ProblemType, {"not-found": _described("not-found")})),
            **problem_responses("not-found", "invalid-request"),
        },
    )
    async def describe(code: str) -> ProblemType:
        if code not in KINDS:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return _described(code)

    return router


def _described(code: str) -> ProblemType:
    kind = KINDS[code]
    return ProblemType(type=f"{PROBLEMS_PATH}/{code}", title=kind.title, status=int(kind.status))

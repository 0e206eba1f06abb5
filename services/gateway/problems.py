"""Errors as problem details (RFC 9457): the one place where codes get their HTTP status."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.errors import BrokerUnavailableError, NoReplyError

log = structlog.get_logger()

PROBLEMS_PATH: Final = "/problems"
RETRY_AFTER_SECONDS: Final = 2
TOO_LARGE: Final = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


UNREADABLE: Final = "There was an error parsing the body"
"""What FastAPI says of a body that is no JSON, as text or for its depth or the length of a number."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of problem: its HTTP status and its title."""

    status: HTTPStatus
    title: str


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "invalid-request": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "The request is not valid"),
        "body-too-large": Kind(TOO_LARGE, "The body is too large"),
        "not-found": Kind(HTTPStatus.NOT_FOUND, "There is nothing at this address"),
        "method-not-allowed": Kind(HTTPStatus.METHOD_NOT_ALLOWED, "The address has no such method"),
        "unsupported-media-type": Kind(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body is not sent as JSON"),
        "request-timeout": Kind(HTTPStatus.REQUEST_TIMEOUT, "The request did not come in time"),
        "too-many-connections": Kind(HTTPStatus.SERVICE_UNAVAILABLE, "Too many connections are open"),
        "headers-too-large": Kind(
            HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The request's headers are too large"
        ),
        "bad-request": Kind(HTTPStatus.BAD_REQUEST, "The request can't be read"),
        "bad-cursor": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "The cursor is not valid"),
        "turn-not-found": Kind(HTTPStatus.NOT_FOUND, "There is no such turn"),
        "session-not-found": Kind(HTTPStatus.NOT_FOUND, "There is no such session"),
        "session-ended": Kind(HTTPStatus.CONFLICT, "The session was ended"),
        "conversation-full": Kind(HTTPStatus.CONFLICT, "The conversation is full"),
        "turn-ended": Kind(HTTPStatus.CONFLICT, "The message has its answer already"),
        "not-last-turn": Kind(HTTPStatus.CONFLICT, "The turn is not the last one"),
        "turn-acted": Kind(HTTPStatus.CONFLICT, "What the turn has done, or may have, is not done again"),
        "turn-cancelled": Kind(HTTPStatus.CONFLICT, "The turn was cancelled"),
        "turn-in-progress": Kind(HTTPStatus.CONFLICT, "The message before is still being answered"),
        "budget-exceeded": Kind(HTTPStatus.TOO_MANY_REQUESTS, "The budget of language models is used up"),
        "no-data": Kind(HTTPStatus.SERVICE_UNAVAILABLE, "The data for an answer did not come"),
        "strategy-not-found": Kind(HTTPStatus.NOT_FOUND, "There is no such strategy"),
        "strategy-exists": Kind(HTTPStatus.CONFLICT, "There is such a strategy already"),
        "other-strategy": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "The backtest is of another strategy"),
        "too-many-versions": Kind(HTTPStatus.CONFLICT, "The strategy has as many versions as it can have"),
        "unknown-strategy-type": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "There is no such strategy type"),
        "invalid-parameters": Kind(
            HTTPStatus.UNPROCESSABLE_ENTITY, "The strategy's parameters are not valid"
        ),
        "backtest-not-found": Kind(HTTPStatus.NOT_FOUND, "There is no such backtest"),
        "trades-not-kept": Kind(HTTPStatus.CONFLICT, "The backtest made too many trades to keep"),
        "not-repeated": Kind(HTTPStatus.CONFLICT, "The backtest can't be run again"),
        "too-many-verifications": Kind(HTTPStatus.SERVICE_UNAVAILABLE, "Too many verifications wait"),
        "result-not-ready": Kind(HTTPStatus.CONFLICT, "The backtest has no result yet"),
        "backtest-ended": Kind(HTTPStatus.CONFLICT, "The backtest has ended already"),
        "request-mismatch": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "The key was used for another request"),
        "outside-coverage": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "There is no data for this backtest"),
        "mixed-currencies": Kind(
            HTTPStatus.UNPROCESSABLE_ENTITY, "The prices of the symbols are in different currencies"
        ),
        "comparison-not-found": Kind(HTTPStatus.NOT_FOUND, "There is no such comparison"),
        "series-unavailable": Kind(HTTPStatus.SERVICE_UNAVAILABLE, "The daily returns did not come in time"),
        "too-many-comparisons": Kind(HTTPStatus.SERVICE_UNAVAILABLE, "Too many comparisons wait"),
        "broker-unavailable": Kind(HTTPStatus.SERVICE_UNAVAILABLE, "The message broker does not answer"),
        "service-unavailable": Kind(HTTPStatus.SERVICE_UNAVAILABLE, "The service does not answer"),
        "internal-error": Kind(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here"),
    }
)

_OF_STATUS: Final = {
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method-not-allowed",
    TOO_LARGE: "body-too-large",
}


class ProblemError(Exception):
    """A problem to answer with."""

    def __init__(self, code: str, detail: str, extra: Mapping[str, Any] = MappingProxyType({})) -> None:
        super().__init__(detail)
        self.code = code if code in KINDS else "internal-error"
        self.detail = detail
        self.extra = extra


UNAVAILABLE: Final[Mapping[type[Exception], tuple[str, str]]] = MappingProxyType(
    {
        BrokerUnavailableError: (
            "broker-unavailable",
            "the message broker did not take the request; try again",
        ),
        NoReplyError: ("service-unavailable", "the service did not answer in time; try again"),
    }
)
"""The problems of errors that the services have no part in."""


@contextmanager
def naming(**extra: Any) -> Iterator[None]:  # noqa: ANN401 - JSON values
    """Add members to the problems that come up, such as the id of what a request is about."""
    try:
        yield
    except ProblemError as error:
        raise ProblemError(error.code, error.detail, extra | dict(error.extra)) from error
    except tuple(UNAVAILABLE) as error:
        raise ProblemError(*UNAVAILABLE[type(error)], extra) from error


def as_body(code: str, detail: str) -> dict[str, Any]:
    """Return the members of a problem."""
    kind = KINDS[code]
    return {
        "type": f"{PROBLEMS_PATH}/{code}",
        "title": kind.title,
        "status": int(kind.status),
        "detail": detail,
    }


def problem(
    code: str, detail: str, extra: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Return the response of a problem; a 503 says when to try again."""
    kind = KINDS[code]
    body = as_body(code, detail)
    body |= {name: value for name, value in (extra or {}).items() if name not in body}
    after = RETRY_AFTER_SECONDS if kind.status is HTTPStatus.SERVICE_UNAVAILABLE else body.get("retry_after")
    retry = {"Retry-After": str(after)} if after else {}
    return Response(
        json.dumps(body, ensure_ascii=False, default=str),
        status_code=kind.status,
        media_type="application/problem+json",
        headers={**(headers or {}), **retry},
    )


class BodyLimit:
    """Limits the size of bodies. Starlette's own limit answers in plain text; this words it as a problem."""

    def __init__(self, app: ASGIApp, max_body_size: int) -> None:
        self._app = RequestBodyLimitMiddleware(app, max_body_size=max_body_size)
        self._detail = f"a body may have {max_body_size} bytes"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        replaced = False

        async def reworded(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and message["status"] == TOO_LARGE:
                replaced = True
                await problem("body-too-large", self._detail)(scope, receive, send)
            elif not replaced:
                await send(message)

        await self._app(scope, receive, reworded if scope["type"] == "http" else send)


class UnexpectedErrors:
    """Answers an error that has no handler: FastAPI's own place for it is outside of the CORS headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            if started:
                raise  # the server logs it, and closes the connection
            log.exception("request failed", error=repr(error))
            failed = problem("internal-error", "the request failed; the log of the gateway says why")
            await failed(scope, receive, send)


def _is_json(request: Request) -> bool:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return re.fullmatch(r"application/([^/]+\+)?json", media_type) is not None  # as FastAPI sees it


def _allowed(app: FastAPI, request: Request) -> list[str]:
    """Return the methods that a path has, of all routes. HEAD is where GET is: see `HeadAsGet`."""
    methods = {
        method
        for method in ("DELETE", "GET", "PATCH", "POST", "PUT")
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in app.routes)
    }
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


def install(app: FastAPI, max_body_size: int) -> None:
    """Answer every error of the application with a problem."""
    app.add_middleware(UnexpectedErrors)
    app.add_middleware(BodyLimit, max_body_size=max_body_size)

    @app.exception_handler(ProblemError)
    async def _(_request: Request, error: ProblemError) -> Response:
        return problem(error.code, error.detail, error.extra)

    @app.exception_handler(RequestValidationError)
    async def _(request: Request, error: RequestValidationError) -> Response:
        if any(each["loc"][0] == "body" and each["type"] != "missing" for each in error.errors()) and not (
            _is_json(request)
        ):
            sent = request.headers.get("content-type", "no content type")
            detail = f"send the body as application/json, not as {sent}"
            return problem("unsupported-media-type", detail, headers={"Accept-Post": "application/json"})
        errors = [
            {"pointer": "/" + "/".join(str(part) for part in e["loc"]), "detail": e["msg"]}
            for e in error.errors()
        ]
        summary = "; ".join(f"{e['pointer']}: {e['detail']}" for e in errors[:3])
        return problem("invalid-request", summary, {"errors": errors})

    @app.exception_handler(HTTPException)
    async def _(request: Request, error: HTTPException) -> Response:
        code = _OF_STATUS.get(HTTPStatus(error.status_code), "bad-request")
        if error.detail == UNREADABLE:
            return problem(code, "the body can't be read: send JSON in UTF-8, without compression")
        headers = dict(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            # Starlette names those of one route only. A folder of files is no route, and has GET and HEAD.
            headers["Allow"] = ", ".join(_allowed(app, request) or ("GET", "HEAD"))
        return problem(code, str(error.detail), headers=headers)

    @app.exception_handler(BrokerUnavailableError)
    @app.exception_handler(NoReplyError)
    async def _(_request: Request, error: Exception) -> Response:
        return problem(*UNAVAILABLE[type(error)])

"""Responses that are sent as they are: they were validated when they were made."""

from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus

from fastapi.responses import Response
from pydantic import BaseModel

from services.chassis.messaging.envelope import Delivery
from services.gateway.response_models import PendingAnswer


def as_json(
    body: BaseModel, status: HTTPStatus = HTTPStatus.OK, headers: dict[str, str] | None = None
) -> Response:
    return Response(body.model_dump_json(), status, headers, "application/json")


def pending(location: str) -> Response:
    """Answer a command whose reply is late; `location` is where its effect can be read."""
    return as_json(PendingAnswer(), HTTPStatus.ACCEPTED, {"Location": location})


def unchanging(
    body: bytes, media_type: str, if_none_match: str | None, more: Mapping[str, str] | None = None
) -> Response:
    """Send what never changes; 304 without it to a client that has it already. `more` are further headers."""
    etag = f'W/"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Accept", **(more or {})}
    known = {tag.strip() for tag in (if_none_match or "").split(",")}
    if known & {etag, etag.removeprefix("W/"), "*"}:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, HTTPStatus.OK, headers, media_type)


def as_sent(reply: Delivery) -> Response:
    """Pass a view on: the owner's JSON is the response's body."""
    return Response(reply.value, HTTPStatus.OK, media_type="application/json")

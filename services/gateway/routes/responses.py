"""Responses that are sent as they are: they were validated when they were made."""

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


def unchanging(reply: Delivery, if_none_match: str | None) -> Response:
    """Pass on a view that never changes; 304 without it to a client that has it already."""
    etag = f'W/"{sha256(reply.value).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    known = {tag.strip() for tag in (if_none_match or "").split(",")}
    if known & {etag, etag.removeprefix("W/"), "*"}:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(reply.value, HTTPStatus.OK, headers, "application/json")


def as_sent(reply: Delivery) -> Response:
    """Pass a view on: the owner's JSON is the response's body."""
    return Response(reply.value, HTTPStatus.OK, media_type="application/json")

"""Responses that are sent as they are: they were validated when they were made."""

from http import HTTPStatus
from typing import Any, Final

from fastapi.responses import Response
from pydantic import BaseModel

from services.chassis.messaging.envelope import Delivery

STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}
}
"""How the documentation page shows what streams."""


def as_json(
    body: BaseModel, status: HTTPStatus = HTTPStatus.OK, headers: dict[str, str] | None = None
) -> Response:
    return Response(body.model_dump_json(), status, headers, "application/json")


def as_sent(reply: Delivery) -> Response:
    """Pass a view on: the owner's JSON is the response's body."""
    return Response(reply.value, HTTPStatus.OK, media_type="application/json")

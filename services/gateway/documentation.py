"""What the documentation page tells of an operation: its statuses, schemas and examples.

The examples are those of the contracts, as HTTP carries them: cut to the fields that the model has.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from itertools import islice
from typing import Any, Final, Generic, NamedTuple, TypeVar

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from backchat_contracts import BacktestProgressed, ChatToolCompleted, ChatToolStarted
from backchat_contracts.examples import examples
from services.gateway.problems import KINDS, PROBLEMS_PATH, as_body
from services.gateway.response_models import ChatDelta, ChatReset, PendingAnswer, ProblemDetails

COMPONENT: Final = "#/components/schemas/{model}"
FURTHER: Final = (
    ProblemDetails,
    ChatDelta,
    ChatReset,
    ChatToolStarted,
    ChatToolCompleted,
    BacktestProgressed,
)
"""The models that FastAPI does not see: no operation has them as its body."""

OF_ANY_REQUEST: Final = (
    *("request-timeout", "body-too-large", "headers-too-large", "bad-request"),
    *("internal-error", "too-many-connections"),
)
WITH_BODY: Final = ("unsupported-media-type",)
ASKING: Final = ("invalid-request", "broker-unavailable", "service-unavailable")
"""Of an operation that asks a service."""

LOCATION: Final = {"Location": {"description": "Where it can be read.", "schema": {"type": "string"}}}
ETAG: Final = {"ETag": {"description": "For `If-None-Match`.", "schema": {"type": "string"}}}
RETRY_AFTER: Final = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}

M = TypeVar("M", bound=BaseModel)
Responses = dict[int | str, dict[str, Any]]


class Examples(NamedTuple, Generic[M]):
    """A model with examples of it, by scenario."""

    model: type[M]
    values: Mapping[str, M]


def examples_of(model: type[M], kind: str, *scenarios: str) -> Examples[M]:
    """Return the contracts' examples of a message type, as this model; without scenarios, all."""
    fields = model.model_fields
    values = {
        example["name"]: model.model_validate(
            {key: of for key, of in example["value"].items() if key in fields}
        )
        for example in examples().get(kind, ())
        if not scenarios or example["name"] in scenarios
    }
    return Examples(model, values)


def request_body(body: Examples[M]) -> dict[str, Any]:
    """Return what `openapi_extra` says about a request's body."""
    written = {name: value.model_dump(mode="json", exclude_unset=True) for name, value in body.values.items()}
    return {"requestBody": {"content": {"application/json": {"examples": _labelled(written)}}}}


def response(body: Examples[M], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - OpenAPI's
    """Return a response with a body; `more`: its description, headers, or a model that is not the route's."""
    written = {name: value.model_dump(mode="json") for name, value in body.values.items()}
    return {**more, "content": {"application/json": {"examples": _labelled(written)}}}


def also_as(media_type: str, body: dict[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """Return a response that is also given as text of this type; `texts` are examples by name."""
    as_text = {"schema": {"type": "string"}, "examples": _labelled(texts)}
    return {**body, "content": {**body["content"], media_type: as_text}}


def streams(events: Mapping[str, Examples[Any]], *, ids: bool) -> dict[str, Any]:
    """Return the content of a stream of server-sent events; `events`: the data of each, by its name."""
    with_id = {name for name in events if ids and name != "error"}
    kinds = [_event_schema(name, data.model.__name__, ids=name in with_id) for name, data in events.items()]
    schema = {"type": "array", "title": "Server-sent events, one after the other", "items": {"oneOf": kinds}}
    stream = [
        {"event": name, "data": value.model_dump_json(), **({"id": str(number)} if name in with_id else {})}
        for number, (name, data) in enumerate(events.items(), 1)
        for value in islice(data.values.values(), 1)
    ]
    return {"content": {"text/event-stream": {"schema": schema, "examples": _labelled({"stream": stream})}}}


def problem_responses(*codes: str) -> Responses:
    """Return the responses of an operation that may answer with these problems, and those of every one."""
    by_status: dict[HTTPStatus, list[str]] = {}
    for code in dict.fromkeys((*codes, *OF_ANY_REQUEST)):
        by_status.setdefault(KINDS[code].status, []).append(code)
    return {int(status): _problem_response(status, by_status[status]) for status in sorted(by_status)}


def complete(app: FastAPI) -> None:
    """Add to the application's description what FastAPI leaves out: nulls in examples, and further models."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _, further = models_json_schema(
                [(model, "serialization") for model in FURTHER], ref_template=COMPONENT
            )
            document = plain()
            document["components"]["schemas"] = {**further["$defs"], **document["components"]["schemas"]}
            for example in _examples_in(document):
                example["value"] = json.loads(example["value"])
        return plain()

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's way


def _labelled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return examples, as JSON until FastAPI, which drops nulls, has copied them."""
    return {
        name: {"summary": name.replace("-", " "), "value": json.dumps(value)}
        for name, value in values.items()
    }


def _examples_in(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for operation in (each for methods in document["paths"].values() for each in methods.values()):
        for body in (operation.get("requestBody", {}), *operation["responses"].values()):
            for media_type in body.get("content", {}).values():
                yield from media_type.get("examples", {}).values()


def _event_schema(name: str, model: str, *, ids: bool) -> dict[str, Any]:
    data = {
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": {"$ref": COMPONENT.format(model=model)},
    }
    fields = {"event": {"const": name}, "data": data, **({"id": {"type": "string"}} if ids else {})}
    return {"type": "object", "title": name, "properties": fields, "required": list(fields)}


def _problem_response(status: HTTPStatus, codes: Iterable[str]) -> dict[str, Any]:
    bodies = {code: as_body(code, _details().get(code, f"{KINDS[code].title}.")) for code in codes}
    types = {"enum": [f"{PROBLEMS_PATH}/{code}" for code in bodies]}
    fields = {"properties": {"type": types, "status": {"const": int(status)}}}
    schema = {"allOf": [{"$ref": COMPONENT.format(model=ProblemDetails.__name__)}, fields]}
    response = {
        "description": "; ".join(body["title"] for body in bodies.values()) + ".",
        "content": {"application/problem+json": {"schema": schema, "examples": _labelled(bodies)}},
    }
    return response | ({"headers": RETRY_AFTER} if status is HTTPStatus.SERVICE_UNAVAILABLE else {})


def _details() -> dict[str, str]:
    """Return what the examples say in detail, by code."""
    kinds = ("refused", "backtest.rejected", "strategy.rejected", "chat.failed", "comparison.failed")
    values = [example["value"] for kind in kinds for example in examples().get(kind, ())]
    return {value["code"]: value["detail"] for value in values}


LATE: Final = "The broker keeps the command, and it will be carried out; its reply is late."
PENDING: Final = response(
    Examples(PendingAnswer, {"late": PendingAnswer()}),
    model=PendingAnswer,
    description=LATE,
    headers=LOCATION,
)

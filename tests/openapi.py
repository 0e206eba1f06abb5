"""The description of the HTTP API: what it says of an operation, and whether a response is described."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from jsonschema import Draft202012Validator

JSON = re.compile(r"application/(\w+\+)?json")
NOT_OF_AN_OPERATION = {405}
"""Statuses that say that there is no such operation."""


@dataclass(frozen=True, slots=True)
class Description:
    """An OpenAPI document."""

    document: dict[str, Any]

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield method, path and description of each operation."""
        for path, methods in self.document["paths"].items():
            for method, operation in methods.items():
                yield method, path, operation

    def find(self, method: str, path: str) -> dict[str, Any] | None:
        """Return the operation at a path; a path without parameters comes first."""
        method = {"HEAD": "get"}.get(method, method.lower())
        for template in sorted(self.document["paths"], key=lambda each: each.count("{")):
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
                operation: dict[str, Any] | None = self.document["paths"][template].get(method)
                return operation
        return None

    def errors(self, schema: dict[str, Any], value: Any) -> list[str]:
        """Return what is wrong with a value; JSON inside of strings is checked too."""
        whole = {**schema, "components": self.document["components"]}
        found = [
            f"{each.json_path}: {each.message}" for each in Draft202012Validator(whole).iter_errors(value)
        ]
        for event in value if isinstance(value, list) and "oneOf" in schema.get("items", {}) else ():
            kinds = {kind["title"]: kind["properties"]["data"] for kind in schema["items"]["oneOf"]}
            found += self.errors(kinds[event["event"]]["contentSchema"], json.loads(event["data"]))
        return found

    async def check_whole(self, response: httpx.Response) -> None:
        """Assert that a response of a real gateway is described, its body included."""
        is_json = JSON.fullmatch(response.headers.get("content-type", ""))
        self.check(response, await response.aread() if is_json else None)

    def check(self, response: httpx.Response, body: bytes | None = None) -> None:
        """Assert that a response is described: its status, its media type and, if given, its body."""
        request, status = response.request, response.status_code
        operation = self.find(request.method, request.url.path)
        if operation is None or status in NOT_OF_AN_OPERATION:
            return
        what = f"{request.method} {request.url.path}: {status}"
        assert str(status) in operation["responses"], f"{what} is not described"
        content = operation["responses"][str(status)].get("content", {})
        media_type = response.headers.get("content-type", "").partition(";")[0]
        assert media_type in content or not (media_type or content), f"{what} as {media_type}"
        if body and JSON.fullmatch(media_type):
            assert not self.errors(content[media_type]["schema"], json.loads(body)), what

"""The JSON Schemas of the message types."""

import re
from collections.abc import Iterable
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from backchat_contracts.base import Contract

DIALECT: Final = GenerateJsonSchema.schema_dialect
"""JSON Schema 2020-12."""

_FIRST: Final = ("$schema", "$id", "title", "description", "type", "properties", "required", "$defs")


class _Schemas(GenerateJsonSchema):
    """Without the titles that only repeat a field's name; descriptions are paragraphs, not lines."""

    def field_title_should_be_set(self, _schema: object) -> bool:
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        described = super().model_schema(schema)
        described["description"] = describe(schema["cls"])
        return described


class _Draft07(_Schemas):
    """The dialect that AsyncAPI's own schemas are a superset of: a tuple's items are called `items`."""

    def tuple_schema(self, schema: core_schema.TupleSchema) -> JsonSchemaValue:
        described = super().tuple_schema(schema)
        if "prefixItems" in described:
            described["items"] = described.pop("prefixItems")
        return described


def describe(cls: type[object]) -> str:
    """Return a class's docstring, one line per paragraph."""
    paragraphs = (cls.__doc__ or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def first_sentence(cls: type[object]) -> str:
    return re.split(r"(?<=[.!?])\s", describe(cls), maxsplit=1)[0]


def schema_of(event: type[Contract], type_name: str) -> dict[str, Any]:
    """Return the JSON Schema of what a consumer accepts as this type."""
    schema = event.model_json_schema(schema_generator=_Schemas)
    schema |= {"$schema": DIALECT, "$id": f"urn:backchat:{type_name}"}
    return {key: schema[key] for key in sorted(schema, key=_rank)}


def draft_07_schemas(events: Iterable[type[Contract]], ref_template: str) -> dict[str, Any]:
    """Return the schemas of these types and of all they consist of, by class name."""
    inputs = [(event, "validation") for event in events]
    _, schemas = models_json_schema(inputs, ref_template=ref_template, schema_generator=_Draft07)  # type: ignore[arg-type]
    return dict(schemas["$defs"])


def _rank(key: str) -> tuple[int, str]:
    return (_FIRST.index(key) if key in _FIRST else len(_FIRST), key)

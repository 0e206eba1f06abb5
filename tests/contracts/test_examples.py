"""Every example fits its schema and its class, and our own encoding and decoding."""

import json
from typing import Any

import pytest
from aiokafka import ConsumerRecord
from jsonschema import Draft7Validator, Draft202012Validator
from pydantic import ValidationError

from backchat_contracts.base import Request
from backchat_contracts.catalogue import TYPE_OF
from services.chassis.messaging.decoding import decode
from tests.contracts.conftest import Example

REQUIRED = {"ce_specversion", "ce_id", "ce_type", "ce_source"}


def conforms(value: object, schema: dict[str, Any]) -> bool:
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(schema, format_checker=checker).is_valid(value)


def contains(whole: object, part: object) -> bool:
    """Return whether all that is in `part` is in `whole` too."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            name in whole and contains(whole[name], value) for name, value in part.items()
        )
    if isinstance(part, list):
        return (
            isinstance(whole, list)
            and len(whole) == len(part)
            and all(contains(*pair) for pair in zip(whole, part, strict=True))
        )
    return whole == part


def test_every_type_has_an_example(examples: list[Example]) -> None:
    assert {example.kind for example in examples} == set(TYPE_OF.values())


def test_scenarios_are_told_in_lower_case_words(example: Example) -> None:
    assert example.name.islower()
    assert not set(example.name) & set("_ ")


def test_an_example_fits_its_schema_and_its_class(example: Example) -> None:
    assert conforms(example.value, example.schema)
    example.cls.model_validate(example.value)


def test_nothing_that_an_example_says_is_ignored(example: Example) -> None:
    event = example.cls.model_validate_json(json.dumps(example.value))
    assert contains(event.model_dump(mode="json"), example.value)


def test_what_is_read_can_be_written_and_read_again(example: Example) -> None:
    event = example.cls.model_validate(example.value)
    written = event.model_dump_json()
    assert conforms(json.loads(written), example.schema)
    assert example.cls.model_validate_json(written) == event


def test_unknown_fields_are_ignored_but_in_requests(example: Example) -> None:
    newer = {**example.value, "added_later": {"by": "a newer producer"}}
    if issubclass(example.cls, Request):
        assert not conforms(newer, example.schema)
        with pytest.raises(ValidationError, match="added_later"):
            example.cls.model_validate(newer)
    else:
        assert conforms(newer, example.schema)
        assert example.cls.model_validate(newer) == example.cls.model_validate(example.value)


def test_schema_and_class_agree_on_what_must_be_there(example: Example) -> None:
    for name in example.schema.get("required", []):
        incomplete = {key: value for key, value in example.value.items() if key != name}
        assert not conforms(incomplete, example.schema)
        with pytest.raises(ValidationError, match=name):
            example.cls.model_validate(incomplete)


def test_an_event_is_frozen(example: Example) -> None:
    event = example.cls.model_validate(example.value)
    with pytest.raises(ValidationError, match="frozen"):
        setattr(event, next(iter(example.cls.model_fields)), "changed")


def test_the_headers_are_those_of_a_cloud_event(example: Example, header_schema: dict[str, Any]) -> None:
    Draft7Validator(header_schema).validate(example.headers)
    assert set(example.headers) >= REQUIRED
    assert example.headers["ce_type"] == example.kind


def test_only_headers_that_are_described_are_shown(example: Example, header_schema: dict[str, Any]) -> None:
    assert set(example.headers) <= set(header_schema["properties"])


def test_the_key_is_the_key_field(example: Example) -> None:
    event = example.cls.model_validate(example.value)
    assert example.key == (getattr(event, example.topic.key) if example.topic else None)
    assert example.headers.get("ce_subject") in (None, example.key)


def test_our_services_can_read_the_envelope(example: Example) -> None:
    record = ConsumerRecord(
        topic=example.kind,
        partition=0,
        offset=0,
        timestamp=0,
        timestamp_type=0,
        key=example.key and example.key.encode(),
        value=json.dumps(example.value).encode(),
        checksum=None,
        serialized_key_size=0,
        serialized_value_size=0,
        headers=[(name, text.encode()) for name, text in example.headers.items()],
    )
    delivery = decode(record)
    assert (delivery.id, delivery.type) == (example.headers["ce_id"], example.kind)
    assert (delivery.reply_address is not None) == ("reply_to" in example.headers)
    assert example.cls.model_validate_json(delivery.value)

"""CloudEvents 1.0 read from Kafka records, in binary mode (`ce_` headers) and in structured mode (JSON).

Source: https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/kafka-protocol-binding.md
"""

import json
import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Any, Final

from aiokafka import ConsumerRecord
from pydantic_core import from_json, to_json

from backchat_contracts import REPLIES_TOPIC
from services.chassis.messaging.envelope import (
    CONTENT_TYPE,
    CORRELATION_ID,
    DEGRADED,
    PART,
    REPLY_PARTITION,
    REPLY_TO,
    STRUCTURED,
    TRACEPARENT,
    Delivery,
    Origin,
    ReplyAddress,
)

REQUIRED: Final = ("specversion", "id", "type", "source")
ATTRIBUTES: Final = (*REQUIRED, "sequence")
READ: Final = {
    CONTENT_TYPE,
    CORRELATION_ID,
    DEGRADED,
    PART,
    REPLY_TO,
    REPLY_PARTITION,
    *map("ce_{}".format, ATTRIBUTES),
}
"""The headers that must be readable. `traceparent` need not: a trace that can't be continued begins anew."""
_TRACEPARENT: Final = re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")
_WHOLE: Final = re.compile(r"[0-9]{1,18}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class MalformedRecordError(ValueError):
    """A record without the attributes, the type or the JSON that its topic asks for."""


def decode(record: ConsumerRecord[Any, Any], expected: str | None = None) -> Delivery:
    """Read a record's envelope. Raises MalformedRecordError."""
    headers = _read_headers(record)
    media_type = headers.get(CONTENT_TYPE, "").partition(";")[0].strip().lower()
    if media_type == STRUCTURED:
        attributes, value = _structured(record.value)
        named = "the attribute {}"
    elif media_type.startswith("application/cloudevents"):
        raise MalformedRecordError(f"content-type {media_type!r} is not understood, {STRUCTURED!r} is")
    else:
        attributes = {name: headers.get(f"ce_{name}") for name in ATTRIBUTES}
        value, named = record.value or b"", "the header ce_{}"
    _check(attributes, named, expected)
    event_id, sequence = attributes["id"], attributes.get("sequence")
    correlation_id = headers.get(CORRELATION_ID) or event_id
    return Delivery(
        id=event_id,
        type=attributes["type"],
        sequence=None if sequence is None else _whole(sequence, named.format("sequence")),
        origin=Origin(correlation_id, _traceparent(record, attributes)),
        reply_address=_reply_address(headers, correlation_id),
        value=value,
        part=_part(headers),
        degraded=_degraded(headers),
    )


def _read_headers(record: ConsumerRecord[Any, Any]) -> dict[str, str]:
    """Return the headers that are read; one without a value is not there."""
    headers: dict[str, str] = {}
    for name, value in record.headers:
        if (lower := name.lower()) in READ and value is not None:
            try:
                headers[lower] = _plain(value.decode(), f"the header {name}")
            except UnicodeDecodeError as error:
                raise MalformedRecordError(f"the header {name} is not UTF-8: {value[:100]!r}") from error
    return headers


def _structured(value: bytes | None) -> tuple[dict[str, Any], bytes]:
    """Return the attributes of an event in structured mode, and its data as JSON."""
    try:
        event = from_json(value or b"")
        attributes = {name: each for name, each in event.items() if each is not None}
        encoded = attributes.get("data_base64")
        data = to_json(event.get("data")) if encoded is None else b64decode(encoded, validate=True)
    except (AttributeError, TypeError, ValueError) as error:
        raise MalformedRecordError(
            f"content-type is {STRUCTURED}, but the value is no CloudEvent 1.0 in JSON: {error}"
        ) from error
    return attributes, data


def _check(attributes: Mapping[str, Any], named: str, expected: str | None) -> None:
    for name in REQUIRED:
        value, label = attributes.get(name), named.format(name)
        if not (isinstance(value, str) and value):
            raise MalformedRecordError(
                f"{label} is missing: expected are the attributes {', '.join(REQUIRED)} of CloudEvents 1.0, "
                f"as ce_ headers beside plain JSON, or in the value with content-type {STRUCTURED}"
            )
        _plain(value, label)
    version, kind = attributes["specversion"], attributes["type"]
    if version != "1.0":
        raise MalformedRecordError(f"{named.format('specversion')} is {version!r}, expected is '1.0'")
    if expected not in {None, kind}:  # another major version, for one
        label = named.format("type")
        raise MalformedRecordError(f"{label} is {kind!r}, expected on this topic is {expected!r}")


def _plain(value: str, label: str) -> str:
    if found := _CONTROL.search(value):
        raise MalformedRecordError(f"{label} has the control character U+{ord(found[0]):04X}")
    return value


def _whole(value: object, label: str) -> int:
    if not _WHOLE.fullmatch(text := str(value)):
        raise MalformedRecordError(f"{label} is {text[:100]!r}, expected is a whole number")
    return int(text)


def _traceparent(record: ConsumerRecord[Any, Any], attributes: Mapping[str, Any]) -> str | None:
    """Return the trace context (https://www.w3.org/TR/trace-context/), None where there is no valid one."""
    given = dict(record.headers).get(TRACEPARENT) or str(attributes.get(TRACEPARENT, "")).encode()
    return given.decode() if _TRACEPARENT.fullmatch(given) else None


def _part(headers: Mapping[str, str]) -> tuple[int, int] | None:
    if PART not in headers:
        return None
    number, _, count = headers[PART].partition("/")
    return _whole(number, f"the header {PART}"), _whole(count, f"the header {PART}")


def _reply_address(headers: Mapping[str, str], correlation_id: str) -> ReplyAddress | None:
    if headers.get(REPLY_TO) != REPLIES_TOPIC:  # no request makes us write to another topic
        return None
    if REPLY_PARTITION not in headers:
        raise MalformedRecordError(f"the header {REPLY_PARTITION} is missing beside {REPLY_TO}")
    partition = _whole(headers[REPLY_PARTITION], f"the header {REPLY_PARTITION}")
    return ReplyAddress(REPLIES_TOPIC, partition, correlation_id)


def _degraded(headers: Mapping[str, str]) -> tuple[str, ...]:
    """Read what a reply says that its service does without; what can't be read is nothing worth a failure."""
    try:
        names = json.loads(headers.get(DEGRADED, "[]"))
    except (ValueError, RecursionError):
        return ()
    return tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()

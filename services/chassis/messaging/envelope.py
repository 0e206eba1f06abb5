"""CloudEvents 1.0 on Kafka: sent in binary mode (`ce_` headers, JSON as the value), read in both modes.

Source: https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/kafka-protocol-binding.md
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final, Self
from uuid import uuid4

from aiokafka import ConsumerRecord
from cloudevents.core.base import BaseCloudEvent, EventFactory
from cloudevents.core.bindings import kafka as binding
from cloudevents.core.formats.base import Format
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from pydantic_core import to_json

from backchat_contracts import BY_EVENT, REPLIES_TOPIC, Contract
from backchat_contracts.catalogue import TYPE_OF

REPLY_TO: Final = "reply_to"
REPLY_PARTITION: Final = "reply_partition"
CORRELATION_ID: Final = "correlation_id"
TRACEPARENT: Final = "traceparent"
CONTENT_TYPE: Final = "content-type"

REQUIRED: Final = ("specversion", "id", "type", "source")
OPTIONAL: Final = ("sequence",)
READ: Final = {f"ce_{name}" for name in (*REQUIRED, *OPTIONAL)} | {
    CONTENT_TYPE,
    CORRELATION_ID,
    REPLY_TO,
    REPLY_PARTITION,
}
"""The headers that must be readable. `traceparent` need not: a trace that can't be continued begins anew."""
STRUCTURED: Final = "application/cloudevents+json"
_TRACEPARENT: Final = re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class _Opaque(Format):
    """Leaves the value as bytes: pydantic writes the JSON. It is used for writing in binary mode only."""

    def read_data(self, _body: str | bytes, _datacontenttype: str | None) -> Any:  # noqa: ANN401
        raise AssertionError("for writing only")

    def write_data(self, data: Any, _datacontenttype: str | None) -> bytes:  # noqa: ANN401
        return data  # type: ignore[no-any-return]

    def read(self, _event_factory: EventFactory | None, _data: str | bytes) -> BaseCloudEvent:
        raise AssertionError("for writing only")

    def write(self, _event: BaseCloudEvent) -> bytes:
        raise AssertionError("binary mode only")

    def get_content_type(self) -> str:
        return STRUCTURED


_OPAQUE = _Opaque()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a message comes from: stored with the work it causes, and sent with every event of that work."""

    correlation_id: str = field(default_factory=lambda: str(uuid4()))
    traceparent: str | None = None


def origin_of(document: Mapping[str, Any]) -> Origin:
    """Read the origin that a document was stored with."""
    return Origin(**document["origin"]) if "origin" in document else Origin()


@dataclass(frozen=True, slots=True)
class ReplyAddress:
    """Where the answer to a request is to be sent."""

    topic: str
    partition: int
    correlation_id: str


def address_of(document: Mapping[str, Any]) -> ReplyAddress | None:
    """Read the reply address that a document was stored with."""
    address = document.get("reply_address")
    return ReplyAddress(**address) if address else None


def digest_of(message: Contract, *, exclude: set[str]) -> str:
    """Return a digest of a message's content: the same id with another digest is another request."""
    return sha256(message.model_dump_json(exclude=exclude).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Record:
    """A message ready to be sent; also what an outbox keeps."""

    id: str
    topic: str
    key: str | None
    value: bytes
    headers: Mapping[str, str]
    partition: int | None = None

    def to_document(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "topic": self.topic,
            "key": self.key,
            "value": self.value.decode(),
            "headers": dict(self.headers),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        return cls(
            id=document["id"],
            topic=document["topic"],
            key=document["key"],
            value=document["value"].encode(),
            headers=document["headers"],
        )


def encode(
    event: Contract,
    *,
    source: str,
    origin: Origin,
    sequence: int | None = None,
    reply_address: ReplyAddress | None = None,
) -> Record:
    """Make the record of an event: its topic and key are those of the catalogue.

    Args:
        event: any class of the catalogue.
        source: the publishing service.
        origin: of the request that causes the event.
        sequence: the aggregate's number of this event, from 1; consumers drop what is not newer.
        reply_address: where to answer a request.

    """
    topic = BY_EVENT[type(event)]
    key = getattr(event, topic.key)
    extra = {CORRELATION_ID: origin.correlation_id}
    if reply_address:
        extra |= {REPLY_TO: reply_address.topic, REPLY_PARTITION: str(reply_address.partition)}
    return _record(event, source, topic.name, key, None, origin.traceparent, sequence, extra)


def encode_reply(event: Contract, *, source: str, to: ReplyAddress) -> Record:
    """Make the record that answers the request with this reply address."""
    extra = {CORRELATION_ID: to.correlation_id}
    return _record(event, source, to.topic, None, to.partition, None, None, extra)


def _record(
    event: Contract,
    source: str,
    topic: str,
    key: str | None,
    partition: int | None,
    traceparent: str | None,
    sequence: int | None,
    extra: dict[str, str],
) -> Record:
    event_id = str(uuid4())
    attributes: dict[str, Any] = {
        "specversion": "1.0",
        "id": event_id,
        "type": TYPE_OF[type(event)],
        "source": f"/backchat/{source}",
        "time": datetime.now(UTC),
        "datacontenttype": "application/json",
    }
    if key is not None:
        attributes["subject"] = key
    if sequence is not None:
        attributes["sequence"] = str(sequence)
    message = binding.to_binary(CloudEvent(attributes, event.model_dump_json().encode()), _OPAQUE)
    headers = {name: value.decode() for name, value in message.headers.items()} | extra
    if traceparent:
        headers[TRACEPARENT] = traceparent
    return Record(event_id, topic, key, message.value, headers, partition)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as it was received: the attributes of its envelope, and its value as it is."""

    id: str
    type: str
    sequence: int | None
    origin: Origin
    reply_address: ReplyAddress | None
    value: bytes

    def lineage(self) -> dict[str, Any]:
        """Return what a document keeps of its cause, to be read by `origin_of` and `address_of`."""
        return {
            "origin": asdict(self.origin),
            "reply_address": asdict(self.reply_address) if self.reply_address else None,
        }


class MalformedRecordError(ValueError):
    """A record without the attributes or the JSON that its topic asks for."""


def decode(record: ConsumerRecord[Any, Any], expected: str | None = None) -> Delivery:
    """Read a record's envelope.

    Raises:
        MalformedRecordError: an attribute is missing or unreadable, or the type is not the expected one.

    """
    headers = _read_headers(record)
    media_type = headers.get(CONTENT_TYPE, "").partition(";")[0].strip().lower()
    if media_type == STRUCTURED:
        attributes, value = _structured(record.value)
        named = "the attribute {}"
    elif media_type.startswith("application/cloudevents"):
        raise MalformedRecordError(f"content-type {media_type!r} is not understood, {STRUCTURED!r} is")
    else:
        attributes = {name: headers.get(f"ce_{name}") for name in (*REQUIRED, *OPTIONAL)}
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
        event = JSONFormat().read(CloudEvent, value or b"")
    except Exception as error:  # the library lets anything out
        raise MalformedRecordError(
            f"content-type is {STRUCTURED}, but the value is no CloudEvent 1.0 in JSON: {error}"
        ) from error
    data = event.get_data()
    return event.get_attributes(), data if isinstance(data, bytes) else to_json(data)


def _check(attributes: Mapping[str, Any], named: str, expected: str | None) -> None:
    for name in REQUIRED:
        value, label = attributes.get(name), named.format(name)
        if not (isinstance(value, str) and value):
            raise MalformedRecordError(
                f"{label} is missing: expected are the attributes {', '.join(REQUIRED)} of CloudEvents 1.0, "
                f"as ce_ headers beside plain JSON, or in the value with content-type {STRUCTURED}"
            )
        _plain(value, label)
    if attributes["specversion"] != "1.0":
        label, version = named.format("specversion"), attributes["specversion"]
        raise MalformedRecordError(f"{label} is {version!r}, expected is '1.0'")
    if expected not in {None, attributes["type"]}:  # another major version, for one
        label, kind = named.format("type"), attributes["type"]
        raise MalformedRecordError(f"{label} is {kind!r}, expected on this topic is {expected!r}")


def _plain(value: str, label: str) -> str:
    if found := _CONTROL.search(value):
        raise MalformedRecordError(f"{label} has the control character U+{ord(found[0]):04X}")
    return value


def _whole(value: object, label: str) -> int:
    try:
        return int(str(value))
    except ValueError as error:
        raise MalformedRecordError(f"{label} is {str(value)[:100]!r}, expected is a whole number") from error


def _traceparent(record: ConsumerRecord[Any, Any], attributes: Mapping[str, Any]) -> str | None:
    """Return the trace context (https://www.w3.org/TR/trace-context/), None where there is no valid one."""
    given = dict(record.headers).get(TRACEPARENT) or str(attributes.get(TRACEPARENT, "")).encode()
    return given.decode() if _TRACEPARENT.fullmatch(given) else None


def _reply_address(headers: Mapping[str, str], correlation_id: str) -> ReplyAddress | None:
    if headers.get(REPLY_TO) != REPLIES_TOPIC:  # no request makes us write to another topic
        return None
    if REPLY_PARTITION not in headers:
        raise MalformedRecordError(f"the header {REPLY_PARTITION} is missing beside {REPLY_TO}")
    partition = _whole(headers[REPLY_PARTITION], f"the header {REPLY_PARTITION}")
    return ReplyAddress(REPLIES_TOPIC, partition, correlation_id)

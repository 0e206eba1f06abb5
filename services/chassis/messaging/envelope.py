"""CloudEvents 1.0 on Kafka: events made into records, in binary mode (`ce_` headers, JSON as the value).

Source: https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/kafka-protocol-binding.md
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final, Self
from uuid import uuid4

from backchat_contracts import BY_EVENT, Contract
from backchat_contracts.catalogue import TYPE_OF

REPLY_TO: Final = "reply_to"
REPLY_PARTITION: Final = "reply_partition"
CORRELATION_ID: Final = "correlation_id"
TRACEPARENT: Final = "traceparent"
REPUBLISHED: Final = "republished"
PART: Final = "part"
"""The number of a part of a reply, and how many there are: `2/3`."""
DEGRADED: Final = "degraded"
"""In a reply: what the service does without at present, as a JSON list of names."""
CONTENT_TYPE: Final = "content-type"

STRUCTURED: Final = "application/cloudevents+json"


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


@dataclass(frozen=True, slots=True)
class Encoded:
    """A message that is kept as it is sent: its class, and its JSON."""

    event: type[Contract]
    value: bytes

    @classmethod
    def of(cls, event: Contract) -> Self:
        return cls(type(event), event.model_dump_json().encode())


def encode(
    event: Contract,
    *,
    source: str,
    origin: Origin,
    sequence: int | None = None,
    reply_address: ReplyAddress | None = None,
    republished: bool = False,
) -> Record:
    """Make the record of an event: its topic and key are those of the catalogue.

    Args:
        event: any class of the catalogue.
        source: the publishing service.
        origin: of the request that causes the event.
        sequence: the aggregate's number of this event, from 1; consumers drop what is not newer.
        reply_address: where to answer a request.
        republished: whether the event is of the past, and is published again for a read model to be rebuilt.

    """
    topic = BY_EVENT[type(event)]
    key: str | None = getattr(event, topic.key)
    headers = {
        "ce_subject": key,
        "ce_sequence": None if sequence is None else str(sequence),
        CORRELATION_ID: origin.correlation_id,
        REPLY_TO: reply_address.topic if reply_address else None,
        REPLY_PARTITION: str(reply_address.partition) if reply_address else None,
        REPUBLISHED: "true" if republished else None,
        TRACEPARENT: origin.traceparent,
    }
    return _record(Encoded.of(event), source, topic.name, headers, key=key)


def encode_reply(
    answer: Contract | Encoded, *, source: str, to: ReplyAddress, largest: int, degraded: Sequence[str] = ()
) -> list[Record]:
    """Make the records that answer the request with this reply address, in order.

    It is one, or several of which each has a part of the value: no value has more than `largest` bytes.
    `degraded` names what the service does without at present.
    """
    encoded = answer if isinstance(answer, Encoded) else Encoded.of(answer)
    headers = {CORRELATION_ID: to.correlation_id, DEGRADED: json.dumps(degraded) if degraded else None}
    whole = _record(encoded, source, to.topic, headers, partition=to.partition)
    values = [whole.value[start : start + largest] for start in range(0, len(whole.value), largest)]
    if len(values) == 1:
        return [whole]
    return [
        replace(whole, value=value, headers={**whole.headers, PART: f"{number}/{len(values)}"})
        for number, value in enumerate(values, 1)
    ]


def _record(
    encoded: Encoded,
    source: str,
    topic: str,
    headers: Mapping[str, str | None],
    *,
    key: str | None = None,
    partition: int | None = None,
) -> Record:
    """Make a record with these headers, as far as they have a value, and those that every event has."""
    event_id = str(uuid4())
    given = {name: value for name, value in headers.items() if value is not None}
    required = {
        "ce_specversion": "1.0",
        "ce_id": event_id,
        "ce_type": TYPE_OF[encoded.event],
        "ce_source": f"/backchat/{source}",
        "ce_time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}Z",
        CONTENT_TYPE: "application/json",
    }
    return Record(event_id, topic, key, encoded.value, required | given, partition)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as it was received: the attributes of its envelope, and its value as it is."""

    id: str
    type: str
    sequence: int | None
    origin: Origin
    reply_address: ReplyAddress | None
    value: bytes
    part: tuple[int, int] | None = None
    """Which part of a reply it is, from 1, and how many there are."""
    degraded: tuple[str, ...] = ()
    """What the service that replies does without at present."""

    def lineage(self) -> dict[str, Any]:
        """Return what a document keeps of its cause, to be read by `origin_of` and `address_of`."""
        return {
            "origin": asdict(self.origin),
            "reply_address": asdict(self.reply_address) if self.reply_address else None,
        }

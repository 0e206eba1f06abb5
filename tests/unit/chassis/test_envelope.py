"""The envelope: what the headers of a record say."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from backchat_contracts import ChatStreamed, Refused, SessionCreated
from services.chassis.messaging.decoding import decode
from services.chassis.messaging.envelope import (
    DEGRADED,
    Delivery,
    Origin,
    Record,
    ReplyAddress,
    address_of,
    encode,
    encode_reply,
    origin_of,
)
from tests.builders import consumed, delivery, new_id, session_requested

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_an_encoded_event_is_decoded_as_it_was() -> None:
    origin = Origin(new_id(), TRACEPARENT)
    address = ReplyAddress("gateway.replies", 5, origin.correlation_id)
    event = session_requested(user_id="김퀀트")
    record = encode(event, source="gateway", origin=origin, sequence=7, reply_address=address)

    assert decode(consumed(record)) == Delivery(
        id=record.id,
        type="session.requested",
        sequence=7,
        origin=origin,
        reply_address=address,
        value=event.model_dump_json().encode(),
    )


def test_topic_and_key_are_the_catalogues_and_attributes_stand_in_headers() -> None:
    event = session_requested()
    record = encode(event, source="gateway", origin=Origin("c-1", TRACEPARENT), sequence=3)

    assert (record.topic, record.key, record.partition) == ("session.requested", event.session_id, None)
    assert json.loads(record.value) == event.model_dump(mode="json")
    sent_at = record.headers["ce_time"]
    assert datetime.now(UTC) - datetime.fromisoformat(sent_at) < timedelta(minutes=1)
    assert dict(record.headers) == {
        "ce_specversion": "1.0",
        "ce_id": record.id,
        "ce_type": "session.requested",
        "ce_source": "/backchat/gateway",
        "ce_subject": event.session_id,
        "ce_sequence": "3",
        "ce_time": sent_at,
        "content-type": "application/json",
        "correlation_id": "c-1",
        "traceparent": TRACEPARENT,
    }


def test_headers_that_tell_nothing_are_left_out() -> None:
    headers = encode(session_requested(), source="gateway", origin=Origin("c-1")).headers

    assert not {"ce_sequence", "traceparent", "reply_to", "reply_partition"} & headers.keys()


def test_every_event_has_an_id_of_its_own() -> None:
    event, origin = session_requested(), Origin()

    assert len({encode(event, source="gateway", origin=origin).id for _ in range(3)}) == 3


def test_a_reply_goes_to_the_requesters_partition_without_a_key() -> None:
    to = ReplyAddress("gateway.replies", 6, "c-9")
    (record,) = encode_reply(Refused(code="no", detail="because"), source="session", to=to, largest=1000)

    assert (record.topic, record.partition, record.key) == ("gateway.replies", 6, None)
    assert record.headers["ce_type"] == "refused"
    assert decode(consumed(record)).origin.correlation_id == "c-9"


def test_what_travels_as_a_reply_alone_has_its_type_too() -> None:
    piece = ChatStreamed(turn_id="t", session_id="s", index=0, delta="안")

    address = ReplyAddress("gateway.replies", 0, "c")
    (encoded,) = encode_reply(piece, source="session", to=address, largest=1000)
    assert decode(consumed(encoded)).type == "chat.streamed"


def test_a_large_reply_goes_in_parts_that_say_which_they_are() -> None:
    refused = Refused(code="odd", detail="가" * 1000)
    to = ReplyAddress("gateway.replies", 6, "c-9")
    records = encode_reply(refused, source="session", to=to, largest=1000)

    parts = [decode(consumed(record)) for record in records]
    assert [part.part for part in parts] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert max(len(part.value) for part in parts) == 1000
    assert b"".join(part.value for part in parts) == refused.model_dump_json().encode()
    assert {record.partition for record in records} == {6}
    assert {part.type for part in parts} == {"refused"}


def test_a_record_survives_its_stay_in_an_outbox() -> None:
    event = SessionCreated.model_validate(
        {**session_requested().model_dump(), "created_at": datetime.now(UTC)}
    )
    record = encode(event, source="session", origin=Origin("c", TRACEPARENT), sequence=1)

    assert Record.from_document(json.loads(json.dumps(record.to_document()))) == record


def test_a_document_leads_back_to_what_caused_it() -> None:
    cause = delivery()

    assert origin_of(cause.lineage()) == cause.origin
    assert address_of(cause.lineage()) == cause.reply_address


def test_a_document_without_a_requester_has_no_address() -> None:
    assert address_of(delivery(answered=False).lineage()) is None
    assert address_of({}) is None
    assert origin_of({}).traceparent is None


@pytest.mark.parametrize("degraded", [(), ("language model 하나", "a, b")])
def test_a_reply_says_what_its_service_does_without(degraded: tuple[str, ...]) -> None:
    to = ReplyAddress("gateway.replies", 5, "c-1")
    answer = Refused(code="session-not-found", detail="no such session")
    (record,) = encode_reply(answer, source="session", to=to, largest=1000, degraded=degraded)
    assert decode(consumed(record)).degraded == degraded


@pytest.mark.parametrize("header", ["[", "5", "null", '{"a": 1}', "[1, null]", "[" * 50_000])
def test_what_says_nothing_readable_of_that_says_nothing(header: str) -> None:
    to = ReplyAddress("gateway.replies", 5, "c-1")
    answer = Refused(code="session-not-found", detail="no such session")
    (record,) = encode_reply(answer, source="session", to=to, largest=1000)
    sent = replace(record, headers={**record.headers, DEGRADED: header})
    assert decode(consumed(sent)).degraded == ()

"""Decoding: which headers a record needs, what may be left out, and what an error names."""

import json
import re
from base64 import b64encode
from typing import Any

import pytest

from services.chassis.messaging.decoding import MalformedRecordError, decode
from services.chassis.messaging.envelope import Delivery, Origin, ReplyAddress
from tests.builders import raw_record

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
MINIMAL = {
    "ce_specversion": "1.0",
    "ce_id": "e-1",
    "ce_type": "backtest.requested",
    "ce_source": "/elsewhere",
}


def from_a_foreign_producer(**changes: str | None) -> Delivery:
    """Decode a record that has the least that CloudEvents asks for, with these headers changed."""
    headers = {**MINIMAL, **changes}
    return decode(raw_record([(k, v.encode()) for k, v in headers.items() if v is not None], b'{"a": 1}'))


def test_a_foreign_producer_needs_four_headers_and_json() -> None:
    came = from_a_foreign_producer()

    assert came == Delivery("e-1", "backtest.requested", None, Origin("e-1", None), None, b'{"a": 1}')


def test_without_a_correlation_id_the_events_own_id_stands_for_it() -> None:
    came = from_a_foreign_producer(reply_to="gateway.replies", reply_partition="2")

    assert came.reply_address == ReplyAddress("gateway.replies", 2, "e-1")


def test_no_request_can_have_replies_sent_to_another_topic() -> None:
    assert from_a_foreign_producer(reply_to="backtest.completed", reply_partition="2").reply_address is None


def test_headers_of_other_systems_are_ignored() -> None:
    assert (
        from_a_foreign_producer(ce_tenant="x", something="else", ce_time="2026-03-02T09:30:00Z").id == "e-1"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("other", b"\xff"),
        ("other", None),
        ("ce_time", b"yesterday"),
        ("ce_subject", b"\xff"),
        ("ce_my-own", b"x"),
        ("traceparent", None),
        ("traceparent", b"\xff"),
        ("traceparent", b"no trace"),
        ("correlation_id", None),
        ("reply_to", None),
        ("ce_sequence", None),
    ],
)
def test_a_header_that_is_not_needed_disturbs_nothing(name: str, value: bytes | None) -> None:
    needed = [(key, text.encode()) for key, text in MINIMAL.items()]
    came = decode(raw_record([*needed, (name, value)], b'{"a": 1}'))

    assert came == Delivery("e-1", "backtest.requested", None, Origin("e-1", None), None, b'{"a": 1}')


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ce_id": None}, "the header ce_id is missing"),
        ({"ce_id": ""}, "the header ce_id is missing"),
        ({"ce_source": None}, "the header ce_source is missing: expected are the attributes specversion, id"),
        ({"ce_specversion": "0.3"}, "the header ce_specversion is '0.3', expected is '1.0'"),
        ({"ce_sequence": "many"}, "the header ce_sequence is 'many', expected is a whole number"),
        ({"ce_sequence": "1_000"}, "the header ce_sequence is '1_000', expected is a whole number"),
        ({"ce_sequence": " 7 "}, "the header ce_sequence is ' 7 ', expected is a whole number"),
        ({"ce_sequence": "-5"}, "the header ce_sequence is '-5', expected is a whole number"),
        ({"ce_sequence": 40 * "9"}, f"the header ce_sequence is '{40 * '9'}', expected is a whole number"),
        ({"ce_id": "a\x1b[31m"}, "the header ce_id has the control character U+001B"),
        ({"correlation_id": "a\n"}, "the header correlation_id has the control character U+000A"),
        ({"reply_to": "gateway.replies"}, "the header reply_partition is missing beside reply_to"),
        ({"content-type": "application/cloudevents-batch+json"}, "'application/cloudevents+json' is"),
    ],
)
def test_an_error_names_the_header_and_what_is_expected(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(MalformedRecordError) as malformed:
        from_a_foreign_producer(**changes)
    assert said in str(malformed.value)


def test_another_type_than_the_topics_is_malformed() -> None:
    headers = [(name, value.encode()) for name, value in MINIMAL.items()]
    with pytest.raises(MalformedRecordError, match=r"is 'backtest.requested', expected on this topic is 'x'"):
        decode(raw_record(headers, b"{}"), expected="x")


STRUCTURED = {
    "specversion": "1.0",
    "id": "e-1",
    "type": "backtest.requested",
    "source": "/elsewhere",
    "time": "2026-03-02T09:30:00Z",
    "sequence": "4",
    "traceparent": TRACEPARENT,
    "myown": "x",
    "data": {"이름": [1, 2.5, None]},
}


def structured(value: object, content_type: str = "application/cloudevents+json", **headers: str) -> Delivery:
    given = {"content-type": content_type, **headers}
    return decode(raw_record([(k, v.encode()) for k, v in given.items()], json.dumps(value).encode()))


@pytest.mark.parametrize(
    "content_type", ["application/cloudevents+json; charset=UTF-8", "Application/CloudEvents+JSON"]
)
def test_an_event_in_structured_mode_is_understood(content_type: str) -> None:
    came = structured(STRUCTURED, content_type, reply_to="gateway.replies", reply_partition="2")

    assert json.loads(came.value) == STRUCTURED["data"]
    assert (came.id, came.type, came.sequence) == ("e-1", "backtest.requested", 4)
    assert came.origin == Origin("e-1", TRACEPARENT)
    assert came.reply_address == ReplyAddress("gateway.replies", 2, "e-1")


def test_structured_data_may_be_in_base64() -> None:
    encoded = {**STRUCTURED, "data": None, "data_base64": b64encode(b'{"a": 1}').decode()}
    assert structured(encoded).value == b'{"a": 1}'


@pytest.mark.parametrize(
    "other",
    [
        *({"time": value} for value in ("yesterday", "2026-01-01", None, 7, float("inf"))),
        *({"subject": value} for value in ("", None)),
        *({name: None} for name in ("dataschema", "datacontenttype", "sequence", "traceparent")),
        {"my_ext": 1, "MyExt": None},
    ],
    ids=str,
)
def test_an_attribute_that_is_not_needed_disturbs_nothing(other: dict[str, Any]) -> None:
    needed = {name: STRUCTURED[name] for name in ("specversion", "id", "type", "source")}
    came = structured({**needed, "data": {"a": 1}, **other})

    assert came == Delivery("e-1", "backtest.requested", None, Origin("e-1", None), None, b'{"a":1}')


@pytest.mark.parametrize(
    ("value", "said"),
    [
        *(({**STRUCTURED, "data_base64": value}, "no CloudEvent") for value in ("?", "YQ", 7, ["YQ=="], "é")),
        ([], "no CloudEvent 1.0 in JSON"),
        ("text", "no CloudEvent 1.0 in JSON"),
        ({**STRUCTURED, "id": None}, "id"),
        ({key: value for key, value in STRUCTURED.items() if key != "source"}, "source"),
        ({**STRUCTURED, "specversion": "0.3"}, "specversion"),
        ({**STRUCTURED, "sequence": "many"}, "the attribute sequence is 'many', expected is a whole number"),
        *(
            ({**STRUCTURED, name: "\ud800"}, "hex escape")
            for name in ("id", "subject", "myown", "traceparent")
        ),
        ({**STRUCTURED, "data": {"name": ["a\udc80"]}}, "hex escape"),
        ({**STRUCTURED, "data": {"\ud83d": 1}}, "hex escape"),
    ],
)
def test_what_is_wrong_in_structured_mode_is_named(value: object, said: str) -> None:
    with pytest.raises(MalformedRecordError, match=re.escape(said)):
        structured(value)


@pytest.mark.parametrize(
    "changes",
    [
        {"ce_id": None},
        {"ce_type": None},
        {"ce_source": None},
        {"ce_id": ""},
        {"ce_specversion": "9.9"},
        {"ce_sequence": "many"},
        {"reply_to": "gateway.replies"},
        {"reply_to": "gateway.replies", "reply_partition": "first"},
    ],
    ids=lambda changes: ",".join(f"{k}={v}" for k, v in changes.items()),
)
def test_a_record_that_is_no_cloudevent_is_malformed(changes: dict[str, Any]) -> None:
    with pytest.raises(MalformedRecordError):
        from_a_foreign_producer(**changes)


@pytest.mark.parametrize("headers", [[], [("ce_id", b"\xff\xfe")], [("ce_id", None)]])
def test_headers_that_cannot_be_read_are_malformed(headers: list[tuple[str, Any]]) -> None:
    with pytest.raises(MalformedRecordError):
        decode(raw_record(headers))


def test_a_record_without_a_value_can_be_decoded() -> None:
    headers = [(name, value.encode()) for name, value in MINIMAL.items()]

    assert decode(raw_record(headers, None)).value == b""

"""A command that can be read and not accepted: its publisher hears why, on the topic of its rejections."""

import json
from typing import Any

import pytest
from aiokafka import ConsumerRecord

from backchat_contracts import BacktestRejected, Refused, SessionRejected, SessionRequested, StrategyRejected
from services.chassis.errors import RefusalError, RequestMismatchError
from services.chassis.messaging.decoding import MalformedRecordError
from services.chassis.messaging.envelope import Delivery, Origin, ReplyAddress, encode
from services.chassis.messaging.middleware import rejection_of
from services.chassis.messaging.routing import EventMessage, InvalidEventError, decode_event
from services.session.errors import TurnInProgressError
from tests.builders import consumed, raw_record, session_requested
from tests.fakes import FakeKafka
from tests.pipeline import Handle, pipeline, router_to

pytestmark = pytest.mark.anyio

TO = ReplyAddress("gateway.replies", 4, "c-1")


async def taken(handle: Handle, record: ConsumerRecord[Any, Any]) -> FakeKafka:
    """Let a record be handled, and return the broker with all that was sent."""
    kafka = FakeKafka("session", kafka_handler_attempts=1)
    async with pipeline(kafka, router_to(handle)) as subscribed:
        await subscribed.consumer.consume((record,))
        await subscribed.consumer.handled()
    return kafka


def request(value: dict[str, Any], to: ReplyAddress | None = None) -> ConsumerRecord[Any, Any]:
    """Return a record of `session.requested` with any value."""
    origin = Origin(to.correlation_id if to else "c-2")
    headers = consumed(encode(session_requested(), source="x", origin=origin, reply_address=to)).headers
    return raw_record(list(headers), json.dumps(value).encode(), topic="session.requested")


async def never(_event: SessionRequested, _delivery: Delivery) -> None:
    raise AssertionError("nothing to handle")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"user_id": "a/b"}, "user_id: An id, which is a segment of a URL, may not contain U+002F (SOLIDUS)"),
        ({"usr_id": "kim"}, "usr_id: Extra inputs are not permitted"),
        ({"user_id": 7}, "user_id: Input should be a valid string"),
        (
            {"user_id": None, "x": 1},
            "user_id: Input should be a valid string; x: Extra inputs are not permitted",
        ),
    ],
)
async def test_the_publisher_hears_what_is_wrong(fields: dict[str, Any], said: str) -> None:
    kafka = await taken(never, request({"session_id": "s-1", **fields}))

    (told,) = kafka.sent
    assert (told.topic, told.key, told.headers["correlation_id"]) == ("session.rejected", "s-1", "c-2")
    expected = SessionRejected(session_id="s-1", code="invalid-request", detail=said)
    assert SessionRejected.model_validate_json(told.value) == expected
    assert kafka.written == []


async def test_a_rule_on_the_event_as_a_whole_is_a_refusal_too() -> None:
    body = b'{"comparison_id": "c-1", "query": "which?", "strategy_ids": ["a"], "backtest_ids": ["b"]}'
    message = EventMessage(raw_record([], body, topic="comparison.requested"), MalformedRecordError())
    with pytest.raises(InvalidEventError, match=r"the event: .*strategy_ids and backtest_ids can't both"):
        await decode_event(message)


@pytest.mark.parametrize("config", ["hold", None, [], 5])
async def test_a_field_that_should_be_an_object_is_named(config: object) -> None:
    refused = Refused(code="invalid-request", detail="d")
    body = json.dumps({"backtest_id": "b-1", "strategy_config": config}).encode()
    message = EventMessage(raw_record([], body, topic="backtest.requested"), MalformedRecordError())
    with pytest.raises(InvalidEventError, match="strategy_config"):
        await decode_event(message)
    rejection = rejection_of("backtest.requested", body, refused)
    assert rejection == BacktestRejected(backtest_id="b-1", code="invalid-request", detail="d")


@pytest.mark.parametrize("body", [b"[]", b"5", b"null", b'"text"', b"{", b""])
async def test_a_value_that_is_no_object_can_not_be_read(body: bytes) -> None:
    message = EventMessage(raw_record([], body, topic="backtest.requested"), MalformedRecordError())
    with pytest.raises(MalformedRecordError, match="no JSON object"):
        await decode_event(message)


async def test_an_id_that_can_not_be_one_is_told_as_it_was_sent() -> None:
    (told,) = (await taken(never, request({"session_id": ".."}))).sent
    assert SessionRejected.model_validate_json(told.value).session_id == ".."


async def test_a_requester_gets_a_reply_as_well() -> None:
    told, reply = (await taken(never, request({"session_id": "a b"}, TO))).sent
    assert (told.topic, reply.topic, reply.partition) == ("session.rejected", "gateway.replies", 4)
    assert Refused.model_validate_json(reply.value).code == "invalid-request"


@pytest.mark.parametrize("value", [{}, {"session_id": 5}, {"session_id": None}, {"session_id": "x" * 1001}])
async def test_without_an_id_to_recognise_it_by_it_is_a_dead_letter(value: dict[str, Any]) -> None:
    kafka = await taken(never, request(value))
    assert kafka.sent == []
    (letter,) = kafka.written
    assert letter.topic == "session.requested.dlq"
    assert ("dlq_attempts", b"1") in letter.headers


async def test_a_refusal_by_the_handler_is_published_too() -> None:
    async def refuse(_event: SessionRequested, _delivery: Delivery) -> None:
        raise RefusalError("not today")

    (told,) = (await taken(refuse, request({"session_id": "s-1"}))).sent
    expected = SessionRejected(session_id="s-1", code="refused", detail="not today")
    assert SessionRejected.model_validate_json(told.value) == expected


async def test_the_id_of_another_request_is_not_published_as_rejected() -> None:
    async def refuse(event: SessionRequested, _delivery: Delivery) -> None:
        raise RequestMismatchError(event.session_id)

    (reply,) = (await taken(refuse, request({"session_id": "s-1"}, TO))).sent
    assert reply.topic == "gateway.replies"


@pytest.mark.parametrize("value", [5, None, ["r"], "x" * 1001])
def test_a_second_id_that_can_not_be_sent_is_left_out(value: object) -> None:
    refused = Refused(code="c", detail="d")
    sent = json.dumps({"name": "x", "request_id": value}).encode()
    rejection = rejection_of("strategy.save-requested", sent, refused)
    assert rejection == StrategyRejected(name="x", code="c", detail="d")


@pytest.mark.parametrize("body", [b"[]", b"5", b"null", b'"session_id"'])
def test_a_value_that_is_no_object_names_no_id(body: bytes) -> None:
    assert rejection_of("session.requested", body, Refused(code="c", detail="d")) is None


def test_a_request_that_has_the_id_of_another_one_is_not_published_as_failed() -> None:
    assert TurnInProgressError.published
    assert not RequestMismatchError.published


def test_a_fact_and_a_query_have_no_rejection() -> None:
    refused = Refused(code="c", detail="d")
    assert rejection_of("session.created", b"{}", refused) is None
    assert rejection_of("backtest.queried", b'{"backtest_id": "b"}', refused) is None

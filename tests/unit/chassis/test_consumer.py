"""How a batch is handled: order by key, retries, refusals and dead letters, through FastStream's pipeline."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from itertools import islice
from typing import Any

import pytest
from aiokafka import ConsumerRecord

from backchat_contracts import Refused, SessionRequested
from services.chassis.errors import (
    BrokerUnavailableError,
    RefusalError,
    StoreTroubleError,
    StoreUnavailableError,
)
from services.chassis.messaging.consumer import Consumer, by_key
from services.chassis.messaging.decoding import decode
from services.chassis.messaging.envelope import Delivery, Origin, ReplyAddress, encode
from services.chassis.waiting import LONGEST_RETRY_SECONDS, backoff
from tests.builders import consumed, new_id, raw_record, session_requested
from tests.fakes import FakeKafka, eventually
from tests.pipeline import Handle, pipeline, router_to

pytestmark = pytest.mark.anyio

UNCHANGED_SECONDS = 0.01
"""For how long nothing must have happened."""


def record(key: str | None, offset: int, timestamp: int = 0, topic: str = "t") -> ConsumerRecord[Any, Any]:
    return raw_record([], key=key, offset=offset, timestamp=timestamp, topic=topic)


def positions(chain: list[ConsumerRecord[Any, Any]]) -> list[tuple[str, int]]:
    return [(record.topic, record.offset) for record in chain]


def test_a_key_is_one_chain_across_topics_in_the_order_of_time() -> None:
    a1, a2 = record("a", 0, 10, "x"), record("a", 7, 20, "y")
    a3, b1 = record("a", 1, 30, "x"), record("b", 2, 15, "x")

    chains = [positions(chain) for chain in by_key((a1, a3, b1, a2)).values()]
    assert chains == [[("x", 0), ("y", 7), ("x", 1)], [("x", 2)]]


def test_records_of_the_same_moment_keep_the_order_they_came_in() -> None:
    assert [positions(c) for c in by_key((record("a", 4), record("a", 5))).values()] == [[("t", 4), ("t", 5)]]


def test_a_producer_whose_clock_is_slow_does_not_change_the_order_of_a_partition() -> None:
    chain = (record("a", 4, 30), record("a", 5, 10), record("a", 0, 20, "u"), record("a", 6, 40))

    (merged,) = (positions(chain) for chain in by_key(chain).values())
    assert [offset for topic, offset in merged if topic == "t"] == [4, 5, 6]
    assert len(merged) == 4


def test_records_without_a_key_are_chains_of_their_own() -> None:
    chains = by_key((record(None, 1), record(None, 2))).values()
    assert [positions(chain) for chain in chains] == [[("t", 1)], [("t", 2)]]


def test_an_empty_batch_has_no_chains() -> None:
    assert by_key(()) == {}


def test_delays_double_up_to_a_limit_and_never_end() -> None:
    delays = list(islice(backoff(), 50))

    assert delays[:4] == [0.1, 0.2, 0.4, 0.8]
    assert delays[-1] == max(delays) == LONGEST_RETRY_SECONDS
    assert delays == sorted(delays)


async def test_a_consumer_that_cannot_connect_says_that_the_broker_is_unavailable() -> None:
    async def handle(_event: SessionRequested, _delivery: Delivery) -> None:
        raise AssertionError("nothing to handle")

    kafka = FakeKafka("session", kafka_bootstrap_servers="127.0.0.1:1")  # nothing listens there
    with pytest.raises(BrokerUnavailableError, match="the consumer group can't be joined"):
        await Consumer(kafka, router_to(handle)).start()


class Subscribed:
    """A handler of one topic on a fake broker; `take` handles a batch as the poll loop does."""

    def __init__(self, handle: Handle, attempts: int = 2) -> None:
        self.kafka = FakeKafka("session", kafka_handler_attempts=attempts)
        self._router = router_to(handle)

    async def take(self, *records: ConsumerRecord[Any, Any]) -> None:
        async with pipeline(self.kafka, self._router) as subscribed:
            await subscribed.consumer.consume(records)
            await subscribed.consumer.handled()


def request(session_id: str | None = None, to: ReplyAddress | None = None) -> ConsumerRecord[Any, Any]:
    event = session_requested(session_id=session_id or new_id())
    origin = Origin(to.correlation_id) if to else Origin()
    return consumed(encode(event, source="gateway", origin=origin, reply_address=to))


async def test_keys_are_handled_side_by_side_and_one_key_in_order() -> None:
    seen: list[str] = []
    first_may_end = asyncio.Event()

    async def handle(event: SessionRequested, _delivery: Delivery) -> None:
        seen.append(event.user_id)
        if event.user_id == "a-1":
            await first_may_end.wait()
        elif event.user_id == "b-1":
            first_may_end.set()  # never called, were the keys handled one after the other

    events = [session_requested(session_id=user[0], user_id=user) for user in ("a-1", "a-2", "b-1")]
    encoded = [encode(event, source="gateway", origin=Origin()) for event in events]
    records = [consumed(record, offset=offset) for offset, record in enumerate(encoded)]
    async with asyncio.timeout(5):
        await Subscribed(handle).take(*records)
    assert seen == ["a-1", "b-1", "a-2"]


class Held:
    """A handler that notes the users whose records it was given, and returns when it is told to."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.may_end: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def __call__(self, event: SessionRequested, _delivery: Delivery) -> None:
        self.seen.append(event.user_id)
        await self.may_end[event.user_id].wait()


class NoDeadLetters(FakeKafka):
    """A broker for which no dead letter can be made, because of a bug."""

    async def write(self, *_: object, **__: object) -> None:
        raise TypeError("bug")


def request_of(user: str, offset: int) -> ConsumerRecord[Any, Any]:
    """Return a request of a user; users with the same first letter have the same key."""
    event = session_requested(session_id=user[0], user_id=user)
    return consumed(encode(event, source="gateway", origin=Origin()), offset=offset)


def beginning(consumer: Consumer, *users: str) -> asyncio.Task[None]:
    """Begin a batch for each user, one after the other as the poll loop does."""

    async def begin() -> None:
        for offset, user in enumerate(users):
            await consumer.consume((request_of(user, offset),))

    return asyncio.create_task(begin())


async def commit_is_due(consumer: Consumer) -> bool:
    return "a commit" in await consumer.waits()


@pytest.fixture
async def held() -> AsyncIterator[tuple[Held, Consumer]]:
    handler = Held()
    async with pipeline(FakeKafka("session"), router_to(handler)) as subscribed:
        yield handler, subscribed.consumer


async def test_a_batch_begins_while_the_one_before_is_handled_but_no_third(
    held: tuple[Held, Consumer],
) -> None:
    handler, consumer = held
    begun = beginning(consumer, "a", "b", "c")
    await eventually(lambda: handler.seen == ["a", "b"])

    handler.may_end["b"].set()
    await asyncio.sleep(UNCHANGED_SECONDS)
    assert handler.seen == ["a", "b"]
    handler.may_end["a"].set()
    await eventually(lambda: handler.seen == ["a", "b", "c"])
    handler.may_end["c"].set()
    await begun
    await consumer.handled()


async def test_a_batch_with_a_key_of_the_one_before_waits_for_it(held: tuple[Held, Consumer]) -> None:
    handler, consumer = held
    begun = beginning(consumer, "a-1", "a-2")
    await eventually(lambda: handler.seen == ["a-1"])
    await asyncio.sleep(UNCHANGED_SECONDS)
    assert handler.seen == ["a-1"]

    handler.may_end["a-1"].set()
    await eventually(lambda: handler.seen == ["a-1", "a-2"])
    handler.may_end["a-2"].set()
    await begun
    await consumer.handled()


async def test_the_offsets_of_a_batch_wait_for_the_batch_before(held: tuple[Held, Consumer]) -> None:
    handler, consumer = held
    begun = beginning(consumer, "a", "b")
    handler.may_end["b"].set()
    await eventually(lambda: handler.seen == ["a", "b"])
    await asyncio.sleep(UNCHANGED_SECONDS)
    assert not await commit_is_due(consumer)

    handler.may_end["a"].set()
    await begun
    await consumer.handled()
    assert await commit_is_due(consumer)


async def test_after_a_batch_that_cannot_be_finished_none_begins_and_nothing_is_committed() -> None:
    handler = Held()
    async with pipeline(NoDeadLetters("session"), router_to(handler)) as subscribed:
        consumer = subscribed.consumer
        begun = beginning(consumer, "a")
        await eventually(lambda: handler.seen == ["a"])
        undecodable = asyncio.create_task(consumer.consume((raw_record([], b"no event", offset=1),)))
        await asyncio.sleep(UNCHANGED_SECONDS)
        handler.may_end["a"].set()
        await asyncio.gather(begun, undecodable)
        await beginning(consumer, "b")
        await consumer.handled()
        assert handler.seen == ["a"]
        assert not await commit_is_due(consumer)


async def test_a_refusal_is_answered_and_not_tried_again() -> None:
    async def refuse(_event: SessionRequested, _delivery: Delivery) -> None:
        raise RefusalError("not today", until="monday")

    subscribed = Subscribed(refuse)
    await subscribed.take(request(to=ReplyAddress("gateway.replies", 4, "c-1")))
    _, answer = subscribed.kafka.sent
    assert (answer.topic, answer.partition, answer.headers["correlation_id"]) == ("gateway.replies", 4, "c-1")
    expected = Refused(code="refused", detail="not today", extra={"until": "monday"})
    assert Refused.model_validate_json(answer.value) == expected


async def test_a_refusal_without_a_reply_address_is_published_alone() -> None:
    async def refuse(_event: SessionRequested, _delivery: Delivery) -> None:
        raise RefusalError("no")

    subscribed = Subscribed(refuse)
    await subscribed.take(request())
    assert [record.topic for record in subscribed.kafka.sent] == ["session.rejected"]


async def test_a_failing_handler_is_tried_again_until_its_attempts_are_used_up() -> None:
    tries = 0

    async def fail(_event: SessionRequested, _delivery: Delivery) -> None:
        nonlocal tries
        tries += 1
        raise KeyError("bug")

    subscribed = Subscribed(fail, attempts=2)
    await subscribed.take(request(to=ReplyAddress("gateway.replies", 4, "c-1")))
    assert tries == 2
    (answer,) = subscribed.kafka.sent
    assert Refused.model_validate_json(answer.value).code == "internal-error"
    (dead_letter,) = subscribed.kafka.written
    assert dead_letter.topic == "session.requested.dlq"
    assert ("dlq_attempts", b"2") in dead_letter.headers
    assert ("dlq_error", b"KeyError: 'bug'") in dead_letter.headers


async def test_a_server_that_does_not_answer_is_waited_for_beyond_the_attempts() -> None:
    tries = 0

    async def recover(_event: SessionRequested, _delivery: Delivery) -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise StoreUnavailableError("away")

    subscribed = Subscribed(recover, attempts=1)
    await subscribed.take(request())
    assert (tries, subscribed.kafka.sent) == (3, [])


async def test_a_database_in_trouble_is_waited_for_but_not_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.chassis.waiting.MOST_TROUBLES", 4)
    troubles = 0

    async def meet_trouble(event: SessionRequested, _delivery: Delivery) -> None:
        nonlocal troubles
        troubles += 1
        if event.session_id == "bad" or troubles < 3:
            raise StoreTroubleError("the disk is full")

    subscribed = Subscribed(meet_trouble, attempts=1)
    await subscribed.take(request("good"))
    assert (troubles, subscribed.kafka.written) == (3, [])
    await subscribed.take(request("bad"))
    (dead_letter,) = subscribed.kafka.written
    assert (troubles, dead_letter.topic) == (7, "session.requested.dlq")


@pytest.mark.parametrize("value", [b"", b"no json", b"[]", b'{"user_id": "kim"}', b"\xff"])
async def test_what_cannot_be_decoded_is_dead_at_once_and_the_rest_is_handled(value: bytes) -> None:
    handled: list[str] = []

    async def handle(event: SessionRequested, _delivery: Delivery) -> None:
        handled.append(event.session_id)

    subscribed = Subscribed(handle, attempts=5)
    good = request("good")
    bad = raw_record(list(good.headers), value, key="bad", offset=1)
    await subscribed.take(bad, good)
    assert handled == ["good"]
    (dead_letter,) = subscribed.kafka.written
    assert dead_letter.value == value
    assert ("dlq_attempts", b"1") in dead_letter.headers


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("ce_type", b"session.requested.v2"),
        ("ce_type", b"chat.requested"),
        ("ce_specversion", b"0.3"),
        ("ce_specversion", b"2.0"),
        ("ce_id", b"\xff"),
    ],
)
async def test_an_envelope_of_another_kind_is_dead_at_once(header: str, value: bytes) -> None:
    async def handle(_event: SessionRequested, _delivery: Delivery) -> None:
        raise AssertionError("this is not for the handler")

    subscribed = Subscribed(handle, attempts=5)
    headers = [(name, text) for name, text in request().headers if name != header]
    await subscribed.take(raw_record([*headers, (header, value)], request().value))
    (dead_letter,) = subscribed.kafka.written
    assert ("dlq_attempts", b"1") in dead_letter.headers


async def test_a_cancellation_that_a_handler_lets_out_does_not_end_the_consumer() -> None:
    async def leak(_event: SessionRequested, _delivery: Delivery) -> None:
        raise asyncio.CancelledError

    subscribed = Subscribed(leak, attempts=1)
    await subscribed.take(request())
    assert [dead_letter.topic for dead_letter in subscribed.kafka.written] == ["session.requested.dlq"]


async def test_a_handler_gets_the_event_and_its_delivery() -> None:
    got: list[tuple[SessionRequested, Delivery]] = []

    async def handle(event: SessionRequested, delivery: Delivery) -> None:
        got.append((event, delivery))

    came = request("s-1")
    await Subscribed(handle).take(came)
    assert [(event.session_id, delivery) for event, delivery in got] == [("s-1", decode(came))]

"""Requests and their answers: matched by correlation id, waited for no longer than allowed."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from aiokafka import TopicPartition

from backchat_contracts import ChatStreamed, Contract, Refused, SessionCreated
from services.chassis.errors import BrokerUnavailableError, NoReplyError
from services.chassis.messaging.decoding import decode
from services.chassis.messaging.envelope import Delivery, Origin, Record, ReplyAddress, encode_reply
from services.chassis.messaging.request_client import RequestClient
from services.chassis.settings import KafkaSettings
from tests.builders import NOW, consumed, raw_record, session_requested
from tests.fakes import FakeKafka, eventually

pytestmark = pytest.mark.anyio

LARGEST = 10_000
CREATED = SessionCreated(session_id="s-1", user_id="kim", created_at=NOW)


class Answering(FakeKafka):
    """A broker that replies to each request at once, as a service would."""

    def __init__(self, answer: Callable[[Delivery], Sequence[tuple[ReplyAddress, Contract]]]) -> None:
        super().__init__("gateway")
        self._answer = answer
        self.request_client = RequestClient(self)

    async def send(self, record: Record) -> "asyncio.Future[object]":
        future = await super().send(record)
        if self.reachable:
            replies = [
                consumed(part)
                for to, contract in self._answer(decode(consumed(record)))
                for part in encode_reply(contract, source="session", to=to, largest=LARGEST)
            ]
            garbage = raw_record([("ce_id", b"\xff")])
            await self.request_client.receive((garbage, *replies))
        return future

    @property
    def waiting(self) -> int:
        return len(self.request_client._waiting)  # noqa: SLF001 - what a leak would show in


class Partitioned(FakeKafka):
    """A broker whose topic of replies has partitions, some of which have a leader; also its own consumer."""

    def __init__(self, partitions: int, *, led: set[int]) -> None:
        super().__init__("gateway", kafka_partitions=partitions)
        self.assigned: list[int] = []
        self._led = led

    def new_consumer(self, **_options: Any) -> "Partitioned":
        return self

    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass

    def assignment(self) -> list[int]:
        return self.assigned

    def assign(self, partitions: list[TopicPartition]) -> None:
        self.assigned.append(partitions[0].partition)

    async def seek_to_end(self, *_partitions: TopicPartition) -> None:
        pass

    async def position(self, partition: TopicPartition) -> int:
        if partition.partition not in self._led:
            await asyncio.Event().wait()  # as aiokafka does
        return 0

    async def getmany(self, **_options: Any) -> dict[TopicPartition, list[Any]]:
        await asyncio.sleep(0.01)
        return {}


def with_answers(*answers: Contract) -> Answering:
    return Answering(lambda request: [(address_of(request), answer) for answer in answers])


def address_of(request: Delivery) -> ReplyAddress:
    assert request.reply_address is not None
    return request.reply_address


async def test_the_answer_to_a_request_is_the_one_with_its_correlation_id() -> None:
    kafka = with_answers(CREATED)
    request, origin = session_requested(), Origin()
    reply = await kafka.request_client.request(request, origin, 5)

    assert SessionCreated.model_validate_json(reply.value) == CREATED
    assert reply.origin.correlation_id == origin.correlation_id
    sent = decode(consumed(kafka.sent[0]))
    assert sent.reply_address == ReplyAddress("gateway.replies", 0, origin.correlation_id)
    assert kafka.sent[0].key == request.session_id


async def test_the_parts_of_a_large_reply_are_joined() -> None:
    large = Refused(code="odd", detail="가" * 20_000)
    kafka = with_answers(large)
    reply = await kafka.request_client.request(session_requested(), Origin(), 5)

    assert Refused.model_validate_json(reply.value) == large
    assert reply.part is None
    assert kafka.waiting == 0


async def test_parts_that_come_again_or_without_the_first_change_nothing() -> None:
    client, origin = RequestClient(FakeKafka("gateway")), Origin()
    got: list[Delivery] = []
    to = ReplyAddress("gateway.replies", 0, origin.correlation_id)
    large = Refused(code="odd", detail="x" * 25_000)
    first, second, third = map(consumed, encode_reply(large, source="session", to=to, largest=LARGEST))
    with client._receiving(origin.correlation_id, got.append):  # noqa: SLF001 - no request, its answers
        await client.receive((third, first, second, first, second, third, third))
        assert [Refused.model_validate_json(reply.value) for reply in got] == [large]
        assert client._parts  # noqa: SLF001 - as above
    assert not client._parts  # noqa: SLF001 - what a leak would show in


async def test_parts_of_two_answers_to_one_request_are_kept_apart() -> None:
    client, origin = RequestClient(FakeKafka("gateway")), Origin()
    got: list[Delivery] = []
    to = ReplyAddress("gateway.replies", 0, origin.correlation_id)
    first, second = (
        [consumed(part) for part in encode_reply(answer, source="session", to=to, largest=LARGEST)]
        for answer in (Refused(code="one", detail="x" * 15_000), Refused(code="two", detail="x" * 15_000))
    )
    with client._receiving(origin.correlation_id, got.append):  # noqa: SLF001 - no request, its answers
        await client.receive((first[0], second[0], first[1], second[1]))

    assert [Refused.model_validate_json(reply.value).code for reply in got] == ["one", "two"]


async def test_replies_to_others_are_skipped() -> None:
    other = ReplyAddress("gateway.replies", 0, "another-service")
    kafka = Answering(
        lambda request: [(other, Refused(code="no", detail="x")), (address_of(request), CREATED)]
    )

    assert (await kafka.request_client.request(session_requested(), Origin(), 5)).type == "session.created"


async def test_concurrent_requests_get_each_their_own_reply() -> None:
    kafka = Answering(
        lambda request: [
            (
                address_of(request),
                CREATED.model_copy(update={"session_id": request.origin.correlation_id}),
            )
        ]
    )
    origins = [Origin() for _ in range(10)]
    replies = await asyncio.gather(
        *(kafka.request_client.request(session_requested(), each, 5) for each in origins)
    )

    got = [SessionCreated.model_validate_json(reply.value).session_id for reply in replies]
    assert got == [origin.correlation_id for origin in origins]


async def test_a_stream_yields_answers_in_their_order() -> None:
    pieces = [ChatStreamed(turn_id="t", session_id="s", index=n, delta=str(n)) for n in range(3)]
    stream = with_answers(*pieces).request_client.stream(session_requested(), Origin(), 5)
    got = [ChatStreamed.model_validate_json((await anext(stream)).value) for _ in pieces]

    assert got == pieces


async def test_no_answer_in_time_is_an_error() -> None:
    with pytest.raises(NoReplyError):
        await with_answers().request_client.request(session_requested(), Origin(), 0.02)


async def test_a_stream_that_falls_silent_is_an_error() -> None:
    stream = with_answers(CREATED).request_client.stream(session_requested(), Origin(), 0.02)
    assert (await anext(stream)).type == "session.created"

    with pytest.raises(NoReplyError):
        await anext(stream)


async def test_a_broker_that_does_not_take_the_request_is_another() -> None:
    kafka = with_answers(CREATED)
    kafka.reachable = False

    with pytest.raises(BrokerUnavailableError):
        await kafka.request_client.request(session_requested(), Origin(), 0.02)


async def test_a_silent_broker_is_not_waited_for_as_long_as_an_answer() -> None:
    kafka = with_answers()
    kafka.silent = True
    kafka.settings = KafkaSettings(kafka_ack_timeout_seconds=0.02)

    async with asyncio.timeout(5):
        with pytest.raises(BrokerUnavailableError):
            await kafka.request_client.request(session_requested(), Origin(), 60)


async def test_an_answer_is_as_good_as_an_acknowledgement() -> None:
    kafka = with_answers(CREATED)
    kafka.silent = True

    assert (await kafka.request_client.request(session_requested(), Origin(), 5)).type == "session.created"


@pytest.mark.parametrize("answers", [[CREATED], []])
async def test_no_reply_is_waited_for_afterwards(answers: list[Contract]) -> None:
    kafka = with_answers(*answers)
    try:
        await kafka.request_client.request(session_requested(), Origin(), 0.02)
    except NoReplyError:
        assert not answers
    await eventually(lambda: kafka.waiting == 0)


@pytest.mark.parametrize("led", [0, 1, 2])
async def test_replies_are_read_from_a_partition_that_has_a_leader(led: int) -> None:
    kafka = Partitioned(3, led={led})
    request_client = RequestClient(kafka, start_timeout=1)
    async with asyncio.timeout(5):
        await request_client.start()
    with pytest.raises(NoReplyError):
        await request_client.request(session_requested(), Origin(), 0.01)

    await request_client.stop()
    assert kafka.assigned[-1] == led
    assert len(set(kafka.assigned)) == len(kafka.assigned) <= 3
    assert address_of(decode(consumed(kafka.sent[0]))).partition == led


async def test_a_start_without_any_leader_ends() -> None:
    async with asyncio.timeout(5):
        with pytest.raises(BrokerUnavailableError, match="replies"):
            await RequestClient(Partitioned(2, led=set()), start_timeout=0.05).start()

"""What we use of FastStream beyond its documentation: a failure here says what a new version broke."""

from importlib.metadata import requires, version
from inspect import iscoroutinefunction

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage, KafkaRouter, TestKafkaBroker

from services.chassis.messaging.faststream_names import NO_CONSUMER, admin_client, processes
from tests.builders import raw_record

pytestmark = pytest.mark.anyio


def test_the_version_is_the_one_that_was_tried() -> None:
    assert version("faststream") == "0.7.8"


def test_a_subscriber_has_its_topics_and_can_be_prepared_without_a_start() -> None:
    broker, router = KafkaBroker(), KafkaRouter()
    subscriber = router.subscriber("a", "b")
    subscriber(print)
    broker.include_router(router)
    assert [topic.name for topic in subscriber.topics] == ["a", "b"]
    assert callable(subscriber.schema)
    assert set(processes(router)) == {"a", "b"}


def test_a_subscriber_processes_a_record() -> None:
    assert iscoroutinefunction(KafkaBroker().subscriber("a").process_message)


async def test_a_record_goes_through_parser_decoder_and_handler_of_an_included_router() -> None:
    seen: list[object] = []

    async def parse(record: object) -> KafkaMessage:
        return KafkaMessage(raw_message=record, body=b"body", consumer=NO_CONSUMER)

    async def decode(message: KafkaMessage) -> str:
        return bytes(message.body).decode() + " decoded"

    router = KafkaRouter(parser=parse, decoder=decode, ack_policy=AckPolicy.MANUAL)

    @router.subscriber("a")
    async def handle(event: str) -> None:
        seen.append(event)

    broker = KafkaBroker(apply_types=False, logger=None)
    broker.include_router(router)
    async with TestKafkaBroker(broker):
        await processes(router)["a"](raw_record([], topic="a"))
    assert seen == ["body decoded"]


def test_acknowledging_without_a_consumer_does_nothing() -> None:
    assert iscoroutinefunction(NO_CONSUMER.commit)


def test_a_broker_has_an_admin_client_once_it_is_connected() -> None:
    assert isinstance(type(KafkaBroker().config.broker_config).admin_client, property)
    assert AIOKafkaAdminClient.__name__ in str(admin_client.__annotations__["return"])


def test_the_extras_are_those_of_the_settings() -> None:
    extras = {line.split("extra == ")[-1] for line in requires("faststream") or () if "extra ==" in line}
    assert {'"kafka"', '"otel"', '"prometheus"'} <= {extra.replace("'", '"') for extra in extras}

"""Each service subscribes to and publishes the topics that the catalogue says.

FastStream's own AsyncAPI document is compared with the catalogue: channels, operations and payloads.
"""

from typing import Any

import pytest
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.specification import AsyncAPI

from backchat_contracts import BY_NAME, TOPICS
from backchat_contracts.schemas import schema_of
from deploy.services import SERVICES
from tests.services import declared


def subscribers(broker: KafkaBroker) -> list[Any]:
    return list(broker.subscribers)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_consumes_what_the_catalogue_says(service: str) -> None:
    read = [topic.name for each in subscribers(declared(service).broker) for topic in each.topics]
    assert sorted(read) == sorted(topic.name for topic in TOPICS if service in topic.consumers)


@pytest.mark.parametrize("service", SERVICES)
def test_a_handler_takes_the_event_of_its_topic_and_nothing_acknowledges_before_it(service: str) -> None:
    for subscriber in subscribers(declared(service).broker):
        (topic,) = subscriber.topics
        (call,) = subscriber.calls
        (parameter,) = call.dependant.flat_params
        assert parameter.field_type is BY_NAME[topic.name].event, topic.name
        assert subscriber.ack_policy is AckPolicy.MANUAL


@pytest.mark.parametrize("service", SERVICES)
def test_the_document_that_faststream_makes_agrees_with_the_catalogue(service: str) -> None:
    document = AsyncAPI(declared(service).broker).to_specification().to_jsonable()
    operations = {
        (operation["action"], channel_of(document, operation)["address"])
        for operation in document["operations"].values()
    }
    assert operations == {
        (action, topic.name)
        for topic in TOPICS
        for action, services in (("send", topic.producers), ("receive", topic.consumers))
        if service in services
    }


@pytest.mark.parametrize("service", SERVICES)
def test_its_payloads_are_the_schemas_of_the_contracts(service: str) -> None:
    document = AsyncAPI(declared(service).broker).to_specification().to_jsonable()
    schemas = document["components"]["schemas"]
    for operation in document["operations"].values():
        topic = BY_NAME[channel_of(document, operation)["address"]]
        theirs, ours = schemas[topic.event.__name__], schema_of(topic.event, topic.name)
        assert sorted(theirs["properties"]) == sorted(ours["properties"]), topic.name
        assert theirs.get("required") == ours.get("required"), topic.name


def channel_of(document: Any, operation: Any) -> Any:
    name = operation["channel"]["$ref"].removeprefix("#/channels/")
    return document["channels"][name]


def test_the_catalogue_and_the_tree_name_the_same_services() -> None:
    named = {name for topic in TOPICS for name in (topic.owner, *topic.producers, *topic.consumers)}
    assert named == set(SERVICES)

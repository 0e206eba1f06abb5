"""The catalogue of topics is consistent: names, classes, keys, owners, replies."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

import backchat_contracts
from backchat_contracts import TOPICS, Event, Topic
from backchat_contracts.catalogue import BY_EVENT, BY_NAME, REPLIES, REPLIES_TOPIC, REPLY_ONLY, TYPE_OF
from backchat_contracts.schemas import describe

NAME = re.compile(r"[a-z]+(-[a-z]+)*\.([a-z]+-)*[a-z]+ed(\.v[2-9])?")

each_topic = pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)


def leaves(cls: type[Event]) -> Iterator[type[Event]]:
    """Yield the classes that no other is derived from."""
    if not cls.__subclasses__():
        yield cls
    for derived in cls.__subclasses__():
        yield from leaves(derived)


@each_topic
def test_a_topic_is_a_noun_and_a_past_participle(topic: Topic) -> None:
    assert NAME.fullmatch(topic.name)


@each_topic
def test_a_class_is_its_topic_in_camel_case(topic: Topic) -> None:
    words = re.split(r"[.-]", topic.name)
    assert topic.event.__name__ == "".join(word.capitalize() for word in words)


@each_topic
def test_the_key_is_a_field(topic: Topic) -> None:
    assert topic.key in topic.event.model_fields


@each_topic
def test_only_a_query_may_come_without_a_key(topic: Topic) -> None:
    assert topic.event.model_fields[topic.key].is_required() or topic.name.endswith(".queried")


@each_topic
def test_the_owner_handles_a_request_and_publishes_a_fact(topic: Topic) -> None:
    assert topic.owner in (topic.consumers if topic.event in REPLIES else topic.producers)


@each_topic
def test_a_request_is_called_one(topic: Topic) -> None:
    assert (topic.event in REPLIES) == topic.name.endswith(("requested", "queried"))


@each_topic
def test_some_service_publishes_it(topic: Topic) -> None:
    assert topic.producers


@each_topic
def test_records_are_kept_for_a_while_and_spread(topic: Topic) -> None:
    assert topic.retention >= timedelta(days=1)
    assert topic.partitions >= 1


@each_topic
def test_dead_letters_stand_beside_the_topic(topic: Topic) -> None:
    assert topic.dead_letters == f"{topic.name}.dlq"
    assert topic.dead_letters not in BY_NAME


@pytest.mark.parametrize("cls", TYPE_OF, ids=lambda cls: cls.__name__)
def test_every_message_is_exported_and_described(cls: type[Event]) -> None:
    assert getattr(backchat_contracts, cls.__name__) is cls
    assert cls.__name__ in backchat_contracts.__all__
    assert re.match(r"[A-Z].*\.", describe(cls))


def test_no_event_is_without_a_topic() -> None:
    assert set(leaves(Event)) <= set(TYPE_OF)


def test_a_name_stands_for_one_class_and_a_class_for_one_name() -> None:
    assert len(BY_NAME) == len(BY_EVENT) == len(TOPICS)
    assert len(set(TYPE_OF.values())) == len(TYPE_OF) == len(TOPICS) + len(REPLY_ONLY)
    assert REPLIES_TOPIC not in TYPE_OF.values()


def test_every_answer_has_a_type_and_everything_that_only_answers_is_an_answer() -> None:
    answers = {cls for classes in REPLIES.values() for cls in classes}
    assert answers <= set(TYPE_OF)
    assert set(REPLY_ONLY.values()) - answers == {REPLY_ONLY["refused"]}

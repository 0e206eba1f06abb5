"""The catalogue says who consumes what; the services must do so."""

import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from backchat_contracts import BY_EVENT, TOPICS, Event
from deploy.services import GATEWAY, SERVICES


class RecordingConsumer:
    def __init__(self) -> None:
        self.topics: set[str] = set()

    def on(self, event: type[Event], _handle: Callable[..., Any]) -> None:
        self.topics.add(BY_EVENT[event].name)


class AnyHandlers:
    def __getattr__(self, name: str) -> str:
        return name


@pytest.mark.parametrize("service", [name for name in SERVICES if name != GATEWAY])
def test_a_service_consumes_what_the_catalogue_says(service: str) -> None:
    module = import_module(f"services.{service}.routes")
    consumer = RecordingConsumer()
    handlers = len(inspect.signature(module.route).parameters) - 1
    module.route(consumer, *[AnyHandlers()] * handlers)
    assert consumer.topics == {topic.name for topic in TOPICS if service in topic.consumers}


def test_the_catalogue_and_the_tree_name_the_same_services() -> None:
    named = {name for topic in TOPICS for name in (topic.owner, *topic.producers, *topic.consumers)}
    assert named == set(SERVICES)

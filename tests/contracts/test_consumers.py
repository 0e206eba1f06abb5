"""The catalogue says who consumes what; the services must do so."""

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from backchat_contracts import BY_EVENT, TOPICS, Event
from services.backtest import routes as backtest
from services.compare import routes as compare
from services.session import routes as session


class RecordingConsumer:
    def __init__(self) -> None:
        self.topics: set[str] = set()

    def on(self, event: type[Event], _handle: Callable[..., Any]) -> None:
        self.topics.add(BY_EVENT[event].name)


class AnyHandlers:
    def __getattr__(self, name: str) -> str:
        return name


@pytest.mark.parametrize(
    ("service", "module"), [("backtest", backtest), ("compare", compare), ("session", session)]
)
def test_a_service_consumes_what_the_catalogue_says(service: str, module: ModuleType) -> None:
    consumer = RecordingConsumer()
    handlers = len(inspect.signature(module.route).parameters) - 1
    module.route(consumer, *[AnyHandlers()] * handlers)
    assert consumer.topics == {topic.name for topic in TOPICS if service in topic.consumers}

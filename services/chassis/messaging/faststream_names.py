"""The names of FastStream that its documentation does not promise: this file alone uses them.

FastStream is pinned to one version; `tests/unit/chassis/test_faststream_names.py` says what a new one broke.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from aiokafka import ConsumerRecord
from aiokafka.admin import AIOKafkaAdminClient
from faststream.kafka import KafkaBroker, KafkaRouter
from faststream.kafka.message import FAKE_CONSUMER
from faststream.kafka.security import parse_security
from faststream.security import BaseSecurity

NO_CONSUMER: Final = FAKE_CONSUMER
"""What a message names as its consumer where acknowledging it does nothing: our poll loop commits."""

Process = Callable[[ConsumerRecord[Any, Any]], Awaitable[object]]


def processes(router: KafkaRouter) -> Mapping[str, Process]:
    """Return for each topic of an included router the function that handles a record of it.

    It runs the record through the middlewares, the parser, the decoder and the handler. The subscribers are
    not started: each would open a consumer.
    """
    found: dict[str, Process] = {}
    subscribers: list[Any] = router.subscribers  # of Kafka: they have topics
    for subscriber in subscribers:
        subscriber.schema()  # prepares the handlers, as a start would
        found |= dict.fromkeys((topic.name for topic in subscriber.topics), subscriber.process_message)
    return found


def security_arguments(security: BaseSecurity) -> dict[str, Any]:
    """Return the arguments of a client of aiokafka that connects as FastStream's broker does."""
    return parse_security(security)


def admin_client(broker: KafkaBroker) -> AIOKafkaAdminClient:
    """Return the admin client of a connected broker."""
    return broker.config.admin_client

"""The topics of the catalogue, created where they are missing."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta

import structlog
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from backchat_contracts.catalogue import BY_NAME, REPLIES_TOPIC, REPLY_PARTITIONS, REPLY_RETENTION, TOPICS
from services.chassis.messaging.reaching import reaching
from services.chassis.settings import KafkaSettings

log = structlog.get_logger()

TIMEOUT_SECONDS = 10.0
POLL_SECONDS = 0.05


def topics_of(service: str) -> list[str]:
    """Return the topics that a service reads or publishes to."""
    used = (topic for topic in TOPICS if service in {*topic.producers, *topic.consumers})
    return [REPLIES_TOPIC, *(topic.name for topic in used)]


def partitions_of(topic: str, settings: KafkaSettings) -> int:
    """Return how many partitions a topic gets that is created with these settings."""
    if settings.kafka_partitions:
        return settings.kafka_partitions
    return REPLY_PARTITIONS if topic == REPLIES_TOPIC else BY_NAME[topic.removesuffix(".dlq")].partitions


async def ensure_topics(admin: AIOKafkaAdminClient, names: Iterable[str], settings: KafkaSettings) -> None:
    """Create those topics that are not there yet, and wait until the brokers know them.

    Brokers may create none by themselves, and don't know the catalogue's retention. Raises
    BrokerUnavailableError.
    """
    missing = set(names)
    async with reaching("topics not created", TIMEOUT_SECONDS):
        response = await admin.create_topics([new_topic(name, settings) for name in missing])
    for topic, code, message in (error[:3] for error in response.topic_errors):
        if code and for_code(code) is not TopicAlreadyExistsError:
            log.warning("topic not created", topic=topic, error=message or for_code(code).__name__)
            missing.discard(topic)
    async with reaching(f"topics not there: {sorted(missing)}", TIMEOUT_SECONDS):
        while missing := missing.difference(await admin.list_topics()):  # noqa: ASYNC110 - the broker does not tell
            await asyncio.sleep(POLL_SECONDS)


def new_topic(name: str, settings: KafkaSettings) -> NewTopic:
    """Return a topic to create: partitions and retention are the catalogue's, unless a setting differs."""
    retention = REPLY_RETENTION if name == REPLIES_TOPIC else BY_NAME[name.removesuffix(".dlq")].retention
    factor = settings.kafka_replication_factor
    return NewTopic(
        name,
        num_partitions=partitions_of(name, settings),
        replication_factor=factor,
        # Without an assignment aiokafka refuses -1, and leaves nothing to the broker.
        replica_assignments={} if factor == -1 else None,
        topic_configs={"retention.ms": str(retention // timedelta(milliseconds=1))},
    )

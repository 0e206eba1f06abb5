"""The topics that a service creates."""

import pytest

from services.chassis.kafka import Kafka
from services.chassis.settings import KafkaSettings


@pytest.mark.parametrize("copies", [-1, 1, 3])
def test_a_topic_has_the_copies_of_the_setting(copies: int) -> None:
    kafka = Kafka(KafkaSettings(kafka_replication_factor=copies), "test")
    topic = kafka._new("session.requested.dlq")  # noqa: SLF001 - what goes to the broker
    assert (topic.replication_factor, topic.num_partitions, topic.replica_assignments) == (copies, 6, {})

"""The connection to Kafka: one producer, the topics, and what subscribers are told."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Protocol

import structlog
from aiokafka.admin import NewTopic
from aiokafka.errors import (
    KafkaError,
    MessageSizeTooLargeError,
    OutOfOrderSequenceNumber,
    ProducerFenced,
    TopicAlreadyExistsError,
    for_code,
)
from faststream.kafka import KafkaBroker

from backchat_contracts.catalogue import BY_NAME, REPLIES_TOPIC, REPLY_PARTITIONS, REPLY_RETENTION, TOPICS
from services.chassis.errors import BrokerUnavailableError, RecordTooLargeError
from services.chassis.messaging.envelope import Record
from services.chassis.settings import KafkaSettings

log = structlog.get_logger()

Headers = list[tuple[str, bytes | None]]

SEND_TIMEOUT_SECONDS = 10.0
TOPICS_TIMEOUT_SECONDS = 10.0
TOPICS_POLL_SECONDS = 0.05
CONNECT_TIMEOUT_SECONDS = 10.0
STOP_TIMEOUT_SECONDS = 2.0


@asynccontextmanager
async def reaching(what: str, timeout: float) -> AsyncIterator[None]:  # noqa: ASYNC109
    """Give the broker so many seconds, and translate its errors."""
    try:
        async with asyncio.timeout(timeout):
            yield
    except MessageSizeTooLargeError as error:
        raise RecordTooLargeError(f"{what}: {error}") from error
    except (TimeoutError, KafkaError, OSError) as error:
        raise BrokerUnavailableError(f"{what}: {str(error) or repr(error)}") from error


class Client(Protocol):
    """Somebody who reads from Kafka."""

    async def stop(self) -> None: ...


async def disconnect(client: Client) -> None:
    """Leave the group and disconnect, as far as the broker still answers."""
    try:
        async with asyncio.timeout(STOP_TIMEOUT_SECONDS):
            await client.stop()
    except (KafkaError, OSError, TimeoutError, asyncio.CancelledError) as error:
        task = asyncio.current_task()
        if isinstance(error, asyncio.CancelledError) and task and task.cancelling():
            raise  # else it is one that aiokafka lets out when it ends its own tasks
        log.warning("left without a word to the broker", error=repr(error))


class Kafka:
    """A service's connection. Every record is acknowledged by all in-sync replicas before it counts."""

    def __init__(self, settings: KafkaSettings, service: str) -> None:
        self.settings = settings
        self.service = service
        self.broker = KafkaBroker(
            settings.kafka_bootstrap_servers.split(","),
            client_id=f"backchat-{service}",
            acks="all",
            max_request_size=settings.kafka_max_record_bytes,
            enable_idempotence=settings.kafka_idempotence,
            apply_types=False,
            graceful_timeout=None,  # the consumer drains itself, with a deadline
            logger=logging.getLogger(__name__),
        )
        self.broken: str | None = None
        """Why this connection can't send any more, where that is so: only another one can."""
        self._unconfirmed: set[asyncio.Future[Any]] = set()

    async def connect(self) -> None:
        """Connect the producer.

        Raises:
            BrokerUnavailableError: there is no broker at the bootstrap servers.

        """
        servers = self.settings.kafka_bootstrap_servers
        async with reaching(f"no Kafka broker at {servers}", CONNECT_TIMEOUT_SECONDS):
            await self.broker.connect()

    async def ensure_topics(self, names: Iterable[str]) -> None:
        """Create those of the catalogue's topics that are not there yet, and wait until brokers know them.

        Brokers need not create what somebody publishes to, and don't know the catalogue's retention.

        Raises:
            BrokerUnavailableError: the broker does not answer.

        """
        admin, missing = self.broker.config.admin_client, set(names)
        async with reaching("topics not created", SEND_TIMEOUT_SECONDS):
            response = await admin.create_topics([self._new(name) for name in missing])
        for topic, code, message in (error[:3] for error in response.topic_errors):
            if code and for_code(code) is not TopicAlreadyExistsError:
                log.warning("topic not created", topic=topic, error=message or for_code(code).__name__)
                missing.discard(topic)
        async with reaching(f"topics not there: {sorted(missing)}", TOPICS_TIMEOUT_SECONDS):
            while missing := missing.difference(await admin.list_topics()):  # noqa: ASYNC110 - it can't tell us
                await asyncio.sleep(TOPICS_POLL_SECONDS)

    def topics(self) -> list[str]:
        """Return the topics that this service reads or publishes to."""
        used = (topic for topic in TOPICS if self.service in {*topic.producers, *topic.consumers})
        return [REPLIES_TOPIC, *(topic.name for topic in used)]

    def partitions(self, topic: str) -> int:
        """Tell how many partitions a topic has where this service creates it."""
        if self.settings.kafka_partitions:
            return self.settings.kafka_partitions
        return REPLY_PARTITIONS if topic == REPLIES_TOPIC else BY_NAME[topic.removesuffix(".dlq")].partitions

    def _new(self, name: str) -> NewTopic:
        retention = REPLY_RETENTION if name == REPLIES_TOPIC else BY_NAME[name.removesuffix(".dlq")].retention
        factor = self.settings.kafka_replication_factor
        return NewTopic(
            name,
            num_partitions=self.partitions(name),
            replication_factor=factor,
            # Without an assignment aiokafka refuses -1, and leaves nothing to the broker.
            replica_assignments={} if factor == -1 else None,
            topic_configs={"retention.ms": str(retention // timedelta(milliseconds=1))},
        )

    async def send(self, record: Record, timeout: float = SEND_TIMEOUT_SECONDS) -> "asyncio.Future[Any]":  # noqa: ASYNC109
        """Hand a record to the producer; the future is done when the broker has acknowledged it.

        Nobody has to wait for it: records go out in order and a failure is logged. What must not be lost
        stands in an outbox, and the relay sends it again.

        Raises:
            BrokerUnavailableError: there is no word from the broker about the topic, or no room for more.
            RecordTooLargeError: it is larger than the setting allows.

        """
        key = record.key.encode() if record.key is not None else None
        headers: Headers = [(name, value.encode()) for name, value in record.headers.items()]
        return await self._hand_over(record.topic, key, record.value, headers, record.partition, timeout)

    async def _hand_over(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        headers: Headers,
        partition: int | None,
        timeout: float,  # noqa: ASYNC109
    ) -> "asyncio.Future[Any]":
        async with reaching(topic, timeout):
            future: asyncio.Future[Any] = await self._producer.send(
                topic, value, key=key, partition=partition, headers=headers
            )
        self._unconfirmed.add(future)
        future.add_done_callback(self._confirmed)
        return future

    def _confirmed(self, future: "asyncio.Future[Any]") -> None:
        self._unconfirmed.discard(future)
        if future.cancelled() or not (error := future.exception()):
            return
        log.warning("record not sent", error=repr(error))
        if isinstance(error, OutOfOrderSequenceNumber | ProducerFenced):
            # What a broker refuses was numbered already; aiokafka never fills such a gap.
            self.broken = f"the producer has lost its place: {error!r}"

    async def deliver(self, record: Record, timeout: float = SEND_TIMEOUT_SECONDS) -> None:  # noqa: ASYNC109
        """Send a record and wait until the broker has acknowledged it.

        Raises:
            BrokerUnavailableError: it did not within `timeout` seconds.
            RecordTooLargeError: the broker doesn't take records of this size.

        """
        async with reaching(record.topic, timeout):
            await (await self.send(record))

    async def write(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        headers: Headers,
        partition: int | None = None,
    ) -> None:
        """Write a record as it is and wait until the broker has acknowledged it.

        Raises:
            BrokerUnavailableError: it did not in time.
            RecordTooLargeError: the broker doesn't take records of this size.

        """
        async with reaching(topic, SEND_TIMEOUT_SECONDS):
            await (await self._hand_over(topic, key, value, headers, partition, SEND_TIMEOUT_SECONDS))

    @property
    def _producer(self) -> Any:  # noqa: ANN401 - aiokafka is untyped
        """The broker's own: FastStream's way to it takes three times as long, and only text as headers."""
        return self.broker.config.producer._producer.producer  # type: ignore[attr-defined]  # noqa: SLF001

    async def layout(self) -> dict[str, list[int]]:
        """Return the topics that are there, each with its partitions."""
        topics = await self.broker.config.admin_client.describe_topics()
        return {topic["topic"]: [each["partition"] for each in topic["partitions"]] for topic in topics}

    async def ping(self, timeout: float = 2.0) -> bool:  # noqa: ASYNC109
        return await self.broker.ping(timeout)

    async def close(self) -> None:
        """Wait for what is under way, then disconnect."""
        if self._unconfirmed:
            await asyncio.wait(self._unconfirmed, timeout=STOP_TIMEOUT_SECONDS)
        await disconnect(self.broker)

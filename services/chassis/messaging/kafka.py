"""A service's connection to Kafka: FastStream's broker with its publishers, consumers, and the topics."""

import asyncio
import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import OutOfOrderSequenceNumber, ProducerFenced
from faststream.kafka import KafkaBroker

from backchat_contracts import TOPICS
from services.chassis.messaging.access import check_access, client_arguments, security
from services.chassis.messaging.envelope import CORRELATION_ID, Record
from services.chassis.messaging.faststream_names import admin_client
from services.chassis.messaging.reaching import connect, disconnect, reaching
from services.chassis.messaging.telemetry import Telemetry
from services.chassis.messaging.topics import ensure_topics
from services.chassis.redaction import Redaction
from services.chassis.settings import KafkaSettings

log = structlog.get_logger()

Headers = list[tuple[str, bytes | None]]

BATCH_BYTES = 262_144
"""Of the records that go to a partition at once: two answers of a comparison fill the default, 16 kB."""
SEND_TIMEOUT_SECONDS = 10.0
CONNECT_TIMEOUT_SECONDS = 10.0
PING_TIMEOUT_SECONDS = 2.0


class Kafka:
    """A service's connection. Every record is acknowledged by all in-sync replicas before it counts.

    Attributes:
        broker: FastStream's broker, with a publisher for each topic that the service publishes to.
        broken: why this connection can't send any more; None while it can. Only a new one helps.
        outages: how often a server that was needed did not answer.
        degraded: names what the service does without at present; replies carry it.
        redact: takes secrets out of a text that is to be sent.

    """

    def __init__(self, settings: KafkaSettings, service: str, telemetry: Telemetry | None = None) -> None:
        self.settings = settings
        self.service = service
        self.telemetry = telemetry or Telemetry(settings, service)
        self.redact = Redaction.of(settings, os.environ)  # now: the backtest service empties its environment
        self._arguments = {"client_id": f"backchat-{service}", **client_arguments(settings)}
        self.broker = KafkaBroker(
            settings.kafka_bootstrap_servers.split(","),
            client_id=f"backchat-{service}",
            acks="all",
            max_batch_size=min(BATCH_BYTES, settings.kafka_max_record_bytes),
            max_request_size=settings.kafka_max_record_bytes,
            enable_idempotence=settings.kafka_idempotence,
            security=security(settings),
            middlewares=self.telemetry.middlewares,
            apply_types=False,  # the routers' decoder returns the typed event
            logger=None,  # the middleware logs what matters
        )
        self._publishers = {
            topic.name: self.broker.publisher(topic.name, schema=topic.event)
            for topic in TOPICS
            if service in topic.producers
        }
        self.broken: str | None = None
        self.outages = 0
        self.degraded: Callable[[], Sequence[str]] = tuple
        self._writer: AIOKafkaProducer | None = None
        self._opening = asyncio.Lock()

    async def connect(self) -> None:
        """Connect the producer. Raises BrokerUnavailableError with the settings that may be wrong."""
        servers = self.settings.kafka_bootstrap_servers
        async with reaching(f"no usable Kafka broker at {servers}", CONNECT_TIMEOUT_SECONDS):
            await check_access(self.settings)
            await self.broker.connect()

    async def ensure_topics(self, names: Iterable[str]) -> None:
        """Create those topics that are not there yet. Raises BrokerUnavailableError."""
        await ensure_topics(admin_client(self.broker), names, self.settings)

    async def layout(self) -> dict[str, list[int]]:
        """Return the topics that are there, each with its partitions."""
        topics = await admin_client(self.broker).describe_topics()
        return {topic["topic"]: [each["partition"] for each in topic["partitions"]] for topic in topics}

    def new_consumer(self, **options: Any) -> AIOKafkaConsumer:  # noqa: ANN401 - aiokafka is untyped
        """Return a consumer that is not started yet and commits nothing by itself."""
        return AIOKafkaConsumer(
            fetch_max_wait_ms=self.settings.kafka_fetch_wait_ms,
            enable_auto_commit=False,
            **self._arguments,
            **options,
        )

    async def send(self, record: Record, timeout: float = SEND_TIMEOUT_SECONDS) -> "asyncio.Future[Any]":  # noqa: ASYNC109
        """Hand a record to the producer; the future is done when the broker has acknowledged it.

        It need not be awaited: records go out in order and a failure is logged. What must not be lost is in
        an outbox, and the relay sends it again.

        Raises:
            BrokerUnavailableError: the broker does not answer in time, or the producer's buffer is full.
            RecordTooLargeError: it is larger than the setting, or the broker, allows.

        """
        async with reaching(record.topic, timeout):
            with self.telemetry.continuing(record.headers):
                future: asyncio.Future[Any] = await self._publisher(record.topic).publish(
                    record.value,
                    key=record.key.encode() if record.key is not None else None,
                    partition=record.partition,
                    headers=dict(record.headers),
                    correlation_id=record.headers[CORRELATION_ID],
                    no_confirm=True,
                )
        future.add_done_callback(self._confirmed)
        return future

    def _publisher(self, topic: str) -> Any:  # noqa: ANN401 - FastStream exports no class of publishers
        """Return the topic's publisher: one of the catalogue's, or a new one, as for replies."""
        if topic not in self._publishers:
            self._publishers[topic] = self.broker.publisher(topic, include_in_schema=False)
        return self._publishers[topic]

    def _confirmed(self, future: "asyncio.Future[Any]") -> None:
        if future.cancelled() or not (error := future.exception()):
            return
        log.warning("record not sent", error=repr(error), again=True)
        if isinstance(error, OutOfOrderSequenceNumber | ProducerFenced):
            # What a broker refuses was numbered already; aiokafka never fills such a gap.
            self.broken = f"the idempotent producer's numbers have a gap: {error!r}"

    async def write(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        headers: Headers,
        partition: int | None = None,
    ) -> None:
        """Write bytes as they are and wait until the broker has acknowledged them. Raises as `send` does.

        FastStream's publishers take text headers only; a dead letter keeps those that are not.
        """
        async with reaching(topic, SEND_TIMEOUT_SECONDS):
            writer = await self._opened_writer()
            await writer.send_and_wait(topic, value, key=key, partition=partition, headers=headers)

    async def _opened_writer(self) -> AIOKafkaProducer:
        async with self._opening:
            if self._writer is None:
                largest = self.settings.kafka_max_record_bytes
                writer = AIOKafkaProducer(acks="all", max_request_size=largest, **self._arguments)
                await connect(writer)
                self._writer = writer
        return self._writer

    async def ping(self) -> bool:
        return await self.broker.ping(PING_TIMEOUT_SECONDS)

    async def close(self) -> None:
        """Disconnect; the producers wait for the acknowledgements that are missing."""
        if self._writer is not None:
            await disconnect(self._writer)
        await disconnect(self.broker)
        await asyncio.to_thread(self.telemetry.flush)

"""Calls to Kafka with a time limit, and its errors translated to the chassis's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from faststream.kafka import KafkaBroker

from services.chassis.errors import BrokerUnavailableError, RecordTooLargeError

log = structlog.get_logger()

STOP_TIMEOUT_SECONDS = 2.0


@asynccontextmanager
async def reaching(what: str, timeout: float) -> AsyncIterator[None]:  # noqa: ASYNC109
    """Limit what is done with the broker to `timeout` seconds, and translate its errors, which `what` begins.

    Raises:
        BrokerUnavailableError: it did not answer in time, or with an error.
        RecordTooLargeError: it doesn't take a record of this size.

    """
    try:
        async with asyncio.timeout(timeout):
            yield
    except MessageSizeTooLargeError as error:
        raise RecordTooLargeError(f"{what}: {error}") from error
    except (TimeoutError, KafkaError, OSError) as error:
        raise BrokerUnavailableError(f"{what}: {str(error) or repr(error)}") from error


async def connect(client: AIOKafkaConsumer | AIOKafkaProducer) -> None:
    """Start a client; one that can't be started, or is cancelled meanwhile, is disconnected."""
    try:
        await client.start()
    except BaseException:
        await disconnect(client)
        raise


async def disconnect(client: AIOKafkaConsumer | AIOKafkaProducer | KafkaBroker) -> None:
    """Leave the group and disconnect, as far as the broker still answers."""
    try:
        async with asyncio.timeout(STOP_TIMEOUT_SECONDS):
            # A consumer's task that has not begun yet would break its stop off: it would stay connected.
            await asyncio.sleep(0)
            await client.stop()
    except (KafkaError, OSError, TimeoutError, asyncio.CancelledError) as error:
        task = asyncio.current_task()
        if isinstance(error, asyncio.CancelledError) and task and task.cancelling():
            raise  # any other one is aiokafka's own, raised while it ends its tasks
        log.warning("disconnected without the broker's answer", error=repr(error))

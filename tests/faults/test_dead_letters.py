"""Records that can't be handled, on a real broker: kept as they came, shown, replayed; others are handled."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from backchat_contracts import SessionRequested
from deploy.dlq.records import DeadLetter, DeadLetters
from deploy.embedded.stack import Stack
from deploy.services import ROOT
from services.chassis.errors import BrokerUnavailableError
from services.chassis.messaging.consumer import Consumer
from services.chassis.messaging.envelope import Delivery, Origin, encode
from services.chassis.messaging.kafka import Kafka
from services.chassis.process.service import connected
from services.chassis.settings import KafkaSettings
from tests.builders import session_requested
from tests.fakes import eventually
from tests.pipeline import router_to

pytestmark = pytest.mark.anyio

TOPIC = "session.requested"
MEGABYTES = 1024 * 1024
Headers = list[tuple[str, bytes]]
Handle = Callable[[SessionRequested, Delivery], Awaitable[None]]


def good(session_id: str, **changed: bytes) -> tuple[Headers, bytes]:
    """Return the headers and the value of a valid request, with these headers changed."""
    record = encode(session_requested(session_id=session_id), source="another-service", origin=Origin())
    headers = {name: text.encode() for name, text in record.headers.items()} | changed
    return list(headers.items()), record.value


async def publish(producer: AIOKafkaProducer, session_id: str) -> None:
    headers, value = good(session_id)
    await producer.send_and_wait(TOPIC, value, key=session_id.encode(), headers=headers)


@asynccontextmanager
async def consuming(kafka: Kafka, handle: Handle, drain: float = 5) -> AsyncIterator[None]:
    consumer = Consumer(kafka, router_to(handle))
    await consumer.start()
    try:
        yield
    finally:
        await consumer.stop(drain)


def collecting(kafka: Kafka, into: list[str], drain: float = 5) -> AbstractAsyncContextManager[None]:
    async def handle(event: SessionRequested, _delivery: Delivery) -> None:
        into.append(event.session_id)

    return consuming(kafka, handle, drain)


async def dead_letters_in(kafka: Kafka) -> list[DeadLetter]:
    dead_letters = DeadLetters(kafka)
    return [await dead_letters.read(each) for each in await dead_letters.find()]


async def dead_letters_when(kafka: Kafka, count: int) -> list[DeadLetter]:
    """Wait for so many dead letters: keys are handled concurrently, so a later record may come first."""
    dead: list[DeadLetter] = []

    async def all_there() -> bool:
        dead[:] = await dead_letters_in(kafka)
        return len(dead) >= count

    await eventually(all_there)
    return dead


async def dlq(broker: Stack, *words: str) -> tuple[int, str, str]:
    """Run the command as an operator does."""
    program = [sys.executable, "-m", "deploy.dlq", *words]
    process = await asyncio.create_subprocess_exec(
        *program,
        cwd=ROOT,
        env={"KAFKA_BOOTSTRAP_SERVERS": broker.kafka, "COLUMNS": "100"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(30):
        out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


BAD: dict[str, tuple[Headers, bytes | None]] = {
    "undecodable": (good("x")[0], b"\x00\xff{"),
    "schema-invalid": (good("x")[0], b'{"session_id": 7}'),
    "empty": (good("x")[0], b""),
    "tombstone": (good("x")[0], None),
    "headers-not-text": good("x", ce_source=b"\xff\xfe"),
    "no-headers": ([], b"{}"),
    "unknown-version": good("x", ce_type=b"session.requested.v2"),
    "unknown-specversion": good("x", ce_specversion=b"2.0"),
    "10-megabytes": (good("x")[0], b"x" * 10 * MEGABYTES),
}


async def test_what_cannot_be_read_is_kept_as_it_came_and_the_next_is_handled(
    settings: KafkaSettings, producer: AIOKafkaProducer
) -> None:
    handled: list[str] = []
    async with connected(Kafka(settings, "test")) as kafka, collecting(kafka, handled):
        for name, (headers, value) in BAD.items():
            await producer.send_and_wait(TOPIC, value, key=name.encode() + b"\xff", headers=headers)
        await publish(producer, "good")
        await eventually(lambda: handled == ["good"])
        dead = await dead_letters_when(kafka, len(BAD))

    kept = {each.key: (each.headers, each.value) for each in dead}
    assert kept == {name.encode() + b"\xff": record for name, record in BAD.items()}
    assert {each.reason["dlq_attempts"] for each in dead} == {"1"}
    assert {each.origin for each in dead} == {f"{TOPIC}/0/{offset}" for offset in range(len(BAD))}


PUBLISH_UNREADABLE = """
import asyncio, sys
from aiokafka import AIOKafkaProducer

class Name(str):
    def encode(self, *_):
        return b"\\xff\\xfe"

async def main():
    async with AIOKafkaProducer(bootstrap_servers=sys.argv[1]) as producer:
        batch = producer.create_batch()
        for headers in ([], [(Name("ab"), b"x")], []):
            batch.append(key=b"k", value=b"{}", timestamp=None, headers=headers)
        batch.close()
        await (await producer.send_batch(batch, sys.argv[2], partition=0))

asyncio.run(main())
"""


async def test_a_record_that_the_client_cannot_read_costs_none_of_the_others(
    broker: Stack, settings: KafkaSettings, producer: AIOKafkaProducer
) -> None:
    handled: list[str] = []
    # Only the client's slower half, in Python, can be made to write such a header.
    env = {**os.environ, "AIOKAFKA_NO_EXTENSIONS": "1"}
    for session_id in ("one", "two"):
        await publish(producer, session_id)
        unreadable = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", PUBLISH_UNREADABLE, broker.kafka, TOPIC), env=env
        )
        assert await unreadable.wait() == 0
    await publish(producer, "three")
    async with connected(Kafka(settings, "test")) as kafka, collecting(kafka, handled):
        await eventually(lambda: set(handled) == {"one", "two", "three"}, 20)
        dead = await dead_letters_when(kafka, 6)
    assert {each.origin for each in dead} == {f"{TOPIC}/0/{at}" for at in (1, 2, 3, 5, 6, 7)}
    named = [each.origin for each in dead if "unreadable" in dict(each.headers)]
    assert sorted(named) == [f"{TOPIC}/0/{at}" for at in (2, 3, 6, 7)]  # and what is behind it in its batch


async def test_what_the_dead_letters_cannot_hold_is_cut_and_does_not_stop_the_others(
    settings: KafkaSettings, producer: AIOKafkaProducer
) -> None:
    handled: list[str] = []
    narrow = settings.model_copy(update={"kafka_max_record_bytes": 65_536})
    async with connected(Kafka(narrow, "test")) as kafka, collecting(kafka, handled):
        await producer.send_and_wait(TOPIC, b"x" * 10 * MEGABYTES, key=b"k", headers=good("x")[0])
        await publish(producer, "good")
        await eventually(lambda: handled == ["good"])
        (cut,) = await dead_letters_when(kafka, 1)

    assert (cut.key, cut.value, len(cut.headers)) == (b"k", b"", len(good("x")[0]))
    assert (cut.reason["dlq_lost"], cut.reason["dlq_size"]) == ("value", str(10 * MEGABYTES))


class NoDeadLetters(Kafka):
    """A connection that may not write dead letters."""

    refused = 0

    async def write(self, *_record: Any, **_more: Any) -> None:
        self.refused += 1
        raise BrokerUnavailableError("not allowed")


async def test_while_the_dead_letters_cannot_be_written_nothing_is_acknowledged(
    settings: KafkaSettings, producer: AIOKafkaProducer
) -> None:
    handled: list[str] = []
    async with (
        connected(NoDeadLetters(settings, "test")) as unable,
        collecting(unable, handled, drain=0.1),
    ):
        await producer.send_and_wait(TOPIC, b"bad", key=b"good")
        await publish(producer, "good")
        await eventually(lambda: unable.refused >= 2)
    assert handled == []

    async with connected(Kafka(settings, "test")) as kafka, collecting(kafka, handled):
        await eventually(lambda: handled == ["good"])
        assert [each.value for each in await dead_letters_in(kafka)] == [b"bad"]


async def test_a_broker_that_falls_silent_gets_the_dead_letter_when_it_is_back(
    broker: Stack, settings: KafkaSettings, producer: AIOKafkaProducer
) -> None:
    paused = asyncio.Event()

    async def silence(_event: SessionRequested, _delivery: Delivery) -> None:
        broker.supervisor.pause("kafka")
        paused.set()
        raise KeyError("bug")

    once = settings.model_copy(update={"kafka_handler_attempts": 1})
    async with connected(Kafka(once, "test")) as kafka, consuming(kafka, silence):
        await publish(producer, "kept")
        async with asyncio.timeout(10):
            await paused.wait()
        broker.supervisor.resume("kafka")

        async def kept() -> bool:
            return [each.key for each in await dead_letters_in(kafka)] == [b"kept"]

        await eventually(kept)


@pytest.fixture
async def dead(settings: KafkaSettings, producer: AIOKafkaProducer) -> AsyncIterator[list[str]]:
    """Requests that a service with a bug gave up; then what the service handles without the bug."""

    async def fail(_event: SessionRequested, _delivery: Delivery) -> None:
        raise KeyError("bug \x1b[31m")

    handled: list[str] = []
    once = settings.model_copy(update={"kafka_handler_attempts": 1})
    async with connected(Kafka(once, "test")) as kafka:
        async with consuming(kafka, fail):
            for session_id in ("s-1", "s-2"):
                await publish(producer, session_id)

            async def both() -> bool:
                return len(await dead_letters_in(kafka)) == 2

            await eventually(both)
        async with collecting(kafka, handled):
            yield handled


async def test_an_operator_lists_shows_and_replays_them(broker: Stack, dead: list[str]) -> None:
    code, out, err = await dlq(broker, "list", "--json")
    assert (code, err) == (0, "")
    listed = json.loads(out)
    assert listed["topics"][f"{TOPIC}.dlq"]["count"] == 2
    first, second = (each["id"] for each in listed["dead_letters"])
    assert listed["dead_letters"][0]["dlq_error"] == "KeyError: 'bug \\x1b[31m'"

    code, out, _ = await dlq(broker, "list", "--topic", TOPIC)
    assert code == 0
    assert first in out
    assert second in out

    code, out, _ = await dlq(broker, "show", first)
    assert code == 0
    assert '"session_id": "s-1"' in out
    assert "ce_type: session.requested" in out

    assert await dlq(broker, "replay", first) == (2, "", "dlq: no terminal to confirm at: add --yes\n")
    assert await dlq(broker, "replay", first, "--yes") == (0, f"{first} -> {TOPIC}\n", "")
    await eventually(lambda: dead == ["s-1"])

    code, out, _ = await dlq(broker, "list", "--json")
    assert [each["id"] for each in json.loads(out)["dead_letters"]] == [second]
    code, out, err = await dlq(broker, "replay", "--all", "--yes")
    assert (code, out) == (0, f"{second} -> {TOPIC}\n")
    assert "1 were replayed already" in err
    await eventually(lambda: dead == ["s-1", "s-2"])


async def test_a_replayed_record_is_the_one_that_was_there(
    settings: KafkaSettings, producer: AIOKafkaProducer
) -> None:
    headers: Headers = [("odd", b"\xff"), ("odd", b"2")]
    async with connected(Kafka(settings, "test")) as kafka, collecting(kafka, []):
        await producer.send_and_wait(TOPIC, b"\x00", key=b"\xfe", headers=headers)

        async def fallen(times: int) -> bool:
            return len(await dead_letters_in(kafka)) == times

        for times in (1, 2, 3):  # it falls again each time
            await eventually(lambda times=times: fallen(times))
            last = (await dead_letters_in(kafka))[-1]
            assert (last.key, last.value, last.headers[:2]) == (b"\xfe", b"\x00", headers)
            assert len(last.headers) <= 3
            await DeadLetters(kafka).replay(last)
        await eventually(lambda: fallen(4))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "session.requested.dlq/0/99"], "no dead letter session.requested.dlq/0/99"),
        (["replay", "nonsense", "--yes"], "no dead letter nonsense"),
        (["replay", "--yes"], "name the dead letters"),
        (["list", "--topic", "no.such"], "no topic no.such"),
    ],
)
async def test_what_is_not_there_is_a_line(broker: Stack, words: list[str], said: str) -> None:
    code, out, err = await dlq(broker, *words)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


async def test_no_dead_letters_are_no_error(broker: Stack) -> None:
    assert await dlq(broker, "list") == (0, "no dead letters\n", "")


async def test_no_broker_is_a_line(broker: Stack) -> None:
    broker.kafka = "127.0.0.1:1"
    code, out, err = await dlq(broker, "list")
    assert (code, out) == (69, "")
    assert err.startswith("dlq: no usable Kafka broker at 127.0.0.1:1")
    assert err.count("\n") == 1

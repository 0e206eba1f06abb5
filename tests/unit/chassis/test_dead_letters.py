"""What a dead letter keeps of its record, and what its headers say about the failure."""

from typing import Any

import pytest
from aiokafka import ConsumerRecord

from deploy.dlq.records import DeadLetter
from services.chassis.errors import BrokerUnavailableError
from services.chassis.messaging.dead_letters import dead_letter
from services.chassis.printable import printable
from services.chassis.redaction import REDACTED
from tests.builders import NOW, raw_record
from tests.fakes import FakeKafka, Written

pytestmark = pytest.mark.anyio

HEADERS: list[tuple[str, Any]] = [("ce_id", b"e-1"), ("odd", b"\xff"), ("odd", b"again"), ("none", None)]


async def written(record: ConsumerRecord[Any, Any], takes_bytes: int = 1_000_000) -> Written:
    kafka = FakeKafka("session")
    kafka.takes_bytes = takes_bytes
    await dead_letter(kafka, record, ValueError("why \udc80 not"), attempts=3)
    (found,) = kafka.written
    return found


def as_read(found: Written) -> DeadLetter:
    milliseconds = int(NOW.timestamp() * 1000)
    record = raw_record(found.headers, found.value, found.topic, offset=17, timestamp=milliseconds)  # type: ignore[arg-type]
    record.key = found.key
    return DeadLetter.of(record)


async def test_it_keeps_the_bytes_headers_and_position_of_its_record() -> None:
    record = raw_record(HEADERS, b"\x00\xff", "session.requested", partition=2, offset=41)
    record.key = b"\xfe"
    found = await written(record)
    assert (found.topic, found.key, found.value) == ("session.requested.dlq", b"\xfe", b"\x00\xff")
    assert found.headers[:4] == HEADERS
    assert dict(found.headers[4:]) == {
        "dlq_topic": b"session.requested",
        "dlq_partition": b"2",
        "dlq_offset": b"41",
        "dlq_error": b"ValueError: why ? not",
        "dlq_attempts": b"3",
        "dlq_size": b"2",
    }


@pytest.mark.parametrize(("key", "value"), [("k", None), (None, b"")])
async def test_a_tombstone_stays_one_where_it_has_a_key(key: str | None, value: bytes | None) -> None:
    found = await written(raw_record([], None, key=key))
    assert found.value == value
    assert ("dlq_size", b"null") in found.headers


async def test_a_value_that_is_too_large_is_left_out_and_that_is_said() -> None:
    found = await written(raw_record(HEADERS, bytes(5000), key="k"), takes_bytes=1000)
    assert (found.key, found.value, found.headers[:4]) == (b"k", b"", HEADERS)
    assert {("dlq_lost", b"value"), ("dlq_size", b"5000")} <= set(found.headers)


async def test_so_are_headers_that_are_too_large() -> None:
    found = await written(raw_record([("big", bytes(5000))], b"{}", key="k"), takes_bytes=1000)
    assert (found.key, found.value) == (None, b"")
    assert found.headers[0][0] == "dlq_topic"
    assert ("dlq_lost", b"key, value, headers") in found.headers


async def test_what_is_read_back_is_what_was_there() -> None:
    found = as_read(await written(raw_record(HEADERS, b"{", key="k", partition=1, offset=5)))
    assert (found.key, found.value, found.headers) == (b"k", b"{", HEADERS)
    assert (found.id, found.origin) == ("session.requested.dlq/0/17", "session.requested/1/5")
    assert (found.original_topic, found.at) == ("session.requested", NOW)
    assert found.reason["dlq_attempts"] == "3"


async def test_headers_of_a_foreign_producer_that_look_like_ours_stay_with_the_record() -> None:
    stranger = [("dlq_topic", b"elsewhere"), ("dlq_offset", b"9")]
    found = as_read(await written(raw_record(stranger, b"{", offset=5)))
    assert found.headers == stranger
    assert found.origin == "session.requested/0/5"


async def test_a_record_without_a_reason_is_a_dead_letter_too() -> None:
    found = DeadLetter.of(raw_record([("ce_id", b"1")], b"x", "session.requested.dlq"))
    assert (found.headers, found.reason, found.origin) == ([("ce_id", b"1")], {}, "?/?/?")


class UnreachableOnce(FakeKafka):
    """A broker that is unreachable at the first call only."""

    async def write(self, *record: Any) -> None:
        self.reachable, reachable = True, self.reachable
        if not reachable:
            raise BrokerUnavailableError("the fake broker is out of reach")
        await super().write(*record)


async def test_it_waits_for_a_broker_that_does_not_take_it() -> None:
    kafka = UnreachableOnce("session")
    kafka.reachable = False
    await dead_letter(kafka, raw_record([]), ValueError("why"), attempts=1)
    assert len(kafka.written) == 1
    assert kafka.outages == 1  # the watchdog sees that it is not stuck


async def test_its_error_has_no_secret_not_even_where_it_is_cut() -> None:
    secret = "a-long-password-0123456789"  # noqa: S105 - a made-up one
    access = {"kafka_sasl_mechanism": "PLAIN", "kafka_sasl_username": "me", "kafka_sasl_password": secret}
    kafka = FakeKafka("session", kafka_security_protocol="SASL_PLAINTEXT", **access)
    await dead_letter(kafka, raw_record([]), ValueError(f"{secret} " * 200), attempts=1)
    (found,) = kafka.written
    error = (dict(found.headers)["dlq_error"] or b"").decode()
    assert error.startswith(f"ValueError: {REDACTED} ")
    assert secret[:10] not in error


def test_a_terminal_gets_no_control_characters() -> None:
    assert printable("가\n\x1b[31m\t\u202e\x9b") == "가\n\\x1b[31m\\t\\u202e\\x9b"

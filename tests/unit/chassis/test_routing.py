"""Reading a record for FastStream: whatever it contains, it becomes a message."""

import pytest

from services.chassis.messaging.decoding import MalformedRecordError
from services.chassis.messaging.routing import parse
from tests.builders import raw_record

pytestmark = pytest.mark.anyio

JSON = ("content-type", b"application/cloudevents+json")


@pytest.mark.parametrize(
    "value",
    [
        b"\xff",
        b"[" * 100_000,
        b'{"specversion": "1.0", "id": "\\ud800", "type": "session.requested", "source": "/x"}',
        b'{"specversion": "1.0", "id": "1", "type": "session.requested", "source": "/x", "data": "\\udfff"}',
        b'{"specversion": "1.0", "id": "1", "type": "session.requested", "source": "/x", "sequence": '
        + b"9" * 9999
        + b"}",
    ],
)
async def test_a_record_that_cannot_be_read_ends_no_process(value: bytes) -> None:
    message = await parse(raw_record([JSON], value, "session.requested"))
    assert isinstance(message.delivery, MalformedRecordError)


async def test_an_unexpected_error_is_one_of_the_record() -> None:
    record = raw_record([JSON], b"{}", "session.requested")
    record.headers = None
    assert isinstance((await parse(record)).delivery, MalformedRecordError)

"""The sample strategies are saved through a gateway that answers with given statuses."""

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Iterable
from email.parser import BytesParser

import pytest

from deploy.embedded.errors import SampleError
from deploy.embedded.samples import load_samples

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Gateway:
    """Answers with the statuses given, one after the other, and remembers what it was asked."""

    def __init__(self, statuses: Iterable[int], body: bytes = b"{}") -> None:
        self._statuses = iter(statuses)
        self._body = body
        self.keys: list[str] = []
        self.names: list[str] = []
        self.url = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request, _, head = (await reader.readuntil(b"\r\n\r\n")).partition(b"\r\n")
        assert request == b"POST /api/v1/strategies HTTP/1.0"
        headers = BytesParser().parsebytes(head)
        self.keys.append(headers["Idempotency-Key"])
        self.names.append(json.loads(await reader.readexactly(int(headers["Content-Length"])))["name"])
        writer.write(b"HTTP/1.1 %d Whatever\r\n\r\n%b" % (next(self._statuses), self._body))
        writer.close()
        await writer.wait_closed()

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        async with await asyncio.start_server(self.answer, "127.0.0.1", 0) as server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_new_ones_are_saved_and_those_already_there_are_fine() -> None:
    gateway = Gateway([201, 409, 201, 409])
    async with gateway.serving() as url:
        await load_samples(url)
    assert len(set(gateway.names)) == 4
    assert len(set(gateway.keys)) == 4


async def test_asks_again_with_the_same_key_when_no_answer_came_in_time() -> None:
    gateway = Gateway(itertools.chain([503], itertools.repeat(201)))
    async with gateway.serving() as url:
        await load_samples(url)
    first, again, *others = zip(gateway.names, gateway.keys, strict=True)
    assert first == again
    assert first not in others
    assert len(others) == 3


async def test_a_refusal_is_told_in_one_line() -> None:
    gateway = Gateway([422], b'{\n  "detail": "no such type"\n}')
    async with gateway.serving() as url:
        with pytest.raises(SampleError) as refused:
            await load_samples(url)
    assert str(refused.value) == (
        'the sample strategy 매수 후 보유 was refused: 422 { "detail": "no such type" }'
    )


async def test_no_gateway_is_told_in_one_line() -> None:
    async with Gateway([]).serving() as url:
        pass
    with pytest.raises(SampleError, match=r"^the sample strategy 매수 후 보유 was not saved: .+$"):
        await load_samples(url)

"""The client of `make losses`: which jobs count as accepted."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.bench import losses
from tests.bench.errors import BenchError
from tests.bench.jobs.systems import System

pytestmark = [pytest.mark.anyio, pytest.mark.long]

ANSWERS = [
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 5\r\n\r\nlater",
    b'HTTP/1.1 202 Accepted\r\nContent-Length: 20\r\n\r\n{"backtest_id": "x"}',
]


async def test_a_job_is_sent_with_the_same_key_until_it_is_accepted() -> None:
    keys: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        keys.extend(line for line in head.split(b"\r\n") if line.startswith(b"Idempotency-Key"))
        writer.write(ANSWERS[len(keys) - 1])
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        client = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench.jobs.submit", "backchat", "1", "100"),
            env={**os.environ, "GATEWAY_URL": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        printed, logged = await client.communicate()

    assert (client.returncode, printed) == (0, b"x\n")
    assert b"job-0 is not accepted yet" in logged
    assert len(keys) == 2
    assert keys[0] == keys[1]


async def test_a_client_that_cannot_submit_is_no_system_that_loses_nothing(tmp_path: Path) -> None:
    nowhere = System({"REDIS_URL": "no address"}, [], "")
    with pytest.raises(BenchError, match="only 0 of 3 jobs were accepted"):
        await losses._submit("unknown", nowhere, 3, tmp_path / "log")  # type: ignore[arg-type]  # noqa: SLF001

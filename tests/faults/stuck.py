"""Starts the service of `stuck_service.py`, and reads its readiness and its log."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from aiokafka import AIOKafkaProducer

from deploy.services import ROOT
from services.chassis.messaging.envelope import Origin, encode
from services.chassis.settings import KafkaSettings
from tests.builders import session_requested

START_SECONDS = 30.0
PROGRAM = Path(__file__).with_name("stuck_service.py")


async def publish(producer: AIOKafkaProducer) -> str:
    """Ask for a session and return its id."""
    request = session_requested()
    record = encode(request, source="another-service", origin=Origin())
    headers = [(name, text.encode()) for name, text in record.headers.items()]
    await producer.send_and_wait(record.topic, record.value, headers=headers)
    return request.session_id


@asynccontextmanager
async def service(
    settings: KafkaSettings, way: str, port: int, env: Mapping[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the service whose handler hangs, blocks, dies or refuses to end, as `way` names it."""
    given = {name.upper(): str(value) for name, value in settings.model_dump(exclude_none=True).items()}
    own = {"HEALTH_PORT": str(port), "PYTHONPATH": str(ROOT), **env}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(PROGRAM), way),
        env={**given, **own},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@asynccontextmanager
async def readiness(port: int) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=0.5) as client:

        async def ready() -> bool:
            try:
                return (await client.get("/health/ready")).status_code == 200
            except httpx.TransportError:
                return False

        yield ready


def said(err: bytes, words: str) -> list[dict[str, Any]]:
    """Return the records of the log that contain these words."""
    return [json.loads(line) for line in err.decode().splitlines() if words in line]

"""Saves a few sample strategies through the gateway."""

import asyncio
import json
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import uuid4

from deploy.embedded.errors import SampleError
from deploy.embedded.net import request

SAMPLES = Path(__file__).with_name("strategies.json")
DEADLINE_SECONDS = 30.0
RETRY_SECONDS = 0.5


async def load_samples(url: str) -> None:
    """Save the sample strategies; those that exist already are not changed.

    Raises:
        SampleError: the gateway at `url` refused one or did not take it within 30 s.

    """
    samples = json.loads(await asyncio.to_thread(SAMPLES.read_text, encoding="utf-8"))
    for sample in samples:
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                await _save(url, sample)
        except OSError as error:
            reason = str(error) or f"no answer in {DEADLINE_SECONDS:g} s"
            raise SampleError(f"the sample strategy {sample['name']} was not saved: {reason}") from error


async def _save(url: str, sample: dict[str, Any]) -> None:
    """Save one. After a 503 it is sent again with the same key, which makes it the same request."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
    body = json.dumps(sample).encode()
    while True:
        status, answer = await request("POST", f"{url}/api/v1/strategies", body, headers)
        match status:
            case HTTPStatus.CREATED | HTTPStatus.CONFLICT:
                return
            case HTTPStatus.SERVICE_UNAVAILABLE:
                await asyncio.sleep(RETRY_SECONDS)
            case _:
                reason = " ".join(answer.decode(errors="replace").split())
                raise SampleError(f"the sample strategy {sample['name']} was refused: {status} {reason}")

"""Faults in the real thing: one embedded stack at a time, broken by signals and mended again."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from deploy.embedded.samples import load_samples
from deploy.embedded.stack import Stack
from tests.flows.api import Api


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """All of Backchat, for one module: what it did to the broker is nobody else's business."""
    folder: Path = tmp_path_factory.mktemp("stack")
    async with Stack(folder, env={"BACKTEST_WORKERS": "1"}, log=folder / "stack.log") as running:
        await load_samples(running.url)
        yield running


@pytest.fixture
async def api(stack: Stack) -> AsyncIterator[Api]:
    async with httpx.AsyncClient(base_url=stack.url, timeout=30) as client:
        yield Api(client)

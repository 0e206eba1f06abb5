"""Fixtures of the flow tests: one stack for all, with real broker, database and processes."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from deploy.embedded.samples import load_samples
from deploy.embedded.stack import Stack
from tests.flows.api import Api
from tests.flows.faults import Faults
from tests.openapi import Description
from tests.servers import Servers, chosen


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def servers() -> Servers:
    """The servers that the stacks of the tests use; each stack has its own."""
    return chosen()


@pytest.fixture(scope="session")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Faults:
    return Faults(tmp_path_factory.mktemp("faults"))


@pytest.fixture(scope="session")
async def stack(
    servers: Servers, faults: Faults, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stack]:
    folder: Path = tmp_path_factory.mktemp("stack")
    settings = {
        "LEASE_SECONDS": "2",
        "HEARTBEAT_SECONDS": "0.5",
        "BACKTEST_WORKERS": "1",
        "BACKCHAT_FAULTS": str(faults.folder),
    }
    async with (
        servers(folder) as env,
        Stack(folder, env={**env, **settings}, log=folder / "stack.log") as running,
    ):
        await load_samples(running.url)
        yield running


@pytest.fixture(scope="session")
async def description(stack: Stack) -> Description:
    async with httpx.AsyncClient(base_url=stack.url, timeout=30) as client:
        return Description((await client.get("/openapi.json")).json())


@pytest.fixture
async def api(stack: Stack, description: Description) -> AsyncIterator[Api]:
    """A client whose responses must all be described."""
    hooks = {"response": [description.check_whole]}
    async with httpx.AsyncClient(base_url=stack.url, timeout=30, event_hooks=hooks) as client:
        yield Api(client)

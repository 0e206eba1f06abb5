"""The disk of the data folder is full for a while: nothing accepted is lost, all works again by itself."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

import httpx
import pytest

from deploy.embedded.samples import load_samples
from deploy.embedded.stack import Stack
from deploy.services import SERVICES
from tests.fakes import eventually
from tests.faults.load import Load
from tests.flows.api import Api
from tests.servers import Servers, apache, chosen

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(400)]

SIZE: Final = "60m"
FULL_SECONDS = 90.0
RECOVERED_SECONDS = 60.0
MOST_LINES = 100


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small file system."""
    folder = tmp_path_factory.mktemp("disk")
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"needs root on Linux, to mount a small file system: {error}")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.fixture(scope="module")
async def stack(servers: Servers, disk: Path, stack_log: Path) -> AsyncIterator[Stack]:
    async with (
        servers(stack_log.parent) as env,
        Stack(disk / "data", env={**env, "BACKTEST_WORKERS": "1"}, log=stack_log) as running,
    ):
        await load_samples(running.url)
        yield running


async def ready(stack: Stack, name: str) -> bool:
    """Return whether a service is ready, of the gateway whether it is not degraded."""
    async with httpx.AsyncClient(timeout=10) as client:
        try:
            response = await client.get(f"{stack.health_urls[name]}/health/ready")
        except httpx.TransportError:
            return False
    return response.status_code == 200 and response.json()["status"] == "ready"


async def all_ready(stack: Stack) -> bool:
    return all(await asyncio.gather(*(ready(stack, name) for name in SERVICES)))


async def none_ready(stack: Stack) -> bool:
    return not any(await asyncio.gather(*(ready(stack, name) for name in SERVICES)))


async def test_nothing_accepted_is_lost_and_all_works_again(
    stack: Stack, disk: Path, stack_log: Path, api: Api
) -> None:
    load = Load(api)
    async with load.running():
        await eventually(lambda: len(load.backtests) > 5)
        before, lines = stack.supervisor.pids(), log_lines(stack_log)
        fill(disk / "of another program")
        await eventually(partial(none_ready, stack), FULL_SECONDS)
        # Its storage has failed, it is killed, and its next runs find no space either.
        await eventually(lambda: "mongodb ended (exit code 1)" in stack_log.read_text(), FULL_SECONDS)
        assert log_lines(stack_log) - lines < MOST_LINES
        (disk / "of another program").unlink()

        await eventually(partial(all_ready, stack), RECOVERED_SECONDS)
        accepted = len(load.backtests)
        await eventually(lambda: len(load.backtests) > accepted)
    unavailable = "/problems/service-unavailable"
    if chosen() is not apache:  # which keeps the commands: they are accepted, and done later
        assert load.answers[unavailable] > 0
    assert set(load.answers) <= {"201", "202", unavailable}
    pids = stack.supervisor.pids()
    assert [name for name in before if pids[name] != before[name]] == ["mongodb"]
    for backtest_id in load.backtests:
        assert (await api.ended(backtest_id))["status"] == "completed"
    await asyncio.gather(*(load.found(session_id) for session_id in load.sessions))


def log_lines(log: Path) -> int:
    return len(log.read_text().splitlines())


def fill(file: Path) -> None:
    """Write into a file until the disk is full."""
    with file.open("wb", buffering=0) as filling, suppress(OSError):
        while True:
            filling.write(bytes(4096))

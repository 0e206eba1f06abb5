"""The disk of the data folder is full for a while: nothing accepted is lost, all works again by itself."""

import asyncio
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Final
from uuid import uuid4

import httpx
import pytest

from deploy.embedded.samples import load_samples
from deploy.embedded.stack import Stack
from deploy.services import SERVICES
from tests.fakes import eventually
from tests.flows.api import CHATOPS, Api, unique
from tests.servers import Servers

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(400)]

SIZE: Final = "60m"
FULL_SECONDS = 90.0
RECOVERED_SECONDS = 60.0
MOST_LINES = 100
PAUSE_SECONDS = 0.2


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


class Load:
    """Clients that open sessions and request backtests all the time; what was answered, and what accepted."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self.answers = Counter[int]()
        self.sessions = set[str]()
        self.backtests = set[str]()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as clients:
            tasks = [clients.create_task(self._repeat()) for _ in range(3)]
            yield
            for task in tasks:
                task.cancel()

    async def _repeat(self) -> None:
        strategy = {"name": unique("전략"), "symbols": ["AAPL", "MSFT"]}
        while True:
            session = await self._sent(f"{CHATOPS}/session/create", {"user_id": "kim"})
            self.sessions |= {session["session_id"]} if session else set()
            request = {"strategy_config": strategy, "fresh": True}
            backtest = await self._sent(f"{CHATOPS}/backtest/trigger", request)
            self.backtests |= {backtest["backtest_id"]} if backtest else set()
            await asyncio.sleep(PAUSE_SECONDS)

    async def _sent(self, path: str, body: dict[str, object]) -> dict[str, str] | None:
        response = await self._api.post(path, body, Idempotency_Key=str(uuid4()))
        self.answers[response.status_code] += 1
        if response.is_success:
            return dict(response.json())
        assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE, response.text
        assert int(response.headers["Retry-After"]) > 0
        assert response.json()["type"] == "/problems/service-unavailable"
        return None


@pytest.fixture
def load(api: Api) -> Load:
    return Load(api)


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
    stack: Stack, disk: Path, stack_log: Path, api: Api, load: Load
) -> None:
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
    assert load.answers[503] > 0
    pids = stack.supervisor.pids()
    assert [name for name in before if pids[name] != before[name]] == ["mongodb"]
    for backtest_id in load.backtests:
        assert (await api.ended(backtest_id))["status"] == "completed"
    for session_id in load.sessions:
        await eventually(partial(found, api, session_id))


async def found(api: Api, session_id: str) -> bool:
    return (await api.get(f"{CHATOPS}/session/{session_id}")).status_code == HTTPStatus.OK


def log_lines(log: Path) -> int:
    return len(log.read_text().splitlines())


def fill(file: Path) -> None:
    """Write into a file until the disk is full."""
    with file.open("wb", buffering=0) as filling, suppress(OSError):
        while True:
            filling.write(bytes(4096))

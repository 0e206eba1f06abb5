"""The fault injector counts only what it broke."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from deploy.embedded.stack import Stack
from tests.chaos.injector import FaultInjector
from tests.chaos.plan import Action, Fault
from tests.chaos.system import SystemUnderTest

pytestmark = pytest.mark.anyio


class EmptySystem(SystemUnderTest):
    """A system in which nothing runs."""

    def pids(self) -> dict[str, int]:
        return {}

    async def wait_ready(self, seconds: float) -> None:
        """Be ready at once."""


async def test_a_fault_that_broke_nothing_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.chaos.injector.POINT_SECONDS", 0.05)
    system, told = EmptySystem(Stack(tmp_path), None, {}, tmp_path, tmp_path), list[str]()
    injector = FaultInjector(system, told.append)
    actions: tuple[Action, ...] = ("kill", "terminate", "stop", "worker")
    await injector.run([Fault(action, "backtest", 0.0) for action in actions])
    assert [line.split(":")[0] for line in told] == [f"{action} backtest (not running)" for action in actions]
    assert injector.injected == 0

    points = [Fault("point", point, 0.0) for point in ("handled", "sent", "sent", "attached")]
    reaching = asyncio.create_task(again_and_again(partial((tmp_path / "sent").unlink, missing_ok=True)))
    await injector.run(points)
    assert injector.injected == 2
    assert injector.unreached == ["attached", "handled"]
    reaching.cancel()


async def again_and_again(reach: Callable[[], None]) -> None:
    while True:
        reach()
        await asyncio.sleep(0.005)

"""The one who breaks things, one after another, and waits in between until everything is ready again."""

import asyncio
import contextlib
import os
import random
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterable

from deploy.embedded.errors import NotReadyError
from tests.bench.resources import kill_child
from tests.chaos.arena import Arena
from tests.chaos.plan import Fault

READY_SECONDS = 60.0
POINT_SECONDS = 4.0
DELAY_SECONDS = 0.1
POLL_SECONDS = 0.05
NOT_THERE = " (there is none)"

PublishUnconfirmed = Callable[[str], None]


class Agent:
    """Injects faults into an arena and tells of each."""

    def __init__(self, arena: Arena, tell: PublishUnconfirmed) -> None:
        self._arena = arena
        self._tell = tell
        self._chance = random.Random(0)
        self._armed = set[str]()
        self._reached = set[str]()
        self.injected = 0

    @property
    def unreached(self) -> list[str]:
        """The crash points that were armed, and that nobody has come by."""
        return sorted(self._armed - self._reached)

    async def run(self, faults: Iterable[Fault]) -> None:
        """Inject until cancelled; whatever is disturbed then is restored.

        Raises:
            NotReadyError: something did not come back.

        """
        for fault in faults:
            await asyncio.sleep(fault.pause)
            began = time.monotonic()
            note = await self._inject(fault)
            self.injected += not note
            try:
                await self._arena.wait_ready(READY_SECONDS)
            except NotReadyError:
                self._tell(f"{fault}{note}: not everything came back")
                raise
            self._tell(f"{fault}{note}: all ready after {time.monotonic() - began:.1f} s")

    async def _inject(self, fault: Fault) -> str:
        """Do it; return why nothing was broken, if that is so."""
        match fault.action:
            case "kill" | "terminate" | "stop" if fault.target not in self._arena.pids():
                return NOT_THERE
            case "kill":
                self._arena.supervisor(fault.target).kill(fault.target)
            case "terminate":
                await self._terminate(fault.target)
            case "stop":
                async with self._stopped(fault.target):
                    await asyncio.sleep(fault.seconds)
            case "worker":
                return "" if kill_child(self._arena.pids().get("backtest"), self._chance) else NOT_THERE
            case "point":
                return await self._crash_at(fault.target)
            case _:
                await self._disturb(fault)
        return ""

    async def _terminate(self, name: str) -> None:
        """Ask it to end, and wait until it did: it is ready until then."""
        pid = self._arena.pids()[name]
        os.kill(pid, signal.SIGTERM)
        await _until(lambda: self._arena.pids().get(name) != pid, READY_SECONDS)

    @contextlib.asynccontextmanager
    async def _stopped(self, name: str) -> AsyncIterator[None]:
        supervisor = self._arena.supervisor(name)
        supervisor.pause(name)
        try:
            yield
        finally:
            supervisor.resume(name)

    async def _crash_at(self, point: str) -> str:
        """Arm a crash point once, and wait for somebody to reach it."""
        armed, beside = self._arena.faults / point, self._arena.faults / f".{point}"
        before = self._arena.pids()
        self._armed.add(point)
        beside.write_text("kill once")
        beside.rename(armed)
        try:
            if not await _until(lambda: not armed.exists(), POINT_SECONDS):
                return " (nobody came by)"
        finally:
            armed.unlink(missing_ok=True)
        self._reached.add(point)
        await _until(lambda: self._arena.pids() != before, POINT_SECONDS)  # its supervisor has noticed
        return ""

    async def _disturb(self, fault: Fault) -> None:
        link = self._arena.links[fault.target]
        if fault.action == "reset":
            link.reset()
            return
        if fault.action == "cut":
            link.cut()
        else:
            link.delay(DELAY_SECONDS)
        try:
            await asyncio.sleep(fault.seconds)
        finally:
            link.restore()


async def _until(true: Callable[[], bool], seconds: float) -> bool:
    """Wait until it is true; tell whether that was in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(POLL_SECONDS)
    return True

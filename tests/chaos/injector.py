"""Injects faults one after another, and waits after each until the whole system is ready again."""

import asyncio
import contextlib
import os
import random
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterable

from deploy.embedded.errors import NotReadyError
from tests.bench.resources import kill_child
from tests.chaos.plan import Fault
from tests.chaos.system import SystemUnderTest

READY_SECONDS = 60.0
POINT_SECONDS = 4.0
DELAY_SECONDS = 0.1
POLL_SECONDS = 0.05
NOT_RUNNING = " (not running)"

Tell = Callable[[str], None]


class FaultInjector:
    """Injects faults into the system under test, and reports each."""

    def __init__(self, system: SystemUnderTest, tell: Tell) -> None:
        self._system = system
        self._tell = tell
        self._chance = random.Random(0)
        self._armed = set[str]()
        self._reached = set[str]()
        self.injected = 0

    @property
    def unreached(self) -> list[str]:
        """The fault points that were armed, and that no process has reached."""
        return sorted(self._armed - self._reached)

    async def run(self, faults: Iterable[Fault]) -> None:
        """Inject faults until cancelled; then what is stopped or disturbed is restored.

        Raises:
            NotReadyError: not all processes were ready again in time.

        """
        for fault in faults:
            await asyncio.sleep(fault.pause)
            began = time.monotonic()
            note = await self._inject(fault)
            self.injected += not note
            try:
                await self._system.wait_ready(READY_SECONDS)
            except NotReadyError:
                self._tell(f"{fault}{note}: not all processes were ready again")
                raise
            self._tell(f"{fault}{note}: all ready after {time.monotonic() - began:.1f} s")

    async def _inject(self, fault: Fault) -> str:
        """Inject a fault; return why nothing was broken, or an empty text."""
        match fault.action:
            case "kill" | "terminate" | "stop" if fault.target not in self._system.pids():
                return NOT_RUNNING
            case "kill":
                self._system.supervisor(fault.target).kill(fault.target)
            case "terminate":
                await self._terminate(fault.target)
            case "stop":
                async with self._stopped(fault.target):
                    await asyncio.sleep(fault.seconds)
            case "worker":
                return "" if kill_child(self._system.pids().get("backtest"), self._chance) else NOT_RUNNING
            case "point":
                return await self._crash_at(fault.target)
            case _:
                await self._disturb(fault)
        return ""

    async def _terminate(self, name: str) -> None:
        """Send SIGTERM, and wait for the end of the process: until then it would still count as ready."""
        pid = self._system.pids()[name]
        os.kill(pid, signal.SIGTERM)
        await _until(lambda: self._system.pids().get(name) != pid, READY_SECONDS)

    @contextlib.asynccontextmanager
    async def _stopped(self, name: str) -> AsyncIterator[None]:
        supervisor = self._system.supervisor(name)
        supervisor.pause(name)
        try:
            yield
        finally:
            supervisor.resume(name)

    async def _crash_at(self, point: str) -> str:
        """Arm a fault point once, and wait until a process reaches it."""
        armed, beside = self._system.faults / point, self._system.faults / f".{point}"
        before = self._system.pids()
        self._armed.add(point)
        beside.write_text("kill once")
        beside.rename(armed)
        try:
            if not await _until(lambda: not armed.exists(), POINT_SECONDS):
                return " (not reached)"
        finally:
            armed.unlink(missing_ok=True)
        self._reached.add(point)
        await _until(lambda: self._system.pids() != before, POINT_SECONDS)  # the supervisor has noticed
        return ""

    async def _disturb(self, fault: Fault) -> None:
        link = self._system.links[fault.target]
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
    """Wait until the condition holds; return whether it did in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(POLL_SECONDS)
    return True

"""Starts processes stage by stage, restarts those that end, and stops them in reverse order."""

import asyncio
import math
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Self, TextIO

from deploy.embedded.console import Console
from deploy.embedded.errors import NotReadyError
from deploy.embedded.guardian import Guardian
from deploy.embedded.process import Child, ProcessSpec, describe_end

__all__ = ["SELF", "ProcessSpec", "Supervisor"]

SELF = "stack"  # the name of the supervisor's own lines on the console
POLL_SECONDS = 0.02
PROBE_PAUSE_SECONDS = 0.05
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
STEADY_SECONDS = 30.0
FIRST_ATTEMPTS = 3


@dataclass(eq=False, slots=True)
class _Kept:
    """A program that is kept running: its process, whether it is ready, and the tasks that see to it."""

    spec: ProcessSpec
    child: Child | None = None
    ready: bool = False
    failure: NotReadyError | None = None
    keeper: asyncio.Task[None] | None = None
    prober: asyncio.Task[None] | None = None
    refresher: asyncio.Task[None] | None = None


class Supervisor:
    """Keeps the programs of all stages running inside `async with`; their output goes to `stream`.

    A stage is started when the one before is ready; the programs of a stage start concurrently. A program
    that ends is started again after a pause, which doubles from 0.2 s to 5 s until a run has lasted for 30 s.
    The programs that its specification names in `restarts` are stopped before, so that none of them brings
    old state to its next run.

    Raises:
        NotReadyError: one was not ready within its `patience`, or ended repeatedly.

    """

    def __init__(
        self, stages: Sequence[Sequence[ProcessSpec]], stream: TextIO, *, grace: float = 10.0
    ) -> None:
        self._stages = [[_Kept(spec) for spec in stage] for stage in stages]
        self._kept = {kept.spec.name: kept for stage in self._stages for kept in stage}
        self._console = Console(stream, [SELF, *self._kept])
        self._grace = grace
        self._guardian: Guardian | None = None
        self._complete = False

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop()

    async def _start(self) -> None:
        """Start all and wait until they are ready."""
        self._guardian = Guardian()
        began = time.monotonic()
        for stage in self._stages:
            for kept in stage:
                self._launch(kept)
            for kept in stage:
                if kept.spec.awaited:
                    await self.wait_ready(kept.spec.name, kept.spec.patience)
        for name, kept in self._kept.items():
            await self.wait_ready(name, kept.spec.patience)
        self._complete = True
        self._console.write(SELF, f"all ready after {time.monotonic() - began:.1f} s")

    async def _stop(self) -> None:
        """Stop all, the last stage first; those that are not gone after the grace period are killed."""
        tasks = [task for kept in self._kept.values() for task in (kept.refresher, kept.keeper) if task]
        for task in tasks:
            task.cancel()
        self._console.write(SELF, "stopping")
        try:
            await asyncio.gather(*tasks, return_exceptions=True)
            for stage in reversed(self._stages):
                await asyncio.gather(*map(self._end, stage))
        finally:
            self.kill_all()
            if self._guardian is not None:
                self._guard()
                self._guardian.close()

    async def wait_ready(self, name: str, timeout: float) -> None:  # noqa: ASYNC109 - it raises an error of its own
        """Wait until this process answers its probe.

        Raises:
            NotReadyError: it did not within `timeout` seconds.

        """
        kept, deadline = self._kept[name], time.monotonic() + timeout
        while not (kept.ready and await kept.spec.ready()):  # it was ready once; it may be stopped now
            if kept.failure is not None:
                raise kept.failure
            if time.monotonic() > deadline:
                raise NotReadyError(f"{name} was not ready after {timeout:g} s")
            await asyncio.sleep(POLL_SECONDS)

    @property
    def names(self) -> list[str]:
        """All programs in the order of starting, also those that do not run at the moment."""
        return list(self._kept)

    def pids(self) -> dict[str, int]:
        """The running processes by name."""
        children = {name: kept.child for name, kept in self._kept.items()}
        return {name: child.pid for name, child in children.items() if child and child.running}

    def kill(self, name: str) -> None:
        """Kill a process with SIGKILL, as a crash would. `wait_ready` then waits for the next run."""
        kept = self._kept[name]
        for stale in (kept, *(self._kept[other] for other in kept.spec.restarts)):
            self._forget_ready(stale)
        self._signal(kept, signal.SIGKILL)

    def kill_all(self) -> None:
        for kept in self._kept.values():
            self._signal(kept, signal.SIGKILL)

    def pause(self, name: str) -> None:
        """Stop a process with SIGSTOP: its connections stay open and silent."""
        self._signal(self._kept[name], signal.SIGSTOP)

    def resume(self, name: str) -> None:
        self._signal(self._kept[name], signal.SIGCONT)

    def _launch(self, kept: _Kept) -> None:
        if kept.keeper is None or kept.keeper.done():
            kept.keeper = asyncio.create_task(self._keep(kept))

    async def _halt(self, kept: _Kept) -> None:
        if kept.keeper is not None:
            kept.keeper.cancel()
            await asyncio.wait([kept.keeper])
        await self._end(kept)
        self._guard()

    async def _end(self, kept: _Kept) -> None:
        if kept.child is not None and not await kept.child.stop(self._grace):
            self._console.write(SELF, f"{kept.spec.name} did not end within {self._grace:g} s and was killed")

    async def _keep(self, kept: _Kept) -> None:
        pause, attempts = FIRST_PAUSE, 0
        while True:
            began = time.monotonic()
            end = await self._run(kept)
            attempts += 1
            if attempts == FIRST_ATTEMPTS and not self._complete:
                kept.failure = NotReadyError(f"{kept.spec.name} ended {attempts} times at the start ({end})")
                return
            if time.monotonic() - began >= STEADY_SECONDS:
                pause = FIRST_PAUSE
            self._console.write(SELF, f"{kept.spec.name} ended ({end}), next start in {pause:g} s")
            await asyncio.gather(self._refresh_others(kept), asyncio.sleep(pause))
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _run(self, kept: _Kept) -> str:
        """Run it once; return how it ended."""
        try:
            kept.child = await Child.start(kept.spec, partial(self._console.write, kept.spec.name))
        except OSError as error:
            return str(error)
        self._guard()
        kept.prober = asyncio.create_task(self._probe(kept))
        try:
            return describe_end(await kept.child.end())
        finally:
            self._forget_ready(kept)
            self._guard()

    async def _probe(self, kept: _Kept) -> None:
        while not kept.ready:
            kept.ready = await kept.spec.ready()
            await asyncio.sleep(PROBE_PAUSE_SECONDS)

    async def _refresh_others(self, dead: _Kept) -> None:
        others = [self._kept[name] for name in dead.spec.restarts if self._kept[name].keeper]
        if others:
            self._console.write(SELF, f"{', '.join(kept.spec.name for kept in others)} start again with it")
        for kept in others:
            if kept.refresher is not None:
                kept.refresher.cancel()
        await asyncio.gather(*map(self._halt, others))
        for kept in others:
            kept.refresher = asyncio.create_task(self._follow(kept, dead))

    async def _follow(self, kept: _Kept, leader: _Kept) -> None:
        await self.wait_ready(leader.spec.name, math.inf)
        self._launch(kept)

    def _forget_ready(self, kept: _Kept) -> None:
        if kept.prober is not None:
            kept.prober.cancel()
        kept.ready = False

    def _signal(self, kept: _Kept, number: signal.Signals) -> None:
        if kept.child is not None:
            kept.child.signal(number)

    def _guard(self) -> None:
        if self._guardian is not None:
            self._guardian.watch(self.pids().values())

"""Starts processes stage by stage, restarts those that end, and stops them in reverse order."""

import asyncio
import math
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Self, TextIO

from deploy.embedded.console import Console
from deploy.embedded.errors import NotReadyError
from deploy.embedded.memory import outgrown
from deploy.embedded.net import Probe
from deploy.embedded.process import Child, ProcessSpec, describe_end
from deploy.embedded.reaper import Reaper
from services.chassis.repeats import Repeats

__all__ = ["MB", "SELF", "ProcessSpec", "Supervisor"]

SELF = "stack"  # the name of the supervisor's own lines on the console
POLL_SECONDS = 0.02
PROBE_PAUSE_SECONDS = 0.05
ALIVE_CHECKS = 6
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
STEADY_SECONDS = 30.0
FIRST_ATTEMPTS = 3
MB = 1_000_000


@dataclass(eq=False, slots=True)
class _Program:
    """A program that is kept running: its process, whether it is ready, and the tasks that see to it."""

    spec: ProcessSpec
    child: Child | None = None
    ready: bool = False
    paused: bool = False
    failure: NotReadyError | None = None
    runner: asyncio.Task[None] | None = None
    prober: asyncio.Task[None] | None = None
    restarter: asyncio.Task[None] | None = None


class Supervisor:
    """Keeps the programs of all stages running inside `async with`.

    Their output goes to `stream`, without the secrets that `redact` takes out.

    A stage is started when the one before is ready; the programs of a stage start concurrently. A program
    that ends is started again after a pause, which doubles from 0.2 s to 5 s until a run has lasted for 30 s.
    The programs that its specification names in `restarts` are stopped before, so that none of them brings
    old state to its next run. A program that runs and is dead, as its `alive` says, is killed.

    Raises:
        NotReadyError: one was not ready within its `patience`, or ended repeatedly.

    """

    def __init__(
        self,
        stages: Sequence[Sequence[ProcessSpec]],
        stream: TextIO,
        *,
        grace: float = 10.0,
        redact: Callable[[str], str] = str,
    ) -> None:
        self._stages = [[_Program(spec) for spec in stage] for stage in stages]
        self._programs = {program.spec.name: program for stage in self._stages for program in stage}
        limits = {name: program.spec.most_lines for name, program in self._programs.items()}
        self._console = Console(stream, {SELF: None, **limits}, redact)
        self._grace = grace
        self._reaper: Reaper | None = None
        self._complete = False
        self._repeats = Repeats()

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
        self._reaper = Reaper()
        began = time.monotonic()
        for stage in self._stages:
            for program in stage:
                self._launch(program)
            for program in stage:
                if program.spec.awaited:
                    await self.wait_ready(program.spec.name, program.spec.patience)
        for name, program in self._programs.items():
            await self.wait_ready(name, program.spec.patience)
        self._complete = True
        self._console.write(SELF, f"all ready after {time.monotonic() - began:.1f} s")

    async def _stop(self) -> None:
        """Stop all, the last stage first; those that are not gone after the grace period are killed."""
        tasks = [
            task
            for program in self._programs.values()
            for task in (program.restarter, program.runner)
            if task
        ]
        for task in tasks:
            task.cancel()
        self._console.write(SELF, "stopping")
        try:
            await asyncio.gather(*tasks, return_exceptions=True)
            for stage in reversed(self._stages):
                await asyncio.gather(*map(self._end, stage))
        finally:
            self.kill_all()
            if self._reaper is not None:
                self._tell_reaper()
                self._reaper.close()

    async def wait_ready(self, name: str, timeout: float) -> None:  # noqa: ASYNC109 - it raises an error of its own
        """Wait until this process answers its probe.

        Raises:
            NotReadyError: it did not within `timeout` seconds.

        """
        program, deadline = self._programs[name], time.monotonic() + timeout
        while not (program.ready and await program.spec.ready()):  # it was ready once; it may be stopped now
            if program.failure is not None:
                raise program.failure
            if time.monotonic() > deadline:
                raise NotReadyError(f"{name} was not ready after {timeout:g} s")
            await asyncio.sleep(POLL_SECONDS)

    @property
    def names(self) -> list[str]:
        """All programs in the order of starting, also those that do not run at the moment."""
        return list(self._programs)

    def pids(self) -> dict[str, int]:
        """The running processes by name."""
        children = {name: program.child for name, program in self._programs.items()}
        return {name: child.pid for name, child in children.items() if child and child.running}

    def kill(self, name: str) -> None:
        """Kill a process with SIGKILL, as a crash would. `wait_ready` then waits for the next run."""
        program = self._programs[name]
        for stale in (program, *(self._programs[other] for other in program.spec.restarts)):
            self._forget_ready(stale)
        self._signal(program, signal.SIGKILL)

    def kill_all(self) -> None:
        for program in self._programs.values():
            self._signal(program, signal.SIGKILL)

    def pause(self, name: str) -> None:
        """Stop a process with SIGSTOP: its connections stay open and silent. It is not killed for that."""
        self._programs[name].paused = True
        self._signal(self._programs[name], signal.SIGSTOP)

    def resume(self, name: str) -> None:
        self._programs[name].paused = False
        self._signal(self._programs[name], signal.SIGCONT)

    def _launch(self, program: _Program) -> None:
        if program.runner is None or program.runner.done():
            program.runner = asyncio.create_task(self._run_repeatedly(program))

    async def _halt(self, program: _Program) -> None:
        if program.runner is not None:
            program.runner.cancel()
            await asyncio.wait([program.runner])
        await self._end(program)
        self._tell_reaper()

    async def _end(self, program: _Program) -> None:
        if program.child is not None and not await program.child.stop(self._grace):
            self._console.write(
                SELF, f"{program.spec.name} did not end within {self._grace:g} s and was killed"
            )

    async def _run_repeatedly(self, program: _Program) -> None:
        pause, attempts = FIRST_PAUSE, 0
        while True:
            began = time.monotonic()
            end = await self._run(program)
            attempts += 1
            if attempts == FIRST_ATTEMPTS and not self._complete:
                program.failure = NotReadyError(
                    f"{program.spec.name} ended {attempts} times at the start ({end})"
                )
                return
            if time.monotonic() - began >= STEADY_SECONDS:
                pause = FIRST_PAUSE
            self._say_ended(program, end, pause)
            await asyncio.gather(self._restart_others(program), asyncio.sleep(pause))
            pause = min(2 * pause, LONGEST_PAUSE)

    def _say_ended(self, program: _Program, end: str, pause: float) -> None:
        """Say that it ended; when it does so again and again, with backoff."""
        ended = f"{program.spec.name} ended ({end})"
        left_out = self._repeats.left_out(ended) if pause == LONGEST_PAUSE else 0
        if left_out is not None:
            times = f" {left_out + 1} times" if left_out else ""
            self._console.write(SELF, f"{ended}{times}, next start in {pause:g} s")

    async def _run(self, program: _Program) -> str:
        """Run it once; return how it ended."""
        try:
            program.child = await Child.start(program.spec, partial(self._console.write, program.spec.name))
        except OSError as error:
            return str(error)
        self._tell_reaper()
        program.prober = asyncio.create_task(self._probe(program))
        try:
            return describe_end(await program.child.end())
        finally:
            self._forget_ready(program)
            self._tell_reaper()

    async def _probe(self, program: _Program) -> None:
        while not program.ready:
            program.ready = await program.spec.ready()
            await asyncio.sleep(PROBE_PAUSE_SECONDS)
        watches = []
        if program.spec.alive is not None:
            watches.append(self._kill_when_dead(program, program.spec.alive))
        if program.spec.most_memory is not None:
            watches.append(self._end_when_large(program, program.spec.most_memory))
        await asyncio.gather(*watches)

    async def _kill_when_dead(self, program: _Program, alive: Probe) -> None:
        failed = 0
        while failed < ALIVE_CHECKS:  # counted, as this process may have been stopped meanwhile
            await asyncio.sleep(program.spec.silence / ALIVE_CHECKS)
            failed = 0 if program.paused or await alive() else failed + 1
        said = f"{program.spec.name} runs and has not answered for {program.spec.silence:g} s: killed"
        self._console.write(SELF, said)
        self._signal(program, signal.SIGKILL)

    async def _end_when_large(self, program: _Program, bound: int) -> None:
        """End it above its bound of memory, after those that rely on it: they finish what they have."""
        others = [self._programs[name] for name in program.spec.restarts]

        async def settled() -> bool:
            return all(await asyncio.gather(*(other.spec.ready() for other in others)))

        used = await outgrown(program.child.pid, bound, settled) if program.child else 0
        said = f"{program.spec.name} has {used / MB:.0f} MB, more than {bound / MB:g}: it starts again, empty"
        self._console.write(SELF, said)
        await asyncio.gather(*map(self._halt, others))
        await self._end(program)

    async def _restart_others(self, dead: _Program) -> None:
        others = [self._programs[name] for name in dead.spec.restarts if self._programs[name].runner]
        if others:
            self._console.write(
                SELF, f"{', '.join(program.spec.name for program in others)} start again with it"
            )
        for program in others:
            if program.restarter is not None:
                program.restarter.cancel()
        await asyncio.gather(*map(self._halt, others))
        for program in others:
            program.restarter = asyncio.create_task(self._restart_after(program, dead))

    async def _restart_after(self, program: _Program, needed: _Program) -> None:
        await self.wait_ready(needed.spec.name, math.inf)
        self._launch(program)

    def _forget_ready(self, program: _Program) -> None:
        if program.prober is not None:
            program.prober.cancel()
        program.ready = False

    def _signal(self, program: _Program, number: signal.Signals) -> None:
        if program.child is not None:
            program.child.signal(number)

    def _tell_reaper(self) -> None:
        if self._reaper is not None:
            self._reaper.watch(self.pids().values())

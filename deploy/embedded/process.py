"""One child process: its specification, and a run of it."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from deploy.embedded.net import Probe

LONGEST_LINE = 65_536
LAST_OUTPUT_SECONDS = 1.0
"""How long the output that an ended process has left is waited for."""

Say = Callable[..., None]


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """A program to keep running.

    `env` is its whole environment; `patience` is the number of seconds within which it must be ready at the
    first start; `restarts` names the programs that are restarted after this one died, because they relied on
    state that it lost; `awaited` is false if the next stage may start before this one is ready. Once it is
    ready, it is asked by `alive`, and killed when that has failed for `silence` seconds. `most_lines` of its
    output are written in a minute: see `console.Limit`. Above `most_memory` bytes it is started again in a
    quiet moment: see `memory.outgrown`.
    """

    name: str
    argv: tuple[str, ...]
    ready: Probe
    env: Mapping[str, str] | None = None
    cwd: Path | None = None
    patience: float = 60.0
    restarts: tuple[str, ...] = ()
    awaited: bool = True
    alive: Probe | None = None
    silence: float = 30.0
    most_lines: int | None = None
    most_memory: int | None = None


class Child:
    """A running program: the leader of a process group, so that all that it started ends with it."""

    def __init__(self, process: asyncio.subprocess.Process, output: asyncio.Task[None]) -> None:
        self._process = process
        self._end = asyncio.create_task(self._watch(output))

    @classmethod
    async def start(cls, spec: ProcessSpec, say: Say) -> Self:
        """Start it; its output goes to `say`, some whole lines at a time.

        The pipe is not asyncio's: with that, Python 3.11's `wait()` waits until all processes have closed the
        other end, even one that outlived the leader of the group.

        Raises:
            OSError: it can't be started.

        """
        reader = asyncio.StreamReader()
        near, far = os.pipe()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(near, "rb", buffering=0)
        )
        try:
            process = await asyncio.create_subprocess_exec(
                *spec.argv,
                env=spec.env,
                cwd=spec.cwd,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=far,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
            )
        except BaseException:
            transport.close()
            raise
        finally:
            os.close(far)
        return cls(process, asyncio.create_task(_relay(reader, transport, say)))

    @property
    def pid(self) -> int:
        """Its process id, which is that of its group too."""
        return self._process.pid

    @property
    def running(self) -> bool:
        return not self._end.done()

    async def end(self) -> int:
        """Wait until it has ended; return its exit code, negative for a signal."""
        return await asyncio.shield(self._end)

    async def stop(self, grace: float) -> bool:
        """Send SIGTERM, and SIGKILL to its group after `grace` seconds. Return whether it ended in time."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        self.signal(signal.SIGCONT)  # a stopped one could not handle SIGTERM
        ended, _ = await asyncio.wait([self._end], timeout=grace)
        self.signal(signal.SIGKILL)
        await asyncio.wait([self._end])
        return bool(ended)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the whole group."""
        if self.running:
            # macOS raises PermissionError for a group that has only zombies left
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)

    async def _watch(self, output: asyncio.Task[None]) -> int:
        code = await self._process.wait()
        self.signal(signal.SIGKILL)  # processes of the group that still run
        await asyncio.wait([output], timeout=LAST_OUTPUT_SECONDS)
        output.cancel()
        return code


async def _relay(reader: asyncio.StreamReader, transport: asyncio.BaseTransport, say: Say) -> None:
    """Pass on the lines of the output: a very long one in pieces, the last one also without a line end."""
    rest = b""
    try:
        while chunk := await reader.read(LONGEST_LINE):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) >= LONGEST_LINE:
                lines, rest = [*lines, rest], b""
            say(*map(_text, lines))
    finally:
        transport.close()
        if rest:
            say(_text(rest))


def _text(line: bytes) -> str:
    return line.decode(errors="replace").rstrip("\r")


def describe_end(code: int) -> str:
    """Return the exit code of `Child.end()` as text: "exit code 1", "SIGKILL"."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:  # the real-time signals have no names
        return f"signal {-code}"

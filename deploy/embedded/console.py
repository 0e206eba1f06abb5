"""One output for many processes: whole lines, each after the name of its process."""

import contextlib
import itertools
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from deploy.embedded.errors import UnusableError
from services.chassis.printable import printable_line
from services.chassis.repeats import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
COLOURS = (36, 32, 33, 35, 34, 96, 92, 93)

LEFT_OUT = "(what follows is left out for up to {:g} min)"


class Console:
    """Writes lines as `name  | line`; names aligned, and coloured on a terminal unless NO_COLOR is set.

    Lines can't control the terminal.

    Args:
        stream: where to.
        names: of the processes, each with the most lines that are written in a period, if there is a limit.
        redact: takes secrets out of the lines.

    """

    def __init__(
        self, stream: TextIO, names: Mapping[str, int | None], redact: Callable[[str], str] = str
    ) -> None:
        self._stream = stream
        self._redact = redact
        self._limits = {name: Limit(most) for name, most in names.items() if most is not None}
        width = max(map(len, names), default=0)
        colourful = stream.isatty() and not os.environ.get("NO_COLOR")
        self._prefixes = {
            name: f"\x1b[{colour}m{name:<{width}} |\x1b[0m " if colourful else f"{name:<{width}} | "
            for name, colour in zip(names, itertools.cycle(COLOURS), strict=False)
        }

    def write(self, name: str, *lines: str) -> None:
        """Write the lines in one piece, so that no other process's lines come between.

        They are dropped if the terminal is gone or the disk is full: that must not stop the stack.
        """
        limit, prefix = self._limits.get(name), self._prefixes[name]
        written = limit.cut(lines) if limit else lines
        with contextlib.suppress(OSError):
            self._stream.write("".join(f"{prefix}{self._shown(line)}\n" for line in written))
            self._stream.flush()

    def _shown(self, line: str) -> str:
        return self._redact(printable_line(COLOUR.sub("", line).expandtabs()))


class Limit:
    """Cuts what a process writes to so many lines in a minute, then in 2, 4 … minutes while it writes more.

    The first lines of a period are whole: those of what happened first, such as a stack trace. After a minute
    without lines, a period begins anew.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._period = FIRST_PAUSE_SECONDS
        self._last = clock()
        self._ends = self._last + self._period
        self._count = 0

    def cut(self, lines: Sequence[str]) -> list[str]:
        """Return those lines that are written, between how many were left out and that some will be."""
        now = self._clock()
        quiet, self._last = now - self._last >= FIRST_PAUSE_SECONDS, now
        said = self._next_period(now, quiet=quiet) if quiet or now >= self._ends else []
        room = max(0, self._most - self._count)
        self._count += len(lines)
        cut = [LEFT_OUT.format(self._period / 60)] if 0 < self._count - self._most <= len(lines) else []
        return [*said, *lines[:room], *cut]

    def _next_period(self, now: float, *, quiet: bool) -> list[str]:
        left_out = max(0, self._count - self._most)
        longer = min(2 * self._period, LONGEST_PAUSE_SECONDS)
        self._period = longer if left_out and not quiet else FIRST_PAUSE_SECONDS
        self._ends, self._count = now + self._period, 0
        return [f"({left_out} lines left out)"] if left_out else []


@contextlib.contextmanager
def output(log: Path | None) -> Iterator[TextIO]:
    """Open the file for appending; without one, yield the standard error.

    Raises:
        UnusableError: the file can't be written.

    """
    if log is None:
        yield sys.stderr
        return
    try:
        stream = log.open("a", encoding="utf-8")
    except OSError as error:
        raise UnusableError(f"can't write the log {log}: {error.strerror}") from error
    with stream:
        yield stream

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

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
COLOURS = (36, 32, 33, 35, 34, 96, 92, 93)

FIRST_PERIOD, LONGEST_PERIOD = 60.0, 3600.0
"""The seconds in which so many lines are written as a limit says; it doubles while lines are left out."""


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

    The first lines of a period are the whole ones of what happened first, a stack trace for one.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._period = FIRST_PERIOD
        self._ends = clock() + self._period
        self._count = 0

    def cut(self, lines: Sequence[str]) -> list[str]:
        """Return those lines that are written, after how many were left out before."""
        now, said = self._clock(), list[str]()
        if now >= self._ends:
            left_out = max(0, self._count - self._most)
            said = [f"({left_out} lines left out)"] if left_out else []
            self._period = min(2 * self._period, LONGEST_PERIOD) if left_out else FIRST_PERIOD
            self._ends, self._count = now + self._period, 0
        room = max(0, self._most - self._count)
        self._count += len(lines)
        return [*said, *lines[:room]]


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

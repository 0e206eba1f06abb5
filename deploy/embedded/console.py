"""One output for many processes: whole lines, each after the name of its process."""

import contextlib
import itertools
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

from deploy.embedded.errors import UnusableError
from services.chassis.printable import printable_line

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
COLOURS = (36, 32, 33, 35, 34, 96, 92, 93)


MINUTE = 60.0


class Console:
    """Writes lines as `name  | line`; names aligned, and coloured on a terminal unless NO_COLOR is set.

    Lines can't control the terminal.

    Args:
        stream: where to.
        names: of the processes, each with the most lines that are written in a minute, if there is a limit.
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
        if limit := self._limits.get(name):
            lines = limit.cut(lines)
        prefix = self._prefixes[name]
        with contextlib.suppress(OSError):
            self._stream.write("".join(f"{prefix}{self._shown(line)}\n" for line in lines))
            self._stream.flush()

    def _shown(self, line: str) -> str:
        return self._redact(printable_line(COLOUR.sub("", line).expandtabs()))


class Limit:
    """Cuts what a process writes within a minute, and says how many lines were left out."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._began = -MINUTE
        self._count = 0

    def cut(self, lines: tuple[str, ...]) -> tuple[str, ...]:
        now, said = time.monotonic(), tuple[str, ...]()
        if now - self._began >= MINUTE:
            if self._count > self._most:
                said = (f"({self._count - self._most} lines left out)",)
            self._began, self._count = now, 0
        room = max(0, self._most - self._count)
        self._count += len(lines)
        return said + lines[:room]


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

"""One output for many processes: whole lines, each after the name of its process."""

import contextlib
import itertools
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from deploy.embedded.errors import UnusableError

COLOURS = (36, 32, 33, 35, 34, 96, 92, 93)


class Console:
    """Writes lines as `name  | line`; names aligned, and coloured on a terminal unless NO_COLOR is set."""

    def __init__(self, stream: TextIO, names: Iterable[str]) -> None:
        self._stream = stream
        names = list(names)
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
        prefix = self._prefixes[name]
        with contextlib.suppress(OSError):
            self._stream.write("".join(f"{prefix}{line}\n" for line in lines))
            self._stream.flush()


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

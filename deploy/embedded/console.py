"""One output for many processes: whole lines, each behind the name of the one who said it."""

import contextlib
import itertools
import os
from collections.abc import Iterable
from typing import TextIO

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
        """Write the lines at once, so that nobody else's come between.

        A terminal that went away or a full disk must not take the stack down: then nobody reads them.
        """
        prefix = self._prefixes[name]
        with contextlib.suppress(OSError):
            self._stream.write("".join(f"{prefix}{line}\n" for line in lines))
            self._stream.flush()

"""The progress of a running backtest, in a page of memory that its worker process shares with the service."""

import mmap
import struct
from pathlib import Path
from typing import Final, NamedTuple

_LAYOUT: Final = struct.Struct("<d32s")


class Stage(NamedTuple):
    """A part of the work that has begun, and the fraction (0 to 1) of all work that was done before it."""

    fraction: float
    name: str


class ProgressFile:
    """A file of 40 bytes that holds the current stage, mapped into memory by its writer and its reader.

    Writing and reading take a microsecond each and no system call.
    """

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(_LAYOUT.size))
        with path.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), _LAYOUT.size)

    def write(self, stage: Stage) -> None:
        _LAYOUT.pack_into(self._page, 0, stage.fraction, stage.name.encode())

    def read(self) -> Stage:
        fraction, name = _LAYOUT.unpack_from(self._page)
        return Stage(fraction, name.rstrip(b"\0").decode())

    def close(self) -> None:
        self._page.close()

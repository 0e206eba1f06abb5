"""How wide output may be: as the terminal; what goes to a file or a pipe is not cut."""

import sys
from shutil import get_terminal_size
from typing import Final

UNLIMITED: Final = 100_000


def output_width() -> int:
    """Return the columns of the standard output."""
    return get_terminal_size().columns if sys.stdout.isatty() else UNLIMITED

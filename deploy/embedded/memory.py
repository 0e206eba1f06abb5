"""When a program that never frees memory is to be started again: above a bound, and in a quiet moment."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from deploy.embedded.net import Probe

QUIET_SECONDS: Final = 5.0
QUIET_BYTES: Final = 65_536
"""What a quiet broker grows by in that time at most. Its use of the processor would not tell: consumers that
find nothing cost it about as much as those that find a record a second."""
PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")


def resident(pid: int) -> int:
    """Return the memory of a process in bytes; 0 if it has ended, or where there is no `/proc`."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * PAGE_BYTES
    except OSError:
        return 0


async def outgrown(
    pid: int,
    bound: int,
    settled: Probe,
    *,
    pause: float = QUIET_SECONDS,
    read: Callable[[int], int] = resident,
) -> int:
    """Return the memory of a process in bytes, when it is above the bound and may be started again.

    That is in a quiet moment, at the latest at twice the bound; and only if `settled` says so: nothing may
    wait for longer to be read than it would be sent again.
    """
    before = 0
    while True:
        used = read(pid)
        quiet = used - before < QUIET_BYTES
        if (used > 2 * bound or (used > bound and quiet)) and await settled():
            return used
        before = used
        await asyncio.sleep(pause)

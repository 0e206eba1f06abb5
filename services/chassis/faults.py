"""Named points at which tests make a process die, wait or fail: in production they are not even looked at.

`BACKCHAT_FAULTS` names a folder. A file in it arms the point of its name: it holds `kill`, `raise` or
`sleep SECONDS`, and `once` behind it disarms the point as it is reached.
"""

import os
import signal
import time
from pathlib import Path
from typing import Final

FAULTS: Final = Path(os.environ["BACKCHAT_FAULTS"]) if os.environ.get("BACKCHAT_FAULTS") else None


class InjectedError(Exception):
    """An error that a test asked for."""


def reach(point: str) -> None:
    """Do what the point is armed with, if it is."""
    if FAULTS is None:
        return
    try:
        action, *words = (FAULTS / point).read_text().split()
    except FileNotFoundError:
        return
    if "once" in words:
        (FAULTS / point).unlink(missing_ok=True)
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "raise":
        raise InjectedError(point)
    elif action == "sleep":
        time.sleep(float(words[0]))  # the whole process: that is the fault
    else:
        raise ValueError(f"{point} is armed with {action!r}: kill, raise and sleep are there")

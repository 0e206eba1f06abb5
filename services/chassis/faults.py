"""Fault points: named places in the code at which tests make a process die, wait or fail.

The variable `BACKCHAT_FAULTS` names a folder; without it they do nothing. A file in it arms the point of the
same name: it contains `kill`, `raise` or `sleep SECONDS`, and after that `once` if it is to happen once.
"""

import os
import signal
import time
from pathlib import Path
from typing import Final

FAULTS: Final = Path(os.environ["BACKCHAT_FAULTS"]) if os.environ.get("BACKCHAT_FAULTS") else None


def fault_point(name: str) -> None:
    """Carry out the fault with which this point is armed, if it is."""
    if FAULTS is None:
        return
    try:
        action, *words = (FAULTS / name).read_text().split()
    except FileNotFoundError:
        return
    if "once" in words:
        (FAULTS / name).unlink(missing_ok=True)
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "raise":
        raise RuntimeError(f"{name} is armed with this error")
    elif action == "sleep":
        time.sleep(float(words[0]))  # blocks the whole process on purpose
    else:
        raise ValueError(f"{name} is armed with {action!r}: only kill, raise and sleep are known")

"""Kills all child processes when this process ends, even by SIGKILL."""

import contextlib
import os
import subprocess
from collections.abc import Iterable

# The shell reads the living process groups, a full list per line. When its input ends, because this process
# closed it or has ended, it kills the groups of the last line.
SCRIPT = """
trap '' HUP INT TERM
while read -r line; do groups=$line; done
for group in $groups; do kill -s KILL -- "-$group"; done 2>/dev/null
"""


class Reaper:
    """A small shell (1 MB) that kills the given process groups when this process ends, however it ends.

    Linux's PR_SET_PDEATHSIG would reach children only, not theirs (the backtest service has workers), follows
    the thread that forked instead of the process, and needs code between fork and exec, which is unsafe with
    threads. A pipe has none of these problems and works on macOS too.
    """

    def __init__(self) -> None:
        self._shell = subprocess.Popen(  # noqa: S603 - a constant
            ["/bin/sh", "-c", SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath},
            start_new_session=True,  # it must survive a Ctrl-C at the terminal
            text=True,
        )

    def watch(self, groups: Iterable[int]) -> None:
        """Replace the list of process groups to kill."""
        if self._shell.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # it was killed; `Supervisor.stop` does not need it
                self._shell.stdin.write(" ".join(map(str, groups)) + "\n")
                self._shell.stdin.flush()

    def close(self) -> None:
        """Let it kill what is still on the list, and wait for it."""
        with contextlib.suppress(BrokenPipeError):
            self._shell.communicate()

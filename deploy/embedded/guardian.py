"""Nothing survives us, not even when we are killed with SIGKILL."""

import contextlib
import subprocess
from collections.abc import Iterable

# The shell reads which process groups are alive, a full list per line. When its input ends, because we closed
# it or because we are gone, it kills those named last.
SCRIPT = """
trap '' HUP INT TERM
while read -r line; do groups=$line; done
for group in $groups; do kill -s KILL -- "-$group"; done 2>/dev/null
"""


class Guardian:
    """A tiny shell (1 MB) that kills our process groups when we end, however we end.

    Linux's PR_SET_PDEATHSIG would reach children only, not theirs (the backtest service has workers), follows
    the thread that forked instead of the process, and needs code between fork and exec, which is unsafe with
    threads. A pipe has none of these troubles and works on macOS too.
    """

    def __init__(self) -> None:
        self._shell = subprocess.Popen(  # noqa: S603 - a constant
            ["/bin/sh", "-c", SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C at the terminal is not for it
            text=True,
        )

    def watch(self, groups: Iterable[int]) -> None:
        """Replace the list of process groups to kill."""
        if self._shell.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # somebody killed it; `Supervisor.stop` does without
                self._shell.stdin.write(" ".join(map(str, groups)) + "\n")
                self._shell.stdin.flush()

    def close(self) -> None:
        """Let it kill what is still on the list, and wait for it."""
        with contextlib.suppress(BrokenPipeError):
            self._shell.communicate()

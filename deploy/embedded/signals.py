"""What Ctrl-C does to a command that keeps programs running."""

import asyncio
import signal
from typing import Protocol

from deploy.embedded.supervisor import Supervisor


class Running(Protocol):
    """Has a supervisor as soon as there is something to kill."""

    supervisor: Supervisor


def cancel_on_signals(running: Running) -> None:
    """Cancel this task at the first signal, so that all drain; at the second one nobody is waited for."""
    task = asyncio.current_task()

    def on_signal() -> None:
        if task is None or task.cancelling():
            running.supervisor.kill_all()
        else:
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup
            asyncio.get_running_loop().add_signal_handler(number, on_signal)

"""What the commands that run programs share: errors in one line, and a clean stop at the first signal."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Protocol, Self, TypeVar

from cyclopts import App
from rich.console import Console

from deploy.embedded.errors import StackError
from deploy.embedded.supervisor import Supervisor


class Running(Protocol):
    """Programs that run inside `async with`; `supervisor` is set as soon as the first is started."""

    supervisor: Supervisor

    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *_: object) -> None: ...


R = TypeVar("R", bound=Running)


def command(module: str, name: str, purpose: str) -> App:
    """Return a command line that reports a wrong option in one line, which begins with `name`."""
    return App(
        name=f"python -m {module}",
        help=purpose,
        version_flags=[],
        error_console=Console(stderr=True, soft_wrap=True),
        error_formatter=lambda error: f"{name}: {error}",
    )


async def run_until_signal(name: str, make: Callable[[], R], address: Callable[[R], Awaitable[str]]) -> int:
    """Run programs until Ctrl-C or SIGTERM, write their address when they are ready; return the exit code."""
    try:
        running = make()
        cancel_on_signals(running)
        async with running:
            sys.stdout.write(f"ready  {await address(running)}\n")
            sys.stdout.flush()
            await asyncio.Event().wait()
    except StackError as error:
        sys.stderr.write(f"{name}: {error}\n")
        return error.exit_code
    except asyncio.CancelledError:  # by a signal; all programs are stopped
        pass
    return 0


def cancel_on_signals(running: Running | None = None) -> None:
    """Cancel this task at the first signal, so that all programs drain; kill them at the second one."""
    task = asyncio.current_task()

    def on_signal() -> None:
        if task and not task.cancelling():
            task.cancel()
        elif supervisor := getattr(running, "supervisor", None):
            supervisor.kill_all()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup
            asyncio.get_running_loop().add_signal_handler(number, on_signal)

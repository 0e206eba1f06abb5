"""`python -m tests.soak`: run a moderate load for long, and see whether anything grows without end."""

import asyncio
import io
import logging
import shutil
import sys
import time
from pathlib import Path
from typing import Annotated

import structlog
from cyclopts import Parameter
from cyclopts.types import PositiveFloat
from rich.console import Console

from deploy.embedded.command import cancel_on_signals, command
from deploy.embedded.errors import StackError, UnusableError
from deploy.embedded.stack import Stack
from deploy.terminal import output_width
from tests.bench import resources
from tests.chaos.folder import log_clients_to, run_folder
from tests.soak.report import show, write
from tests.soak.run import Plan, Run, settings

BUILD = Path("build")

app = command(
    "tests.soak",
    "soak",
    "Run the embedded stack under a moderate mixed load without faults, sample what each process uses, and "
    "check that nothing grows without end, fails or is lost.",
)


@app.default
async def soak(
    *,
    minutes: Annotated[PositiveFloat, Parameter(env_var="MINUTES")] = 30.0,
    rate: Annotated[PositiveFloat, Parameter(env_var="RATE")] = 25.0,
    every: PositiveFloat = 10.0,
    output: Path = BUILD / "soak.json",
) -> int:
    """Exit with 0 only if no memory grows by 1 MB per minute, nothing else endlessly, and nothing was wrong.

    Parameters
    ----------
    minutes
        How long the load lasts. The first five minutes are not judged, and growth only if five more follow.
    rate
        Requests per second; the default is about a third of what the stack can do on two processors.
    every
        Seconds between two samples.
    output
        The file for the figures. Logs, and data if something was wrong, are in a folder beside it:
        build/soak-run for build/soak.json. The next run empties this folder.

    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # the progress shows in a file or pipe too
    console = Console(width=output_width(), highlight=False, soft_wrap=True)
    try:
        if not resources.AVAILABLE:
            raise UnusableError("it reads Linux's /proc, and there is none")
        folder = run_folder(output)
    except StackError as error:
        sys.stderr.write(f"soak: {error}\n")
        return error.exit_code
    log_clients_to(folder / "soak.log")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    console.print(
        f"{rate:g} requests/s for {minutes:g} minutes, a sample every {every:g} s, logs in {folder}"
    )
    began = time.monotonic()

    def tell(text: str) -> None:
        console.print(f"[dim]{time.monotonic() - began:6.0f} s[/dim]  {text}")

    log = folder / "stack.log"
    try:
        async with Stack(folder / "data", env=settings(folder / "faults"), log=log) as stack:
            cancel_on_signals(stack)
            outcome = await Run(stack, log, Plan(60.0 * minutes, rate, every), tell).run()
    except StackError as error:
        sys.stderr.write(f"soak: {error}; see {folder}\n")
        return error.exit_code
    except asyncio.CancelledError:  # by a signal; all programs are stopped
        sys.stderr.write("soak: stopped before the end\n")
        return 1
    show(console, outcome)
    write(output, outcome, {"minutes": minutes, "rate": rate, "sample_every": every})
    if not outcome.wrong:
        shutil.rmtree(folder / "data", ignore_errors=True)
        return 0
    console.print(f"something was wrong: logs and data are in {folder}")
    return 1


if __name__ == "__main__":
    app()

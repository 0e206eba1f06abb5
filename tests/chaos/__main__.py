"""`python -m tests.chaos`: inject faults under load, and count lost and duplicated jobs."""

import asyncio
import random
import shutil
import sys
import time
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.types import PositiveFloat, PositiveInt
from rich.console import Console

from deploy.embedded.command import cancel_on_signals, command
from deploy.embedded.errors import StackError
from deploy.kafka.cluster import Kafka, Size
from deploy.terminal import output_width
from tests.chaos.folder import log_clients_to, run_folder
from tests.chaos.report import show, write
from tests.chaos.run import Plan, Run
from tests.chaos.system import running_system

BUILD = Path("build")

app = command(
    "tests.chaos",
    "chaos",
    "Run Backchat under a mixed load, break one part of it after another, and check that each accepted job "
    "ends exactly once.",
)


@app.default
async def chaos(
    *,
    jobs: Annotated[PositiveInt, Parameter(env_var="JOBS")] = 1000,
    minutes: Annotated[PositiveFloat, Parameter(env_var="MINUTES")] = 5.0,
    seed: Annotated[int | None, Parameter(env_var="SEED")] = None,
    kafka: Annotated[Kafka, Parameter(env_var="KAFKA")] = "embedded",
    brokers: Annotated[Size, Parameter(env_var="BROKERS")] = 1,
    patience: PositiveFloat = 120.0,
    output: Path = BUILD / "chaos.json",
) -> int:
    """Exit with 0 only if nothing was lost, nothing was duplicated and nothing else was wrong.

    Parameters
    ----------
    jobs
        How many backtests are requested.
    minutes
        How long requests are sent and faults injected.
    seed
        The same seed gives the same jobs, and the same faults in the same order. Random if not given.
    kafka
        The broker: the embedded one, which forgets everything when it is killed, or Apache Kafka.
    brokers
        Of Apache Kafka: 1, or 3 that replicate.
    patience
        Seconds after the last fault within which all jobs must end.
    output
        The file for the figures. Logs, and data if something was wrong, are in a folder beside it:
        build/chaos-run for build/chaos.json. The next run empties this folder.

    """
    chosen = random.randrange(10_000) if seed is None else seed
    console = Console(width=output_width(), highlight=False, soft_wrap=True)
    try:
        folder = run_folder(output)
    except StackError as error:
        sys.stderr.write(f"chaos: {error}\n")
        return error.exit_code
    log_clients_to(folder / "chaos.log")
    console.print(f"seed {chosen}, {jobs} jobs in {minutes:g} minutes, {kafka} Kafka, logs in {folder}")
    plan = Plan(chosen, jobs, 60.0 * minutes, patience)
    began = time.monotonic()

    def tell(text: str) -> None:
        console.print(f"[dim]{time.monotonic() - began:6.1f} s[/dim]  {text}")

    try:
        async with running_system(folder, kafka, brokers) as system:
            cancel_on_signals(system.stack)
            run = Run(system, plan, tell)
            outcome = await run.run()
    except StackError as error:
        sys.stderr.write(f"chaos: {error}; see {folder}\n")
        return error.exit_code
    except asyncio.CancelledError:  # by a signal; all programs are stopped
        sys.stderr.write("chaos: stopped before the end\n")
        return 1
    show(console, outcome, run.seen)
    write(output, outcome, {"jobs": jobs, "minutes": minutes, "kafka": kafka, "brokers": brokers})
    if outcome.good:
        shutil.rmtree(folder / "data", ignore_errors=True)
        shutil.rmtree(folder / "kafka", ignore_errors=True)
        return 0
    console.print(f"something was wrong: logs and data are in {folder}")
    return 1


if __name__ == "__main__":
    app()

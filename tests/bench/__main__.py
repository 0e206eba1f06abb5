"""`python -m tests.bench`: measure this checkout on this machine, and compare it with its bars."""

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

from cyclopts import Parameter
from cyclopts.types import PositiveInt
from rich.console import Console

from deploy.embedded.command import cancel_on_signals, command
from deploy.embedded.errors import StackError
from deploy.kafka.cluster import Kafka
from deploy.terminal import output_width
from tests.bench.broker import Broker, started
from tests.bench.errors import BenchError
from tests.bench.phases import QUICK, Bench, Effort
from tests.bench.report import Report

BUILD = Path("build")
Part = Literal["engine", "comparisons", "data", "requests", "growth", "chat", "jobs"]
PARTS: Final[Sequence[Part]] = get_args(Part)

app = command(
    "tests.bench",
    "bench",
    "Measure Backchat on this machine, beside the same path without any logic (the floor).",
)


@app.default
async def bench(
    *,
    kafka: Annotated[Kafka, Parameter(env_var="KAFKA")] = "embedded",
    runs: Annotated[PositiveInt, Parameter(env_var="RUNS")] = 1,
    only: Annotated[Sequence[Part], Parameter(consume_multiple=True, negative="")] = PARTS,
    quick: bool = False,
    strict: bool = False,
    output: Path = BUILD / "bench.json",
) -> int:
    """Measure everything, print it and write it as JSON; about ten minutes per run.

    Parameters
    ----------
    kafka
        The broker of both the stack and the floor. Its start time, processor time and memory are
        counted as the stack's.
    runs
        How often everything is measured, each time from an empty data folder. The tables and the file then
        have the medians, and the bars are for those of three runs.
    only
        These parts; `engine`, `comparisons` and `data` need neither broker nor database, and take a minute.
    quick
        Every request once instead of three times: half the time, more noise.
    strict
        Exit with 1 if a bar is missed.
    output
        The file for the rows.

    """
    cancel_on_signals()
    report, began = Report(Console(width=output_width(), highlight=False)), time.monotonic()
    log = output.with_suffix(".log")
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    try:
        for number in range(1, runs + 1):
            report.begin_run()
            if runs > 1:
                report.say(f"run {number} of {runs}")
            await _run(report, kafka, QUICK if quick else Effort(), only, log)
    except (BenchError, StackError, OSError) as error:
        sys.stderr.write(f"bench: {error}\n")
        return 1
    except asyncio.CancelledError:  # by a signal; all programs are stopped
        return 1
    finally:
        if report.rows:  # also when it was stopped early: each row took minutes
            report.write(output)
    report.tables()
    missed = ", ".join(f"{row.name} ({row.clients})" if row.clients else row.name for row in report.missed)
    report.console.print(f"{time.monotonic() - began:.0f} s; {output}; missed: {missed or 'nothing'}")
    return 1 if strict and report.missed else 0


async def _run(report: Report, kafka: Kafka, effort: Effort, only: Sequence[Part], log: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="backchat-bench-") as name:
        folder = Path(name)
        without_broker = Bench(report, effort, Broker(), folder / "data", log)
        if "engine" in only:
            await without_broker.engine()
        if "comparisons" in only:
            await without_broker.comparisons()
        if "data" in only:
            await without_broker.data()
        if not {"requests", "growth", "chat", "jobs"} & set(only):
            return
        async with started(kafka, folder / "kafka", log) as broker:
            parts = Bench(report, effort, broker, folder / "data", log)
            if "requests" in only:
                await parts.load_generator()
                await parts.end_to_end()
                await parts.command()
                await parts.beside_the_floor()
            if "growth" in only:
                await parts.growth()
            if "chat" in only:
                await parts.chat()
            if "jobs" in only:
                await parts.jobs()


if __name__ == "__main__":
    app()

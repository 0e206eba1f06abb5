"""`python -m tests.bench`: measure this checkout on this machine."""

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from deploy.embedded.command import cancel_on_signals, command
from deploy.embedded.errors import StackError
from deploy.kafka.cluster import Kafka
from tests.bench.broker import started
from tests.bench.errors import BenchError
from tests.bench.phases import QUICK, Bench, Effort
from tests.bench.report import Report

BUILD = Path("build")

app = command(
    "tests.bench",
    "bench",
    "Measure Backchat on this machine, beside what the same path costs with nothing in it.",
)


@app.default
async def bench(
    *,
    kafka: Annotated[Kafka, Parameter(env_var="KAFKA")] = "embedded",
    quick: bool = False,
    strict: bool = False,
    output: Path = BUILD / "bench.json",
) -> int:
    """Measure everything, print it and write it as JSON; some ten minutes.

    Parameters
    ----------
    kafka
        The broker under the stack and the floor. Apache Kafka counts in start, rest and memory, as the
        embedded one does.
    quick
        Every request once instead of three times: half the time, more noise.
    strict
        Exit with 1 if a bar is missed.
    output
        The file for the rows.

    """
    cancel_on_signals()
    width = None if sys.stdout.isatty() else 140
    report, begin = Report(Console(width=width, highlight=False)), time.monotonic()
    log = output.with_suffix(".log")
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix="backchat-bench-") as name:
            folder = Path(name)
            async with started(kafka, folder / "kafka", log) as broker:
                parts = Bench(report, QUICK if quick else Effort(), broker, folder / "data", log)
                await parts.alone()
                await parts.working()
                await parts.command()
                await parts.paused()
                await parts.jobs()
    except (BenchError, StackError, OSError) as error:
        sys.stderr.write(f"bench: {error}\n")
        return 1
    except asyncio.CancelledError:  # asked to end, and all is stopped
        return 1
    finally:
        if report.rows:  # also of what ended early: they took minutes
            report.write(output)
    report.tables()
    missed = ", ".join(f"{row.name} ({row.clients})" if row.clients else row.name for row in report.missed)
    report.console.print(f"{time.monotonic() - begin:.0f} s; {output}; missed: {missed or 'nothing'}")
    return 1 if strict and report.missed else 0


if __name__ == "__main__":
    app()

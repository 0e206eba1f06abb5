"""The figures of a soak run and its verdict, printed and written as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.chaos.check import Finding
from tests.soak.figures import MEMORY_BAR, Point, Series, judged, memory_slope, rises
from tests.soak.sampler import Sample

SLACK: Final = {"files": 10.0, "threads": 5.0, "tasks": 20.0, "outbox": 30.0}
"""By how much a series may rise: streams and connections come and go, sent events are cleared in groups."""
SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Trend:
    """A series of a process after the warm-up, if that is over: some of its values, and whether it grows."""

    process: str
    quantity: str
    first: float
    median: float
    last: float
    peak: float
    per_minute: float | None = None
    grows: bool = False


def series_of(samples: Sequence[Sample]) -> dict[tuple[str, str], list[Point]]:
    """Return the series of each process and quantity."""
    found: dict[tuple[str, str], list[Point]] = {}
    for sample in samples:
        for name, usage in sample.processes.items():
            for quantity in ("memory", "files", "threads", "tasks"):
                if (value := getattr(usage, quantity)) is not None:
                    found.setdefault((name, quantity), []).append(Point(sample.seconds, value, usage.pid))
        for name, age in sample.outbox.items():
            found.setdefault((name, "outbox"), []).append(Point(sample.seconds, age))
    return found


def trend_of(process: str, quantity: str, series: Series) -> Trend:
    """Judge a series; without a warm-up behind it, it is only shown."""
    part = judged(series)
    values = [point.value for point in part or series]
    summary = (values[0], median(values), values[-1], max(values))
    if not part:
        return Trend(process, quantity, *summary)
    if quantity == "memory":
        per_minute = memory_slope(part)
        return Trend(process, quantity, *summary, per_minute, per_minute >= MEMORY_BAR)
    return Trend(process, quantity, *summary, None, rises(part, SLACK[quantity]))


def trends_of(samples: Sequence[Sample]) -> list[Trend]:
    return [trend_of(*key, series) for key, series in sorted(series_of(samples).items())]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was measured and what is wrong; `warnings` counts the lines of the log by level and event."""

    samples: Sequence[Sample]
    trends: Sequence[Trend]
    requests: Mapping[str, int]
    activities: Mapping[str, int]
    backtests: Mapping[str, int]
    warnings: Mapping[str, int]
    findings: Sequence[Finding]

    @property
    def wrong(self) -> list[str]:
        """Return what makes the run fail."""
        growing = [f"the {trend.quantity} of {trend.process} grows" for trend in self.trends if trend.grows]
        return [*growing, *(f"{each.kind} {each.about}: {each.detail}" for each in self.findings)]

    @property
    def judged(self) -> bool:
        return any(trend.per_minute is not None for trend in self.trends)


def show(console: Console, outcome: Outcome) -> None:
    """Print a row for each process, and what is wrong."""
    trends = {(trend.process, trend.quantity): trend for trend in outcome.trends}
    table = Table("process", box=SIMPLE)
    for column in ("MB", "peak", "MB/min", "files", "peak", "threads", "tasks", "peak", "oldest unsent, s"):
        table.add_column(column, justify="right")
    for process in dict.fromkeys(process for process, _ in trends):
        of = partial(_shown, trends, process)
        memory = of("memory", "median"), of("memory", "peak"), of("memory", "per_minute")
        files, tasks = (tuple(of(name, field) for field in ("median", "peak")) for name in ("files", "tasks"))
        table.add_row(process, *memory, *files, of("threads", "median"), *tasks, of("outbox", "peak"))
    console.print(table)
    counts = {"requests": outcome.requests, "backtests": outcome.backtests, "log": outcome.warnings}
    for name, counted in counts.items():
        shown = ", ".join(f"{key} {count:,}" for key, count in counted.items()) or "nothing"
        console.print(escape(f"{name}: {shown}"))
    if not outcome.judged:
        console.print("growth was not judged: that takes ten minutes or more")
    for text in outcome.wrong[:SHOWN]:
        console.print(f"[red]wrong[/red] {escape(text)}")
    if len(outcome.wrong) > SHOWN:
        console.print(f"... and {len(outcome.wrong) - SHOWN} more: see the file")


def write(path: Path, outcome: Outcome, run: Mapping[str, Any]) -> None:
    """Write the verdict, the figures, the parameters of the run and all samples."""
    content = {
        **run,
        "wrong": outcome.wrong,
        "growth_judged": outcome.judged,
        "requests": dict(outcome.requests),
        "activities": dict(outcome.activities),
        "backtests": dict(outcome.backtests),
        "log": dict(outcome.warnings),
        "series": [asdict(trend) for trend in outcome.trends],
        "samples": [asdict(sample) for sample in outcome.samples],
    }
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _shown(trends: Mapping[tuple[str, str], Trend], process: str, quantity: str, field: str) -> str:
    trend = trends.get((process, quantity))
    value = trend and getattr(trend, field)
    if value is None:
        return "-"
    return f"{value:+.2f}" if field == "per_minute" else f"{value:.0f}"

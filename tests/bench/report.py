"""The report: a line as soon as something is measured, tables and JSON at the end."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.bench.figures import AT_LEAST, JOBS_PER_SECOND, MANY, SOME, Row, median_rows

VERDICTS = {True: "[green]ok[/]", False: "[bold red]MISSED[/]", None: ""}


@dataclass(slots=True)
class Report:
    """The rows of each run so far; each is printed as soon as it is measured."""

    console: Console
    runs: list[list[Row]] = field(default_factory=list)

    @property
    def rows(self) -> list[Row]:
        """The medians of the runs."""
        return median_rows(self.runs)

    @property
    def missed(self) -> list[Row]:
        return [row for row in self.rows if row.ok is False]

    def begin_run(self) -> None:
        self.runs.append([])

    def say(self, text: str) -> None:
        """Print what happens now."""
        self.console.print(f"[dim]{text}[/]")

    def add(self, *rows: Row) -> None:
        for row in rows:
            self.runs[-1].append(row)
            self.show(row)

    def show(self, row: Row) -> None:
        """Print a row that is not part of the result."""
        clients = f"{row.clients:>3} client{'s' if row.clients != 1 else ' '}" if row.clients else ""
        figures = ", ".join(
            (f"{row.value:.3g} {row.unit}",)
            if row.value is not None
            else (f"p50 {row.p50_ms:.1f} ms", f"p99 {row.p99_ms:.1f} ms", f"{row.per_s:.0f}/s")
        )
        line = f"{row.name:<28} {clients:<12} {figures:<40} {against(row)} {VERDICTS[row.ok]}"
        self.console.print(line.rstrip())
        if row.failed:
            self.console.print(f"  [bold red]{row.failed} requests failed:[/] {escape(row.failure or '')}")

    def tables(self) -> None:
        """Print the medians of all runs, and the processor time of each process."""
        rows = self.rows
        self.console.print()
        if len(self.runs) > 1:
            self.console.print(f"Medians of {len(self.runs)} runs")
        for table in (
            requests_table(rows),
            cpu_table([row for row in rows if row.clients == MANY]),
            jobs_table([row for row in rows if row.unit == JOBS_PER_SECOND]),
            singles_table(rows),
        ):
            if table.row_count:
                self.console.print(table)

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps([asdict(row) for row in self.rows], indent=1) + "\n", encoding="utf-8")


def against(row: Row) -> str:
    """Tell what a row is compared with."""
    if row.ratio is None:
        return ""
    if row.unit in AT_LEAST:
        share = "" if row.value == row.ratio else f"{row.ratio:.2f} of the other's rate, "
        return f"{share}at least {row.bar:g}"
    if row.clients is None:
        return f"limit {row.bar:g} {row.unit}"
    if row.clients == SOME:
        return f"p99 limit {row.bar:g} ms"
    if row.clients == MANY:
        return f"{row.ratio:.2f} of the floor's rate" + (f", at least {row.bar:g}" if row.bar else "")
    return f"{row.ratio:.2f} x the floor" + (f", at most {row.bar:g}" if row.bar else "")


def requests_table(rows: Sequence[Row]) -> Table:
    table = _table("Requests", "", "clients", "p50 ms", "p99 ms", "per s", "floor's p50", "floor's per s")
    table.add_column("compared with", justify="left")
    table.add_column("")
    for row in rows:
        if row.clients is not None:
            figures = (row.p50_ms, row.p99_ms, row.per_s, row.floor_p50_ms, row.floor_per_s)
            cells = (_number(figure, 1) for figure in figures)
            table.add_row(row.name, str(row.clients), *cells, against(row), VERDICTS[row.ok])
    return table


def cpu_table(rows: Sequence[Row]) -> Table:
    """Show the processor time of each process, for the requests and then for their floors."""
    spent = [(row.name, row.cpu_ms) for row in rows if row.floor_cpu_ms and row.cpu_ms]
    floors: list[tuple[str, Mapping[str, float]]] = []
    for row in rows:
        if row.floor_cpu_ms and row.floor_cpu_ms not in [cpu for _, cpu in floors]:
            floors.append((f"floor of {row.name}", row.floor_cpu_ms))
    return _spent_table(f"Processor time per request at {MANY} clients, ms", spent + floors, "load")


def jobs_table(rows: Sequence[Row]) -> Table:
    """Show the processor time of each process per job; what it spends on polling is included."""
    spent = [(row.name, row.cpu_ms) for row in rows if row.cpu_ms]
    return _spent_table("Processor time per job, ms", spent, "client")


def _spent_table(title: str, spent: Sequence[tuple[str, Mapping[str, float]]], client: str) -> Table:
    processes = list(dict.fromkeys(process for _, cpu in spent for process in cpu))
    table = _table(title, "", *processes, f"all but {client}")
    for name, cpu in spent:
        total = sum(ms for process, ms in cpu.items() if process != client)
        table.add_row(name, *(_number(cpu.get(process), 2) for process in processes), _number(total, 2))
    return table


def singles_table(rows: Sequence[Row]) -> Table:
    machine = f"{os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()}"
    table = _table(f"On {machine}", "", "measured", "limit", "")
    for row in rows:
        if row.value is not None:
            table.add_row(row.name, f"{row.value:.3g} {row.unit}", against(row), VERDICTS[row.ok])
    return table


def _table(title: str, first: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    table.add_column(first)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _number(figure: float | None, digits: int) -> str:
    return "" if figure is None else f"{figure:.{digits}f}"

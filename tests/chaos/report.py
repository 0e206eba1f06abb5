"""The figures of a run, printed and written as JSON."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.chaos.check import Finding, Observations


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures of a run and its findings.

    `faults` counts those that broke something, `stuck` the processes that their watchdog ended; `unplanned`
    are jobs that failed and were not planned to, `unreached` the fault points that no process ever reached.
    """

    accepted: int
    completed: int
    failed: int
    cancelled: int
    restarts: int
    longest_unavailability: float
    seed: int
    faults: int
    stuck: int
    unplanned: tuple[str, ...]
    unreached: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        return not self.findings

    def figures(self) -> dict[str, Any]:
        """Return the figures by the names that table and file use: counts, and seconds of unavailability."""
        return {
            "accepted": self.accepted,
            "completed": self.completed,
            "failed": self.failed,
            "cancelled": self.cancelled,
            "lost": self._jobs("lost"),
            "duplicated": self._jobs("duplicated"),
            "restarts": self.restarts,
            "longest_unavailability": round(self.longest_unavailability, 1),
            "seed": self.seed,
            "faults": self.faults,
            "points_unreached": len(self.unreached),
            "ended_by_watchdog": self.stuck,
            "failed_unplanned": len(self.unplanned),
            "otherwise_wrong": len(
                [each for each in self.findings if each.kind not in {"lost", "duplicated"}]
            ),
        }

    def _jobs(self, kind: str) -> int:
        return len({finding.about for finding in self.findings if finding.kind == kind})


def show(console: Console, outcome: Outcome, seen: Observations) -> None:
    """Print the figures, and all that is known about each finding."""
    table = Table(box=SIMPLE, show_header=False)
    for name, value in outcome.figures().items():
        shown = f"{value} s" if name == "longest_unavailability" else str(value)
        table.add_row(name.replace("_", " "), shown)
    console.print(table)
    if outcome.unreached:
        console.print(f"fault points that no process reached: {', '.join(outcome.unreached)}")
    for backtest_id in outcome.unplanned:
        console.print(f"failed, which was not planned: {backtest_id}\n  {escape(seen.known(backtest_id))}")
    for finding in outcome.findings:
        known = f"\n  {seen.known(finding.about)}" if finding.about in seen.accepted else ""
        console.print(f"[red]{finding.kind}[/red] {escape(f'{finding.about}: {finding.detail}{known}')}")


def write(path: Path, outcome: Outcome, run: dict[str, Any]) -> None:
    """Write the figures and the parameters of the run."""
    content = {**outcome.figures(), **run}
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")

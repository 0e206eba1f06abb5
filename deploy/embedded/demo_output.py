"""The output of the demo: what was sent, what was answered, what was checked."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.terminal import output_width

SHOWN_DIGITS = 4
SHOWN_LOG_LINES = 40
COLUMNS = {
    "return": "total_return",
    "Sharpe": "sharpe_ratio",
    "drawdown": "max_drawdown",
    "volatility": "volatility",
}


class WrongError(Exception):
    """A check of the demo failed."""


class DemoOutput:
    """Writes to the standard output, and counts the checks that passed."""

    def __init__(self) -> None:
        self._console = Console(width=output_width(), highlight=False, soft_wrap=True)
        self._checks = 0

    def chapter(self, title: str) -> None:
        self._console.print(f"\n[bold]── {escape(title)}[/bold]")

    def say(self, text: str) -> None:
        self._console.print(f"   [dim]{escape(text)}[/dim]")

    def sent(self, method: str, where: str, body: Any) -> None:  # noqa: ANN401 - any JSON
        shown = "" if body is None else " " + json.dumps(body, ensure_ascii=False)
        self._console.print(f"[cyan]→ {escape(method)} {escape(where)}[/cyan]{escape(shown)}")

    def received(self, status: int, milliseconds: float, body: Any) -> None:  # noqa: ANN401 - any JSON
        """Show an answer: figures rounded, strategies as a table."""
        entries = body.get("strategies_data", ())
        shown = {key: value for key, value in body.items() if key != "strategies_data"}
        text = json.dumps(_rounded(shown), ensure_ascii=False)
        self._console.print(f"[green]← {status}[/green] [dim]{milliseconds:.0f} ms[/dim] {escape(text)}")
        if entries:
            self._console.print(_table(entries))

    def check(self, claim: str, right: bool) -> None:  # noqa: FBT001 - reads as a sentence
        """Print that a claim holds. Raises WrongError if it does not."""
        if not right:
            raise WrongError(f"not true: {claim}")
        self._checks += 1
        self._console.print(f"   [green]✓[/green] {escape(claim)}")

    def failed(self, error: Exception, log: Path) -> None:
        """Print the error, and the end of the stack's log."""
        if log.exists():
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
            self._console.print("\n".join(map(escape, lines[-SHOWN_LOG_LINES:])))
        self._console.print(f"\n[red]✗ {escape(str(error) or type(error).__name__)}[/red]")

    def ended(self, seconds: float) -> None:
        self._console.print(f"\n[bold green]All {self._checks} checks passed[/bold green] in {seconds:.0f} s")


def _table(entries: Sequence[dict[str, Any]]) -> Table:
    table = Table("strategy", *COLUMNS, "error", box=SIMPLE)
    for entry in entries:
        figures = [f"{entry[name]:.4f}" if name in entry else "" for name in COLUMNS.values()]
        table.add_row(escape(entry["name"]), *figures, escape(entry.get("error", "")))
    return table


def _rounded(value: Any) -> Any:  # noqa: ANN401 - any JSON
    match value:
        case float():
            return round(value, SHOWN_DIGITS)
        case dict():
            return {key: _rounded(item) for key, item in value.items()}
        case list():
            return [_rounded(item) for item in value]
        case _:
            return value

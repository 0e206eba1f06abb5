"""The shares of answers that are judged rightly, printed and written as JSON."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from tests.grounding.corpus import Case

FEWEST: Final = 300
"""How many cases of each verdict there must be."""
MOST_FALSE_ALARMS: Final = 0.01
"""The largest share of right answers that may be refused."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """All cases, and those that were judged wrongly."""

    cases: Sequence[Case]
    wrong: Sequence[Case]

    @classmethod
    def of(cls, cases: Iterable[Case]) -> "Outcome":
        """Judge cases."""
        listed = list(cases)
        return cls(listed, [each for each in listed if not each.is_right])

    @property
    def numbers(self) -> dict[str, int]:
        """Return how many cases there are of each verdict, and how many are caught or refused."""
        bad, good = (sum(each.verdict == verdict for each in self.cases) for verdict in ("bad", "good"))
        missed, alarms = (sum(each.verdict == verdict for each in self.wrong) for verdict in ("bad", "good"))
        return {"bad": bad, "caught": bad - missed, "good": good, "false_alarms": alarms}

    @property
    def is_enough(self) -> bool:
        """Whether all that is promised holds."""
        numbers = self.numbers
        return (
            min(numbers["bad"], numbers["good"]) >= FEWEST
            and numbers["caught"] == numbers["bad"]
            and numbers["false_alarms"] <= MOST_FALSE_ALARMS * numbers["good"]
        )


def show(console: Console, outcome: Outcome) -> None:
    """Print a table by kind and language, what was judged wrongly, and both rates."""
    table = Table("kind", "verdict", "ko", "en", box=SIMPLE)
    kinds = dict.fromkeys((each.verdict, each.kind) for each in outcome.cases)
    for verdict, kind in sorted(kinds):
        table.add_row(kind, verdict, *(_share(outcome, verdict, kind, language) for language in ("ko", "en")))
    console.print(table)
    for each in outcome.wrong:
        found = ", ".join(f"{problem.code} {problem.text!r}" for problem in each.problems())
        console.print(f"{each.verdict}, {each.kind}: {each.text} ({found or 'nothing found'})", markup=False)
    numbers = outcome.numbers
    console.print(
        f"caught: {numbers['caught']} of {numbers['bad']} ({_percent(numbers['caught'], numbers['bad'])}), "
        f"false alarms: {numbers['false_alarms']} of {numbers['good']} "
        f"({_percent(numbers['false_alarms'], numbers['good'])})"
    )


def _share(outcome: Outcome, verdict: str, kind: str, language: str) -> str:
    """Return how many cases of a kind are judged rightly, of how many."""
    wanted = (verdict, kind, language)
    all_of_kind = [each for each in outcome.cases if (each.verdict, each.kind, each.language) == wanted]
    wrong = sum((each.verdict, each.kind, each.language) == wanted for each in outcome.wrong)
    return f"{len(all_of_kind) - wrong} of {len(all_of_kind)}" if all_of_kind else "-"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def write(path: Path, outcome: Outcome) -> None:
    """Write the numbers of cases."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(outcome.numbers, indent=2) + "\n", encoding="utf-8")

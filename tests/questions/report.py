"""How many questions are answered rightly, printed and written as JSON."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from backchat_contracts import Language
from tests.questions.asking import Case
from tests.questions.judge import Judgement

FEWEST_QUESTIONS: Final = 300
FEWEST_CONVERSATIONS: Final = 60
MOST_CANNOT: Final = 0.1
"""The largest share of questions with an answer of which it may be said that there is none."""
_SHOWN: Final = 600


@dataclass(frozen=True, slots=True)
class Outcome:
    """All questions with their answers."""

    cases: Sequence[Case]

    def counts(self, language: Language | None = None) -> dict[str, int]:
        """Return how many questions are judged how, in one language or in both."""
        counted = Counter(each.judgement for each in self.cases if language in {None, each.language})
        return {judgement: counted[judgement] for judgement in get_args(Judgement)}

    @property
    def conversations(self) -> int:
        return len({(each.talk.catalogue, each.talk.title) for each in self.cases})

    @property
    def is_enough(self) -> bool:
        """Whether all that is promised holds."""
        counts = self.counts()
        return (
            len(self.cases) >= FEWEST_QUESTIONS
            and self.conversations >= FEWEST_CONVERSATIONS
            and counts["wrong"] == 0
            and counts["cannot"] <= MOST_CANNOT * len(self.cases)
        )

    @property
    def numbers(self) -> dict[str, object]:
        """Return the counts of all questions and by language."""
        by_language: dict[str, object] = {language: self.counts(language) for language in get_args(Language)}
        return (
            {"questions": len(self.cases), "conversations": self.conversations} | self.counts() | by_language
        )


def show(console: Console, outcome: Outcome) -> None:
    """Print what is not right, and a table by language."""
    for each in outcome.cases:
        if each.judgement != "right":
            console.print(
                f"{each.judgement} ({each.talk.catalogue}, {each.talk.title}): {each.question.text}\n"
                f"  expected: {each.question.expectation}\n  answer: {each.answer[:_SHOWN]}",
                markup=False,
            )
    table = Table("language", "right", "says it can't", "wrong", box=SIMPLE)
    for language in get_args(Language):
        table.add_row(language, *map(str, outcome.counts(language).values()))
    table.add_row("all", *map(str, outcome.counts().values()))
    console.print(table)
    console.print(f"{len(outcome.cases)} questions in {outcome.conversations} conversations")


def write(path: Path, outcome: Outcome) -> None:
    """Write the numbers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(outcome.numbers, indent=2) + "\n", encoding="utf-8")

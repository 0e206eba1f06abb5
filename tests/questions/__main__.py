"""`python -m tests.questions`: hold conversations as people do, and count the right answers."""

import asyncio
import sys
from pathlib import Path

from rich.console import Console

from deploy.embedded.command import command
from deploy.terminal import output_width
from tests.questions.asking import ask_all
from tests.questions.corpus import talks
from tests.questions.report import Outcome, show, write

BUILD = Path("build")

app = command(
    "tests.questions",
    "questions",
    "Ask the questions of people, and count those that are answered rightly, wrongly, or not.",
)


@app.default
def ask(only: str = "", *, output: Path = BUILD / "questions.json") -> int:
    """Exit with 0 only if no answer is wrong, and at most 10 % of the questions are told that there is none.

    Parameters
    ----------
    only
        Hold only the conversations whose catalogue or title contains this.
    output
        The file for the numbers of questions.

    """
    console = Console(width=output_width(), highlight=False, soft_wrap=True)
    chosen = [talk for talk in talks() if only in f"{talk.catalogue} {talk.title}"]
    outcome = Outcome(asyncio.run(ask_all(chosen)))
    show(console, outcome)
    write(output, outcome)
    console.print(f"the numbers are in {output}")
    return 0 if outcome.is_enough else 1


if __name__ == "__main__":
    sys.exit(app())

"""`python -m tests.grounding`: count invented figures that are caught, and right answers that are refused."""

import sys
from pathlib import Path

from rich.console import Console

from deploy.embedded.command import command
from deploy.terminal import output_width
from tests.grounding.corpus import cases
from tests.grounding.report import Outcome, show, write

BUILD = Path("build")

app = command(
    "tests.grounding",
    "grounding",
    "Check answers as language models write them, and count those that are judged rightly.",
)


@app.default
def judge(*, output: Path = BUILD / "grounding.json") -> int:
    """Exit with 0 only if every invented figure is caught, and at most 1 % of the right answers are refused.

    Parameters
    ----------
    output
        The file for the numbers of cases.

    """
    console = Console(width=output_width(), highlight=False, soft_wrap=True)
    outcome = Outcome.of(cases())
    show(console, outcome)
    write(output, outcome)
    console.print(f"the numbers are in {output}")
    return 0 if outcome.is_enough else 1


if __name__ == "__main__":
    sys.exit(app())

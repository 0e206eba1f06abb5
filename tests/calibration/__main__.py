"""`python -m tests.calibration`: count how often the verdicts of comparisons are right."""

import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, TypeVar

from cyclopts import Parameter
from cyclopts.types import PositiveInt
from rich.console import Console
from rich.progress import Progress

from deploy.embedded.command import command
from deploy.terminal import output_width
from services.compare.domain.statistics import RESAMPLES, warm_up
from services.compare.domain.survey import MOST_COMPARED
from tests.calibration.experiments import (
    CANDIDATES,
    DIFFERENCES,
    STRATEGIES,
    pairs_with_difference,
    pairs_without_difference,
    universes,
)
from tests.calibration.markets import CORRELATIONS, LENGTHS, Market
from tests.calibration.report import Outcome, show, write

BUILD = Path("build")

app = command(
    "tests.calibration",
    "calibration",
    "Simulate strategies whose true figures are known, compare them, and count the verdicts that are right.",
)

T = TypeVar("T")


@app.default
def calibrate(
    *,
    pairs: Annotated[PositiveInt, Parameter(env_var="PAIRS")] = 5_000,
    universe: Annotated[PositiveInt, Parameter(name="--universes", env_var="UNIVERSES")] = 500,
    quick: bool = False,
    seed: int = 1,
    output: Path = BUILD / "calibration.json",
) -> int:
    """Exit with 0 only if at most 6.5 % of what is said is wrong, in every metric; a quick run is not judged.

    Parameters
    ----------
    pairs
        Simulated pairs without a difference. Of each real difference there are as many as a twentieth.
    universe
        Simulated universes of 200 strategies without skill, and as many of 1,000.
    quick
        A twentieth of everything: to see whether it runs.
    seed
        Of the simulation; another one draws other markets.
    output
        The file for the figures.

    """
    console = Console(width=output_width(), highlight=False, soft_wrap=True)
    share = 20 if quick else 1
    pairs, universe = max(1, pairs // share), max(1, universe // share)
    long_clusters = tuple(Market("long clusters", each, days) for days in LENGTHS for each in CORRELATIONS)
    real = max(1, pairs // 20)
    began = time.monotonic()
    warm_up()
    with Progress(console=console, transient=True) as progress:

        def counted(name: str, found: Iterable[T], total: int) -> list[T]:
            return list(progress.track(found, total=total, description=name))

        outcome = Outcome(
            counted("pairs without a difference", pairs_without_difference(pairs, seed), pairs),
            counted(
                "the same with long clusters",
                pairs_without_difference(pairs // 5, seed, long_clusters),
                pairs // 5,
            ),
            counted(
                "real differences",
                pairs_with_difference(real, seed),
                real * len(DIFFERENCES) * len(LENGTHS[1:]),
            ),
            counted("universes without skill", universes(universe, seed), universe),
            counted("larger ones", universes(universe, seed, CANDIDATES, MOST_COMPARED), universe),
        )
    show(console, outcome)
    seconds = time.monotonic() - began
    run = {
        "pairs": pairs,
        "universes": universe,
        "strategies": STRATEGIES,
        "candidates": CANDIDATES,
        "resamples": RESAMPLES,
        "seed": seed,
    }
    write(output, outcome, {**run, "seconds": round(seconds)})
    console.print(f"{seconds:.0f} s; the figures are in {output}")
    return 1 if outcome.wrong and not quick else 0


if __name__ == "__main__":
    sys.exit(app())

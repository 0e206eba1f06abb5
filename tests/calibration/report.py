"""The shares of right and wrong verdicts, printed and written as JSON."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any, Final

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from services.compare.domain.statistics import ALPHA, ALWAYS, TESTABLE
from tests.calibration.experiments import (
    CANDIDATES,
    DIFFERENCES,
    STRATEGIES,
    Pair,
    RealDifference,
    Universe,
)
from tests.calibration.markets import CORRELATIONS, LENGTHS, PROCESSES

MOST_WRONG: Final = 0.065
"""The largest share of pairs without a difference of which one may be shown."""

LEAST_WRONG: Final = 0.035
"""The smallest, of the Sharpe ratio: a test that never errs also sees nothing."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, with its standard error."""

    part: int
    whole: int

    @classmethod
    def of(cls, answers: Iterable[bool]) -> "Share":
        """Count the true ones."""
        listed = list(answers)
        return cls(sum(listed), len(listed))

    @property
    def value(self) -> float:
        return self.part / self.whole if self.whole else 0.0

    @property
    def error(self) -> float:
        return sqrt(self.value * (1.0 - self.value) / self.whole) if self.whole else 0.0

    def shown(self) -> str:
        """Write it in percent."""
        return f"{100.0 * self.value:.1f}" if self.whole else "-"


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that was simulated."""

    pairs: Sequence[Pair]
    long_clusters: Sequence[Pair]
    real: Sequence[RealDifference]
    universes: Sequence[Universe]
    chosen: Sequence[Universe]

    @property
    def wrong(self) -> list[str]:
        """Return the bars that were missed."""
        found = [
            f"{metric}: a difference is shown in {share.shown()} % of pairs without one"
            for metric in sorted(TESTABLE)
            if (share := shown_wrongly(self.pairs, metric)).value > MOST_WRONG
        ]
        sharpe = shown_wrongly(self.pairs, "sharpe_ratio")
        if sharpe.value < LEAST_WRONG:
            found.append(
                f"sharpe_ratio: a difference is shown in only {sharpe.shown()} % of pairs without one"
            )
        for of, universes in (("many", self.universes), ("more than are compared", self.chosen)):
            luck = Share.of(each.better for each in universes)
            if luck.value > MOST_WRONG:
                found.append(f"the best of {of} without skill is better in {luck.shown()} % of universes")
        return found


def shown_wrongly(pairs: Iterable[Pair], metric: str) -> Share:
    """Count the pairs without a difference of which one was shown, among those that were tested."""
    return Share.of(metric in pair.shown for pair in pairs if metric in pair.tested)


def parts(pairs: Sequence[Pair]) -> dict[str, list[Pair]]:
    """Group pairs by one property of their market at a time."""
    return {
        "all": list(pairs),
        **{f"{days} days": [each for each in pairs if each.market.days == days] for days in LENGTHS},
        **{name: [each for each in pairs if each.market.process == name] for name in PROCESSES},
        **{
            f"correlation {value:g}": [each for each in pairs if each.market.correlation == value]
            for value in CORRELATIONS
        },
    }


def show(console: Console, outcome: Outcome) -> None:
    """Print the tables, and what is wrong."""
    groups = {**parts(outcome.pairs), "long clusters": list(outcome.long_clusters)}
    table = Table("shown without a difference, %", box=SIMPLE)
    for name in groups:
        table.add_column(name, justify="right")
    for metric in sorted(TESTABLE):
        table.add_row(metric, *(shown_wrongly(group, metric).shown() for group in groups.values()))
    console.print(table)

    table = Table("true figure within the interval, %", box=SIMPLE)
    for kind in ("percentile", "basic"):
        table.add_column(kind, justify="right")
    for metric in ALWAYS:
        table.add_row(
            metric, *(covered(outcome.pairs, metric, kind).shown() for kind in ("percentile", "basic"))
        )
    console.print(table)

    table = Table("real difference of Sharpe ratios", box=SIMPLE)
    for days in LENGTHS[1:]:
        table.add_column(f"seen in {days} days, %", justify="right")
        table.add_column("mistaken, %", justify="right")
    for difference in DIFFERENCES:
        cells = [power(outcome.real, difference, days) for days in LENGTHS[1:]]
        table.add_row(f"{difference:g}", *(share.shown() for pair in cells for share in pair))
    console.print(table)

    for of, universes in ((STRATEGIES, outcome.universes), (CANDIDATES, outcome.chosen)):
        console.print(
            f"the best of {of} strategies without skill, in {len(universes)} universes: "
            f"better than the benchmark in {Share.of(each.better for each in universes).shown()} %, "
            f"above it in the ranking in {Share.of(each.ranked for each in universes).shown()} %, "
            f"ahead of another strategy in {Share.of(each.ahead for each in universes).shown()} %"
        )
    for text in outcome.wrong:
        console.print(f"[red]wrong[/red] {text}")


def covered(pairs: Iterable[Pair], metric: str, kind: str) -> Share:
    """Count the intervals that held the true figure."""
    return Share.of(pair.covered[metric, kind] for pair in pairs if (metric, kind) in pair.covered)


def power(real: Iterable[RealDifference], difference: float, days: int) -> tuple[Share, Share]:
    """Count the real differences that were seen, and those seen the wrong way round."""
    chosen = [each for each in real if (each.difference, each.days) == (difference, days)]
    return Share.of(each.seen for each in chosen), Share.of(each.mistaken for each in chosen)


def write(path: Path, outcome: Outcome, run: Mapping[str, Any]) -> None:
    """Write the parameters of the run, the shares with their standard errors, and what is wrong."""
    groups = {**parts(outcome.pairs), "long clusters": list(outcome.long_clusters)}
    content = {
        **run,
        "alpha": ALPHA,
        "wrong": outcome.wrong,
        "shown_without_difference": {
            metric: {name: _entry(shown_wrongly(group, metric)) for name, group in groups.items()}
            for metric in sorted(TESTABLE)
        },
        "coverage": {
            metric: {
                kind: {
                    name: _entry(covered(group, metric, kind)) for name, group in parts(outcome.pairs).items()
                }
                for kind in ("percentile", "basic")
            }
            for metric in ALWAYS
        },
        "power": [
            {
                "difference": difference,
                "days": days,
                **dict(
                    zip(
                        ("seen", "mistaken"),
                        (_entry(share) for share in power(outcome.real, difference, days)),
                        strict=True,
                    )
                ),
            }
            for days in LENGTHS[1:]
            for difference in DIFFERENCES
        ],
        **{
            key: {
                name: _entry(Share.of(getattr(each, name) for each in universes))
                for name in ("better", "ranked", "ahead")
            }
            for key, universes in (("universes", outcome.universes), ("chosen", outcome.chosen))
        },
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _entry(share: Share) -> dict[str, float]:
    return {"share": round(share.value, 4), "error": round(share.error, 4), "of": share.whole}

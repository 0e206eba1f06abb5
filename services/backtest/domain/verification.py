"""Whether a backtest that is run again gives the same, bit for bit, and where it does not."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from backchat_contracts import Difference, Performance, Provenance
from services.backtest.domain.result import Result


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is kept of a run: the one that is stored, or the one that repeats it."""

    performance: Performance
    result: Result
    provenance: Provenance | None


def differences(stored: Recorded, now: Recorded) -> tuple[Difference, ...]:
    """Return what differs; nothing where the two are identical.

    What earlier versions did not store (some metrics, the benchmark) is not compared.
    """
    return tuple(_differences(stored, now))


def _differences(stored: Recorded, now: Recorded) -> Iterator[Difference]:
    if stored.provenance and now.provenance:
        yield from _of_values("provenance", dict(stored.provenance), dict(now.provenance))
    performance = stored.performance.model_dump(exclude_unset=True)
    yield from _of_values("performance", performance, dict(now.performance))
    yield from _of_curves(stored.result, now.result)
    if not _same_fills(stored.result, now.result):
        before, after = len(stored.result.fills.shares), len(now.result.fills.shares)
        yield Difference(field="trades", stored=before, now=after, difference=abs(after - before))


def _of_values(part: str, stored: dict[str, object], now: dict[str, object]) -> Iterator[Difference]:
    for name, before in stored.items():
        after = now[name]
        if before == after:
            continue
        numbers = isinstance(before, int | float) and isinstance(after, int | float)
        yield Difference.model_validate(
            {
                "field": f"{part}.{name}",
                "stored": before,
                "now": after,
                "difference": abs(after - before) if numbers else None,  # type: ignore[operator]
            }
        )


def _of_curves(stored: Result, now: Result) -> Iterator[Difference]:
    """Compare each curve day by day: a difference says by how much at most, on which day and on how many."""
    if not np.array_equal(stored.days, now.days):
        days = np.setxor1d(stored.days, now.days)
        yield Difference(
            field="equity_curve.date",
            stored=len(stored.days),
            now=len(now.days),
            day=days[0].item(),
            days=len(days),
        )
        return
    for name in ("equity", "benchmark", "exposure"):
        before, after = getattr(stored, name), getattr(now, name)
        if before is None or after is None or np.array_equal(before, after):
            continue
        distance: NDArray[np.float64] = np.abs(after - before)
        largest = int(np.argmax(distance))
        yield Difference(
            field=f"equity_curve.{name}",
            stored=before[largest],
            now=after[largest],
            difference=distance[largest],
            day=stored.days[largest].item(),
            days=int((distance > 0.0).sum()),
        )


def _same_fills(stored: Result, now: Result) -> bool:
    named = [[result.symbols[number] for number in result.fills.symbol] for result in (stored, now)]
    columns = [(fills.bar, *astuple(fills)[2:]) for fills in (stored.fills, now.fills)]
    return named[0] == named[1] and all(map(np.array_equal, *columns))

"""What will run: the request, the catalogue and the data's coverage, brought together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.backtest.domain.window import Coverage, resolve_window

DEFAULT_TYPE = "buy_and_hold"


@dataclass(frozen=True, slots=True)
class Definition:
    """A strategy's type with all its parameters."""

    type: str
    parameters: Mapping[str, int | float]


@dataclass(frozen=True, slots=True)
class Plan:
    definition: Definition
    symbols: tuple[str, ...]
    start: date
    end: date


def plan(
    requested: Definition | None,
    catalogued: Definition | None,
    coverage: Coverage,
    symbols: Sequence[str],
    start: date | None,
    end: date | None,
) -> Plan:
    """Resolve a request. A type in it wins over the catalogue's; without either it is buy-and-hold.

    Raises:
        OutsideCoverage: there is no data for the symbols or the days.

    """
    definition = requested or catalogued or Definition(DEFAULT_TYPE, {})
    first, last = resolve_window(coverage, symbols, start, end)
    return Plan(definition, tuple(symbols), first, last)


def estimate_seconds(durations: Sequence[float], ahead: int, workers: int) -> float:
    """Estimate when a new backtest will be done: the mean of the last run times, times its turn in the queue.

    Args:
        durations: seconds, of the latest backtests.
        ahead: backtests that wait or run before it.
        workers: how many run at once.

    """
    mean = sum(durations) / len(durations) if durations else 1.0
    return mean * (ahead // max(1, workers) + 1)

"""The plan of a backtest: its strategy with all parameters, and its first and last day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from backchat_contracts import ParameterValue
from services.backtest.domain.instruments import Instrument
from services.backtest.domain.strategy_types import STRATEGIES, InvalidParameters, Strategy, build_strategy
from services.backtest.domain.window import check_benchmark, resolve_window


@dataclass(frozen=True, slots=True)
class Definition:
    """A strategy's type with all its parameters."""

    type: str
    parameters: dict[str, ParameterValue]


DEFAULT: Final = Definition("buy_and_hold", {})


def define(kind: str | None, parameters: Mapping[str, ParameterValue]) -> Definition:
    """Check a type and parameters, and fill in the defaults. Without both it is buy-and-hold.

    Raises:
        InvalidStrategy: there is no such type, or the parameters are not right for it.

    """
    if kind is not None:
        return Definition(kind, build_strategy(kind, parameters).model_dump())
    if parameters:
        raise InvalidParameters(f"parameters need a type: one of {', '.join(STRATEGIES)}")
    return DEFAULT


@dataclass(frozen=True, slots=True)
class Plan:
    """What a backtest runs, every default resolved."""

    definition: Definition
    symbols: tuple[str, ...]
    start: date
    end: date
    strategy: Strategy
    benchmark: str | None = None


def plan(
    definition: Definition,
    instruments: Mapping[str, Instrument],
    symbols: Sequence[str],
    start: date | None,
    end: date | None,
    benchmark: str | None = None,
) -> Plan:
    """Resolve the days of a backtest.

    Raises:
        InvalidParameters: the parameters do not fit the symbols.
        ImpossibleWindow: there is no data for the symbols or the days, or in several currencies.

    """
    first, last = resolve_window(instruments, symbols, start, end)
    strategy = build_strategy(definition.type, definition.parameters)
    strategy.check_symbols(symbols)
    if benchmark is not None:
        check_benchmark(instruments, symbols, benchmark, first, last)
    return Plan(definition, tuple(symbols), first, last, strategy, benchmark)


def estimate_seconds(durations: Sequence[float], ahead: int, workers: int) -> float:
    """Estimate in how many seconds a new backtest will be done, from the mean duration and its position.

    Args:
        durations: how long the last backtests took, in seconds.
        ahead: how many backtests are queued before it, or run.
        workers: how many run at once.

    """
    mean = sum(durations) / len(durations) if durations else 1.0
    return mean * (ahead // max(1, workers) + 1)

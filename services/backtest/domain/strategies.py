"""The strategies: which share of the equity each symbol should have, decided at the close of every bar.

Each symbol owns an equal slot, ``1 / N`` of the equity. A strategy says for every bar which symbols are
"on"; those get their slot, the others nothing. Bar ``t`` of the weights depends on closes up to ``t`` only;
while an indicator has not seen enough bars, a symbol is off.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import signature
from types import MappingProxyType
from typing import Final, Protocol, cast

import numpy as np

from services.backtest.domain.indicators import BoolArray, FloatArray, compiled, sma, wilder_rsi

LONGEST_WINDOW: Final = 1_000  # bars, some four years: as the contracts have it


class Strategy(Protocol):
    """A rule that turns closes into target weights."""

    def target_weights(self, close: FloatArray) -> FloatArray:
        """Target share of the equity per symbol, ``[T, N]`` in 0..1, decided at the close of each bar."""
        ...


@dataclass(frozen=True, slots=True)
class BuyAndHold:
    """Every symbol is on from the first bar to the last."""

    def target_weights(self, close: FloatArray) -> FloatArray:
        return _equal_slots(np.ones(close.shape, dtype=np.bool_))


@dataclass(frozen=True, slots=True)
class SmaCrossover:
    """On while the average of the last ``fast`` closes is above that of the last ``slow`` closes."""

    fast: int = 20
    slow: int = 50

    def __post_init__(self) -> None:
        _check_window("fast", self.fast)
        _check_window("slow", self.slow)
        if self.fast >= self.slow:
            raise ValueError(f"fast must be smaller than slow, got {self.fast} and {self.slow}")

    def target_weights(self, close: FloatArray) -> FloatArray:
        return _equal_slots(sma(close, self.fast) > sma(close, self.slow))


@dataclass(frozen=True, slots=True)
class Rsi:
    """Mean reversion on Wilder's RSI: on from a fall below ``lower`` until a rise above ``upper``.

    A symbol turns on at the first close with an RSI below ``lower`` and stays on until the first close with
    an RSI above ``upper``. An RSI that is below ``lower`` when it is first defined counts as a fall below it.
    """

    window: int = 14
    lower: float = 30.0
    upper: float = 70.0

    def __post_init__(self) -> None:
        _check_window("window", self.window, shortest=2)  # of a single change there is nothing to smooth
        if not 0.0 <= self.lower < self.upper <= 100.0:  # noqa: PLR2004 -- the RSI's own scale
            raise ValueError(f"0 <= lower < upper <= 100 must hold, got {self.lower!r} and {self.upper!r}")

    def target_weights(self, close: FloatArray) -> FloatArray:
        rsi = wilder_rsi(close, self.window)
        return _equal_slots(_latch(rsi < self.lower, rsi > self.upper))


@dataclass(frozen=True, slots=True)
class Momentum:
    """On while the return over the last ``lookback`` bars is positive.

    Time series momentum without a skipped month (Moskowitz, Ooi & Pedersen, *Time Series Momentum*, 2012);
    first defined at bar ``lookback``.
    """

    lookback: int = 126

    def __post_init__(self) -> None:
        _check_window("lookback", self.lookback)

    def target_weights(self, close: FloatArray) -> FloatArray:
        rising = np.zeros(close.shape, dtype=np.bool_)
        rising[self.lookback :] = close[self.lookback :] > close[: -self.lookback]
        return _equal_slots(rising)


STRATEGIES: Final[Mapping[str, type[Strategy]]] = MappingProxyType(
    {"buy_and_hold": BuyAndHold, "sma_crossover": SmaCrossover, "rsi": Rsi, "momentum": Momentum}
)


def build_strategy(name: str, parameters: Mapping[str, float]) -> Strategy:
    """Build a strategy from its name in ``STRATEGIES`` and the parameters that differ from its defaults.

    A whole float (JSON's ``20.0``) passes for an int. Raises ValueError that names what is unknown or out of
    range, and what there is instead.
    """
    if name not in STRATEGIES:
        raise ValueError(f"unknown strategy {name!r}; there are: {', '.join(STRATEGIES)}")
    kind = STRATEGIES[name]
    known = signature(kind).parameters
    if unknown := sorted(parameters.keys() - known.keys()):
        raise ValueError(f"{name} has no parameter {unknown[0]!r}; it has: {', '.join(known) or 'none'}")
    arguments = {
        key: int(value) if known[key].annotation is int and float(value).is_integer() else value
        for key, value in parameters.items()
    }
    return cast("Callable[..., Strategy]", kind)(**arguments)


def _check_window(name: str, bars: int, shortest: int = 1) -> None:
    if type(bars) is not int or not shortest <= bars <= LONGEST_WINDOW:  # a bool is no number of bars
        raise ValueError(f"{name} must be a whole number from {shortest} to {LONGEST_WINDOW}, got {bars!r}")


def _equal_slots(on: BoolArray) -> FloatArray:
    return np.divide(on, on.shape[1], dtype=np.float64)


@compiled
def _latch(enter: BoolArray, leave: BoolArray) -> BoolArray:
    """Per column: on from a bar that enters until one that leaves."""
    on = np.zeros(enter.shape, dtype=np.bool_)
    bars, symbols = enter.shape
    for n in range(symbols):
        held = False
        for t in range(bars):
            held = not leave[t, n] if held else enter[t, n]
            on[t, n] = held
    return on

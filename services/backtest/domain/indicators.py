"""Technical indicators over close prices, one column per symbol.

All take ``close`` as float64 ``[T, N]`` (bars by symbols, C-contiguous) and return an array of that shape,
NaN until there are enough bars. Bar ``t`` of the result depends on bars up to ``t`` only.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, ParamSpec, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]
IntArray: TypeAlias = NDArray[np.int64]

P = ParamSpec("P")
R = TypeVar("R")


class compiled(Generic[P, R]):  # noqa: N801 - a decorator
    """Compile a numeric function with numba at its first call; until then numba is not even imported.

    The machine code is cached on disk, keyed by the file's own timestamp: a kernel may therefore call
    kernels of its own module only, or it would go on using a stale copy of the other one.
    """

    def __init__(self, kernel: Callable[P, R]) -> None:
        self.python = kernel

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        result: R = self.machine_code(*args, **kwargs)
        return result

    @cached_property
    def machine_code(self) -> Any:  # noqa: ANN401 - numba is not typed
        """Numba's dispatcher of the function."""
        from numba import njit  # noqa: PLC0415 - a second and 70 MB, for processes that simulate

        return njit(cache=True)(self.python)

    @property
    def _numba_type_(self) -> Any:  # noqa: ANN401 - as above
        """Numba's hook for the type of an object: with the dispatcher's, another kernel can call this one."""
        return self.machine_code._numba_type_


def kernel_ready(values: FloatArray) -> FloatArray:
    """Numba compiles anew for every other layout, read-only arrays included; a fitting one is not copied."""
    return np.require(values, np.float64, ["C", "A", "W"])


@compiled
def sma(close: FloatArray, window: int) -> FloatArray:
    """Simple moving average of the last ``window`` closes, first defined at bar ``window - 1``."""
    bars, symbols = close.shape
    average = np.full(close.shape, np.nan)
    for n in range(symbols):
        # Summing distances from the first close keeps a flat price exactly flat: averages of different
        # windows would otherwise differ in the last digit and look like a crossing.
        origin = close[0, n]
        distance = 0.0
        for t in range(bars):
            distance += close[t, n] - origin
            if t >= window:
                distance -= close[t - window, n] - origin
            if t >= window - 1:
                average[t, n] = origin + distance / window
    return average


@compiled
def ema(values: FloatArray, window: int, first: int) -> FloatArray:
    """Exponential moving average with a weight of ``2 / (window + 1)`` for the last value.

    First defined at bar ``first + window - 1``: there it is the plain average of the ``window`` values from
    ``first`` on, as TA-Lib's is.
    """
    bars, symbols = values.shape
    average = np.full(values.shape, np.nan)
    for n in range(symbols):
        distance = 0.0  # from the first value, as in `sma`
        for t in range(first, bars):
            change = values[t, n] - values[first, n]
            if t < first + window:
                distance += change / window
            else:
                distance += (change - distance) * 2.0 / (window + 1)
            if t >= first + window - 1:
                average[t, n] = values[first, n] + distance
    return average


@compiled
def highest(values: FloatArray, window: int) -> FloatArray:
    """Highest of the last ``window`` values, first defined at bar ``window - 1``."""
    bars, symbols = values.shape
    top = np.full(values.shape, np.nan)
    for n in range(symbols):
        for t in range(window - 1, bars):
            top[t, n] = values[t, n]
            for past in range(t - window + 1, t):
                top[t, n] = max(top[t, n], values[past, n])
    return top


@compiled
def deviation(values: FloatArray, window: int) -> FloatArray:
    """Population standard deviation of the last ``window`` values, first defined at bar ``window - 1``."""
    bars, symbols = values.shape
    spread = np.full(values.shape, np.nan)
    for n in range(symbols):
        for t in range(window - 1, bars):
            # Distances from the last value, summed anew for every bar: equal values deviate by exactly zero,
            # whatever came before them.
            mean = 0.0
            for past in range(t - window + 1, t):
                mean += values[past, n] - values[t, n]
            mean /= window
            squares = 0.0
            for past in range(t - window + 1, t + 1):
                distance = values[past, n] - values[t, n] - mean
                squares += distance * distance
            spread[t, n] = np.sqrt(squares / window)
    return spread


def z_score(close: FloatArray, window: int) -> FloatArray:
    """Distance of the close from the average of the last ``window`` closes, in their standard deviations.

    First defined at bar ``window - 1``. The deviation is that of the population: a score is never beyond
    ``sqrt(window - 1)`` (Samuelson, *How Deviant Can You Be?*, 1968). A price that did not move scores 0.
    """
    distance, spread = close - sma(close, window), deviation(close, window)
    score = np.zeros(close.shape)
    np.divide(distance, spread, out=score, where=spread != 0.0)
    return score


@compiled
def wilder_rsi(close: FloatArray, window: int) -> FloatArray:
    """Relative strength index in 0..100, first defined at bar ``window``.

    ``100 * gain / (gain + loss)``, where gain and loss are the rises and falls of the close, averaged plainly
    over the first ``window`` changes and smoothed by ``1 / window`` after that (J. Welles Wilder, *New
    Concepts in Technical Trading Systems*, 1978). A price that never moved has no strength: 50.
    """
    bars, symbols = close.shape
    rsi = np.full(close.shape, np.nan)
    for n in range(symbols):
        gain = 0.0
        loss = 0.0
        for t in range(1, bars):
            change = close[t, n] - close[t - 1, n]
            rise = max(change, 0.0)
            fall = max(-change, 0.0)
            if t <= window:
                gain += rise / window
                loss += fall / window
            else:
                gain += (rise - gain) / window
                loss += (fall - loss) / window
            if t >= window:
                rsi[t, n] = 100.0 * gain / (gain + loss) if gain + loss > 0.0 else 50.0
    return rsi


@compiled
def latch(enter: BoolArray, leave: BoolArray) -> BoolArray:
    """Per column: on from a bar that enters until one that leaves."""
    on = np.zeros(enter.shape, dtype=np.bool_)
    bars, symbols = enter.shape
    for n in range(symbols):
        held = False
        for t in range(bars):
            held = not leave[t, n] if held else enter[t, n]
            on[t, n] = held
    return on

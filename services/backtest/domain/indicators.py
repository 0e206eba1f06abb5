"""Technical indicators over close prices, one column per symbol.

All take ``close`` as float64 ``[T, N]`` (bars by symbols, C-contiguous) and return an array of that shape,
NaN until there are enough bars. Bar ``t`` of the result depends on bars up to ``t`` only.

The innermost loops go along memory, over symbols that do not depend on each other: the compiler makes them
vector instructions.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Final, Generic, ParamSpec, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]
IntArray: TypeAlias = NDArray[np.int64]

BLOCK: Final = 512
"""How many values a kernel takes through a whole window at once: they stay in the processor's first cache.

Value ``i`` of a flat ``[T, N]`` array is one of a bar and a symbol; that symbol ``k`` bars before is at
``i - k * N``, for all of a block alike.
"""

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
    # Summing distances from the first close keeps a flat price exactly flat: averages of different
    # windows would otherwise differ in the last digit and look like a crossing.
    distance = np.zeros(symbols)
    for t in range(bars):
        for n in range(symbols):
            distance[n] += close[t, n] - close[0, n]
            if t >= window:
                distance[n] -= close[t - window, n] - close[0, n]
            if t >= window - 1:
                average[t, n] = close[0, n] + distance[n] / window
    return average


@compiled
def ema(values: FloatArray, window: int, first: int) -> FloatArray:
    """Exponential moving average with a weight of ``2 / (window + 1)`` for the last value.

    First defined at bar ``first + window - 1``: there it is the plain average of the ``window`` values from
    ``first`` on, as TA-Lib's is.
    """
    bars, symbols = values.shape
    average = np.full(values.shape, np.nan)
    distance = np.zeros(symbols)  # from the first value, as in `sma`
    for t in range(first, bars):
        for n in range(symbols):
            change = values[t, n] - values[first, n]
            if t < first + window:
                distance[n] += change / window
            else:
                distance[n] += (change - distance[n]) * 2.0 / (window + 1)
            if t >= first + window - 1:
                average[t, n] = values[first, n] + distance[n]
    return average


@compiled
def highest(values: FloatArray, window: int) -> FloatArray:
    """Highest of the last ``window`` values, first defined at bar ``window - 1``."""
    symbols = values.shape[1]
    flat = values.ravel()
    top = np.full(len(flat), np.nan)
    for begin in range((window - 1) * symbols, len(flat), BLOCK):
        stop = min(begin + BLOCK, len(flat))
        block = top[begin:stop]
        block[:] = flat[begin:stop]
        for bars in range(1, window):
            past = flat[begin - bars * symbols : stop - bars * symbols]
            for i in range(len(block)):
                block[i] = max(block[i], past[i])
    return top.reshape(values.shape)


@compiled
def deviation(values: FloatArray, window: int) -> FloatArray:
    """Population standard deviation of the last ``window`` values, first defined at bar ``window - 1``."""
    symbols = values.shape[1]
    flat = values.ravel()
    spread = np.full(len(flat), np.nan)
    means, squares = np.empty(BLOCK), np.empty(BLOCK)
    for begin in range((window - 1) * symbols, len(flat), BLOCK):
        stop = min(begin + BLOCK, len(flat))
        # Distances from the last value, summed anew for every bar: equal values deviate by exactly zero,
        # whatever came before them.
        last = flat[begin:stop]
        means[:] = 0.0
        squares[:] = 0.0
        for bars in range(window - 1, 0, -1):
            past = flat[begin - bars * symbols : stop - bars * symbols]
            for i in range(len(last)):
                means[i] += past[i] - last[i]
        means /= window
        for bars in range(window - 1, -1, -1):
            past = flat[begin - bars * symbols : stop - bars * symbols]
            for i in range(len(last)):
                distance = past[i] - last[i] - means[i]
                squares[i] += distance * distance
        for i in range(len(last)):
            spread[begin + i] = np.sqrt(squares[i] / window)
    return spread.reshape(values.shape)


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
    gain, loss = np.zeros(symbols), np.zeros(symbols)
    for t in range(1, bars):
        for n in range(symbols):
            change = close[t, n] - close[t - 1, n]
            rise = max(change, 0.0)
            fall = max(-change, 0.0)
            if t <= window:
                gain[n] += rise / window
                loss[n] += fall / window
            else:
                gain[n] += (rise - gain[n]) / window
                loss[n] += (fall - loss[n]) / window
            if t >= window:
                moved = gain[n] + loss[n]
                rsi[t, n] = 100.0 * gain[n] / moved if moved > 0.0 else 50.0
    return rsi


@compiled
def latch(enter: BoolArray, leave: BoolArray) -> BoolArray:
    """Per column: on from a bar that enters until one that leaves."""
    on = np.zeros(enter.shape, dtype=np.bool_)
    bars, symbols = enter.shape
    held = np.zeros(symbols, dtype=np.bool_)
    for t in range(bars):
        for n in range(symbols):
            held[n] = not leave[t, n] if held[n] else enter[t, n]
            on[t, n] = held[n]
    return on

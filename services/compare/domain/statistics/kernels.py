"""The loops over resampled days, compiled.

Columns are strategies and, last, their benchmark. Arrays are C-contiguous, so that the innermost loops go
along memory, over columns that do not depend on each other: the compiler makes them vector instructions, and
a sum has the same rounding errors on every machine.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Final, Generic, ParamSpec, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]
DayArray: TypeAlias = NDArray[np.int32]
IntArray: TypeAlias = NDArray[np.int64]
WordArray: TypeAlias = NDArray[np.uint32]

P = ParamSpec("P")
R = TypeVar("R")

NO_VARIANCE: Final = 1e-24
"""Of daily returns: below this it is rounding."""

LANES: Final = 32
"""How many values of a day a kernel takes at once, at least."""


class Kernel(Generic[P, R]):
    """A numeric function that numba compiles for one signature when it is first called.

    The machine code runs without the interpreter's lock and is cached on disk, keyed by the timestamp of this
    file: so a kernel may call those of this file only.
    """

    def __init__(self, signature: str, python: Callable[P, R]) -> None:
        self.signature = signature
        self.python = python

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        result: R = self.machine_code(*args, **kwargs)
        return result

    @cached_property
    def machine_code(self) -> Any:  # noqa: ANN401 - numba is not typed
        """Numba's dispatcher of the function."""
        from numba import njit  # noqa: PLC0415 - a second and 70 MB, for processes that compare

        return njit(self.signature, cache=True, nogil=True, error_model="numpy")(self.python)


def kernel(signature: str) -> Callable[[Callable[P, R]], Kernel[P, R]]:
    """Make a kernel of a function, with numba's notation for its types."""
    return lambda python: Kernel(signature, python)


def warm_up() -> None:
    """Compile all kernels, or load them from the cache on disk."""
    for each in globals().copy().values():
        if isinstance(each, Kernel):
            each.machine_code  # noqa: B018 - a property that compiles


@kernel("void(uint32[:,::1], int64, int32[:,::1])")
def draw_days(words: WordArray, restart: int, days: DayArray) -> None:
    """Draw the days of a stationary bootstrap: blocks of geometric length from a circle of days.

    Takes a random word for each of B resamples of T days, ``[B, T]``: a block begins where it is below
    ``restart`` (of 2 ** 32), on the day that it then is evenly spread over. Fills ``days``, ``[B, T]``.
    """
    resamples, bars = days.shape
    scale = bars / restart
    for b in range(resamples):
        day = np.int64(words[b, 0]) * bars >> 32
        days[b, 0] = day
        for t in range(1, bars):
            word = np.int64(words[b, t])
            following = day + 1 if day + 1 < bars else 0
            day = np.int64(word * scale) if word < restart else following  # both are computed: no branch
            days[b, t] = day


@kernel("float64[:,:,::1](float64[:,::1], float64[::1], int32[:,::1])")
def path_statistics(returns: FloatArray, mean: FloatArray, days: DayArray) -> FloatArray:
    """Compute in one pass what the common metrics are made of, ``[5, B, columns]``.

    Of the resampled returns ``r``, with ``x = r - mean`` of the column: the sums of x, of x squared and of
    min(r, 0) squared; the growth, and the lowest ratio of the equity to its peak so far.
    """
    resamples, bars = days.shape
    columns = returns.shape[1]
    result = np.empty((5, resamples * columns))
    lanes = max(1, LANES // columns)  # few columns: several resamples at once fill the vector instructions
    rows, means, level = np.empty(lanes * columns), np.empty(lanes * columns), np.empty(lanes * columns)
    for lane in range(lanes):
        means[lane * columns : (lane + 1) * columns] = mean
    for begin in range(0, resamples, lanes):
        count = min(lanes, resamples - begin)
        width = count * columns
        total, squares, losses, growth, lowest = result[:, begin * columns : begin * columns + width]
        total[:] = squares[:] = losses[:] = 0.0
        growth[:] = lowest[:] = level[:] = 1.0
        for t in range(bars):
            for lane in range(count):
                row = returns[days[begin + lane, t]]
                for n in range(columns):
                    rows[lane * columns + n] = row[n]
            for n in range(width):
                distance = rows[n] - means[n]
                loss = min(rows[n], 0.0)
                total[n] += distance
                squares[n] += distance * distance
                losses[n] += loss * loss
            for n in range(width):
                # A new peak is a level of 1 again, so there is no peak to remember.
                factor = 1.0 + rows[n]
                now = min(level[n] * factor, 1.0)
                growth[n] *= factor
                level[n] = now
                lowest[n] = min(lowest[n], now)
    return result.reshape((5, resamples, columns))


@kernel("float64[:,:,::1](float64[:,::1], int32[:,::1])")
def underwater_statistics(returns: FloatArray, days: DayArray) -> FloatArray:
    """Sum the squares of the drawdowns, count the days with one, and the most of these in a row.

    Returns ``[3, B, columns]``.
    """
    resamples, bars = days.shape
    columns = returns.shape[1]
    result = np.zeros((3, resamples, columns))
    level, length = np.empty(columns), np.empty(columns)
    for b in range(resamples):
        squares, below, longest = result[0, b], result[1, b], result[2, b]
        level[:] = 1.0
        length[:] = 0.0
        for t in range(bars):
            row = returns[days[b, t]]
            for n in range(columns):
                now = level[n] * (1.0 + row[n])
                # Back at the old peak but for the rounding errors of a product is at the peak.
                under = 1.0 if now < 1.0 - 1e-12 else 0.0
                now = now if under else 1.0
                level[n] = now
                squares[n] += (1.0 - now) * (1.0 - now)
                below[n] += under
                length[n] = (length[n] + 1.0) * under
                longest[n] = max(longest[n], length[n])
    return result


@kernel("float64[:,::1](float64[:,::1], int32[:,::1])")
def resampled_sums(features: FloatArray, days: DayArray) -> FloatArray:
    """Sum each of ``[T, k]`` features over the resampled days: ``[B, k]``."""
    resamples, bars = days.shape
    columns = features.shape[1]
    sums = np.zeros((resamples, columns))
    for b in range(resamples):
        total = sums[b]
        for t in range(bars):
            row = features[days[b, t]]
            for n in range(columns):
                total[n] += row[n]
    return sums


@kernel("float64[:,:,::1](float64[:,::1], int32[:,::1], int32[:,::1], float64)")
def tail_statistics(rising: FloatArray, order: DayArray, days: DayArray, share: float) -> FloatArray:
    """Compute the quantiles of ``share`` and ``1 - share``, and the mean of the returns up to the former.

    Takes the sorted returns of each column and their days, ``[columns, T]``. Nothing is sorted again: a
    resample is the sorted returns with the number of times that each of their days was drawn. Returns
    ``[3, B, columns]``: the low quantile, the high one, and the mean of the ``1 + floor(share * (T - 1))``
    lowest.
    """
    resamples, bars = days.shape
    columns = rising.shape[0]
    result = np.empty((3, resamples, columns))
    times = np.empty(bars, np.int32)
    low, high = share * (bars - 1), (1.0 - share) * (bars - 1)
    worst, best = int(low) + 1, bars - int(high)
    for b in range(resamples):
        times[:] = 0
        for t in range(bars):
            times[days[b, t]] += 1
        for n in range(columns):
            seen, total, place, value = 0, 0.0, -1, 0.0
            while seen < worst:
                place += 1
                value = rising[n, place]
                drawn = times[order[n, place]]
                total += value * min(drawn, worst - seen)
                seen += drawn
            after = value
            while seen < min(worst + 1, bars):
                place += 1
                after = rising[n, place]
                seen += times[order[n, place]]
            result[0, b, n] = value + (low - int(low)) * (after - value)
            result[2, b, n] = total / worst
            seen, place, after = 0, bars, 0.0
            while seen < max(best - 1, 1):
                place -= 1
                after = rising[n, place]
                seen += times[order[n, place]]
            value = after
            while seen < best:
                place -= 1
                value = rising[n, place]
                seen += times[order[n, place]]
            result[1, b, n] = value + (high - int(high)) * (after - value)
    return result


@kernel("float64[:,::1](float64[:,::1])")
def pair_deviations(centred: FloatArray) -> FloatArray:
    """Compute the root mean square of each pair of columns' difference: ``[B, n]`` gives ``[n, n]``."""
    resamples, columns = centred.shape
    squares = np.zeros((columns, columns))
    for b in range(resamples):
        row = centred[b]
        for one in range(columns):
            total = squares[one]
            for other in range(columns):
                difference = row[one] - row[other]
                total[other] += difference * difference
    deviations: FloatArray = np.sqrt(squares / resamples)
    return deviations


@kernel("float64[::1](float64[:,::1], float64[:,::1])")
def largest_of_pairs(centred: FloatArray, weight: FloatArray) -> FloatArray:
    """Find in each resample the largest of all pairs' differences times their weight: ``[B]``.

    Takes ``[B, n]`` and symmetric weights ``[n, n]``; a pair of weight 0 does not count.
    """
    resamples, columns = centred.shape
    largest = np.zeros(resamples)
    best = np.empty(columns)
    for b in range(resamples):
        row = centred[b]
        best[:] = 0.0
        for one in range(columns):
            weights = weight[one]
            for other in range(columns):
                best[other] = max(best[other], (row[one] - row[other]) * weights[other])
        for one in range(columns):
            largest[b] = max(largest[b], best[one])
    return largest


@kernel("float64[:,:,::1](float64[:,::1], int32[:,::1], int64, int64[:,::1])")
def sharpe_differences(sums: FloatArray, starts: DayArray, length: int, pairs: IntArray) -> FloatArray:
    """Resample the differences of pairs of daily Sharpe ratios, and their standard errors: ``[2, B, P]``.

    Takes, for each first day of a block around the circle of T days, the sums over its ``length`` days of the
    returns of n columns and then of their squares, ``[T, 2 n]``; the first days that a circular block
    bootstrap draws, ``[B, blocks]``; and P pairs of columns, ``[P, 2]``. The errors are from the variance
    between blocks (Ledoit & Wolf 2008, section 3.2.2). NaN where a resample has no variance.
    """
    resamples, blocks = starts.shape
    bars, columns = sums.shape[0], sums.shape[1] // 2
    days = blocks * length
    result = np.zeros((2, resamples, len(pairs)))
    total, slope = np.empty(2 * columns), np.empty(2 * columns)
    ratio, shift, influence = np.empty(columns), np.empty(columns), np.empty(columns)
    for b in range(resamples):
        total[:] = 0.0
        for k in range(blocks):
            row = sums[starts[b, k]]
            for n in range(2 * columns):
                total[n] += row[n]
        for n in range(columns):
            mu, gamma = total[n] / days, total[columns + n] / days
            variance = gamma - mu * mu if gamma - mu * mu > NO_VARIANCE else np.nan
            ratio[n] = mu / np.sqrt(variance * days / (days - 1.0))
            slope[n] = gamma / variance**1.5
            slope[columns + n] = -0.5 * mu / variance**1.5
            shift[n] = (slope[n] * mu + slope[columns + n] * gamma) * length
        errors = result[1, b]
        for k in range(blocks):
            row = sums[starts[b, k]]
            for n in range(columns):
                influence[n] = slope[n] * row[n] + slope[columns + n] * row[columns + n] - shift[n]
            for p in range(len(pairs)):
                gap = influence[pairs[p, 0]] - influence[pairs[p, 1]]
                errors[p] += gap * gap
        for p in range(len(pairs)):
            result[0, b, p] = ratio[pairs[p, 0]] - ratio[pairs[p, 1]]
            errors[p] = np.sqrt(errors[p] / days / bars)
    return result

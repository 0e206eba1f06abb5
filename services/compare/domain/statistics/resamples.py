"""Resampled returns, and the sums over them that the metrics are made of."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from services.compare.domain.statistics.kernels import (
    DayArray,
    FloatArray,
    path_statistics,
    resampled_sums,
    tail_statistics,
    underwater_statistics,
)

TRADING_DAYS: Final = 252
"""In a year."""

ROUNDING: Final = 1e-12
"""A daily deviation below this is rounding, and a ratio over it noise: as in the backtest service."""

TAIL: Final = 0.05
"""Of the days, for the value at risk and the like."""


@dataclass(frozen=True)  # with a __dict__, for the cached properties
class Resamples:
    """B times T days drawn from a table of returns; what is common to several metrics is computed once.

    Attributes:
        returns: simple daily returns, ``[T, columns]``.
        days: drawn for each resample, ``[B, T]``.
        benchmark: the column of the benchmark; None without one.

    """

    returns: FloatArray
    days: DayArray
    benchmark: int | None = None

    @classmethod
    def of_itself(cls, returns: FloatArray, benchmark: int | None = None) -> "Resamples":
        """Make the one resample that is the sample: metrics of it are the point estimates."""
        return cls(returns, np.arange(len(returns), dtype=np.int32)[None, :], benchmark)

    def of_benchmark(self, values: FloatArray) -> FloatArray:
        """Return the benchmark's column of a table: ``[.., columns]`` gives ``[.., 1]``."""
        if self.benchmark is None:
            raise ValueError("there is no benchmark")
        column: FloatArray = values[:, self.benchmark : self.benchmark + 1]
        return column

    @property
    def size(self) -> int:
        """T, the number of days."""
        return int(self.days.shape[1])

    @cached_property
    def location(self) -> FloatArray:
        """The mean of each column, about which sums lose no digits."""
        return np.asarray(self.returns.mean(axis=0))

    @cached_property
    def _path(self) -> tuple[FloatArray, ...]:
        return tuple(path_statistics(self.returns, self.location, self.days))

    @cached_property
    def mean(self) -> FloatArray:
        """Of the returns, ``[B, columns]``."""
        return np.asarray(self.location + self._path[0] / self.size)

    @cached_property
    def deviation(self) -> FloatArray:
        """The sample standard deviation of the returns, ``[B, columns]``; rounding is zero."""
        total, squares = self._path[0], self._path[1]
        return deviation_of(total, squares, self.size)

    @cached_property
    def downside(self) -> FloatArray:
        """``sqrt(mean(min(r, 0) ** 2))``, ``[B, columns]``."""
        return np.sqrt(self._path[2] / self.size)

    @property
    def growth(self) -> FloatArray:
        """Last equity over first, ``[B, columns]``."""
        return self._path[3]

    @property
    def max_drawdown(self) -> FloatArray:
        """The deepest fall from a peak before it, zero or negative, ``[B, columns]``."""
        return self._path[4] - 1.0

    @cached_property
    def underwater(self) -> tuple[FloatArray, ...]:
        """The sum of the squared drawdowns, the days with one, the most in a row; ``[B, columns]`` each."""
        return tuple(underwater_statistics(self.returns, self.days))

    @cached_property
    def tails(self) -> tuple[FloatArray, ...]:
        """The quantiles of `TAIL` and ``1 - TAIL``, and the mean of the worst; ``[B, columns]`` each."""
        order = np.argsort(self.returns, axis=0, kind="stable").T
        rising = np.take_along_axis(self.returns.T, order, axis=1)
        days = np.ascontiguousarray(order, np.int32)
        return tuple(tail_statistics(np.ascontiguousarray(rising), days, self.days, TAIL))

    def sums(self, *features: FloatArray) -> tuple[FloatArray, ...]:
        """Sum features of the days, each ``[T, k]`` of its own k, over the resamples: each ``[B, k]``."""
        together = resampled_sums(np.ascontiguousarray(np.hstack(features)), self.days)
        return tuple(np.split(together, np.cumsum([each.shape[1] for each in features])[:-1], axis=1))


def deviation_of(total: FloatArray, squares: FloatArray, size: int) -> FloatArray:
    """Compute the sample standard deviation from sums about any location near the mean; rounding is zero."""
    variance = np.maximum(squares - total * total / size, 0.0) / (size - 1)
    deviation = np.sqrt(variance)
    return np.where(deviation > ROUNDING, deviation, 0.0)

"""The bootstrap distribution of every metric, for all strategies and their benchmark from the same days.

There are two draws. The first has the blocks that the returns' own autocorrelation asks for. The second, for
metrics of dispersion and of tails, has blocks of a seventh of the sample: volatility clusters last for weeks,
and the autocorrelation of squared fat-tailed returns is too noisy an estimate to choose blocks by.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from services.compare.domain.statistics.bootstrap import block_lengths, stationary_days
from services.compare.domain.statistics.estimators import estimate
from services.compare.domain.statistics.kernels import BoolArray, FloatArray
from services.compare.domain.statistics.resamples import ROUNDING, TRADING_DAYS, Resamples
from services.compare.domain.statistics.significance import ALPHA, Interval, Tails

LONG_BLOCKS: Final = frozenset(
    {
        "volatility",
        "longest_drawdown",
        "value_at_risk",
        "conditional_value_at_risk",
        "skewness",
        "kurtosis",
        "tail_ratio",
        "beta",
        "tracking_error",
        "up_capture",
        "down_capture",
    }
)
"""Metrics whose distribution comes from the second draw."""

LONG_SHARE: Final = 7
"""Its blocks are this part of the sample."""

_MOST_UNDEFINED: Final = 0.05  # of the resamples, or a metric has no distribution


@dataclass(frozen=True, slots=True)
class Distribution:
    """A metric of each column: the estimate, and how it varies from resample to resample.

    Attributes:
        point: ``[columns]``, NaN where it is not defined.
        centred: the resampled metric less its mean, ``[B, columns]``; 0 where it is not defined.
        mean: of the resampled metric, ``[columns]``.
        testable: whether a column has a distribution, ``[columns]``.
        tails: what a small sample hides.
        years: of compounding, if the metric is the total return of what has this distribution, its annual
            growth. They say the same, so that they have the same p-values; of many years the total return
            itself is too skewed to be tested.

    """

    point: FloatArray
    centred: FloatArray
    mean: FloatArray
    testable: BoolArray
    tails: Tails
    years: float | None = None

    def figure(self, value: float) -> float:
        """Return the metric for a value of what has this distribution; infinite beyond a float."""
        if self.years is None:
            return value
        try:
            return math.pow(1.0 + value, self.years) - 1.0
        except OverflowError:
            return math.inf

    def difference(self, one: int, other: int) -> tuple[float, float]:
        """Return the difference of two columns in the metric, and how much of it is one of the distribution.

        For a total return the latter is the mean slope of compounding between the two.
        """
        first, second = float(self.point[one]), float(self.point[other])
        if self.years is None or not self.testable[[one, other]].all():
            return self.figure(first) - self.figure(second), 1.0
        gap = self.figure(first) - self.figure(second)
        if abs(first - second) > ROUNDING:
            return gap, gap / (first - second)
        return gap, self.years * (self.figure(first) + 1.0) / (1.0 + first) if first > -1.0 else 0.0

    def interval(self, column: int) -> Interval | None:
        """Compute the percentile interval of 95 % (Efron 1979), stretched, but not beyond what was resampled.

        It always holds the estimate: that of a maximum drawdown can lie outside its percentiles.
        """
        if not self.testable[column]:
            return None
        values, mean, point = self.centred[:, column], self.mean[column], float(self.point[column])
        low, high = self.tails.stretch * np.quantile(values, [ALPHA / 2.0, 1.0 - ALPHA / 2.0])
        low, high = max(low, values.min()), min(high, values.max())
        ends = self.figure(min(float(mean + low), point)), self.figure(max(float(mean + high), point))
        return Interval(*ends) if all(map(math.isfinite, ends)) else None


@dataclass(frozen=True)  # with a __dict__, for the cached properties
class Bootstrap:
    """A table of returns, resampled jointly: differences between columns are paired.

    Attributes:
        returns: of the strategies and, last, of the benchmark if there is one, ``[T, columns]``.
        benchmark: its column.
        resamples: B.
        seed: equal seeds draw equal days.

    """

    returns: FloatArray
    benchmark: int | None
    resamples: int
    seed: int

    @cached_property
    def memory(self) -> float:
        """The mean block length that the columns' autocorrelation asks for, days.

        The mean over the columns, as the largest of many noisy estimates is noise.
        """
        return float(block_lengths(self.returns).mean())

    @property
    def block_length(self) -> float:
        """The mean block length of the first draw, days.

        At least the cube root of T: weak autocorrelation can be there and not be seen.
        """
        return max(self.memory, math.cbrt(len(self.returns)))

    @property
    def long_block_length(self) -> float:
        """The mean block length of the second draw, days."""
        return len(self.returns) / LONG_SHARE

    @cached_property
    def sample(self) -> Resamples:
        """The sample itself."""
        return Resamples.of_itself(self.returns, self.benchmark)

    @cached_property
    def short(self) -> Resamples:
        """The first draw."""
        days = stationary_days(len(self.returns), self.block_length, self.resamples, self.seed)
        return Resamples(self.returns, days, self.benchmark)

    @cached_property
    def long(self) -> Resamples:
        """The second draw."""
        days = stationary_days(len(self.returns), self.long_block_length, self.resamples, self.seed)
        return Resamples(self.returns, days, self.benchmark)

    def distributions(self, metrics: Sequence[str]) -> dict[str, Distribution]:
        """Bootstrap some testable metrics."""
        return {name: self._distribution(name) for name in metrics}

    def _distribution(self, metric: str) -> Distribution:
        if metric == "total_return":
            return replace(self._distribution("cagr"), years=len(self.returns) / TRADING_DAYS)
        draw, length = (
            (self.long, self.long_block_length) if metric in LONG_BLOCKS else (self.short, self.block_length)
        )
        point = estimate(metric, self.sample)[0]
        values = estimate(metric, draw)
        undefined = np.isnan(values)
        testable = np.isfinite(point) & (undefined.mean(axis=0) <= _MOST_UNDEFINED)
        count = np.maximum((~undefined).sum(axis=0), 1)
        mean = np.where(undefined, 0.0, values).sum(axis=0) / count
        centred = np.where(undefined | ~testable, 0.0, values - mean)
        tails = Tails.of(len(self.returns), length, self.resamples)
        return Distribution(point, centred, mean, testable, tails)

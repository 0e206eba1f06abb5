"""The bootstrap distribution of every metric, for all strategies and their benchmark from the same days.

There are two draws. The first has the blocks that the returns' own autocorrelation asks for. The second, for
metrics of dispersion and of tails, has blocks of a seventh of the sample: volatility clusters last for weeks,
and the autocorrelation of squared fat-tailed returns is too noisy an estimate to choose blocks by.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import Final

import numpy as np

from services.compare.domain.statistics.bootstrap import block_lengths, stationary_days
from services.compare.domain.statistics.estimators import estimate
from services.compare.domain.statistics.kernels import BoolArray, FloatArray
from services.compare.domain.statistics.resamples import Resamples
from services.compare.domain.statistics.significance import ALPHA, Interval

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
        centred: the resampled metric less its mean, times the stretch, ``[B, columns]``; 0 where it is not
            defined.
        mean: of the resampled metric, ``[columns]``.
        testable: whether a column has a distribution, ``[columns]``.
        stretch: for what a small sample hides, see `stretch_of`.

    """

    point: FloatArray
    centred: FloatArray
    mean: FloatArray
    testable: BoolArray
    stretch: float

    def interval(self, column: int) -> Interval | None:
        """Compute the percentile interval of 95 % (Efron 1979), stretched, but not beyond what was resampled.

        It always holds the estimate: that of a maximum drawdown can lie outside its percentiles.
        """
        if not self.testable[column]:
            return None
        values, mean, point = self.centred[:, column], self.mean[column], float(self.point[column])
        low, high = np.quantile(values, [ALPHA / 2.0, 1.0 - ALPHA / 2.0])
        lowest, highest = values.min() / self.stretch, values.max() / self.stretch
        return Interval(
            min(float(mean + max(low, lowest)), point), max(float(mean + min(high, highest)), point)
        )


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
    def block_length(self) -> float:
        """The mean block length of the first draw, days.

        The mean over the columns of what each asks for: the largest of many noisy estimates is noise.
        """
        return float(block_lengths(self.returns).mean())

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
        stretch = stretch_of(len(self.returns), length)
        return Distribution(point, stretch * centred, mean, testable, stretch)


def stretch_of(bars: int, block_length: float) -> float:
    """Return how much wider a distribution is than its bootstrap from T days in blocks of L.

    The variance that a stationary bootstrap gives the mean of independent returns is too small by a part of
    ``(2 L - 1) / T``, and varies as if from ``T / L`` observations: Student's t with as many degrees of
    freedom takes the place of the normal distribution (its quantile by Abramowitz & Stegun 1964, 26.7.5).
    """
    z = NormalDist().inv_cdf(1.0 - ALPHA / 2.0)
    freedom = bars / block_length
    student = z + (z**3 + z) / (4.0 * freedom) + (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / (96.0 * freedom**2)
    student += (3.0 * z**7 + 19.0 * z**5 + 17.0 * z**3 - 15.0 * z) / (384.0 * freedom**3)
    return student / z / math.sqrt(1.0 - (2.0 * block_length - 1.0) / bars)

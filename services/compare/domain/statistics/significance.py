"""P-values and critical values from resamples, so that p-value and interval never contradict each other."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from services.compare.domain.statistics.kernels import FloatArray

ALPHA: Final = 0.05
"""The share of errors that is accepted, everywhere."""

POWER: Final = 0.8
"""The probability with which a detectable difference would have been seen."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval of 95 %, both ends included."""

    low: float
    high: float

    @classmethod
    def around(cls, point: float, half_width: float | None) -> "Interval | None":
        """Make a symmetric one; none without a width."""
        return None if half_width is None else cls(point - half_width, point + half_width)

    def turned(self) -> "Interval":
        """Return that of the negative."""
        return Interval(-self.high, -self.low)


@dataclass(frozen=True, slots=True)
class Tails:
    """How much heavier the tails of a studentised difference are than its bootstrap shows.

    Attributes:
        freedom: degrees of freedom of Student's t, which takes the place of the normal distribution.
        inflation: of the standard error.

    """

    freedom: float
    inflation: float

    @classmethod
    def of(cls, bars: int, block_length: float, resamples: int | None = None) -> "Tails":
        """Choose them for T days in blocks of L, and a standard error from so many resamples.

        The variance that a stationary bootstrap gives the mean of independent returns is too small by a part
        of ``(2 L - 1) / T``, and varies as if from ``T / L`` observations; B resamples vary as B do.
        """
        noise = block_length / bars + (1.0 / resamples if resamples else 0.0)
        return cls(1.0 / noise, 1.0 / math.sqrt(1.0 - (2.0 * block_length - 1.0) / bars))

    @property
    def stretch(self) -> float:
        """How much wider a central interval of 95 % is."""
        z = NormalDist().inv_cdf(1.0 - ALPHA / 2.0)
        return float(self.widen(np.array([z]))[0]) / z

    def widen(self, normal: FloatArray) -> FloatArray:
        """Map values as of a normal distribution to what is as rare (Abramowitz & Stegun 1964, 26.7.5)."""
        z, square, n = normal, normal * normal, self.freedom
        first = (square + 1.0) / (4.0 * n)
        second = ((5.0 * square + 16.0) * square + 3.0) / (96.0 * n * n)
        third = (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / (384.0 * n * n * n)
        return np.asarray(self.inflation * z * (1.0 + first + second + third))


def p_value(null: FloatArray, statistic: float) -> float:
    """Count the resamples under the null hypothesis, ``[B]``, that reach a statistic; never zero."""
    return (1 + int((null >= statistic).sum())) / (len(null) + 1)


def critical_value(null: FloatArray, alpha: float = ALPHA) -> float:
    """Return what a statistic must be above for a p-value of at most ``alpha``: inf of too few resamples."""
    rank = len(null) - math.floor(alpha * (len(null) + 1))
    return float(np.partition(null, rank)[rank]) if rank < len(null) else math.inf

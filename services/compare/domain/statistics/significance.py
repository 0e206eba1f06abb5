"""P-values and critical values from resamples, so that p-value and interval never contradict each other."""

import math
from dataclasses import dataclass
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


def p_value(null: FloatArray, statistic: float) -> float:
    """Count the resamples under the null hypothesis, ``[B]``, that reach a statistic; never zero."""
    return (1 + int((null >= statistic).sum())) / (len(null) + 1)


def critical_value(null: FloatArray, alpha: float = ALPHA) -> float:
    """Return what a statistic must be above for a p-value of at most ``alpha``."""
    rank = len(null) - math.floor(alpha * (len(null) + 1))
    return float(np.partition(null, rank)[rank])

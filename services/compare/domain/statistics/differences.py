"""The difference of two columns in one metric: interval and p-value, also for having looked at many."""

import math
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Final

import numpy as np

from services.compare.domain.statistics.distributions import Distribution
from services.compare.domain.statistics.kernels import FloatArray, largest_of_pairs, pair_deviations
from services.compare.domain.statistics.ledoit_wolf import SharpeTest
from services.compare.domain.statistics.significance import POWER, Interval, critical_value, p_value

_NO_SPREAD: Final = 1e-9
"""A standard error below this part of the figures is rounding: there is nothing to test."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A metric of one less that of another; None where it is not defined, or has no variation to test by.

    Attributes:
        metric: its name in the catalogue.
        difference: in the unit of the metric.
        interval: of 95 %, of this pair alone; it excludes 0 where ``p`` is at most 0.05.
        p: of this pair alone, two-sided.
        adjusted_interval: of 95 % for all pairs of the set together.
        adjusted_p: for having looked at all pairs of the set.
        detectable: the true difference that would have given an adjusted p of at most 0.05 with a
            probability of 0.8.

    """

    metric: str
    difference: float | None
    interval: Interval | None = None
    p: float | None = None
    adjusted_interval: Interval | None = None
    adjusted_p: float | None = None
    detectable: float | None = None

    def turned(self) -> "Difference":
        """Return the other less the one."""
        return replace(
            self,
            difference=None if self.difference is None else 0.0 - self.difference,
            interval=None if self.interval is None else self.interval.turned(),
            adjusted_interval=None if self.adjusted_interval is None else self.adjusted_interval.turned(),
        )


def difference_of(
    metric: str,
    distribution: Distribution,
    one: int,
    other: int,
    family: FloatArray | None,
    sharpe: SharpeTest | None = None,
) -> Difference:
    """Test two columns of a metric's distribution.

    The p-value is the share of the resampled differences that, centred and with the `Tails` of a small
    sample, are as large as the difference: the symmetric bootstrap test (Hall 1992). Of the Sharpe ratio it
    is that of Ledoit & Wolf. ``family``: the largest studentised difference of all comparisons in each
    resample, ``[B]``, from `largest_difference` or `largest_from`; None where this is the only comparison.
    """
    point, unit = distribution.difference(one, other)
    if not math.isfinite(point):
        return Difference(metric, None)
    centred = distribution.centred[:, one] - distribution.centred[:, other]
    spread = float(np.sqrt(np.square(centred).mean()))
    scale = 1.0 + float(np.abs(distribution.point[[one, other]]).max())
    deviation = spread * unit
    if not distribution.testable[[one, other]].all() or spread <= _NO_SPREAD * scale or not deviation > 0.0:
        return Difference(metric, point)
    half: float | None
    if sharpe is None:
        sizes = distribution.tails.widen(np.abs(centred) / spread)
        p, half = p_value(sizes, abs(point) / deviation), critical_value(sizes) * deviation
        error = distribution.tails.inflation * deviation
    else:
        p, half, error = sharpe.p, sharpe.half_width, sharpe.standard_error
    wide, adjusted = half, p
    if family is not None:
        wide = None if half is None else max(half, critical_value(family) * deviation)
        adjusted = max(p, p_value(family, abs(point) / deviation))
    return Difference(
        metric,
        point,
        Interval.around(point, half),
        p,
        Interval.around(point, wide),
        adjusted,
        None if wide is None else wide + NormalDist().inv_cdf(POWER) * error,
    )


def largest_difference(distribution: Distribution, columns: int) -> FloatArray | None:
    """Find the largest studentised difference of all pairs of the first columns in each resample, ``[B]``.

    The single-step adjustment of Westfall & Young (1993); of means of independent groups it is Tukey's. None
    for a single pair.
    """
    if columns < 3:  # noqa: PLR2004 - a pair
        return None
    centred = np.ascontiguousarray(distribution.centred[:, :columns])
    weights = _weights(pair_deviations(centred), distribution, columns)
    return distribution.tails.widen(largest_of_pairs(centred, weights))


def largest_from(distribution: Distribution, columns: int, origin: int) -> FloatArray | None:
    """Do the same for the differences of the first columns from one other (Dunnett's many-to-one)."""
    if columns < 2:  # noqa: PLR2004
        return None
    centred = distribution.centred[:, :columns] - distribution.centred[:, [origin]]
    deviations = np.sqrt(np.square(centred).mean(axis=0))
    weights = _weights(deviations[None, :], distribution, columns)[0]
    return distribution.tails.widen(np.abs(centred * weights).max(axis=1))


def _weights(deviations: FloatArray, distribution: Distribution, columns: int) -> FloatArray:
    scale = 1.0 + np.abs(np.nan_to_num(distribution.point[:columns]))
    usable = (deviations > _NO_SPREAD * scale) & distribution.testable[:columns]
    return np.where(usable, 1.0 / np.where(usable, deviations, 1.0), 0.0)

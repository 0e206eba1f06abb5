"""The test of the difference of two Sharpe ratios (Ledoit & Wolf 2008), for many pairs at once.

The estimate of the long-run covariance has the authors' choices: a Parzen kernel with the bandwidth of
Andrews (1991) and prewhitening by a VAR(1) as in Andrews & Monahan (1992). Both depend on the unit of the
returns: here it is their standard deviation, so that a lever leaves the test of a Sharpe ratio alone.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Final

import numpy as np

from services.compare.domain.statistics.bootstrap import block_starts
from services.compare.domain.statistics.kernels import FloatArray, IntArray, sharpe_differences
from services.compare.domain.statistics.resamples import ROUNDING, TRADING_DAYS
from services.compare.domain.statistics.significance import Interval, critical_value, p_value

_YEAR: Final = math.sqrt(TRADING_DAYS)

_HALF: Final = 0.5  # of the bandwidth: the two pieces of a Parzen kernel meet there

_AT_ONCE: Final = 64  # pairs, for the memory of [P, T, 4]

_NO_SPREAD: Final = 1e-9
"""A standard error below this is rounding: one strategy is a multiple of the other."""


@dataclass(frozen=True, slots=True)
class SharpeTest:
    """The test of the difference of two annual Sharpe ratios.

    Attributes:
        difference: of the one less the other.
        standard_error: heteroskedasticity and autocorrelation consistent.
        p_normal: the p-value if the studentised difference is normal.
        p: that of the studentised circular block bootstrap; the one to decide by.
        half_width: of the interval of 95 % by the same bootstrap; None where too many resamples do not vary.
        block_length: days.

    """

    difference: float
    standard_error: float
    p_normal: float
    p: float
    half_width: float | None
    block_length: int

    @property
    def interval(self) -> Interval | None:
        """The symmetric studentised interval of 95 %."""
        return Interval.around(self.difference, self.half_width)

    def turned(self) -> "SharpeTest":
        """Return the test of the other less the one."""
        return replace(self, difference=0.0 - self.difference)


def pair_block_length(bars: int, memory: float) -> int:
    """Choose the blocks of the circular bootstrap: what autocorrelation asks for, at least ``T ** (1 / 4)``.

    The distribution of a studentised statistic needs shorter blocks than a variance does (Hall, Horowitz &
    Jing 1995), and some for volatility clusters.
    """
    return int(min(max(round(bars**0.25), math.ceil(memory)), bars // 4))


def sharpe_tests(
    returns: FloatArray, pairs: Sequence[tuple[int, int]], block_length: int, resamples: int, seed: int
) -> dict[tuple[int, int], SharpeTest]:
    """Test pairs of columns of ``[T, columns]``; those are left out between which nothing varies."""
    deviation = returns.std(axis=0, ddof=1)
    varying = [pair for pair in pairs if min(deviation[list(pair)]) > ROUNDING]
    if not varying:
        return {}
    chosen = np.array(varying, dtype=np.int64)
    table = returns / np.where(deviation > ROUNDING, deviation, 1.0)
    ratio = table.mean(axis=0)
    difference = ratio[chosen[:, 0]] - ratio[chosen[:, 1]]
    error = standard_errors(table, chosen)
    testable = np.flatnonzero(error * _YEAR > _NO_SPREAD)
    null = studentised_differences(
        table, np.ascontiguousarray(chosen[testable]), difference[testable], block_length, resamples, seed
    )
    tests = {}
    for place, sizes in zip(testable, null.T, strict=True):
        gap, width = float(difference[place]), float(error[place])
        bar = critical_value(sizes)
        tests[varying[place]] = SharpeTest(
            gap * _YEAR,
            width * _YEAR,
            2.0 * NormalDist().cdf(-abs(gap / width)),
            p_value(sizes, abs(gap / width)),
            bar * width * _YEAR if math.isfinite(bar) else None,
            block_length,
        )
    return tests


def studentised_differences(
    returns: FloatArray,
    pairs: IntArray,
    difference: FloatArray,
    block_length: int,
    resamples: int,
    seed: int,
) -> FloatArray:
    """Bootstrap the sizes of the centred differences of P pairs over their own standard errors: ``[B, P]``.

    Infinite where a resample does not vary.
    """
    bars = len(returns)
    around = np.vstack([returns, returns[: block_length - 1]])
    running = np.cumsum(np.hstack([around, around**2]), axis=0)
    sums = running[block_length - 1 :].copy()
    sums[1:] -= running[: bars - 1]
    starts = block_starts(bars, block_length, resamples, seed)
    resampled, errors = sharpe_differences(sums, starts, block_length, pairs)
    with np.errstate(divide="ignore", invalid="ignore"):
        sizes = np.abs(resampled - difference) / errors
    return np.where(np.isfinite(sizes), sizes, np.inf)


def standard_errors(returns: FloatArray, pairs: IntArray) -> FloatArray:
    """Estimate the standard errors of the differences of P pairs of columns that vary: ``[P]``."""
    return np.concatenate(
        [
            _standard_errors(returns, pairs[begin : begin + _AT_ONCE])
            for begin in range(0, len(pairs), _AT_ONCE)
        ]
    )


def _standard_errors(returns: FloatArray, pairs: IntArray) -> FloatArray:
    bars = len(returns)
    moments = np.stack([returns, returns**2])  # [2, T, columns]
    location = moments.mean(axis=1)
    mu, gamma = location
    with np.errstate(divide="ignore", invalid="ignore"):  # of columns that are in no pair
        power = (gamma - mu * mu) ** 1.5
        gradient = np.stack([gamma / power, -0.5 * mu / power])  # [2, columns]
    distance = moments - location[:, None, :]

    # Of each pair: the centred first and second moments of both, [P, T, 4], and the gradient, [P, 4].
    series = distance[:, :, pairs].transpose(2, 1, 0, 3).reshape(len(pairs), bars, 4)
    slopes = (gradient[:, pairs] * np.array([1.0, -1.0])).transpose(1, 0, 2).reshape(len(pairs), 4)

    before, after = series[:, :-1], series[:, 1:]
    square = before.transpose(0, 2, 1) @ before
    scale = np.sqrt(np.einsum("pii->pi", square))  # returns and their squares differ by orders of magnitude
    normal = np.linalg.pinv(square / scale[:, :, None] / scale[:, None, :], hermitian=True)
    inverse = normal / scale[:, :, None] / scale[:, None, :]
    memory = (after.transpose(0, 2, 1) @ before) @ inverse
    left, singular, right = np.linalg.svd(memory)
    memory = (left * np.minimum(singular, 0.97)[:, None, :]) @ right
    whitened = after - before @ memory.transpose(0, 2, 1)
    # What recolours the variance of the whitened series: the gradient through inv(1 - memory).
    weights = np.linalg.solve(np.eye(4) - memory.transpose(0, 2, 1), slopes[:, :, None])
    influence = (whitened @ weights)[:, :, 0]
    return np.asarray(np.sqrt(_long_run_variances(influence, _bandwidths(whitened)) / bars))


def _bandwidths(series: FloatArray) -> FloatArray:
    """Choose the lags of a Parzen kernel from first-order autoregressions: ``[n, T, 4]`` gives ``[n]``."""
    bars = series.shape[1]
    before = series[:, :-1] - series[:, :-1].mean(axis=1, keepdims=True)
    after = series[:, 1:] - series[:, 1:].mean(axis=1, keepdims=True)
    rho = (before * after).sum(axis=1) / np.square(before).sum(axis=1)
    fourth = np.square(after - rho[:, None, :] * before).mean(axis=1) ** 2
    rough = (4.0 * rho**2 * fourth / (1.0 - rho) ** 8).sum(axis=1)
    smooth = (fourth / (1.0 - rho) ** 4).sum(axis=1)
    return np.asarray(np.minimum(2.6614 * (rough / smooth * bars) ** 0.2, bars - 1.0))


def _long_run_variances(series: FloatArray, bandwidths: FloatArray) -> FloatArray:
    """Weight the autocovariances of each of ``[n, T]`` with a Parzen kernel; ``[n]``."""
    bars = series.shape[1]
    total = np.square(series).sum(axis=1)
    for lag in range(1, int(np.nan_to_num(bandwidths).max(initial=0.0)) + 1):
        share = np.where(lag < bandwidths, lag / bandwidths, 1.0)
        weight = np.where(share <= _HALF, 1.0 - 6.0 * share**2 + 6.0 * share**3, 2.0 * (1.0 - share) ** 3)
        total = total + 2.0 * weight * (series[:, lag:] * series[:, :-lag]).sum(axis=1)
    return np.asarray(np.maximum(total, 0.0) / (bars - 4))

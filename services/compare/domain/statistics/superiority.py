"""Whether any of many strategies has a higher mean return than the benchmark, for having tried them all.

Hansen's test of superior predictive ability (2005), and the stepwise procedure of Romano & Wolf (2005) that
names the strategies. Both on the daily mean excess return, studentised by the long-run variance that the
stationary bootstrap implies (Politis & Romano 1994).
"""

import math
from dataclasses import dataclass

import numpy as np

from services.compare.domain.statistics.kernels import BoolArray, FloatArray
from services.compare.domain.statistics.resamples import ROUNDING
from services.compare.domain.statistics.significance import ALPHA, Tails, critical_value, p_value


@dataclass(frozen=True, slots=True)
class SuperiorAbility:
    """What the strategies have beyond the benchmark.

    Attributes:
        lower: p-value if no strategy that looks worse than the benchmark counts: too low.
        consistent: p-value if those count that are not clearly worse; the one to decide by.
        upper: p-value if all count: too high (White's reality check, studentised).
        superior: the strategies that StepM finds better than the benchmark, all errors together at 5 %.

    """

    lower: float
    consistent: float
    upper: float
    superior: tuple[int, ...]


def superior_ability(
    excess: FloatArray,
    resampled: FloatArray,
    block_length: float,
    tails: Tails | None = None,
    candidates: int = 0,
) -> SuperiorAbility | None:
    """Test ``[T, n]`` daily excess returns with the means of their resamples, ``[B, n]``.

    ``tails``: of a small sample; without them these are the tests of the papers. ``candidates``: of how many
    these are the best, N; the maximum of n is then one of N/n such groups, each as likely to have it, and its
    p-value ``1 - (1 - p)^(N/n)`` (Sidak). None where every strategy equals its benchmark.
    """
    groups = max(1.0, candidates / excess.shape[1])
    bars = len(excess)
    mean = excess.mean(axis=0)
    error = np.sqrt(long_run_variance(excess, block_length) / bars)
    varies = np.flatnonzero(error > ROUNDING / math.sqrt(bars))
    if not len(varies):
        return None
    statistic = mean[varies] / error[varies]
    deviation = (resampled[:, varies] - mean[varies]) / error[varies]
    if tails is not None:
        deviation = tails.widen(deviation)
    far = math.sqrt(2.0 * math.log(math.log(bars)))
    consistent = np.where(statistic >= -far, 0.0, statistic)
    # A strategy that does not count is not centred: its resamples stay as far below zero as it is.
    shifts = np.minimum(statistic, 0.0), consistent, np.zeros(len(varies))
    largest = float(statistic.max())
    lower, middle, upper = (
        1.0 - (1.0 - p_value((deviation + shift).max(axis=1), largest)) ** groups for shift in shifts
    )
    chosen = _step_down(statistic, deviation + consistent, 1.0 - (1.0 - ALPHA) ** (1.0 / groups))
    return SuperiorAbility(lower, middle, upper, tuple(int(each) for each in varies[chosen]))


def long_run_variance(series: FloatArray, block_length: float) -> FloatArray:
    """Compute the variance of ``sqrt(T)`` times the mean that a stationary bootstrap gives, ``[n]``."""
    bars = len(series)
    spectrum = np.fft.rfft(series - series.mean(axis=0), 2 * bars, axis=0)
    covariances = np.fft.irfft(np.abs(spectrum) ** 2, 2 * bars, axis=0)[:bars] / bars
    lags = np.arange(1, bars)
    stay = 1.0 - 1.0 / block_length
    weights = (1.0 - lags / bars) * stay**lags + lags / bars * stay ** (bars - lags)
    variance = covariances[0] + 2.0 * (weights[:, None] * covariances[1:]).sum(axis=0)
    return np.asarray(np.maximum(variance, 0.0))


def _step_down(statistic: FloatArray, null: FloatArray, alpha: float) -> BoolArray:
    """Reject what is above the critical value of the maximum, and again among the rest, until none is."""
    rejected = np.zeros(len(statistic), dtype=np.bool_)
    while not rejected.all():
        bar = critical_value(null[:, ~rejected].max(axis=1), alpha)
        more = ~rejected & (statistic > bar)
        if not more.any():
            break
        rejected |= more
    return rejected

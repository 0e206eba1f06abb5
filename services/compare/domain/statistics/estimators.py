"""The metrics of the contracts' catalogue that follow from returns: the same definitions, over resamples.

Each is a function of `Resamples` and returns ``[B, columns]``, with NaN where the metric is not defined: that
stays within this package. Of the one resample that is the sample they give what the backtest service's own
functions do; a test compares them.
"""

import math
from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np

from services.compare.domain.statistics.kernels import BoolArray, FloatArray
from services.compare.domain.statistics.resamples import ROUNDING, TRADING_DAYS, Resamples, deviation_of

Estimator: TypeAlias = Callable[[Resamples], FloatArray]

_YEAR: Final = math.sqrt(TRADING_DAYS)
_ESTIMATORS: Final[dict[str, Estimator]] = {}
_BESIDE_BENCHMARK: Final[set[str]] = set()


def estimate(metric: str, resamples: Resamples) -> FloatArray:
    """Compute a testable metric of each resample, ``[B, columns]``; NaN where it is not defined."""
    if metric in _BESIDE_BENCHMARK and resamples.benchmark is None:
        return np.full((len(resamples.days), resamples.returns.shape[1]), np.nan)
    with np.errstate(all="ignore"):
        values = _ESTIMATORS[metric](resamples)
    return np.where(np.isfinite(values), values, np.nan)


def _estimator(function: Estimator) -> Estimator:
    _ESTIMATORS[function.__name__] = function
    return function


def _beside_benchmark(function: Estimator) -> Estimator:
    _BESIDE_BENCHMARK.add(function.__name__)
    return _estimator(function)


@_estimator
def total_return(resamples: Resamples) -> FloatArray:
    return resamples.growth - 1.0


@_estimator
def cagr(resamples: Resamples) -> FloatArray:
    return resamples.growth ** (TRADING_DAYS / resamples.size) - 1.0


@_estimator
def volatility(resamples: Resamples) -> FloatArray:
    x = resamples.returns - resamples.location
    total, squares = resamples.sums(x, x * x)
    return deviation_of(total, squares, resamples.size) * _YEAR


@_estimator
def sharpe_ratio(resamples: Resamples) -> FloatArray:
    return _ratio(resamples.mean, resamples.deviation) * _YEAR


@_estimator
def sortino_ratio(resamples: Resamples) -> FloatArray:
    return _ratio(resamples.mean, resamples.downside) * _YEAR


@_estimator
def max_drawdown(resamples: Resamples) -> FloatArray:
    return resamples.max_drawdown


@_estimator
def calmar_ratio(resamples: Resamples) -> FloatArray:
    return _ratio(cagr(resamples), -resamples.max_drawdown)


@_estimator
def ulcer_index(resamples: Resamples) -> FloatArray:
    return np.sqrt(resamples.underwater[0] / (resamples.size + 1))  # of the closes, the first one included


@_estimator
def longest_drawdown(resamples: Resamples) -> FloatArray:
    return resamples.underwater[2]


@_estimator
def time_under_water(resamples: Resamples) -> FloatArray:
    return resamples.underwater[1] / (resamples.size + 1)


@_estimator
def value_at_risk(resamples: Resamples) -> FloatArray:
    return resamples.tails[0]


@_estimator
def conditional_value_at_risk(resamples: Resamples) -> FloatArray:
    return resamples.tails[2]


@_estimator
def tail_ratio(resamples: Resamples) -> FloatArray:
    return _ratio(np.abs(resamples.tails[1]), np.abs(resamples.tails[0]))


@_estimator
def skewness(resamples: Resamples) -> FloatArray:
    x = resamples.returns - resamples.location
    first, second, third = (total / resamples.size for total in resamples.sums(x, x * x, x * x * x))
    variance = second - first * first
    moment = third - 3.0 * first * second + 2.0 * first * first * first
    return np.where(variance > ROUNDING**2, moment / variance**1.5, np.nan)


@_estimator
def kurtosis(resamples: Resamples) -> FloatArray:
    x = resamples.returns - resamples.location
    square = x * x
    sums = resamples.sums(x, square, square * x, square * square)
    first, second, third, fourth = (total / resamples.size for total in sums)
    variance = second - first * first
    moment = fourth - 4.0 * first * third + 6.0 * first * first * second - 3.0 * (first * first) ** 2
    return np.where(variance > ROUNDING**2, moment / (variance * variance) - 3.0, np.nan)


@_beside_benchmark
def beta(resamples: Resamples) -> FloatArray:
    x = resamples.returns - resamples.location
    y = resamples.of_benchmark(x)
    own, product, other, square = resamples.sums(x, x * y, y, y * y)
    variance = square - other * other / resamples.size
    covariance = product - own * other / resamples.size
    return np.where(variance > ROUNDING**2 * resamples.size, covariance / variance, np.nan)


@_beside_benchmark
def alpha(resamples: Resamples) -> FloatArray:
    daily = resamples.mean - beta(resamples) * resamples.of_benchmark(resamples.mean)
    return np.asarray((1.0 + daily) ** TRADING_DAYS - 1.0)


@_beside_benchmark
def information_ratio(resamples: Resamples) -> FloatArray:
    excess = resamples.mean - resamples.of_benchmark(resamples.mean)
    return _ratio(excess, _excess_deviation(resamples)) * _YEAR


@_beside_benchmark
def tracking_error(resamples: Resamples) -> FloatArray:
    return _excess_deviation(resamples) * _YEAR


@_beside_benchmark
def up_capture(resamples: Resamples) -> FloatArray:
    return _capture(resamples, resamples.of_benchmark(resamples.returns) > 0.0)


@_beside_benchmark
def down_capture(resamples: Resamples) -> FloatArray:
    return _capture(resamples, resamples.of_benchmark(resamples.returns) < 0.0)


def _ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    return np.where(denominator > ROUNDING, numerator / denominator, np.nan)


def _excess_deviation(resamples: Resamples) -> FloatArray:
    excess = resamples.returns - resamples.of_benchmark(resamples.returns)
    excess = excess - excess.mean(axis=0)
    total, squares = resamples.sums(excess, excess**2)
    return deviation_of(total, squares, resamples.size)


def _capture(resamples: Resamples, chosen: BoolArray) -> FloatArray:
    """Annual growth over the chosen days, ``[T, 1]``, over that of the benchmark."""
    logs = np.where(chosen, np.log1p(resamples.returns), 0.0)  # the log of a total loss is -inf
    growth, days = resamples.sums(logs, chosen.astype(np.float64))
    annual = np.exp(growth * TRADING_DAYS / days) - 1.0
    other = resamples.of_benchmark(annual)
    return np.where(other != 0.0, annual / other, np.nan)


TESTABLE: Final = frozenset(_ESTIMATORS)
"""The metrics that follow from the return series, so that their difference can be tested."""

BESIDE_BENCHMARK: Final = frozenset(_BESIDE_BENCHMARK)
"""Those of them that relate a strategy to its benchmark."""

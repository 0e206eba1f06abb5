"""A run beside its benchmark."""

import math

import numpy as np

from services.metrics.account import TRADING_DAYS, BoolArray, FloatArray
from services.metrics.sample import (
    ROUNDING,
    Sample,
    annual_ratio,
    deviation_of,
    growth_of,
    metric,
    unless_too_large,
)


@metric
def benchmark_return(sample: Sample) -> float:
    """Last equity of the benchmark over its first, less 1."""
    return growth_of(sample.benchmark) - 1.0


@metric
def beta(sample: Sample) -> float | None:
    """Covariance of ``r`` and ``b`` over the variance of ``b``."""
    spread = sample.benchmark_returns - sample.benchmark_returns.mean()
    variance = _inner(spread, spread)
    if variance <= ROUNDING**2 * len(spread):
        return None
    return _inner(spread, sample.returns - sample.mean) / variance


@metric
def alpha(sample: Sample) -> float | None:
    """Jensen's alpha (1968), compounded over a year: ``(1 + mean(r - beta * b)) ** 252 - 1``."""
    slope = beta(sample)
    if slope is None:
        return None
    daily = sample.mean - slope * float(sample.benchmark_returns.mean())
    return unless_too_large(1.0 + daily, TRADING_DAYS)


@metric
def information_ratio(sample: Sample) -> float | None:
    """Mean over sample standard deviation of ``r - b``, times ``sqrt(252)`` (Goodwin, 1998)."""
    return annual_ratio(float(sample.excess.mean()), deviation_of(sample.excess))


@metric
def tracking_error(sample: Sample) -> float:
    """Sample standard deviation of ``r - b``, times ``sqrt(252)``."""
    return deviation_of(sample.excess) * math.sqrt(TRADING_DAYS)


@metric
def up_capture(sample: Sample) -> float | None:
    """Annual growth over the days with ``b > 0``, over that of the benchmark, as in empyrical."""
    return _capture(sample, sample.benchmark_returns > 0.0)


@metric
def down_capture(sample: Sample) -> float | None:
    """Annual growth over the days with ``b < 0``, over that of the benchmark, as in empyrical."""
    return _capture(sample, sample.benchmark_returns < 0.0)


def _inner(one: FloatArray, other: FloatArray) -> float:
    """Return the inner product; that of BLAS differs from machine to machine, and waits for its threads."""
    return float((one * other).sum())


def _capture(sample: Sample, days: BoolArray) -> float | None:
    own = _annual_growth(sample.returns[days])
    benchmark = _annual_growth(sample.benchmark_returns[days])
    return own / benchmark if own is not None and benchmark else None


def _annual_growth(returns: FloatArray) -> float | None:
    growth = float(np.multiply.reduce(1.0 + returns))
    return unless_too_large(growth, TRADING_DAYS / len(returns)) if len(returns) else None

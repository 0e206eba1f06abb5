"""How a run's returns varied, and what it lost on the way."""

import math
from typing import Final

import numpy as np

from services.metrics.account import TRADING_DAYS, FloatArray
from services.metrics.returns import cagr
from services.metrics.sample import ROUNDING, Sample, annual_ratio, metric, unless_rounding

_TAIL: Final = 0.05  # of the days, for the value at risk and the like


@metric
def volatility(sample: Sample) -> float:
    """Sample standard deviation of ``r``, times ``sqrt(252)``."""
    return sample.deviation * math.sqrt(TRADING_DAYS)


@metric
def sharpe_ratio(sample: Sample) -> float | None:
    """Mean over sample standard deviation of ``r``, times ``sqrt(252)`` (Sharpe, 1994)."""
    return annual_ratio(sample.mean, sample.deviation)


@metric
def sortino_ratio(sample: Sample) -> float | None:
    """Mean of ``r`` over its downside deviation, times ``sqrt(252)`` (Sortino & Price, 1994).

    The downside deviation is ``sqrt(mean(min(r, 0) ** 2))``.
    """
    downside = math.sqrt(float(np.square(np.minimum(sample.returns, 0.0)).mean()))
    return annual_ratio(sample.mean, unless_rounding(downside))


@metric
def max_drawdown(sample: Sample) -> float:
    """The deepest fall from a peak before it, zero or negative."""
    return float(sample.drawdown.min())


@metric
def calmar_ratio(sample: Sample) -> float | None:
    """Compound annual growth over the size of the maximum drawdown (Young, 1991), over the whole run."""
    deepest = max_drawdown(sample)
    return cagr(sample) / -deepest if deepest < -ROUNDING else None


@metric
def ulcer_index(sample: Sample) -> float:
    """Root mean square of the drawdowns, as a fraction (Martin & McCann, 1989)."""
    return math.sqrt(float(np.square(sample.drawdown).mean()))


@metric
def longest_drawdown(sample: Sample) -> int:
    """Most bars in a row below an earlier peak, also where it was not reached again."""
    at_peak = np.flatnonzero(sample.drawdown == 0.0)
    return int(np.diff(at_peak, append=len(sample.drawdown)).max()) - 1


@metric
def time_under_water(sample: Sample) -> float:
    """Share of the closes that are below an earlier peak."""
    return float((sample.drawdown < 0.0).mean())


@metric
def value_at_risk(sample: Sample) -> float:
    """Historical value at risk of a day at 95 %: the 5th percentile of ``r``, interpolated linearly."""
    return _quantile(sample.sorted_returns, _TAIL)


@metric
def conditional_value_at_risk(sample: Sample) -> float:
    """Mean of the worst ``floor(0.05 * (len(r) - 1)) + 1`` returns, as empyrical counts them."""
    worst = int(_TAIL * (len(sample.returns) - 1)) + 1
    return float(sample.sorted_returns[:worst].mean())


@metric
def skewness(sample: Sample) -> float | None:
    """Third standardised moment of ``r``, of the population: ``mean(z ** 3)``."""
    return _moment(sample, 3)


@metric
def kurtosis(sample: Sample) -> float | None:
    """Fourth standardised moment of ``r``, of the population, less 3: ``mean(z ** 4) - 3``."""
    moment = _moment(sample, 4)
    return None if moment is None else moment - 3.0


@metric
def tail_ratio(sample: Sample) -> float | None:
    """The 95th percentile of ``r`` over the size of the 5th, as in empyrical."""
    loss = abs(_quantile(sample.sorted_returns, _TAIL))
    return abs(_quantile(sample.sorted_returns, 1.0 - _TAIL)) / loss if loss > ROUNDING else None


def _quantile(rising: FloatArray, share: float) -> float:
    """Interpolate linearly between the two values around a quantile; ``rising`` is sorted."""
    position = share * (len(rising) - 1)
    below = int(position)
    above = min(below + 1, len(rising) - 1)
    return float(rising[below] + (position - below) * (rising[above] - rising[below]))


def _moment(sample: Sample, order: int) -> float | None:
    if not sample.deviation:
        return None
    distance = sample.returns - sample.mean
    squares = float((distance * distance).mean())
    product = np.multiply.reduce([distance] * order)
    return float(product.mean()) / math.pow(squares, order / 2.0)

"""How much a Sharpe ratio proves: probabilistic and deflated Sharpe ratio, minimum track record length.

Sharpe ratios here are of a day, not annual; ``kurtosis`` is 3 for a normal distribution.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

from services.compare.domain.statistics.resamples import TRADING_DAYS

_NORMAL: Final = NormalDist()
_EULER_MASCHERONI: Final = 0.5772156649015329


@dataclass(frozen=True, slots=True)
class Moments:
    """What the distribution of an estimated Sharpe ratio depends on.

    Attributes:
        sharpe: mean over standard deviation of the daily returns.
        skewness: third standardised moment.
        kurtosis: fourth standardised moment, 3 for a normal distribution.
        days: number of returns.

    """

    sharpe: float
    skewness: float
    kurtosis: float
    days: int

    @property
    def variance(self) -> float:
        """Of the estimate, times ``days - 1`` (Mertens 2002); not above zero for what no distribution has."""
        return 1.0 - self.skewness * self.sharpe + (self.kurtosis - 1.0) / 4.0 * self.sharpe**2


@dataclass(frozen=True, slots=True)
class Trials:
    """What was tried before this was chosen.

    Attributes:
        count: of distinct definitions.
        variance: of their annual Sharpe ratios.

    """

    count: int
    variance: float


def probabilistic_sharpe_ratio(moments: Moments, threshold: float = 0.0) -> float | None:
    """Compute the probability of a true Sharpe ratio above a threshold (Bailey & Lopez de Prado 2012)."""
    if moments.variance <= 0.0:
        return None
    distance = (moments.sharpe - threshold) * math.sqrt(moments.days - 1)
    return _NORMAL.cdf(distance / math.sqrt(moments.variance))


def minimum_track_record(moments: Moments, threshold: float = 0.0, confidence: float = 0.95) -> int | None:
    """Compute how many days prove a Sharpe ratio above a threshold (Bailey & Lopez de Prado 2012).

    None where the Sharpe ratio is not above it, or so close that the days are beyond counting.
    """
    above = moments.sharpe - threshold
    if above <= 0.0 or moments.variance <= 0.0:
        return None
    ratio = _NORMAL.inv_cdf(confidence) / above
    days = 1.0 + moments.variance * ratio * ratio
    return math.ceil(days) if days < 2**53 else None


def expected_maximum(count: int, variance: float) -> float:
    """Estimate the largest of ``count`` Sharpe ratios whose true value is zero.

    Bailey & Lopez de Prado 2014. In the unit of the variance: a daily variance gives a daily Sharpe ratio.
    """
    if count <= 1:
        return 0.0
    first = _NORMAL.inv_cdf(1.0 - 1.0 / count)
    second = _NORMAL.inv_cdf(1.0 - 1.0 / (count * math.e))
    return math.sqrt(variance) * ((1.0 - _EULER_MASCHERONI) * first + _EULER_MASCHERONI * second)


def deflated_sharpe_ratio(moments: Moments, trials: Trials) -> float | None:
    """Compute the probability that the true Sharpe ratio is above what the best of the trials has by luck.

    Bailey & Lopez de Prado 2014.
    """
    luck = expected_maximum(trials.count, trials.variance / TRADING_DAYS)
    return probabilistic_sharpe_ratio(moments, luck)

"""The statistics of an equity curve: one function for each metric of the contracts' catalogue.

All from the simple daily returns ``r`` of the equity, at 252 trading days a year and a risk-free rate of 0,
as fractions (0.05 is five percent). No value is ever NaN or infinite: where a statistic is not defined it is
None.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Final, TypeAlias

import numpy as np

from backchat_contracts import METRICS, Performance
from services.backtest.domain.indicators import FloatArray
from services.backtest.domain.prices import TRADING_DAYS
from services.backtest.domain.simulator import Run

FEWEST_ANNUAL_BARS: Final = 60
"""With fewer, what is annualised says nothing: a gain of 15 % in three days would be 10 billion a year."""
_ROUNDING: Final = 1e-12  # a daily deviation below this is rounding, and a ratio over it noise


@dataclass(frozen=True, slots=True)
class Sample:
    """A run with what several statistics need: its daily returns, their mean and standard deviation."""

    run: Run
    returns: FloatArray
    mean: float
    deviation: float

    @property
    def growth(self) -> float:
        """Last equity over first."""
        return float(self.run.equity[-1] / self.run.equity[0])

    @property
    def is_annual(self) -> bool:
        """Whether it is long enough for annual figures."""
        return len(self.run.equity) >= FEWEST_ANNUAL_BARS


Compute: TypeAlias = Callable[[Sample], float | None]
COMPUTED: Final[dict[str, Compute]] = {}
"""How each metric is computed, by its name in the catalogue."""


def measure(run: Run) -> Performance:
    """Compute all metrics of a run.

    Raises ValueError where no float can hold the annual growth (280-fold in two days): broken prices.
    """
    returns = daily_returns(run.equity)
    sample = Sample(run, returns, float(returns.mean()), _unless_rounding(float(returns.std(ddof=1))))
    return Performance.model_validate({name: COMPUTED[name](sample) for name in METRICS})


def daily_returns(equity: FloatArray) -> FloatArray:
    """Simple returns from close to close: ``[T]`` equity gives ``[T - 1]`` fractions."""
    return equity[1:] / equity[:-1] - 1.0


def metric(compute: Compute) -> Compute:
    """Register the computation of the metric that has the function's name."""
    COMPUTED[compute.__name__] = compute
    return compute


@metric
def total_return(sample: Sample) -> float:
    """Last equity over first, less 1."""
    return sample.growth - 1.0


def annual(compute: Compute) -> Compute:
    """Leave an annual figure undefined for a run that is too short for it."""

    @wraps(compute)
    def computed(sample: Sample) -> float | None:
        return compute(sample) if sample.is_annual else None

    return computed


@metric
@annual
def cagr(sample: Sample) -> float:
    """The compound annual growth rate that gives the total return in ``len(r) / 252`` years."""
    days = len(sample.returns)
    try:
        return math.pow(sample.growth, TRADING_DAYS / days) - 1.0
    except OverflowError as error:
        problem = f"the equity grew {sample.growth:g}-fold in {days} days: prices can't be right"
        raise ValueError(problem) from error


@metric
@annual
def volatility(sample: Sample) -> float:
    """Sample standard deviation of ``r``, times ``sqrt(252)``."""
    return sample.deviation * math.sqrt(TRADING_DAYS)


@metric
@annual
def sharpe_ratio(sample: Sample) -> float | None:
    """Mean over sample standard deviation of ``r``, times ``sqrt(252)`` (Sharpe, 1994)."""
    return _annual_ratio(sample.mean, sample.deviation)


@metric
@annual
def sortino_ratio(sample: Sample) -> float | None:
    """Mean of ``r`` over its downside deviation, times ``sqrt(252)`` (Sortino & Price, 1994).

    The downside deviation is ``sqrt(mean(min(r, 0) ** 2))``.
    """
    downside = math.sqrt(float(np.square(np.minimum(sample.returns, 0.0)).mean()))
    return _annual_ratio(sample.mean, _unless_rounding(downside))


@metric
def max_drawdown(sample: Sample) -> float:
    """The deepest fall from a peak before it, zero or negative."""
    equity = sample.run.equity
    return float((equity / np.maximum.accumulate(equity)).min()) - 1.0


@metric
def trades(sample: Sample) -> int:
    """Number of fills, buys and sells."""
    return len(sample.run.fills.shares)


@metric
def win_rate(sample: Sample) -> float | None:
    """Share of the sells with a positive realised profit."""
    fills = sample.run.fills
    profits = fills.realised_pnl[fills.shares < 0.0]
    return float((profits > 0.0).mean()) if len(profits) else None


@metric
def final_equity(sample: Sample) -> float:
    """Equity at the last close, in the currency of the initial cash."""
    return float(sample.run.equity[-1])


def _unless_rounding(deviation: float) -> float:
    return deviation if deviation > _ROUNDING else 0.0


def _annual_ratio(mean: float, deviation: float) -> float | None:
    return mean / deviation * math.sqrt(TRADING_DAYS) if deviation else None

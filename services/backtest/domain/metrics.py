"""The statistics of a run: one function for each metric of the contracts' catalogue.

From the simple daily returns ``r`` of the equity and ``b`` of the benchmark, at 252 trading days a year and a
risk-free rate of 0, as fractions (0.05 is five percent). No value is ever NaN or infinite: where a statistic
is not defined it is None.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias, TypeVar

import numpy as np

from backchat_contracts import METRICS, Performance
from services.backtest.domain.indicators import BoolArray, FloatArray
from services.backtest.domain.prices import TRADING_DAYS
from services.backtest.domain.simulator import Run

_ROUNDING: Final = 1e-12  # a daily deviation below this is rounding, and a ratio over it noise
_TAIL: Final = 0.05  # of the days, for the value at risk and the like


@dataclass(frozen=True)  # with a __dict__, for the cached properties
class Sample:
    """A run beside its benchmark, with what several statistics need.

    Attributes:
        run: with the equity at each of ``T`` closes.
        benchmark: the equity of the benchmark at the same closes, ``[T]``.
        slippage_rate: at which the run was filled.

    """

    run: Run
    benchmark: FloatArray
    slippage_rate: float = 0.0

    @cached_property
    def returns(self) -> FloatArray:
        """The daily returns ``r``, ``[T - 1]``."""
        return daily_returns(self.run.equity)

    @cached_property
    def mean(self) -> float:
        """Of ``r``."""
        return float(self.returns.mean())

    @cached_property
    def deviation(self) -> float:
        """The sample standard deviation of ``r``."""
        return _deviation(self.returns)

    @cached_property
    def benchmark_returns(self) -> FloatArray:
        """The daily returns ``b`` of the benchmark, ``[T - 1]``."""
        return daily_returns(self.benchmark)

    @cached_property
    def excess(self) -> FloatArray:
        """``r - b``, ``[T - 1]``."""
        return self.returns - self.benchmark_returns

    @cached_property
    def drawdown(self) -> FloatArray:
        """The fall from the peak so far at each close, ``[T]``: see `drawdown_of`."""
        return drawdown_of(self.run.equity)

    @cached_property
    def sorted_returns(self) -> FloatArray:
        """``r``, the worst first."""
        return np.sort(self.returns)

    @cached_property
    def profits(self) -> FloatArray:
        """The realised profit of each sell."""
        fills = self.run.fills
        return fills.realised_pnl[fills.shares < 0.0]

    @cached_property
    def notionals(self) -> FloatArray:
        """Shares times price of each fill, ``[F]``."""
        fills = self.run.fills
        return np.abs(fills.shares) * fills.price


Compute: TypeAlias = Callable[[Sample], float | None]
C = TypeVar("C", bound=Compute)
COMPUTED: Final[dict[str, Compute]] = {}
"""How each metric is computed, by its name in the catalogue."""


def measure(sample: Sample) -> Performance:
    """Compute all metrics of a run.

    Raises ValueError where no float can hold the annual growth (280-fold in two days): broken prices.
    """
    bars = len(sample.run.equity)
    return Performance.model_validate(
        {
            name: COMPUTED[name](sample) if bars >= metric.fewest_bars else None
            for name, metric in METRICS.items()
        }
    )


def daily_returns(equity: FloatArray) -> FloatArray:
    """Simple returns from close to close: ``[T]`` equity gives ``[T - 1]`` fractions."""
    return equity[1:] / equity[:-1] - 1.0


def drawdown_of(equity: FloatArray) -> FloatArray:
    """Fall of each value from the highest so far, ``[T]``: zero at a peak, -0.2 a fifth below it."""
    return equity / np.maximum.accumulate(equity) - 1.0


def metric(compute: C) -> C:
    """Register the computation of the metric that has the function's name."""
    COMPUTED[compute.__name__] = compute
    return compute


@metric
def total_return(sample: Sample) -> float:
    """Last equity over first, less 1."""
    return _growth(sample.run.equity) - 1.0


@metric
def cagr(sample: Sample) -> float:
    """The compound annual growth rate that gives the total return in ``len(r) / 252`` years."""
    growth, days = _growth(sample.run.equity), len(sample.returns)
    try:
        return math.pow(growth, TRADING_DAYS / days) - 1.0
    except OverflowError as error:
        problem = f"the equity grew {growth:g}-fold in {days} days: prices can't be right"
        raise ValueError(problem) from error


@metric
def final_equity(sample: Sample) -> float:
    """Equity at the last close, in the currency of the initial cash."""
    return float(sample.run.equity[-1])


@metric
def volatility(sample: Sample) -> float:
    """Sample standard deviation of ``r``, times ``sqrt(252)``."""
    return sample.deviation * math.sqrt(TRADING_DAYS)


@metric
def sharpe_ratio(sample: Sample) -> float | None:
    """Mean over sample standard deviation of ``r``, times ``sqrt(252)`` (Sharpe, 1994)."""
    return _annual_ratio(sample.mean, sample.deviation)


@metric
def sortino_ratio(sample: Sample) -> float | None:
    """Mean of ``r`` over its downside deviation, times ``sqrt(252)`` (Sortino & Price, 1994).

    The downside deviation is ``sqrt(mean(min(r, 0) ** 2))``.
    """
    downside = math.sqrt(float(np.square(np.minimum(sample.returns, 0.0)).mean()))
    return _annual_ratio(sample.mean, _unless_rounding(downside))


@metric
def max_drawdown(sample: Sample) -> float:
    """The deepest fall from a peak before it, zero or negative."""
    return float(sample.drawdown.min())


@metric
def calmar_ratio(sample: Sample) -> float | None:
    """Compound annual growth over the size of the maximum drawdown (Young, 1991), over the whole run."""
    deepest = max_drawdown(sample)
    return cagr(sample) / -deepest if deepest < -_ROUNDING else None


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
    return abs(_quantile(sample.sorted_returns, 1.0 - _TAIL)) / loss if loss > _ROUNDING else None


@metric
def trades(sample: Sample) -> int:
    """Number of fills, buys and sells."""
    return len(sample.run.fills.shares)


@metric
def win_rate(sample: Sample) -> float | None:
    """Share of the sells with a positive realised profit."""
    return float((sample.profits > 0.0).mean()) if len(sample.profits) else None


@metric
def profit_factor(sample: Sample) -> float | None:
    """Sum of the profits of the sells over the size of the sum of their losses."""
    gained, lost = _gains(sample)
    return float(gained.sum() / -lost.sum()) if len(lost) else None


@metric
def payoff_ratio(sample: Sample) -> float | None:
    """Mean profit of the sells with one over the size of the mean loss of those with one."""
    gained, lost = _gains(sample)
    return float(gained.mean() / -lost.mean()) if len(gained) and len(lost) else None


@metric
def expectancy(sample: Sample) -> float | None:
    """Mean of the realised profit over the cost of the shares, over the sells."""
    if not len(sample.profits):
        return None
    sells = sample.run.fills.shares < 0.0
    cost = sample.notionals[sells] - sample.run.fills.commission[sells] - sample.profits
    return float((sample.profits / cost).mean())


@metric
def exposure(sample: Sample) -> float:
    """Mean share of the equity that is not cash."""
    return 1.0 - float((sample.run.cash / sample.run.equity).mean())


@metric
def turnover(sample: Sample) -> float:
    """Half of the notional of all fills over the mean equity, per 252 bars."""
    a_year = TRADING_DAYS / len(sample.returns)
    return float(sample.notionals.sum() / 2.0 / sample.run.equity.mean()) * a_year


@metric
def costs_paid(sample: Sample) -> float:
    """Commission of all fills, and the distance of their prices from the open, times the shares."""
    fills, rate = sample.run.fills, sample.slippage_rate
    slippage = sample.notionals * rate / np.where(fills.shares > 0.0, 1.0 + rate, 1.0 - rate)
    return float(fills.commission.sum() + slippage.sum())


@metric
def benchmark_return(sample: Sample) -> float:
    """Last equity of the benchmark over its first, less 1."""
    return _growth(sample.benchmark) - 1.0


@metric
def beta(sample: Sample) -> float | None:
    """Covariance of ``r`` and ``b`` over the variance of ``b``."""
    spread = sample.benchmark_returns - sample.benchmark_returns.mean()
    variance = _inner(spread, spread)
    if variance <= _ROUNDING**2 * len(spread):
        return None
    return _inner(spread, sample.returns - sample.mean) / variance


@metric
def alpha(sample: Sample) -> float | None:
    """Jensen's alpha (1968), compounded over a year: ``(1 + mean(r - beta * b)) ** 252 - 1``."""
    slope = beta(sample)
    if slope is None:
        return None
    daily = sample.mean - slope * float(sample.benchmark_returns.mean())
    return _unless_too_large(1.0 + daily, TRADING_DAYS)


@metric
def information_ratio(sample: Sample) -> float | None:
    """Mean over sample standard deviation of ``r - b``, times ``sqrt(252)`` (Goodwin, 1998)."""
    return _annual_ratio(float(sample.excess.mean()), _deviation(sample.excess))


@metric
def tracking_error(sample: Sample) -> float:
    """Sample standard deviation of ``r - b``, times ``sqrt(252)``."""
    return _deviation(sample.excess) * math.sqrt(TRADING_DAYS)


@metric
def up_capture(sample: Sample) -> float | None:
    """Annual growth over the days with ``b > 0``, over that of the benchmark, as in empyrical."""
    return _capture(sample, sample.benchmark_returns > 0.0)


@metric
def down_capture(sample: Sample) -> float | None:
    """Annual growth over the days with ``b < 0``, over that of the benchmark, as in empyrical."""
    return _capture(sample, sample.benchmark_returns < 0.0)


def _growth(equity: FloatArray) -> float:
    """Last over first."""
    return float(equity[-1] / equity[0])


def _deviation(returns: FloatArray) -> float:
    return _unless_rounding(float(returns.std(ddof=1)))


def _inner(one: FloatArray, other: FloatArray) -> float:
    """Return the inner product; that of BLAS differs from machine to machine, and waits for its threads."""
    return float((one * other).sum())


def _unless_rounding(deviation: float) -> float:
    return deviation if deviation > _ROUNDING else 0.0


def _annual_ratio(mean: float, deviation: float) -> float | None:
    return mean / deviation * math.sqrt(TRADING_DAYS) if deviation else None


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


def _gains(sample: Sample) -> tuple[FloatArray, FloatArray]:
    """Return the profits above zero, and those below."""
    return sample.profits[sample.profits > 0.0], sample.profits[sample.profits < 0.0]


def _capture(sample: Sample, days: BoolArray) -> float | None:
    own = _annual_growth(sample.returns[days])
    benchmark = _annual_growth(sample.benchmark_returns[days])
    return own / benchmark if own is not None and benchmark else None


def _annual_growth(returns: FloatArray) -> float | None:
    growth = float(np.multiply.reduce(1.0 + returns))
    return _unless_too_large(growth, TRADING_DAYS / len(returns)) if len(returns) else None


def _unless_too_large(growth: float, years: float) -> float | None:
    try:
        return math.pow(growth, years) - 1.0
    except (OverflowError, ValueError):  # beyond a float, or a growth below zero
        return None

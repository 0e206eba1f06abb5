"""What a run is worth: the usual statistics of an equity curve.

All from the simple daily returns ``r`` of the equity, at 252 trading days a year and a risk-free rate of 0,
as fractions (0.05 is five percent). Nothing here is ever NaN or infinite: where a statistic is not defined
it is None.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.backtest.domain.indicators import FloatArray
from services.backtest.domain.simulator import Run

TRADING_DAYS: Final = 252
_ROUNDING: Final = 1e-12  # a daily deviation below this is rounding, and a ratio over it noise


@dataclass(frozen=True, slots=True)
class Performance:
    """The statistics of one run.

    - ``total_return``: last equity over first, less 1.
    - ``cagr``: the compound annual growth rate that gives ``total_return`` in ``len(r) / 252`` years.
    - ``volatility``: sample standard deviation (ddof=1) of ``r``, times ``sqrt(252)``.
    - ``sharpe_ratio``: mean over sample standard deviation of ``r``, times ``sqrt(252)`` (Sharpe, 1994); None
      where the equity does not vary.
    - ``sortino_ratio``: mean of ``r`` over its downside deviation ``sqrt(mean(min(r, 0) ** 2))``, times
      ``sqrt(252)`` (Sortino & Price, 1994); None where no return is negative.
    - ``max_drawdown``: the deepest fall from a peak before it, zero or negative: -0.23 is a fall by 23 %.
    - ``trades``: number of fills, buys and sells.
    - ``win_rate``: share of the sells with a positive realised profit; None where nothing was sold.
    - ``final_equity``: equity at the last close, in the currency of the initial cash.
    """

    total_return: float
    cagr: float
    volatility: float
    sharpe_ratio: float | None
    sortino_ratio: float | None
    max_drawdown: float
    trades: int
    win_rate: float | None
    final_equity: float


def measure(run: Run) -> Performance:
    """Measure a run.

    Raises ValueError where no float can hold the annual growth (280-fold in two days): broken prices.
    """
    returns = daily_returns(run.equity)
    mean = float(returns.mean())
    deviation = _unless_rounding(float(returns.std(ddof=1)))
    downside = _unless_rounding(math.sqrt(float(np.square(np.minimum(returns, 0.0)).mean())))
    growth = float(run.equity[-1] / run.equity[0])
    profits = run.fills.realised_pnl[run.fills.shares < 0.0]
    return Performance(
        total_return=growth - 1.0,
        cagr=_annual_growth(growth, len(returns)),
        volatility=deviation * math.sqrt(TRADING_DAYS),
        sharpe_ratio=_annual_ratio(mean, deviation),
        sortino_ratio=_annual_ratio(mean, downside),
        max_drawdown=float((run.equity / np.maximum.accumulate(run.equity)).min()) - 1.0,
        trades=len(run.fills.shares),
        win_rate=float((profits > 0.0).mean()) if len(profits) else None,
        final_equity=float(run.equity[-1]),
    )


def daily_returns(equity: FloatArray) -> FloatArray:
    """Simple returns from close to close: ``[T]`` equity gives ``[T - 1]`` fractions."""
    return equity[1:] / equity[:-1] - 1.0


def _annual_growth(growth: float, days: int) -> float:
    try:
        return math.pow(growth, TRADING_DAYS / days) - 1.0
    except OverflowError as error:
        raise ValueError(f"the equity grew {growth:g}-fold in {days} days: prices can't be right") from error


def _unless_rounding(deviation: float) -> float:
    return deviation if deviation > _ROUNDING else 0.0


def _annual_ratio(mean: float, deviation: float) -> float | None:
    return mean / deviation * math.sqrt(TRADING_DAYS) if deviation else None

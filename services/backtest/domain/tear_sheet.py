"""What a tear sheet shows beside the metrics: returns by month and year, drawdowns, rolling figures.

Annual figures are on 252 trading days, with a risk-free rate of 0.
"""

import math
from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.backtest.domain.indicators import FloatArray
from services.metrics import ROUNDING, daily_returns, drawdown_of
from services.metrics.account import TRADING_DAYS

ROLLING_DAYS: Final = 126
"""Returns of a rolling figure: half a year."""
MOST_DRAWDOWNS: Final = 10
"""How many drawdowns are listed, the deepest."""

Days = NDArray[np.datetime64]


class PeriodReturn(NamedTuple):
    """The return of a calendar month or year, cut off where the backtest begins or ends within it."""

    first: date
    """The first day of the month or year."""
    value: float


class Drawdown(NamedTuple):
    """A fall from a peak until that is reached again.

    ``peak``, ``trough`` and ``recovery`` are numbers of bars; ``recovery`` is None where the peak was not
    reached again. ``depth`` is negative, -0.2 being a fall by a fifth.
    """

    peak: int
    trough: int
    recovery: int | None
    depth: float


class Rolling(NamedTuple):
    """Figures of the last `ROLLING_DAYS` returns at each close, ``[T]``: NaN where they are not defined."""

    sharpe_ratio: FloatArray
    volatility: FloatArray


def returns_by(unit: str, days: Days, equity: FloatArray) -> list[PeriodReturn]:
    """Return the growth in each calendar ``unit``, "M" or "Y", less 1; together they make the total return.

    Args:
        unit: of NumPy's dates.
        days: the trading days, ``[T]``, rising.
        equity: at their closes, ``[T]``.

    """
    periods = days.astype(f"datetime64[{unit}]")
    last = np.append(np.flatnonzero(periods[1:] != periods[:-1]), len(days) - 1)
    ends = equity[last]
    growth = ends / np.concatenate((equity[:1], ends[:-1]))
    firsts: list[date] = periods[last].astype("datetime64[D]").tolist()
    return [PeriodReturn(first, each - 1.0) for first, each in zip(firsts, growth.tolist(), strict=True)]


def deepest_drawdowns(equity: FloatArray) -> list[Drawdown]:
    """Return the drawdowns of an equity curve ``[T]``, the deepest first, at most `MOST_DRAWDOWNS`."""
    fall = drawdown_of(equity)
    under = np.concatenate(([False], fall < 0.0, [False]))
    begins = np.flatnonzero(under[1:] & ~under[:-1])
    ends = np.flatnonzero(under[:-1] & ~under[1:])  # the first bar that is no longer below
    found = []
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        trough = begin + int(np.argmin(fall[begin:end]))
        recovery = end if end < len(equity) else None
        found.append(Drawdown(begin - 1, trough, recovery, float(fall[trough])))
    return sorted(found, key=lambda each: each.depth)[:MOST_DRAWDOWNS]


def rolling(equity: FloatArray) -> Rolling:
    """Return the rolling Sharpe ratio and volatility of an equity curve ``[T]``, defined as the metrics."""
    sharpe, volatility = np.full(len(equity), np.nan), np.full(len(equity), np.nan)
    if len(equity) > ROLLING_DAYS:
        windows = np.lib.stride_tricks.sliding_window_view(daily_returns(equity), ROLLING_DAYS)
        deviation = windows.std(axis=1, ddof=1)
        deviation[deviation <= ROUNDING] = 0.0
        volatility[ROLLING_DAYS:] = deviation * math.sqrt(TRADING_DAYS)
        moved = deviation > 0.0
        ratio = np.full(len(deviation), np.nan)
        ratio[moved] = windows.mean(axis=1)[moved] / deviation[moved] * math.sqrt(TRADING_DAYS)
        sharpe[ROLLING_DAYS:] = ratio
    return Rolling(sharpe, volatility)

"""What a tear sheet shows beside the metrics and the returns of periods: rolling figures.

Annual figures are on 252 trading days, with a risk-free rate of 0.
"""

import math
from typing import Final, NamedTuple

import numpy as np

from services.backtest.domain.indicators import FloatArray
from services.metrics import ROUNDING, daily_returns
from services.metrics.account import TRADING_DAYS

ROLLING_DAYS: Final = 126
"""Returns of a rolling figure: half a year."""


class Rolling(NamedTuple):
    """Figures of the last `ROLLING_DAYS` returns at each close, ``[T]``: NaN where they are not defined."""

    sharpe_ratio: FloatArray
    volatility: FloatArray


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

"""The same backtest with vectorbt: see `engine.py` for what both do. It is needed for the benchmark only."""

from typing import Any

import numpy as np
import pandas as pd
import vectorbt as vbt

from services.backtest.domain.prices import Prices
from services.backtest.domain.simulator import Costs

SYMBOLS_IN_ONE_ACCOUNT = {"group_by": True, "cash_sharing": True, "call_seq": "auto"}
"""Of `from_orders`; the last of them: sells come first."""


class VectorbtCrossover:
    """An SMA crossover of 20 and 50 bars, with an equal slot of the equity for each symbol."""

    def __init__(self, prices: Prices, costs: Costs, cash: float) -> None:
        index = pd.DatetimeIndex(prices.dates)
        self._close = pd.DataFrame(prices.close, index, prices.symbols)
        self._open = pd.DataFrame(prices.open, index, prices.symbols)
        self._options = {
            **SYMBOLS_IN_ONE_ACCOUNT,
            "fees": costs.commission_rate,
            "slippage": costs.slippage_rate,
            "init_cash": cash,
            "freq": "1D",
        }

    def run(self) -> Any:
        """Replay it and compute `stats()`; return the portfolio."""
        fast, slow = (vbt.MA.run(self._close, window).ma.to_numpy() for window in (20, 50))
        weights = (fast > slow) / self._close.shape[1]
        changed = np.diff(weights, axis=0, prepend=0.0) != 0.0
        orders = np.full(weights.shape, np.nan)
        orders[1:] = np.where(changed, weights, np.nan)[:-1]
        portfolio = vbt.Portfolio.from_orders(
            self._close, orders, size_type="targetpercent", price=self._open, **self._options
        )
        portfolio.stats()
        return portfolio

"""Prices for tests: from arrays, and drawn ones, whose symbols are listed late, miss days and end."""

import numpy as np
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from services.backtest.domain.indicators import FloatArray
from services.backtest.domain.prices import Prices
from services.backtest.domain.strategy_types import Strategy
from tests import drawn

FIRST_DAY = np.datetime64("2009-12-28")


def prices_of(closes: ArrayLike, opens: ArrayLike | None = None, warm_up: int = 0) -> Prices:
    """Return prices on consecutive days, `[T, N]`; without opens these are the closes."""
    close = np.array(closes, dtype=np.float64)
    open_ = close.copy() if opens is None else np.array(opens, dtype=np.float64)
    names = tuple(f"S{n}" for n in range(close.shape[1]))
    return Prices(names, FIRST_DAY + np.arange(len(close)), open_, close, warm_up)


def weights_of(strategy: Strategy, closes: ArrayLike) -> FloatArray:
    """Return what a strategy decides on closes."""
    return strategy.target_weights(prices_of(closes))


@st.composite
def price_tables(draw: st.DrawFn, most_bars: int = 30, most_symbols: int = 4) -> Prices:
    """Prices of symbols of which the first is listed throughout, and each may miss days."""
    bars, symbols = draw(st.tuples(st.integers(3, most_bars), st.integers(1, most_symbols)))
    shape = (bars, symbols)
    opens, closes = draw(drawn.quotes(shape)), draw(drawn.quotes(shape))
    missed = draw(drawn.chosen(shape, [False, False, False, True]))
    for n in range(symbols):
        first, last = (
            sorted(draw(st.tuples(st.integers(0, bars - 1), st.integers(0, bars - 1))))
            if n
            else (0, bars - 1)
        )
        has_bar = ~missed[:, n]
        has_bar[:first] = has_bar[last + 1 :] = False
        has_bar[first] |= first > 0  # one that was listed before the first day may miss that
        has_bar[last] |= last < bars - 1
        latest = np.maximum.accumulate(np.where(has_bar, np.arange(bars), first))
        closes[:, n] = closes[latest, n]
        closes[:first, n] = closes[last + 1 :, n] = np.nan
        opens[~has_bar, n] = np.nan
    return prices_of(closes, opens, warm_up=draw(st.integers(0, bars - 3)))

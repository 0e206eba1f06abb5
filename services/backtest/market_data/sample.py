"""Market data from the PyPI package ``bokeh-sampledata``: real daily prices in the public domain.

AAPL, IBM and MSFT from 2000-03-01, GOOG from 2004-08-19 and FB from 2012-05-18 (the days these two went
public), all until 2013-03-01. As published the prices are raw; here they are multiplied by
``adj_close / close``, without which splits look like crashes. The factors are those of a later time: levels
differ from what was quoted on the day, returns do not.

Checked: from its first day on, each symbol has every trading day the others have; no repeated or unordered
dates; nothing missing, zero or negative; the longest gap is September 2001 (7 days). ``Prices`` refuses data
that is otherwise.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

import numpy as np
from bokeh_sampledata import stocks

from services.backtest.domain.prices import PriceHistory, Series
from services.backtest.market_data import Provider

SYMBOLS: Final = ("AAPL", "FB", "GOOG", "IBM", "MSFT")


class SampleMarketData(PriceHistory):
    """Daily prices of five well-known companies."""

    def __init__(self) -> None:
        super().__init__(_read(), source="sample", currency="USD")


provider: Provider = SampleMarketData


@cache
def _read() -> Mapping[str, Series]:
    return MappingProxyType({symbol: _adjusted(getattr(stocks, symbol)) for symbol in SYMBOLS})


def _adjusted(raw: Mapping[str, list[float]]) -> Series:
    close = np.asarray(raw["adj_close"], dtype=np.float64)
    factor = close / np.asarray(raw["close"], dtype=np.float64)
    return Series(
        dates=np.asarray(raw["date"], dtype="datetime64[D]"),
        open=np.asarray(raw["open"], dtype=np.float64) * factor,
        close=close,
    )

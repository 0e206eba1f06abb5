"""Market data from the PyPI package ``bokeh-sampledata``: real daily prices in the public domain.

AAPL, IBM and MSFT from 2000-03-01, GOOG from 2004-08-19 and FB from 2012-05-18 (the days these two went
public), all until 2013-03-01. As published the prices are raw; here they are multiplied by
``adj_close / close``, without which splits look like crashes. The factors are those of a later time: levels
differ from what was quoted on the day, returns do not.

Checked: from its first day on, each symbol has every trading day the others have; no repeated or unordered
dates; nothing missing, zero or negative; the longest gap is September 2001 (7 days). ``Prices`` refuses data
that is otherwise.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, partial, reduce
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.backtest.domain.window import Coverage, OutsideCoverage, resolve_window

if TYPE_CHECKING:
    from services.backtest.domain.engine import Prices

SYMBOLS: Final = ("AAPL", "FB", "GOOG", "IBM", "MSFT")


class _Series(NamedTuple):
    """One symbol's trading days and adjusted prices, each ``[T]``."""

    dates: NDArray[np.datetime64]
    open: NDArray[np.float64]
    close: NDArray[np.float64]


class SampleMarketData:
    """Daily prices of five well-known companies, read once per process when they are first needed."""

    def coverage(self) -> Coverage:
        """First and last trading day by symbol."""
        return Coverage({symbol: (_day(s.dates[0]), _day(s.dates[-1])) for symbol, s in _series().items()})

    def prices(self, symbols: Sequence[str], start: date | None, end: date | None) -> "Prices":
        """Prices of the symbols, in their order, on the trading days they have in common.

        ``start`` and ``end`` are included; see ``resolve_window`` for what is used without them. Raises
        OutsideCoverage as that does, and for a window of fewer than three trading days.
        """
        # Brings numba, which a process that only asks for the coverage does without.
        from services.backtest.domain.engine import FEWEST_BARS, Prices  # noqa: PLC0415

        first, last = resolve_window(self.coverage(), symbols, start, end)
        series = [_series()[symbol] for symbol in symbols]
        dates = reduce(partial(np.intersect1d, assume_unique=True), (s.dates for s in series))
        dates = dates[(dates >= np.datetime64(first)) & (dates <= np.datetime64(last))]
        if len(dates) < FEWEST_BARS:
            problem = f"{first}..{last} has {len(dates)} trading days, at least {FEWEST_BARS} are needed"
            raise OutsideCoverage(problem, self.coverage().of(symbols))
        rows = [np.searchsorted(s.dates, dates) for s in series]
        return Prices(
            symbols=tuple(symbols),
            dates=dates,
            open=np.column_stack([s.open[row] for s, row in zip(series, rows, strict=True)]),
            close=np.column_stack([s.close[row] for s, row in zip(series, rows, strict=True)]),
        )

    def fingerprint(self) -> str:
        """A hash of all the data, 16 hex digits: the same prices, the same fingerprint."""
        digest = sha256()
        for symbol, series in _series().items():
            digest.update(symbol.encode())
            for values in series:
                digest.update(values.tobytes())
        return digest.hexdigest()[:16]


@cache
def _series() -> Mapping[str, _Series]:
    from bokeh_sampledata import stocks  # noqa: PLC0415 -- importing it reads the files

    return MappingProxyType({symbol: _adjusted(getattr(stocks, symbol)) for symbol in SYMBOLS})


def _adjusted(raw: Mapping[str, list[float]]) -> _Series:
    close = np.asarray(raw["adj_close"], dtype=np.float64)
    factor = close / np.asarray(raw["close"], dtype=np.float64)
    return _Series(
        dates=np.asarray(raw["date"], dtype="datetime64[D]"),
        open=np.asarray(raw["open"], dtype=np.float64) * factor,
        close=close,
    )


def _day(value: np.datetime64) -> date:
    return date.fromisoformat(str(value))

"""Daily prices: of one symbol, of a backtest's symbols, and a history to select those from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial, reduce
from hashlib import sha256
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.backtest.domain.window import Coverage, OutsideCoverage, resolve_window

TRADING_DAYS: Final = 252  # of a year
FEWEST_BARS: Final = 3  # with fewer than two returns there is no standard deviation


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """Daily prices of some symbols on their common trading days, adjusted for splits and dividends.

    ``dates`` is ``[T]``, strictly rising; ``open`` and ``close`` are ``[T, N]``, positive. The first
    ``warm_up`` bars lie before the backtest: indicators see them, nothing is traded on them. Raises
    ValueError for anything else, and for fewer than three bars after those.
    """

    symbols: tuple[str, ...]
    dates: NDArray[np.datetime64]
    open: NDArray[np.float64]
    close: NDArray[np.float64]
    warm_up: int = 0

    def __post_init__(self) -> None:
        shape = (len(self.dates), len(self.symbols))
        if len(set(self.symbols)) != len(self.symbols) or not self.symbols:
            raise ValueError(f"symbols must be there and differ, got {self.symbols}")
        if (bars := len(self.dates) - self.warm_up) < FEWEST_BARS:
            raise ValueError(f"at least {FEWEST_BARS} bars are needed, got {bars}")
        if not (self.dates[1:] > self.dates[:-1]).all():
            raise ValueError("dates must rise strictly")
        for name, values in (("open", self.open), ("close", self.close)):
            if values.shape != shape:
                raise ValueError(f"{name} must have the shape {shape}, got {values.shape}")
            if not ((values > 0.0) & (values < np.inf)).all():
                raise ValueError(f"{name} must be positive and finite throughout")

    def content(self) -> str:
        """Return a hash of all that a simulation sees, 32 hex digits, the same in every process."""
        digest = sha256(f"{','.join(self.symbols)} {self.warm_up} ".encode())
        for values in (self.dates, self.open, self.close):
            digest.update(values.tobytes())
        return digest.hexdigest()[:32]


class Series(NamedTuple):
    """Daily prices of one symbol, each array ``[T]``: adjusted for splits and dividends, dates rising."""

    dates: NDArray[np.datetime64]
    open: NDArray[np.float64]
    close: NDArray[np.float64]


class PriceHistory:
    """Daily prices of several symbols, held in memory: the `MarketData` of a provider that can load all."""

    def __init__(self, series: Mapping[str, Series]) -> None:
        self._series = series
        self._coverage = Coverage(
            {symbol: (_day(s.dates[0]), _day(s.dates[-1])) for symbol, s in series.items()}
        )

    def coverage(self) -> Coverage:
        """Return the first and last trading day by symbol."""
        return self._coverage

    def prices(
        self, symbols: Sequence[str], start: date | None, end: date | None, warm_up: int = 0
    ) -> Prices:
        """Return copies of the symbols' prices, in their order, on the trading days they have in common.

        ``start`` and ``end`` are included; see ``resolve_window`` for what is used without them. Up to
        ``warm_up`` bars before the start come with them, as far as there are any. Raises OutsideCoverage as
        ``resolve_window`` does, and for a window of fewer than three trading days.
        """
        first, last = resolve_window(self._coverage, symbols, start, end)
        series = [self._series[symbol] for symbol in symbols]
        dates = reduce(partial(np.intersect1d, assume_unique=True), (s.dates for s in series))
        begin = int(np.searchsorted(dates, np.datetime64(first)))
        stop = int(np.searchsorted(dates, np.datetime64(last), side="right"))
        if stop - begin < FEWEST_BARS:
            problem = f"{first}..{last} has {stop - begin} trading days, at least {FEWEST_BARS} are needed"
            raise OutsideCoverage(problem, self._coverage.of(symbols))
        warm_up = min(warm_up, begin)
        dates = dates[begin - warm_up : stop]
        rows = [np.searchsorted(s.dates, dates) for s in series]
        return Prices(
            symbols=tuple(symbols),
            dates=dates,
            open=np.column_stack([s.open[row] for s, row in zip(series, rows, strict=True)]),
            close=np.column_stack([s.close[row] for s, row in zip(series, rows, strict=True)]),
            warm_up=warm_up,
        )

    def fingerprint(self) -> str:
        """Return a hash of all symbols, dates and prices, 16 hex digits."""
        digest = sha256()
        for symbol, series in self._series.items():
            digest.update(symbol.encode())
            for values in series:
                digest.update(values.tobytes())
        return digest.hexdigest()[:16]


def _day(value: np.datetime64) -> date:
    return date.fromisoformat(str(value))

"""Daily prices: of one symbol, of a backtest's symbols, and a history to select those from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.backtest.domain.indicators import FloatArray, IntArray, kernel_ready
from services.backtest.domain.instruments import Instrument, MarketData
from services.backtest.domain.window import Coverage, OutsideCoverage, has_ended, resolve_window, some

FEWEST_BARS: Final = 3  # with fewer than two returns there is no standard deviation


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """Daily prices of some symbols on the trading days of any of them, adjusted for splits and dividends.

    ``dates`` is ``[T]``, strictly rising; ``open`` and ``close`` are ``[T, N]``, positive or NaN. A symbol is
    listed from its first bar to its last one, or to the end unless it has ended, and only then has a close:
    on a day without a bar it is the close before. It has an open on the days that have a bar, and is traded
    on those only. The first ``warm_up`` bars lie before the backtest: indicators see them, nothing is traded
    on them. Raises ValueError for anything else, and for fewer than three bars after those.
    """

    symbols: tuple[str, ...]
    dates: NDArray[np.datetime64]
    open: FloatArray
    close: FloatArray
    warm_up: int = 0

    def __post_init__(self) -> None:
        shape = (len(self.dates), len(self.symbols))
        if len(set(self.symbols)) != len(self.symbols) or not self.symbols:
            raise ValueError(f"symbols must be there and differ, got {self.symbols}")
        if (bars := len(self.dates) - self.warm_up) < FEWEST_BARS:
            raise ValueError(f"at least {FEWEST_BARS} bars are needed, got {bars}")
        if not (self.dates[1:] > self.dates[:-1]).all():
            raise ValueError("dates must rise strictly")
        priced = {}
        for name in ("open", "close"):
            values = kernel_ready(getattr(self, name))
            object.__setattr__(self, name, values)
            if values.shape != shape:
                raise ValueError(f"{name} must have the shape {shape}, got {values.shape}")
            priced[name] = (values > 0.0) & (values < np.inf)
            if not priced[name].all() and not (priced[name] | np.isnan(values)).all():
                raise ValueError(f"{name} must be positive and finite, or NaN where there is none")
        listed = priced["close"]
        if (priced["open"] & ~listed).any():
            raise ValueError("a symbol that has an open must have a close")
        if not listed.all() and (listed[0] + (listed[1:] & ~listed[:-1]).sum(axis=0) != 1).any():
            raise ValueError("a symbol must have closes from its first bar to its last one")

    @property
    def all_listed(self) -> bool:
        """Whether every symbol is listed throughout."""
        return not np.isnan(self.close.min())  # of which NumPy makes no temporary array

    def most_bars(self) -> int:
        """Return on how many days that symbol is listed that is listed on the most."""
        return int((~np.isnan(self.close)).sum(axis=0).max())

    def missing_warm_up(self, wanted: int) -> int:
        """Return how many of the bars that are wanted before the backtest are missing.

        Of the symbols that are listed on its first day, it is that of the one with the fewest: what comes
        later takes part once it has enough.
        """
        listed = ~np.isnan(self.close[: self.warm_up + 1])
        fewest = int(listed[:-1].sum(axis=0)[listed[-1]].min(initial=self.warm_up))
        return max(0, wanted - fewest)

    def ended(self) -> dict[str, date]:
        """Return the last trading day of each symbol that is not listed on the last day any more."""
        columns = np.flatnonzero(np.isnan(self.close[-1]))
        lasts = {n: np.flatnonzero(~np.isnan(self.close[:, n]))[-1] for n in columns}
        return {self.symbols[n]: _day(self.dates[last]) for n, last in lasts.items()}

    def content(self) -> str:
        """Return a hash of all that a simulation sees, 32 hex digits, the same in every process."""
        digest = sha256(f"{','.join(self.symbols)} {self.warm_up} ".encode())
        digest.update(self.dates.astype("datetime64[D]").tobytes())
        for values in (self.open, self.close):
            digest.update(values.data)
        return digest.hexdigest()[:32]


def content_of_all(*contents: str) -> str:
    """Return a hash of the hashes of several prices; of one alone it is that."""
    return contents[0] if len(contents) == 1 else sha256(" ".join(contents).encode()).hexdigest()[:32]


class Series(NamedTuple):
    """Daily prices of one symbol, each array ``[T]``: adjusted for splits and dividends, dates rising."""

    dates: NDArray[np.datetime64]
    open: FloatArray
    close: FloatArray


class PriceHistory:
    """Daily prices of several symbols, held in memory: the `MarketData` of a provider that can load all."""

    def __init__(
        self, series: Mapping[str, Series], source: str = "memory", currency: str | None = None
    ) -> None:
        self._series = series
        self._instruments = {
            symbol: Instrument(
                symbol=symbol,
                first=_day(each.dates[0]),
                last=_day(each.dates[-1]),
                bars=len(each.dates),
                source=source,
                content=_content(each),
                currency=currency,
            )
            for symbol, each in series.items()
        }

    def instruments(self) -> Mapping[str, Instrument]:
        """Return the instruments by symbol."""
        return self._instruments

    def series(self, symbol: str) -> Series:
        """Return all prices of an instrument."""
        return self._series[symbol]


def select_prices(
    market: MarketData, symbols: Sequence[str], start: date | None, end: date | None, warm_up: int = 0
) -> Prices:
    """Return copies of the symbols' prices, in their order, on the trading days of any of them.

    ``start`` and ``end`` are included; see ``resolve_window`` for what is used without them. Up to
    ``warm_up`` bars before the start come with them, as far as there are any. Raises what ``resolve_window``
    does, OutsideCoverage for a window of fewer than three trading days and for a symbol that has none in it,
    and ValueError for prices that are not positive and finite.
    """
    instruments = market.instruments()
    start, end = resolve_window(instruments, symbols, start, end)
    first, last = _number(start), _number(end)
    series = [market.series(symbol) for symbol in symbols]
    days = [each.dates.astype("datetime64[D]").astype(np.int64) for each in series]
    dates = _union(days, last)
    begin = int(np.searchsorted(dates, first))
    coverage = Coverage.of(instruments[symbol] for symbol in symbols)
    window = f"{start}..{end}"
    if (bars := len(dates) - begin) < FEWEST_BARS:
        problem = f"{window} has {bars} trading days, at least {FEWEST_BARS} are needed"
        raise OutsideCoverage(problem, coverage)
    if absent := [s for s, own in zip(symbols, days, strict=True) if not _any_within(own, first, last)]:
        problem = f"{some(absent)} {'has' if len(absent) == 1 else 'have'} no trading day in {window}"
        raise OutsideCoverage(problem, Coverage.of(instruments[symbol] for symbol in absent))
    warm_up = min(warm_up, begin)
    dates = dates[begin - warm_up :]
    opens, closes = (np.full((len(symbols), len(dates)), np.nan) for _ in range(2))
    newest = max(instruments[symbol].last for symbol in symbols)
    for n, (symbol, own, its) in enumerate(zip(symbols, days, series, strict=True)):
        ended = has_ended(instruments[symbol], newest)
        if not _align(own, its, dates, opens[n], closes[n], ended=ended):
            raise ValueError(f"the dates of {symbol} must rise and its prices be numbers")
    return Prices(
        symbols=tuple(symbols),
        dates=dates.astype("datetime64[D]"),
        open=np.ascontiguousarray(opens.T),
        close=np.ascontiguousarray(closes.T),
        warm_up=warm_up,
    )


def _union(days: Sequence[IntArray], last: int) -> IntArray:
    """Return the days of any of the symbols until ``last``, without sorting them."""
    earliest = min(int(own[0]) for own in days)
    present = np.zeros(last - earliest + 1, dtype=np.bool_)
    for own in days:
        present[own[: np.searchsorted(own, last, side="right")] - earliest] = True
    return np.flatnonzero(present) + earliest


def _any_within(days: IntArray, first: int, last: int) -> bool:
    return bool(np.searchsorted(days, first) < np.searchsorted(days, last, side="right"))


def _align(
    days: IntArray, series: Series, dates: IntArray, opens: FloatArray, closes: FloatArray, *, ended: bool
) -> bool:
    """Write a symbol's prices to the rows of its days, and its last close to the days that it misses.

    Of one that has `ended`, the days after its last one are not among those.

    Returns whether they make sense.
    """
    begin, stop = np.searchsorted(days, dates[0]), np.searchsorted(days, dates[-1], side="right")
    # no symbol has a day that is not among the dates
    rows = slice(None) if stop - begin == len(dates) else np.searchsorted(dates, days[begin:stop])
    opens[rows], closes[rows] = series.open[begin:stop], series.close[begin:stop]
    own_first, own_last = np.searchsorted(dates, days[[begin, stop - 1]])
    listed_first = 0 if begin > 0 else own_first
    listed_last = len(dates) - 1 if stop < len(days) or not ended else own_last
    listed = slice(listed_first, listed_last + 1)
    if listed_last - listed_first + 1 > stop - begin:
        closes[listed] = series.close[np.searchsorted(days, dates[listed], side="right") - 1]
    numbers = not np.isnan(closes[listed]).any() and not np.isnan(opens[rows]).any()
    return bool((days[1:] > days[:-1]).all()) and numbers


def _content(series: Series) -> str:
    digest = sha256()
    for values in series:
        digest.update(values.tobytes())
    return digest.hexdigest()[:16]


def _number(day: date) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))


def _day(value: np.datetime64) -> date:
    return date.fromisoformat(str(value.astype("datetime64[D]")))

"""Random prices for the benchmark, the same in every run: in memory, and as a folder of CSV files."""

from pathlib import Path

import numpy as np
import polars as pl

from services.backtest.domain.prices import Prices

LAST_DAY = np.datetime64("2023-12-29")


def random_prices(symbols: int, bars: int) -> Prices:
    """Return random walks of 24 % annual volatility on business days, all listed throughout."""
    chance = np.random.default_rng(seed=1)
    close = 100.0 * np.exp(np.cumsum(chance.normal(0.0003, 0.015, (bars, symbols)), axis=0))
    return Prices(
        symbols=tuple(f"S{n:03}" for n in range(symbols)),
        dates=np.busday_offset(LAST_DAY, np.arange(1 - bars, 1)),
        open=close * np.exp(chance.normal(0.0, 0.004, (bars, symbols))),
        close=close,
    )


def write_files(folder: Path, prices: Prices) -> None:
    """Write a CSV file for each symbol: date, open, high, low, close and volume."""
    folder.mkdir(parents=True)
    volumes = np.random.default_rng(seed=2).integers(100_000, 10_000_000, prices.close.shape)
    for n, symbol in enumerate(prices.symbols):
        first, last = prices.open[:, n], prices.close[:, n]
        columns = {
            "Date": prices.dates,
            "Open": first,
            "High": 1.003 * np.maximum(first, last),
            "Low": 0.997 * np.minimum(first, last),
            "Close": last,
            "Volume": volumes[:, n],
        }
        pl.DataFrame(columns).write_csv(folder / f"{symbol}.csv", float_precision=2)

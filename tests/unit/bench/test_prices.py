"""The prices of the benchmark: the same in every run, and files that a folder of prices takes as they are."""

from pathlib import Path

import numpy as np

from tests.bench.prices import random_prices, write_files
from tests.price_folders import read_here


def test_the_prices_are_the_same_in_every_run() -> None:
    assert random_prices(3, 50).content() == random_prices(3, 50).content()


def test_the_files_are_read_without_findings(tmp_path: Path) -> None:
    prices = random_prices(3, 2_520)
    write_files(tmp_path / "prices", prices)

    snapshot = read_here(tmp_path / "prices", tmp_path / "cache").read()

    assert snapshot is not None
    assert snapshot.findings == ()
    assert {symbol: each.bars for symbol, each in snapshot.instruments.items()} == dict.fromkeys(
        prices.symbols, len(prices.dates)
    )
    assert np.is_busday(prices.dates).all()

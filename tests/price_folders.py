"""Folders of prices whose files are read in the process of the test: unit tests start no other."""

from contextlib import nullcontext
from pathlib import Path

from services.backtest.price_files import reading
from services.backtest.price_files.folder import PriceFolder


def read_here(folder: Path, cache: Path) -> PriceFolder:
    return PriceFolder(folder, cache, lambda: nullcontext(reading.read_file))

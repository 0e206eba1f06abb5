"""A second provider of market data: one short file, as another package would have it."""

from pathlib import Path

SYMBOL = "ACME"
DAYS = 500

PROVIDER = f"""
from pathlib import Path

import numpy as np

from services.backtest.domain.prices import PriceHistory, Series


def provider():
    first_price = float(Path(__file__).with_name("first_price.txt").read_text())
    dates = np.datetime64("2020-01-01") + np.arange({DAYS})
    close = first_price + np.arange({DAYS})
    return PriceHistory({{"{SYMBOL}": Series(dates, close, close)}})
"""

ENTRY_POINT = """[backchat.market_data]
{name} = {name}_prices:provider
"""


def write_module(folder: Path, module: str) -> None:
    """Write the provider as a module."""
    (folder / f"{module}.py").write_text(PROVIDER)
    set_first_price(folder, 10.0)


def write_package(folder: Path, name: str) -> None:
    """Write what an installed package leaves: the module `{name}_prices`, and `name` as its entry point."""
    write_module(folder, f"{name}_prices")
    metadata = folder / f"{name}_prices-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-prices\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(ENTRY_POINT.format(name=name))


def set_first_price(folder: Path, price: float) -> None:
    """Change the data: every later price rises by one a day from this one."""
    (folder / "first_price.txt").write_text(str(price))

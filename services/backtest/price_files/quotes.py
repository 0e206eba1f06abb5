"""The rows of one instrument, as its file has them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from services.backtest.price_files.columns import Role


@dataclass(frozen=True, slots=True)
class Column:
    """A column of prices, NaN where there is none; `texts` has the cells that are no numbers, by line."""

    header: str
    values: NDArray[np.float64]
    texts: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quotes:
    """Rows of dates and prices.

    Attributes:
        symbol: as the file writes it; None where the file's name has it.
        lines: of the file, of each row.
        dates: of each row, NaT where the cell is none.
        prices: by role.
        date_header: the header of the column of dates.
        bad_dates: the cells that are no dates, by line.
        currencies: the line where each begins.
        wide: each instrument of the file has columns of its own: an empty cell may be another's holiday.

    """

    symbol: str | None
    lines: NDArray[np.int64]
    dates: NDArray[np.datetime64]
    prices: Mapping[Role, Column]
    date_header: str
    bad_dates: Mapping[int, str] = field(default_factory=dict)
    currencies: Mapping[str, int] = field(default_factory=dict)
    wide: bool = False

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_] | slice) -> "Quotes":
        """Return some of the rows."""
        prices = {role: replace(column, values=column.values[rows]) for role, column in self.prices.items()}
        return replace(self, lines=self.lines[rows], dates=self.dates[rows], prices=prices)

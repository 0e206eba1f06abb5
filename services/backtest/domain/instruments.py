"""Instruments: whose prices there are, where they come from, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from backchat_contracts import Severity, Texts

if TYPE_CHECKING:  # NumPy costs 12 MB, and what reads no prices does without
    from services.backtest.domain.prices import Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is wrong in a file of prices, and what would be right.

    Attributes:
        severity: what follows from it.
        code: stable, words joined by hyphens.
        file: its path within the folder, with `/` between its parts.
        symbol: of the instrument; None where the whole file is meant.
        row: the line of the file where it is first found, 1 being the first; None where it is in no line.
        column: the header of the column, as the file writes it.
        count: how many rows have it.
        problem: what is wrong.
        remedy: what would be right.

    """

    severity: Severity
    code: str
    file: str
    symbol: str | None = None
    row: int | None = None
    column: str | None = None
    count: int = 1
    problem: Texts
    remedy: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """What is known of an instrument besides its prices.

    Attributes:
        symbol: its name in requests.
        first: its first trading day.
        last: its last trading day.
        bars: how many trading days it has.
        source: the name of the provider, or of the file.
        content: a hash of its dates and prices, 16 hex digits.
        currency: of its prices, an ISO 4217 code, where that is known.
        has_open: whether it has opening prices; orders are filled at the close of the next bar without them.
        warnings: what is doubtful about its prices.

    """

    symbol: str
    first: date
    last: date
    bars: int
    source: str
    content: str
    currency: str | None = None
    has_open: bool = True
    warnings: tuple[Finding, ...] = ()


class MarketData(Protocol):
    """The daily prices of several instruments, which stay the same: new ones are another object.

    `PriceHistory` implements it for prices that fit into memory.
    """

    def instruments(self) -> Mapping[str, Instrument]:
        """Return the instruments by symbol."""

    def series(self, symbol: str) -> "Series":
        """Return all prices of an instrument.

        Raises:
            KeyError: there is none of this symbol.

        """

"""The market: whose prices there are, and what is wrong in the files of prices."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from backchat_contracts.base import Contract, Flag, Name, PageSize, Request, Symbols, Texts

Severity = Literal["error", "warning"]
"""`error`: the instrument, or the whole file, is left out. `warning`: it is used, and its results say so."""


class InstrumentQueried(Request):
    """Query for a page of the instruments that have prices, or for the report on the files of prices.

    The page is in the order of the symbols. `search`: a part of the symbol, or the beginning of the source,
    in any case. `symbols`: those alone, as far as there are any, in any case.
    """

    search: Name | None = None
    symbols: Symbols | None = None
    report: Flag = False
    limit: PageSize = 50
    cursor: Annotated[str, Field(max_length=200)] | None = None


class PriceFinding(Contract):
    """Something that is wrong in a file of prices: what it is, where, and what would be right.

    `file`: its path within the folder. `row`: the line of the file where it is first found, from 1 on;
    `count`: how many rows have it. `symbol`, `row` and `column` are null where the whole file is meant.
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


class InstrumentView(Contract):
    """An instrument with daily prices.

    `first` and `last`: its trading days; `bars`: how many it has. `source`: the name of the provider, or of
    the file. `has_open`: without opening prices, orders are filled at the close of the next day.
    """

    symbol: str
    first: date
    last: date
    bars: int
    source: str
    currency: str | None = None
    has_open: bool = True
    warnings: tuple[PriceFinding, ...] = ()


class MarketReport(Contract):
    """What is wrong in the files of prices, in the order of files and rows.

    At most 1,000 findings; the last one says how many more there are. `read_at`: when the folder was last
    read; null where it never was.
    """

    read_at: datetime | None
    files: int
    instruments: int
    errors: int
    warnings: int
    findings: tuple[PriceFinding, ...]

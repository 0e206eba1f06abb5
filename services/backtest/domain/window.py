"""Which days a backtest covers: what was asked for, checked against the data there is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import ClassVar, Final

DEFAULT_SPAN: Final = timedelta(days=365)
_LISTED: Final = 10  # the most symbols that a message names


@dataclass(frozen=True, slots=True)
class Coverage:
    """The data there is: first and last day by symbol."""

    symbols: Mapping[str, tuple[date, date]]

    def of(self, symbols: Iterable[str]) -> "Coverage":
        """Only these symbols, as far as they are covered."""
        return Coverage({symbol: self.symbols[symbol] for symbol in symbols if symbol in self.symbols})

    def common(self) -> tuple[date, date]:
        """Latest first and earliest last day; the first is after the last where nothing is in common."""
        return max(first for first, _ in self.symbols.values()), min(
            last for _, last in self.symbols.values()
        )

    def __str__(self) -> str:
        listed = [f"{symbol} {_span(*days)}" for symbol, days in islice(self.symbols.items(), _LISTED)]
        more = len(self.symbols) - len(listed)
        return ", ".join([*listed, f"{more} more"] if more else listed) or "nothing"


class OutsideCoverage(ValueError):  # noqa: N818 -- reads as what it says: raise OutsideCoverage
    """The symbols or days asked for are not there; the message and ``coverage`` say what is.

    ``coverage`` holds every symbol there is where a symbol is the problem, otherwise those asked for.
    """

    code: ClassVar = "outside-coverage"

    def __init__(self, problem: str, coverage: Coverage) -> None:
        super().__init__(f"{problem}; covered: {coverage}")
        self.problem = problem
        self.coverage = coverage

    def __reduce__(self) -> tuple[type["OutsideCoverage"], tuple[str, Coverage]]:
        """Pickle both arguments, for the return from a worker process: by default it would be the message."""
        return type(self), (self.problem, self.coverage)


def resolve_window(
    coverage: Coverage, symbols: Sequence[str], start: date | None, end: date | None
) -> tuple[date, date]:
    """First and last day of a backtest of ``symbols`` (in the coverage's own case), both included.

    A missing end is the last day the symbols have in common; a missing start is 365 days before the end, or
    the first common day if that is later. Raises OutsideCoverage for no, unknown or repeated symbols, for
    symbols or days outside of the common data, and for a start that is not before the end.
    """
    if not symbols:
        raise OutsideCoverage("no symbols", coverage)
    if unknown := [symbol for symbol in symbols if symbol not in coverage.symbols]:
        raise OutsideCoverage(f"no data for {', '.join(map(repr, unknown))}", coverage)
    covered = coverage.of(symbols)
    if repeated := sorted({symbol for symbol in symbols if symbols.count(symbol) > 1}):
        raise OutsideCoverage(f"{', '.join(map(repr, repeated))} more than once", covered)
    earliest, latest = covered.common()
    if earliest >= latest:
        raise OutsideCoverage("the symbols have no days in common", covered)
    for day in (start, end):
        if day is not None and not earliest <= day <= latest:
            raise OutsideCoverage(f"{day} is not within {_span(earliest, latest)}", covered)
    end = latest if end is None else end
    start = max(earliest, end - DEFAULT_SPAN) if start is None else start
    if start >= end:
        raise OutsideCoverage(f"the start, {start}, is not before the end, {end}", covered)
    return start, end


def _span(first: date, last: date) -> str:
    return f"{first}..{last}"

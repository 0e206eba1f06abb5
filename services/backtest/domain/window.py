"""Which days a backtest covers: what was asked for, checked against the instruments there are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import ClassVar, Final

import numpy as np

from services.backtest.domain.instruments import Instrument

DEFAULT_SPAN: Final = timedelta(days=365)
MOST_DAYS_WITHOUT: Final = 5
"""Business days that a symbol may lack at the end of its prices before it counts as ended."""
_LISTED: Final = 10  # the most symbols that a message names


@dataclass(frozen=True, slots=True)
class Coverage:
    """The data there is: first and last day by symbol."""

    symbols: Mapping[str, tuple[date, date]]

    @classmethod
    def of(cls, instruments: Iterable[Instrument]) -> "Coverage":
        """Return the days of these instruments."""
        return cls({each.symbol: (each.first, each.last) for each in instruments})

    def __str__(self) -> str:
        listed = [f"{symbol} {_span(*days)}" for symbol, days in islice(self.symbols.items(), _LISTED)]
        more = len(self.symbols) - len(listed)
        return ", ".join([*listed, f"{more} more"] if more else listed) or "nothing"


class ImpossibleWindow(ValueError):  # noqa: N818 -- reads as what it says: raise ImpossibleWindow
    """No backtest can be run of these symbols and days; the message says why."""

    code: ClassVar[str]


class OutsideCoverage(ImpossibleWindow):
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


class MixedCurrencies(ImpossibleWindow):
    """The prices of the symbols are in different currencies, which can't be added up."""

    code: ClassVar = "mixed-currencies"


def some(symbols: Sequence[str]) -> str:
    """Return a list of symbols as a message has it: the first ones, and how many more there are."""
    more = len(symbols) - _LISTED
    return ", ".join([*symbols[:_LISTED], f"{more} more"] if more > 0 else symbols)


def resolve_window(
    instruments: Mapping[str, Instrument], symbols: Sequence[str], start: date | None, end: date | None
) -> tuple[date, date]:
    """First and last day of a backtest of ``symbols`` (as the instruments have them), both included.

    A missing end is the last day that all symbols have which have not ended; a missing start is 365 days
    before the end, or the first day that any of them has if that is later. Raises OutsideCoverage for no,
    unknown or repeated symbols, for days on which there is none of them yet or any more, and for a start that
    is not before the end; MixedCurrencies for symbols whose currencies are known and differ.
    """
    if not symbols:
        raise OutsideCoverage("no symbols", Coverage.of(instruments.values()))
    if unknown := [symbol for symbol in symbols if symbol not in instruments]:
        problem = f"no data for {some(list(map(repr, unknown)))}"
        raise OutsideCoverage(problem, Coverage.of(instruments.values()))
    asked = [instruments[symbol] for symbol in symbols]
    covered = Coverage.of(asked)
    if repeated := sorted(symbol for symbol, times in Counter(symbols).items() if times > 1):
        raise OutsideCoverage(f"{some(list(map(repr, repeated)))} more than once", covered)
    _check_currencies(asked)
    earliest, latest = min(each.first for each in asked), max(each.last for each in asked)
    for day in (start, end):
        if day is not None and not earliest <= day <= latest:
            raise OutsideCoverage(f"{day} is not within {_span(earliest, latest)}", covered)
    end = min(each.last for each in asked if not has_ended(each, latest)) if end is None else end
    start = max(earliest, end - DEFAULT_SPAN) if start is None else start
    if start >= end:
        raise OutsideCoverage(f"the start, {start}, is not before the end, {end}", covered)
    return start, end


def has_ended(instrument: Instrument, newest: date) -> bool:
    """Tell whether an instrument has no prices any more, `newest` being the newest day of those beside it.

    One that lacks the last days may be late only: its file did not get its new rows yet, or its market was
    closed.
    """
    return int(np.busday_count(instrument.last, newest)) > MOST_DAYS_WITHOUT


def check_benchmark(
    instruments: Mapping[str, Instrument], symbols: Sequence[str], benchmark: str, start: date, end: date
) -> None:
    """Check that a benchmark has prices from the first day on, in the currency of the symbols.

    It may lack the last days, as a symbol may that has not ended.

    Raises OutsideCoverage, MixedCurrencies.
    """
    if benchmark not in instruments:
        problem = f"no data for the benchmark {benchmark!r}"
        raise OutsideCoverage(problem, Coverage.of(instruments.values()))
    held = instruments[benchmark]
    _check_currencies([held, *(instruments[symbol] for symbol in symbols)])
    if held.first > start or has_ended(held, end):
        problem = f"the benchmark {benchmark} does not have all of {_span(start, end)}"
        raise OutsideCoverage(problem, Coverage.of([held]))


def _check_currencies(instruments: Iterable[Instrument]) -> None:
    symbols = defaultdict[str, list[str]](list)
    for each in instruments:
        if each.currency is not None:
            symbols[each.currency].append(each.symbol)
    if len(symbols) > 1:
        listed = "; ".join(f"{currency}: {some(those)}" for currency, those in sorted(symbols.items()))
        raise MixedCurrencies(f"the prices of a backtest must have one currency; {listed}")


def _span(first: date, last: date) -> str:
    return f"{first}..{last}"

"""What is checked in an instrument's rows, as its file has them; `bar_checks.py` checks the bars after it.

A check is a function that yields a `Spot` for each kind of thing it finds: the first row, and how many.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from services.backtest.price_files.columns import Role
from services.backtest.price_files.findings import Spot, quote, shown_price
from services.backtest.price_files.quotes import Column, Quotes

FIRST_DAY: Final = np.datetime64("1800-01-01")
FEW_MISSING: Final = 3
MOST_MISSING: Final = 0.05  # of rows
MOST_MISSING_WIDE: Final = 0.2  # two markets in one table have different holidays
ROUNDING: Final = 1e-3  # of prices that were adjusted and rounded, relative
LETTERS_OF_A_CURRENCY: Final = 3

CLOSES: Final[tuple[Role, ...]] = ("close", "adjusted")
OTHERS: Final[tuple[Role, ...]] = ("open", "high", "low")

Rows: TypeAlias = NDArray[np.bool_]


RowCheck: TypeAlias = Callable[[Quotes, date], Iterator[Spot]]
ROW_CHECKS: Final[list[RowCheck]] = []


def of_rows(check: RowCheck) -> RowCheck:
    """Register a check of the rows as the file has them; the date is today's."""
    ROW_CHECKS.append(check)
    return check


def missing(quotes: Quotes) -> Rows:
    """Return the rows without a close, or without the adjusted one where the others have it."""
    return _any(quotes, [np.isnan(quotes.prices[role].values) for role in CLOSES if role in quotes.prices])


def suspended(quotes: Quotes) -> Rows:
    """Return the rows of days without trading, as the exchange of Korea writes them: a close, and zeros."""
    if not all(role in quotes.prices for role in OTHERS):
        return np.zeros(len(quotes.lines), dtype=bool)
    return ~_any(quotes, [quotes.prices[role].values != 0 for role in OTHERS])


@of_rows
def bad_dates(quotes: Quotes, _: date) -> Iterator[Spot]:
    rows = np.isnat(quotes.dates)
    if rows.any():
        text = quotes.bad_dates.get(int(quotes.lines[rows][0]), "")
        yield _spot("bad-date", quotes, rows, quotes.date_header, text=quote(text))


@of_rows
def impossible_dates(quotes: Quotes, today: date) -> Iterator[Spot]:
    for rows, where, where_ko in (
        (quotes.dates < FIRST_DAY, "before 1800", "1800년 이전"),
        (quotes.dates > np.datetime64(today), "in the future", "미래"),
    ):
        if rows.any():
            fields = {"date": quotes.dates[rows][0], "where": where, "where_ko": where_ko}
            yield _spot("impossible-date", quotes, rows, quotes.date_header, **fields)


@of_rows
def bad_numbers(quotes: Quotes, _: date) -> Iterator[Spot]:
    for column in quotes.prices.values():
        if column.texts:
            rows = np.isin(quotes.lines, list(column.texts))
            if rows.any():
                text = column.texts[int(quotes.lines[rows][0])]
                yield _spot("bad-number", quotes, rows, column.header, text=quote(text))


@of_rows
def missing_prices(quotes: Quotes, _: date) -> Iterator[Spot]:
    """In a table with a column for each instrument, it is listed from its first price to its last one."""
    rows = missing(quotes)
    listed = np.ones(len(rows), dtype=bool)
    if quotes.wide and not rows.all():
        there = np.flatnonzero(~rows)
        listed[: there[0]] = listed[there[-1] + 1 :] = False
        listed &= ~rows | np.is_busday(quotes.dates)
        rows &= listed
    bad = [line for role in CLOSES if role in quotes.prices for line in quotes.prices[role].texts]
    if bad:
        rows &= ~np.isin(quotes.lines, bad)
    if rows.any():
        among = int(listed.sum())
        most = max(FEW_MISSING, among * (MOST_MISSING_WIDE if quotes.wide else MOST_MISSING))
        many = rows.sum() > most or rows.sum() == among
        code = "many-missing" if many else "missing-prices"
        yield _spot(code, quotes, rows, _close(quotes).header, among=f"{among:,}")


@of_rows
def missing_opens(quotes: Quotes, _: date) -> Iterator[Spot]:
    if "open" in quotes.prices:
        column = quotes.prices["open"]
        rows = (np.isnan(column.values) | suspended(quotes)) & ~missing(quotes)
        if rows.any() and not np.isnan(column.values).all():
            yield _spot("missing-open", quotes, rows, column.header)


@of_rows
def infinite(quotes: Quotes, _: date) -> Iterator[Spot]:
    for column in _used(quotes):
        if (rows := np.isinf(column.values)).any():
            yield _spot("infinite", quotes, rows, column.header)


@of_rows
def zero(quotes: Quotes, _: date) -> Iterator[Spot]:
    for column in _used(quotes):
        rows = column.values == 0
        if column is quotes.prices.get("open"):
            rows &= ~suspended(quotes)
        if rows.any():
            yield _spot("zero", quotes, rows, column.header)


@of_rows
def negative(quotes: Quotes, _: date) -> Iterator[Spot]:
    for column in _used(quotes):
        if (rows := column.values < 0).any():
            yield _spot("negative", quotes, rows, column.header, value=shown_price(column.values[rows][0]))


@of_rows
def unordered(quotes: Quotes, _: date) -> Iterator[Spot]:
    """The newest row may come first, throughout."""
    there = ~missing(quotes) & ~np.isnat(quotes.dates)
    steps = np.diff(quotes.dates[there].astype(np.int64))
    falls = steps > 0 if len(steps) and np.sum(steps < 0) > np.sum(steps > 0) else steps < 0
    if falls.any():
        places = np.flatnonzero(there)[1:][falls]
        rows = np.zeros(len(there), dtype=bool)
        rows[places] = True
        yield _spot("unordered", quotes, rows, quotes.date_header)


@of_rows
def duplicates(quotes: Quotes, _: date) -> Iterator[Spot]:
    places = np.flatnonzero(~missing(quotes) & ~np.isnat(quotes.dates))
    dates = quotes.dates[places]
    if (dates[1:] > dates[:-1]).all():
        return
    places = places[np.argsort(dates, kind="stable")]
    again = np.flatnonzero(quotes.dates[places[1:]] == quotes.dates[places[:-1]]) + 1
    same = np.ones(len(again), dtype=bool)
    for column in quotes.prices.values():
        here, before = column.values[places[again]], column.values[places[again - 1]]
        same &= (here == before) | (np.isnan(here) & np.isnan(before))
    for code, chosen in (("duplicate-day", again[~same]), ("duplicate-row", again[same])):
        if len(chosen):
            rows = np.zeros(len(quotes.lines), dtype=bool)
            rows[places[chosen]] = True
            yield _spot(code, quotes, rows, quotes.date_header, date=quotes.dates[rows][0])


@of_rows
def inconsistent_ohlc(quotes: Quotes, _: date) -> Iterator[Spot]:
    by_role = {role: column.values for role, column in quotes.prices.items()}
    if "close" not in by_role or not {"high", "low"} & by_role.keys():
        return
    nothing = np.full(len(quotes.lines), np.nan)
    opens, high, low = (by_role.get(role, nothing) for role in ("open", "high", "low"))
    close = by_role["close"]
    slack = np.abs(close) * ROUNDING
    rows = np.fmax(opens, close) > high + slack
    rows |= np.fmin(opens, close) < low - slack
    rows |= low > high + slack
    rows &= ~suspended(quotes)
    if rows.any():
        first = int(np.argmax(rows))
        values = ", ".join(
            f"{quote(quotes.prices[role].header)} {shown_price(by_role[role][first])}"
            for role in ("open", "high", "low", "close")
            if role in by_role
        )
        column = quotes.prices["high"] if "high" in by_role else quotes.prices["low"]
        yield _spot("inconsistent-ohlc", quotes, rows, column.header, values=values)


@of_rows
def currencies(quotes: Quotes, _: date) -> Iterator[Spot]:
    written = sorted((line, text) for text, line in quotes.currencies.items() if text)
    if len(written) > 1:
        fields = {"first": quote(written[0][1]), "other": quote(written[1][1])}
        yield Spot("mixed-currencies", row=written[1][0], fields=fields)
    elif written and not is_currency(written[0][1]):
        yield Spot("unknown-currency", row=written[0][0], fields={"text": quote(written[0][1])})


def is_currency(text: str) -> bool:
    return len(text) == LETTERS_OF_A_CURRENCY and text.isascii() and text.isalpha()


def _any(quotes: Quotes, columns: Sequence[Rows]) -> Rows:
    rows = np.zeros(len(quotes.lines), dtype=bool)
    for column in columns:
        rows |= column
    return rows


def _used(quotes: Quotes) -> Sequence[Column]:
    roles: tuple[Role, ...] = ("open", "close", "adjusted", "adjusted_open")
    return [quotes.prices[role] for role in roles if role in quotes.prices]


def _close(quotes: Quotes) -> Column:
    return quotes.prices["close"] if "close" in quotes.prices else quotes.prices["adjusted"]


def _spot(code: str, quotes: Quotes, rows: Rows, column: str, **fields: object) -> Spot:
    return Spot(code, int(quotes.lines[int(np.argmax(rows))]), column, int(rows.sum()), fields)

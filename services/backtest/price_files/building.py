"""Rows of an instrument, checked, to its bars: sorted, adjusted, with an open for each day."""

from dataclasses import replace
from datetime import date
from typing import NamedTuple

import numpy as np

from services.backtest.domain.prices import Series
from services.backtest.price_files.bar_checks import BAR_CHECKS, Bars
from services.backtest.price_files.checks import CLOSES, ROW_CHECKS, missing, suspended
from services.backtest.price_files.findings import KINDS, Spot
from services.backtest.price_files.quotes import Quotes


class Built(NamedTuple):
    """An instrument's bars; without opening prices each open is the day's close."""

    series: Series
    has_open: bool


def build(quotes: Quotes, today: date) -> tuple[Built | None, list[Spot]]:
    """Return an instrument's bars, None if there are errors, and what the checks found."""
    quotes = _without_empty_columns(quotes)
    spots = [spot for check in ROW_CHECKS for spot in check(quotes, today)]
    if _has_error(spots):
        return None, spots
    rows = _in_order(quotes.take(~missing(quotes) & ~np.isnat(quotes.dates)))
    built, header = _adjusted(rows)
    series = built.series
    if not all(((values > 0) & np.isfinite(values)).all() for values in (series.open, series.close)):
        return None, [*spots, Spot("infinite", column=header)]  # a factor out of the range of numbers
    bars = Bars(rows.lines, series.dates, series.close, rows.date_header, header)
    spots += [spot for check in BAR_CHECKS for spot in check(bars)]
    return (None if _has_error(spots) else built), spots


def _has_error(spots: list[Spot]) -> bool:
    return any(KINDS[spot.code].severity == "error" for spot in spots)


def _without_empty_columns(quotes: Quotes) -> Quotes:
    prices = {
        role: column
        for role, column in quotes.prices.items()
        if not np.isnan(column.values).all() or not column.texts.keys().isdisjoint(quotes.lines.tolist())
    }
    return replace(quotes, prices=prices) if prices.keys() & set(CLOSES) else quotes


def _in_order(rows: Quotes) -> Quotes:
    if not (rows.dates[1:] > rows.dates[:-1]).all():
        rows = rows.take(np.argsort(rows.dates, kind="stable"))
        rows = rows.take(np.append(True, rows.dates[1:] > rows.dates[:-1])[: len(rows.dates)])
    return rows


def _adjusted(rows: Quotes) -> tuple[Built, str]:
    """Multiply open by adjusted close / close. An open beside an adjusted close alone has no known factor."""
    prices = rows.prices
    final = prices.get("adjusted") or prices["close"]
    opens = None
    with np.errstate(all="ignore"):
        if "adjusted" not in prices:
            opens = prices["open"].values if "open" in prices else None
        elif "adjusted_open" in prices:
            opens = prices["adjusted_open"].values
        elif "open" in prices and "close" in prices:
            opens = prices["open"].values * (final.values / prices["close"].values)
    has_open = opens is not None and not np.isnan(opens).all()
    if opens is None or not has_open:
        return Built(Series(rows.dates, final.values, final.values), has_open=False), final.header
    opens = np.where(np.isnan(opens) | suspended(rows), final.values, opens)
    return Built(Series(rows.dates, opens, final.values), has_open=True), final.header

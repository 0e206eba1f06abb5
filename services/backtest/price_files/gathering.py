"""A table's cells to the quotes of its instruments, chunk by chunk: a large file is held as numbers only."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from services.backtest.price_files.columns import Group, Role
from services.backtest.price_files.dates import EMPTY, NO_DAY, TEXT, read_dates
from services.backtest.price_files.dating import Starts, find_days
from services.backtest.price_files.dialect import COMMENTS
from services.backtest.price_files.findings import Spot, Unusable, quote
from services.backtest.price_files.numbers import DecimalSign, find_decimal_sign, read_numbers
from services.backtest.price_files.quotes import Column, Quotes
from services.backtest.price_files.table import Chunk, Table

MOST_TEXTS: Final = 10_000  # of cells that are no numbers or no dates, of one column


class Labels:
    """A column of few different texts, as numbers."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._codes: dict[str, int] = {}
        self._rows: list[NDArray[np.int32]] = []

    def add(self, cells: pl.Series, keep: NDArray[np.bool_]) -> None:
        """Add cells, stripped and in upper case."""
        texts = cells.cast(pl.String, strict=False).fill_null("").filter(pl.Series(keep))
        written = texts.unique(maintain_order=True)
        codes = [self._code(text.strip().upper()) for text in written]
        self._rows.append(texts.replace_strict(written, codes, return_dtype=pl.Int32).to_numpy())

    def codes(self) -> NDArray[np.int32]:
        """Return each row's index in `names`."""
        return np.concatenate(self._rows) if self._rows else np.empty(0, dtype=np.int32)

    def _code(self, name: str) -> int:
        if name not in self._codes:
            self._codes[name] = len(self.names)
            self.names.append(name)
        return self._codes[name]


class Gathered:
    """The numbers of a table. Raises Unusable, and what going through the table's chunks raises."""

    def __init__(self, table: Table) -> None:
        self.layout = table.layout
        self.notes: tuple[int, str, int] | None = None  # the line and the text of the first, and how many
        self._separator = table.separator
        self._sign: DecimalSign | None = None
        self._lines: list[NDArray[np.int64]] = []
        self._formats: list[NDArray[np.int8]] = []
        self._days: list[NDArray[np.int32]] = []
        self._starts: Starts = {}
        self._bad_dates: dict[int, str] = {}
        columns = sorted({index for group in self.layout.groups for index in group.columns.values()})
        self._numbers: dict[int, list[NDArray[np.float64]]] = {index: [] for index in columns}
        self._texts: dict[int, dict[int, str]] = {index: {} for index in columns}
        labelled = (self.layout.symbol, self.layout.currency)
        self._labels = {index: Labels() for index in labelled if index is not None}
        for chunk in table.chunks:
            self._add(chunk)

    def _add(self, chunk: Chunk) -> None:
        if chunk.too_long:
            line, count = chunk.too_long[0]
            fields = {"cells": count, "expected": len(self.layout.headers)}
            raise Unusable(Spot("extra-cells", row=line, count=len(chunk.too_long), fields=fields))
        cells, lines = chunk.cells, chunk.lines
        if self._sign is None:
            self._sign = find_decimal_sign((cells[str(index)] for index in self._numbers), self._separator)
        dates = read_dates(cells[str(self.layout.date)])
        numbers = {index: read_numbers(cells[str(index)], self._sign) for index in self._numbers}
        keep = dates.formats < EMPTY
        if not keep.all():
            for values, _ in numbers.values():
                keep |= ~np.isnan(values)
            self._note(cells[str(self.layout.date)], lines, (dates.formats == TEXT) & ~keep)
        self._lines.append(lines[keep])
        self._formats.append(dates.formats[keep])
        self._days.append(dates.days[keep])
        self._quote_dates(cells[str(self.layout.date)], lines, dates.formats, keep & (dates.days == NO_DAY))
        for index, labels in self._labels.items():
            labels.add(cells[str(index)], keep)
        for index, (values, bad) in numbers.items():
            self._numbers[index].append(values[keep])
            texts = self._texts[index]
            for place in bad[: MOST_TEXTS - len(texts)]:
                texts[int(lines[place])] = str(cells[str(index)][int(place)])

    def _note(self, written: pl.Series, lines: NDArray[np.int64], notes: NDArray[np.bool_]) -> None:
        places = [
            int(place) for place in np.flatnonzero(notes) if not written[int(place)].startswith(COMMENTS)
        ]
        if places:
            line, text, count = self.notes or (int(lines[places[0]]), written[places[0]], 0)
            self.notes = (line, text, count + len(places))

    def _quote_dates(
        self, written: pl.Series, lines: NDArray[np.int64], formats: NDArray[np.int8], bad: NDArray[np.bool_]
    ) -> None:
        for code in np.unique(formats):
            if int(code) not in self._starts:
                place = int(np.argmax(formats == code))
                self._starts[int(code)] = (int(lines[place]), str(written[place] or "").strip())
        for place in np.flatnonzero(bad)[: MOST_TEXTS - len(self._bad_dates)]:
            self._bad_dates[int(lines[place])] = str(written[int(place)] or "")

    def quotes(self) -> tuple[Iterator[Quotes], list[Spot]]:
        """Return the rows by instrument, and what is doubtful about all. Raises Unusable."""
        lines = np.concatenate(self._lines) if self._lines else np.empty(0, dtype=np.int64)
        if not len(lines):
            raise Unusable(Spot("empty-file"))
        runs, names = self._runs(len(lines))
        formats, days = np.concatenate(self._formats), np.concatenate(self._days)
        days, spots = find_days(days, formats, lines, self._starts, runs)
        if self.notes:
            line, text, count = self.notes
            spots.append(Spot("note-lines", row=line, count=count, fields={"text": quote(text)}))
        dates = np.where(days == NO_DAY, np.iinfo(np.int64).min, days.astype(np.int64)).astype(
            "datetime64[D]"
        )
        numbers = {index: np.concatenate(self._numbers.pop(index)) for index in tuple(self._numbers)}
        return self._split(lines, dates, numbers, runs, names), spots

    def _runs(self, rows: int) -> tuple[Sequence[NDArray[np.intp]], Sequence[str | None]]:
        """Return the rows of each symbol of a long file; all rows of another one."""
        if self.layout.symbol is None:
            return [np.arange(rows)], [None]
        labels = self._labels[self.layout.symbol]
        codes = labels.codes()
        order = np.argsort(codes, kind="stable")
        bounds = np.searchsorted(codes[order], np.arange(1, len(labels.names)))
        return np.split(order, bounds), labels.names

    def _split(
        self,
        lines: NDArray[np.int64],
        dates: NDArray[np.datetime64],
        numbers: Mapping[int, NDArray[np.float64]],
        runs: Sequence[NDArray[np.intp]],
        names: Sequence[str | None],
    ) -> Iterator[Quotes]:
        header = self.layout.headers[self.layout.date]
        currency = self.layout.currency
        codes = None if currency is None else self._labels[currency].codes()
        for group in self.layout.groups:
            prices = self._columns(group, numbers)
            for run, name in zip(runs, names, strict=True):
                rows = slice(None) if len(runs) == 1 else run
                currencies: dict[str, int] = {}
                if codes is not None and currency is not None:
                    used, places = np.unique(codes[rows], return_index=True)
                    of = self._labels[currency].names
                    currencies = {
                        of[code]: int(lines[rows][place]) for code, place in zip(used, places, strict=True)
                    }
                whole = Quotes(
                    symbol=group.symbol if name is None else name,
                    lines=lines,
                    dates=dates,
                    prices=prices,
                    date_header=header,
                    bad_dates=self._bad_dates,
                    currencies=currencies,
                    wide=self.layout.wide,
                )
                yield whole.take(rows)

    def _columns(self, group: Group, numbers: Mapping[int, NDArray[np.float64]]) -> Mapping[Role, Column]:
        return {
            role: Column(self.layout.headers[index], numbers[index], self._texts[index])
            for role, index in group.columns.items()
        }

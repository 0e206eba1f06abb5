"""A table's cells to the quotes of its instruments, chunk by chunk: a large file is held as numbers only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, Generic, TypeVar

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

_Scalar = TypeVar("_Scalar", bound=np.generic)
MOST_TEXTS: Final = 10_000  # of cells that are no numbers or no dates, of one column


class Growing(Generic[_Scalar]):
    """An array that grows at its end: memory beyond it is reserved, but not in use before it is written."""

    def __init__(self, dtype: type[_Scalar]) -> None:
        self._room: NDArray[_Scalar] = np.empty(0, dtype=dtype)
        self._length = 0

    def add(self, values: NDArray[_Scalar]) -> None:
        """Add values."""
        begin, self._length = self._length, self._length + len(values)
        if self._length > len(self._room):
            room = np.empty(max(self._length, 2 * len(self._room)), dtype=self._room.dtype)
            room[:begin] = self._room[:begin]
            self._room = room
        self._room[begin : self._length] = values

    def array(self) -> NDArray[_Scalar]:
        """Return what was added."""
        return self._room[: self._length]


class Labels:
    """A column of few different texts, as numbers."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._codes: dict[str, int] = {}
        self._rows = Growing(np.int32)

    def add(self, cells: pl.Series, keep: NDArray[np.bool_]) -> None:
        """Add cells, stripped and in upper case."""
        texts = cells.cast(pl.String, strict=False).fill_null("").filter(pl.Series(keep))
        written = texts.unique(maintain_order=True)
        codes = [self._code(text.strip().upper()) for text in written]
        self._rows.add(texts.replace_strict(written, codes, return_dtype=pl.Int32).to_numpy())

    def codes(self) -> NDArray[np.int32]:
        """Return each row's index in `names`."""
        return self._rows.array()

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
        self._lines = Growing(np.int64)
        self._formats = Growing(np.int8)
        self._days = Growing(np.int32)
        self._starts: Starts = {}
        self._bad_dates: dict[int, str] = {}
        columns = sorted({index for group in self.layout.groups for index in group.columns.values()})
        self._numbers = {index: Growing(np.float64) for index in columns}
        self._texts: dict[int, dict[int, str]] = {index: {} for index in columns}
        labelled = (self.layout.symbol, self.layout.currency)
        self._labels = {index: Labels() for index in labelled if index is not None}
        for chunk in table.chunks:
            self._add(chunk)

    def _add(self, chunk: Chunk) -> None:
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
        self._lines.add(lines[keep])
        self._formats.add(dates.formats[keep])
        self._days.add(dates.days[keep])
        self._quote_dates(cells[str(self.layout.date)], lines, dates.formats, keep & (dates.days == NO_DAY))
        for index, labels in self._labels.items():
            labels.add(cells[str(index)], keep)
        for index, (values, bad) in numbers.items():
            self._numbers[index].add(values[keep])
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
        lines = self._lines.array()
        if not len(lines):
            raise Unusable(Spot("empty-file"))
        runs, names = self._runs(len(lines))
        header = self.layout.headers[self.layout.date]
        try:
            days, spots = find_days(self._days.array(), self._formats.array(), lines, self._starts, runs)
        except Unusable as error:
            raise Unusable(replace(error.spot, column=header)) from error
        spots = [replace(spot, column=header) for spot in spots]
        if self.notes:
            line, text, count = self.notes
            spots.append(Spot("note-lines", row=line, count=count, fields={"text": quote(text)}))
        dates = np.where(days == NO_DAY, np.iinfo(np.int64).min, days.astype(np.int64)).astype(
            "datetime64[D]"
        )
        numbers = {index: values.array() for index, values in self._numbers.items()}
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

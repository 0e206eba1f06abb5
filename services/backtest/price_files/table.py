"""Rows of cells of a CSV or Parquet file, in chunks, each row with its line of the file."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import IO, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from services.backtest.price_files.columns import Layout, find_columns
from services.backtest.price_files.dates import looks_like_date
from services.backtest.price_files.decoding import read_lines
from services.backtest.price_files.dialect import COMMENTS, Dialect, find_dialect, split_line
from services.backtest.price_files.findings import Spot, Unusable

SAMPLE: Final = 20
MOST_LINES_OF_A_ROW: Final = 20
ROWS_OF_PARQUET: Final = 100_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows: cells by index of the column, and the line of each."""

    cells: pl.DataFrame
    lines: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a file, and its rows, which can be gone through once."""

    layout: Layout
    chunks: Iterator[Chunk]
    separator: str = ","


def open_csv(file: IO[bytes]) -> Table:
    """Return the table of a text file. Raises Unusable, also while the chunks are gone through."""
    texts = read_lines(file)
    first = next((text for text in texts if text.strip()), None)
    if first is None:
        raise Unusable(Spot("empty-file"))
    dialect = find_dialect(first)
    begin = 0
    for _ in range(dialect.skip):
        begin = first.find(b"\n", begin) + 1 or len(first)
    sample = first[begin : begin + 2**16].decode(errors="replace").split("\n")[:SAMPLE]
    rows = [split_line(line, dialect.separator) for line in sample]
    dated = [
        index
        for index in range(dialect.width)
        if (cells := [row[index].strip() for row in rows if index < len(row) and row[index].strip()])
        and all(looks_like_date(cell) for cell in cells)
    ]
    layout = find_columns(dialect.levels, dated)
    chunks = _text_chunks(chain([first[begin:]], texts), dialect)
    return Table(layout, chunks, dialect.separator)


def open_parquet(path: Path) -> Table:
    """Return the table of a Parquet file. Raises Unusable, and what polars raises."""
    rows = pl.scan_parquet(path, glob=False)
    schema = rows.collect_schema()
    if not schema:
        raise Unusable(Spot("empty-file"))
    head = rows.head(SAMPLE).collect()
    dated = [index for index, name in enumerate(schema) if _has_dates(head[name])]
    layout = find_columns([list(schema)], dated)
    names = {index: name for index, name in enumerate(schema) if index in _needed(layout)}
    return Table(layout, _parquet_chunks(rows, names))


def _has_dates(cells: pl.Series) -> bool:
    if cells.dtype == pl.String:
        texts = cells.drop_nulls()
        return bool(len(texts)) and all(looks_like_date(text.strip()) for text in texts)
    return cells.dtype in (pl.Date, pl.Datetime)


def _needed(layout: Layout) -> set[int]:
    prices = {index for group in layout.groups for index in group.columns.values()}
    return prices | {layout.date, *(index for index in (layout.symbol, layout.currency) if index is not None)}


def _parquet_chunks(rows: pl.LazyFrame, names: dict[int, str]) -> Iterator[Chunk]:
    schema = rows.collect_schema()
    unread = {name for name in names.values() if schema[name].is_nested()}
    columns = [
        (pl.lit(None) if name in unread else pl.col(name)).alias(str(index)) for index, name in names.items()
    ]
    height = rows.select(pl.len()).collect().item()
    for begin in range(0, height, ROWS_OF_PARQUET):
        cells = rows.slice(begin, ROWS_OF_PARQUET).select(columns).collect()
        yield Chunk(cells, np.arange(begin + 1, begin + 1 + len(cells)))


def _text_chunks(texts: Iterator[bytes], dialect: Dialect) -> Iterator[Chunk]:
    line = dialect.skip + 1
    for text in texts:
        count = text.count(b"\n") + (not text.endswith(b"\n"))
        if text.strip():
            yield _fast(text, dialect, line, count) or _slow(text, dialect, line)
        line += count


def _fast(text: bytes, dialect: Dialect, line: int, count: int) -> Chunk | None:
    """Return the chunk as polars reads it; None where a row is too long, or a cell has several lines."""
    header = dialect.separator.join(map(str, range(dialect.width))).encode()
    try:
        cells = pl.read_csv(
            header + b"\n" + text,
            separator=dialect.separator,
            infer_schema=False,
            extra_columns="raise",
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    if len(cells) != count or cells.width != dialect.width:
        return None
    return Chunk(cells, np.arange(line, line + count))


def _slow(text: bytes, dialect: Dialect, line: int) -> Chunk:
    """Return the chunk as the standard library reads it. Raises Unusable for what makes no table."""
    rows, lines, too_long = [], [], []
    reader = csv.reader(StringIO(text.decode(errors="replace"), newline=""), delimiter=dialect.separator)
    last = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error:  # a very long cell
            row = []
        at, height, last = line + last, reader.line_num - last, reader.line_num
        if height > MOST_LINES_OF_A_ROW or (height > 1 and text.count(b'"') % 2):
            raise Unusable(Spot("unclosed-quote", row=at))
        if any(cell.strip() for cell in row[dialect.width :]) and not row[0].startswith(COMMENTS):
            too_long.append((at, len(row)))
        rows.append([*row[: dialect.width], *[""] * (dialect.width - len(row))])
        lines.append(at)
    if too_long:
        at, width = too_long[0]
        fields = {"cells": width, "expected": dialect.width}
        raise Unusable(Spot("extra-cells", row=at, count=len(too_long), fields=fields))
    names = [str(index) for index in range(dialect.width)]
    cells = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return Chunk(cells, np.asarray(lines, dtype=np.int64))

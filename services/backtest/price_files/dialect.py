"""How a text file writes its table: the separator, and the lines of its header."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.backtest.price_files.columns import PRICES, is_level, role_of
from services.backtest.price_files.dates import looks_like_date
from services.backtest.price_files.findings import Spot, Unusable

SEPARATORS: Final = (",", ";", "\t", "|")
MOST_LINES: Final = 60  # of notes before the header
LONGEST_HEAD: Final = 2**18
COMMENTS: Final = ("#", "//")
FEWEST_CELLS: Final = 2  # a date and a price


@dataclass(frozen=True, slots=True)
class Dialect:
    """A separator, the lines of the header, and how many lines of the file come before the first row."""

    separator: str
    levels: tuple[tuple[str, ...], ...]
    skip: int

    @property
    def width(self) -> int:
        """How many cells a row has."""
        return len(self.levels[0])


def find_dialect(text: bytes) -> Dialect:
    """Return how the text is written, by its first lines. Raises Unusable."""
    lines = text[:LONGEST_HEAD].decode(errors="replace").split("\n", MOST_LINES)[:MOST_LINES]
    used = [separator for separator in SEPARATORS if any(separator in line for line in lines)]
    found = [dialect for separator in used if (dialect := _with_separator(lines, separator))]
    if not found:
        raise Unusable(Spot("no-header", row=1))
    return max(found, key=lambda dialect: dialect.width)


def split_line(line: str, separator: str) -> list[str]:
    """Return the cells of a line, as well as it can be split."""
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except (csv.Error, StopIteration):
        return line.split(separator)


def _with_separator(lines: Sequence[str], separator: str) -> Dialect | None:
    rows = [[cell.strip() for cell in split_line(line, separator)] for line in lines]
    for index, row in enumerate(rows):
        if lines[index].startswith(COMMENTS) or len(row) < FEWEST_CELLS:
            continue
        if _is_data(row):
            return None  # the rows begin without a header
        if _names_columns(row) or _stands_before_dates(rows[index + 1 :], len(row)):
            return _dialect(rows, index, separator)
    return None


def _names_columns(row: Sequence[str]) -> bool:
    roles = [role_of(cell) for cell in row if cell]
    return "date" in roles or sum(role in PRICES for role in roles) >= FEWEST_CELLS


def _stands_before_dates(rows: Sequence[Sequence[str]], width: int) -> bool:
    following = next((row for row in rows if any(row)), ())
    return len(following) == width and _has_date(following)


def _is_data(row: Sequence[str]) -> bool:
    date = next((index for index, cell in enumerate(row) if looks_like_date(cell)), None)
    return date is not None and any(_is_number(cell) for index, cell in enumerate(row) if index != date)


def _has_date(row: Sequence[str]) -> bool:
    return any(looks_like_date(cell) for cell in row)


def _dialect(rows: Sequence[Sequence[str]], index: int, separator: str) -> Dialect:
    first, last, width = index, index, len(rows[index])
    while first > 0 and len(rows[first - 1]) == width and _is_further_level(rows[first - 1]):
        first -= 1
    while last + 1 < len(rows) and len(rows[last + 1]) == width and _is_further_level(rows[last + 1]):
        last += 1
    levels = tuple(tuple(row) for row in rows[first : last + 1])
    return Dialect(separator, levels, last + 1)


def _is_further_level(row: Sequence[str]) -> bool:
    return any(row) and is_level(row) and not _has_date(row) and not any(_is_number(cell) for cell in row)


def _is_number(cell: str) -> bool:
    return cell.replace(".", "", 1).replace(",", "").isdigit()

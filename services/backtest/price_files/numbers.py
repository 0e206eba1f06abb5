"""Cells to prices: decimal commas, thousands separators, currency signs, and what means “no price”."""

import re
from collections.abc import Iterable
from typing import Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

DecimalSign = Literal[".", ","]

_DASHES: Final = "-", "--", "\u2013", "\u2014"
_MISSING: Final = [*_DASHES, "", ".", "null", "none", "nan", "na", "n/a", "#n/a", "<na>", "nil", "없음"]
_CURRENCY: Final = r"[$€£¥₩￦원]|USD|EUR|KRW"
_BLANK_THOUSANDS: Final = r"([0-9])[\s'’]([0-9]{3})"  # noqa: RUF001
_WITH_POINT: Final = r"^[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]*)(\.[0-9]*)?([eE][+-]?[0-9]+)?$"
_WITH_COMMA: Final = r"^[+-]?([0-9]{1,3}(\.[0-9]{3})+|[0-9]*)(,[0-9]*)?([eE][+-]?[0-9]+)?$"
_THOUSANDS: Final = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+")
_COMMA_LAST: Final = re.compile(r"\..*,")
_POINT_LAST: Final = re.compile(r",.*\.|\.([0-9]{1,2}|[0-9]{4,})$")


def find_decimal_sign(columns: Iterable[pl.Series], separator: str) -> DecimalSign:
    """Return the decimal sign of a file; `1,234` alone is a thousand, unless the separator is `;`."""
    texts = [column.cast(pl.String).drop_nulls() for column in columns]
    commas = [
        text for column in texts for text in column.filter(column.str.contains(",", literal=True)).unique()
    ]
    if not commas:
        return "."
    stripped = [re.sub(_CURRENCY, "", text).strip() for text in commas]
    if any(_COMMA_LAST.search(text) for text in stripped):
        return ","
    points = (text for column in texts for text in column.filter(column.str.contains(".", literal=True)))
    if any(_POINT_LAST.search(text.strip()) for text in points):
        return "."
    if all(_THOUSANDS.fullmatch(text) for text in stripped):
        return "," if separator == ";" else "."
    return ","


def read_numbers(cells: pl.Series, sign: DecimalSign) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return a column's numbers, NaN where there is none, and the indices of cells that are no numbers."""
    if cells.dtype.is_numeric() or cells.dtype == pl.Null:
        return _array(cells.cast(pl.Float64, strict=False)), np.empty(0, dtype=np.int64)
    texts = cells.cast(pl.String, strict=False)
    if sign == "." or not texts.str.contains("[.,]").any():
        values = texts.cast(pl.Float64, strict=False)
        if values.null_count() == texts.null_count():
            return _array(values), np.empty(0, dtype=np.int64)
    else:
        values = pl.Series(values=[None], dtype=pl.Float64).new_from_index(0, len(texts))
    numbers = _array(values).copy()
    odd = np.flatnonzero((values.is_null() & texts.is_not_null()).to_numpy())
    cleaned = _cleaned(texts.gather(odd), sign)
    read = cleaned.cast(pl.Float64, strict=False)
    numbers[odd] = _array(read)
    bad = read.is_null() & ~texts.gather(odd).str.strip_chars().str.to_lowercase().is_in(_MISSING)
    return numbers, odd[bad.to_numpy()]


def _cleaned(texts: pl.Series, sign: DecimalSign) -> pl.Series:
    """Return the texts as Python writes numbers, and empty where they are none."""
    plain = texts.str.replace_all(_CURRENCY, "").str.strip_chars()
    plain = plain.str.replace_all(_BLANK_THOUSANDS, "${1}${2}").str.replace_all(_BLANK_THOUSANDS, "${1}${2}")
    sound = plain.str.contains(_WITH_POINT if sign == "." else _WITH_COMMA)
    if sign == ",":
        plain = plain.str.replace_all(".", "", literal=True).str.replace_all(",", ".", literal=True)
    else:
        plain = plain.str.replace_all(",", "", literal=True)
    return pl.select(pl.when(sound).then(plain).otherwise(pl.lit(""))).to_series()


def _array(values: pl.Series) -> NDArray[np.float64]:
    return values.fill_null(np.nan).to_numpy()

"""Cells to days: the ways in which exports write dates, and which of them a column uses."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

NO_DAY: Final = np.iinfo(np.int32).min  # a cell that is no day of the calendar
_CLOCK: Final = r"(?:[T (].*)?$"  # a time, its zone and a day of the week are left aside
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = rf"(?P<month>(?i:{'|'.join(_MONTHS)}))[A-Za-z]*\.?"
_SECONDS_OF_A_DAY: Final = 86_400

Meaning = Literal["calendar", "two parts", "epoch", "two-digit-year", "excel-dates", "empty", "text"]


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write dates: its name for messages, its pattern, and what follows from it."""

    name: str
    pattern: str
    meaning: Meaning = "calendar"
    ticks: int = 1  # of a second, for an epoch


FORMATS: Final = (
    Format("YYYY-MM-DD", rf"^(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{1,2}})-(?P<day>[0-9]{{1,2}}){_CLOCK}"),
    Format("YYYYMMDD", r"^(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})$"),
    Format("YYYY/MM/DD", rf"^(?P<year>[0-9]{{4}})/(?P<month>[0-9]{{1,2}})/(?P<day>[0-9]{{1,2}}){_CLOCK}"),
    Format(
        "YYYY.MM.DD", rf"^(?P<year>[0-9]{{4}})\. ?(?P<month>[0-9]{{1,2}})\. ?(?P<day>[0-9]{{1,2}})\.?{_CLOCK}"
    ),
    Format(
        "MM/DD/YYYY",
        rf"^(?P<day>[0-9]{{1,2}})/(?P<month>[0-9]{{1,2}})/(?P<year>[0-9]{{4}}){_CLOCK}",
        "two parts",
    ),
    Format(
        "MM-DD-YYYY",
        rf"^(?P<day>[0-9]{{1,2}})-(?P<month>[0-9]{{1,2}})-(?P<year>[0-9]{{4}}){_CLOCK}",
        "two parts",
    ),
    Format("DD.MM.YYYY", rf"^(?P<day>[0-9]{{1,2}})\.(?P<month>[0-9]{{1,2}})\.(?P<year>[0-9]{{4}}){_CLOCK}"),
    Format("DD-Mon-YYYY", rf"^(?P<day>[0-9]{{1,2}})[- /]{_MONTH}[- /,]+(?P<year>[0-9]{{4}}){_CLOCK}"),
    Format("Mon DD, YYYY", rf"^{_MONTH} (?P<day>[0-9]{{1,2}}),? (?P<year>[0-9]{{4}}){_CLOCK}"),
    Format("YYYY년 M월 D일", r"^(?P<year>[0-9]{4})년 ?(?P<month>[0-9]{1,2})월 ?(?P<day>[0-9]{1,2})일.*$"),
    Format("seconds since 1970", r"^[0-9]{9,10}$", "epoch", 1),
    Format("milliseconds since 1970", r"^[0-9]{12,13}$", "epoch", 1_000),
    Format("microseconds since 1970", r"^[0-9]{15,16}$", "epoch", 1_000_000),
    Format("nanoseconds since 1970", r"^[0-9]{18,19}$", "epoch", 1_000_000_000),
    Format("a two-digit year", rf"^[0-9]{{1,2}}([-/.])[0-9]{{1,2}}[-/.][0-9]{{2}}{_CLOCK}", "two-digit-year"),
    Format("a two-digit year", rf"^[0-9]{{1,2}}[- /]{_MONTH}[- /][0-9]{{2}}{_CLOCK}", "two-digit-year"),
    Format("Excel's number of a day", r"^[0-9]{5}(\.[0-9]+)?$", "excel-dates"),
    Format("an empty cell", r"^$", "empty"),
    Format("a text", r"", "text"),
)
TEXT: Final = len(FORMATS) - 1
EMPTY: Final = TEXT - 1
_WRITTEN: Final = [re.compile(each.pattern) for each in FORMATS if each.meaning in {"calendar", "two parts"}]


@dataclass(frozen=True, slots=True)
class Cells:
    """Dates as they are written: by row the index of the format, and the day.

    A day is the number of days since 1970-01-01; where a format leaves open which part is the month, it is
    year * 10,000 + first part * 100 + second part until `settle` decides it.
    """

    formats: NDArray[np.int8]
    days: NDArray[np.int32]


def looks_like_date(text: str) -> bool:
    """Whether a text is a date, by its form."""
    return any(pattern.match(text) for pattern in _WRITTEN)


def read_dates(cells: pl.Series) -> Cells:
    """Return what the cells of a column say."""
    if cells.dtype.is_temporal():
        return _from_temporal(cells)
    texts = cells.cast(pl.String).fill_null("").str.strip_chars()
    formats = np.full(len(texts), TEXT, dtype=np.int8)
    days = np.full(len(texts), NO_DAY, dtype=np.int32)
    left = np.arange(len(texts))
    for index, each in enumerate(FORMATS):
        hits = texts.str.contains(each.pattern).to_numpy()
        if hits.any():
            formats[left[hits]] = index
            days[left[hits]] = _READERS[each.meaning](texts if hits.all() else texts.filter(hits), each)
            left, texts = left[~hits], texts.filter(~hits)
        if not len(left):
            break
    return Cells(formats, days)


def settle(parts: NDArray[np.int32], *, day_first: bool) -> NDArray[np.int32]:
    """Return the days of dates that were written in two parts and a year."""
    year, first, second = parts // 10_000, parts // 100 % 100, parts % 100
    days = _days(year, second, first) if day_first else _days(year, first, second)
    return np.where(parts == NO_DAY, NO_DAY, days).astype(np.int32)


def _from_temporal(cells: pl.Series) -> Cells:
    if cells.dtype == pl.Datetime:
        cells = cells.dt.replace_time_zone(None)
    try:
        days = cells.cast(pl.Date).cast(pl.Int32).fill_null(NO_DAY).to_numpy()
    except pl.exceptions.PolarsError:  # a time, a duration
        days = np.full(len(cells), NO_DAY, dtype=np.int32)
    return Cells(np.where(days == NO_DAY, EMPTY, 0).astype(np.int8), days)


def _calendar(texts: pl.Series, way: Format) -> NDArray[np.int32]:
    if way is FORMATS[0]:
        plain = texts.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False).cast(pl.Int32)
        if not plain.null_count():
            return plain.to_numpy()
    return _days(*_parts(texts, way))


def _two_parts(texts: pl.Series, way: Format) -> NDArray[np.int32]:
    year, second, first = _parts(texts, way)
    return year * 10_000 + first * 100 + second


def _parts(texts: pl.Series, way: Format) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    groups = texts.str.extract_groups(way.pattern).struct.unnest()
    month = groups["month"]
    if _MONTH in way.pattern:
        numbers = [str(1 + number) for number in range(len(_MONTHS))]
        month = month.str.to_lowercase().replace_strict(list(_MONTHS), numbers)
    return _integers(groups["year"]), _integers(month), _integers(groups["day"])


def _integers(texts: pl.Series) -> NDArray[np.int32]:
    return texts.cast(pl.Int32).to_numpy()


def _epoch(texts: pl.Series, way: Format) -> NDArray[np.int32]:
    days = texts.cast(pl.Int64, strict=False) // (way.ticks * _SECONDS_OF_A_DAY)
    return days.fill_null(NO_DAY).cast(pl.Int32).to_numpy()


def _none(texts: pl.Series, _: Format) -> NDArray[np.int32]:
    return np.full(len(texts), NO_DAY, dtype=np.int32)


def _days(year: NDArray[np.int32], month: NDArray[np.int32], day: NDArray[np.int32]) -> NDArray[np.int32]:
    months = (year.astype(np.int64) - 1970) * 12 + month - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    following = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    sound = (month >= 1) & (month <= 12) & (day >= 1) & (day <= following - first)  # noqa: PLR2004
    return np.where(sound, first + day - 1, NO_DAY).astype(np.int32)


_READERS: Final[dict[Meaning, Callable[[pl.Series, Format], NDArray[np.int32]]]] = {
    "calendar": _calendar,
    "two parts": _two_parts,
    "epoch": _epoch,
    "two-digit-year": _none,
    "excel-dates": _none,
    "empty": _none,
    "text": _none,
}

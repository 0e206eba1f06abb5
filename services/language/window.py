"""Stretches of time that a question is about, and the days of the calendar that they are."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, Literal

from backchat_contracts.timing import PeriodUnit
from services.language.dates import days_of_months

Unit = Literal["year", "quarter", "month", "week", "day", "trading day"]


@dataclass(frozen=True, slots=True)
class Recent:
    """A stretch of time that is counted back from the last day of the data.

    Attributes:
        count: how many units.
        unit: what is counted.
        calendar: it is one unit of the calendar, so many before that of the last day: 1 is "last year", 0
            is "this year". Otherwise it ends on the last day: "the last year".
        months: of a year of the calendar, the first and the last month: "the second half of last year".
        onwards: it goes on to the last day: "since last year".

    """

    count: int
    unit: Unit
    calendar: bool = False
    months: tuple[int, int] | None = None
    onwards: bool = False

    @property
    def period(self) -> PeriodUnit | None:
        """The unit of the calendar that it is one of; None: it is no single one."""
        if not self.calendar or self.months or self.onwards or self.unit == "trading day":
            return None
        return self.unit


@dataclass(frozen=True, slots=True)
class Shift:
    """So many units of the calendar after a stretch of time, or (negative) before it."""

    count: int
    unit: PeriodUnit


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time: from one day to another, both within, or counted back from the last day.

    None is open: as far as the data go. Without any of them it is all of the data.
    """

    start: date | None = None
    end: date | None = None
    recent: Recent | None = None

    @property
    def is_all(self) -> bool:
        return self == ALL

    @property
    def unit(self) -> PeriodUnit | None:
        """The unit of the calendar that it is one of; None: it is no single one."""
        if self.recent:
            return self.recent.period
        if self.start is None or self.end is None or self.start.year != self.end.year:
            return None
        if self.start == self.end:
            return "day"
        first, last = self.start.month, self.end.month
        if (self.start, self.end) != days_of_months(self.start.year, (first, last)):
            return None
        units: dict[int, PeriodUnit] = {1: "month", 3: "quarter", 12: "year"}
        unit = units.get(last - first + 1)
        return None if unit == "quarter" and last % 3 else unit

    def part(self, months: tuple[int, int]) -> "Window | None":
        """Return some months of the year that it is in; None where it is in no single one."""
        if self.recent:
            is_year = self.recent.calendar and self.recent.unit == "year"
            return Window(recent=replace(self.recent, months=months, onwards=False)) if is_year else None
        if self.start is None or self.end is None or self.start.year != self.end.year:
            return None
        days = days_of_months(self.start.year, months)
        return Window(*days) if days else None

    def shifted(self, shift: Shift) -> "Window | None":
        """Return the unit of the calendar so many after its end, or before its start, if there is one."""
        if recent := self.recent:
            back = recent.count - shift.count
            if not (recent.calendar and recent.unit == shift.unit and back >= 0):
                return None
            return Window(recent=replace(recent, count=back, months=None, onwards=False))
        day = self.end if shift.count > 0 else self.start
        if day is None:
            return None
        if shift.unit in {"week", "day"}:
            monday = day.toordinal() - day.weekday() + 7 * shift.count
            return Window(date.fromordinal(monday), date.fromordinal(monday + 6)) if monday > 0 else None
        length = _MONTHS[shift.unit]
        first = ((day.year * 12 + day.month - 1) // length + shift.count) * length
        days = days_of_months(first // 12, (first % 12 + 1, first % 12 + length))
        return Window(*days) if days else None

    def moved(self, shift: Shift) -> "Window | None":
        """Return the same months so many units later, "the same quarter last year", if they are whole."""
        if self.start is None or self.end is None or shift.unit not in _MONTHS:
            return None
        count = shift.count * _MONTHS[shift.unit]
        first, last = _months_before(self.start, -count), _months_before(self.end, -count)
        begin, end = (days_of_months(year, (month, month)) for year, month in (first, last))
        whole = self.start.day == 1 and self.end == _last_of_month(self.end)
        return Window(begin[0], end[1]) if begin and end and whole else None

    def dates(self, named: "Window") -> bool:
        """Tell whether it says when a named period was: a part of that, or two days about it."""
        if self.start is None or self.end is None or named.start is None or named.end is None:
            return False
        within = named.start <= self.start and self.end <= named.end
        about = self.unit is None and self.start <= named.end and named.start <= self.end
        return self != named and (within or about)

    def __str__(self) -> str:
        """Write how it was read: "2012-07-01~2012-12-31", "last 6 months", "1 year before"."""
        recent = self.recent
        if recent is None:
            return f"{self.start or ''}~{self.end or ''}"
        count = f"{recent.count} {recent.unit}{'' if recent.count == 1 else 's'}"
        if not recent.calendar:
            return f"last {count}"
        named = f"this {recent.unit}" if recent.count == 0 else f"{count} ago"
        months = f", months {recent.months[0]} to {recent.months[1]}" if recent.months else ""
        return f"{'since ' if recent.onwards else ''}{named}{months}"

    def days(self, known: Sequence[date]) -> tuple[date | None, date | None]:
        """Return its first and last day; `known` are the days of the data, in order, at least one."""
        recent, last = self.recent, known[-1]
        if recent is None:
            return self.start, self.end
        if not recent.calendar:
            return _trailing(recent, known), last
        first, end = _calendar(recent, last)
        return first, (last if recent.onwards else end)


ALL: Final = Window()


def joined(windows: Sequence[Window]) -> Window | None:
    """Return the window that some are together; None: there is time between them, or an end is not known."""
    days: list[tuple[date, date]] = sorted(
        (each.start, each.end) for each in windows if each.start and each.end
    )
    ends = pairwise(days)
    if len(days) < len(windows) or any(later[0] > earlier[1] + timedelta(days=1) for earlier, later in ends):
        return None
    return Window(days[0][0], max(end for _, end in days))


_MONTHS: Final[dict[str, int]] = {"month": 1, "quarter": 3, "year": 12}


def _last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _trailing(recent: Recent, known: Sequence[date]) -> date | None:
    """Return the first day of so many units up to the last day; None: it is before the calendar."""
    last = known[-1]
    match recent.unit:
        case "trading day":
            return known[-min(recent.count, len(known))]
        case "day" | "week":
            days = recent.count * (7 if recent.unit == "week" else 1)
            return last - timedelta(days=min(days, last.toordinal()) - 1)
    months = recent.count * {"year": 12, "quarter": 3, "month": 1}[recent.unit]
    year, month = _months_before(last, months)
    if year < 1:
        return None
    return date(year, month, min(last.day, monthrange(year, month)[1])) + timedelta(days=1)


def _calendar(recent: Recent, last: date) -> tuple[date, date]:
    """Return the days of one unit of the calendar, so many before that of the last day."""
    if recent.unit in {"week", "day", "trading day"}:
        monday = last - timedelta(days=last.weekday() + 7 * recent.count)
        return monday, monday + timedelta(days=6)
    length = {"year": 12, "quarter": 3, "month": 1}[recent.unit]
    year, month = _months_before(last, recent.count * length)
    first = (month - 1) // length * length + 1
    months = recent.months or (first, first + length - 1)
    return days_of_months(max(year, 1), months) or (last, last)


def _months_before(day: date, months: int) -> tuple[int, int]:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return year, month + 1

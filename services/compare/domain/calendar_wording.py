"""How answers name periods of the calendar, and places in an order."""

from datetime import date
from typing import Final

from backchat_contracts import Language, Texts
from backchat_contracts.timing import PeriodUnit
from services.language.window import Window

UNITS: Final[dict[PeriodUnit, Texts]] = {
    "day": Texts(ko="날", en="day"),
    "week": Texts(ko="주", en="week"),
    "month": Texts(ko="달", en="month"),
    "quarter": Texts(ko="분기", en="quarter"),
    "year": Texts(ko="해", en="year"),
}
BY: Final[dict[PeriodUnit, Texts]] = {
    "day": Texts(ko="일별", en="by day"),
    "week": Texts(ko="주별", en="by week"),
    "month": Texts(ko="월별", en="by month"),
    "quarter": Texts(ko="분기별", en="by quarter"),
    "year": Texts(ko="연도별", en="by year"),
}
_HALVES: Final = ((6, 30), (12, 31))
_QUARTER: Final = 3
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def ordinal(rank: int) -> str:
    """Write a place in English: "2nd"."""
    special = rank % 100 in range(11, 14)
    return f"{rank}{'th' if special else {1: 'st', 2: 'nd', 3: 'rd'}.get(rank % 10, 'th')}"


def label_of_window(window: Window, language: Language) -> str:
    """Name a window of time that a question names."""
    if window.start and window.end and (window.end.month, window.end.day) in _HALVES and window.unit is None:
        first, half = window.start, _HALVES.index((window.end.month, window.end.day))
        if (first.year, first.month, first.day) == (window.end.year, 6 * half + 1, 1):
            return f"{first.year}년 {'상하'[half]}반기" if language == "ko" else f"H{half + 1} {first.year}"
    if window.unit is None or window.start is None:
        return str(window)
    return label_of(window.start, window.start, window.unit, language)


def label_of(day: date, last: date, unit: PeriodUnit, language: Language) -> str:
    """Name a period of the calendar by its first and last day: "2008년 9월", "September 2008"."""
    korean = language == "ko"
    quarter = (day.month + _QUARTER - 1) // _QUARTER
    match unit:
        case "year":
            return f"{day.year}년" if korean else f"{day.year}"
        case "quarter":
            return f"{day.year}년 {quarter}분기" if korean else f"Q{quarter} {day.year}"
        case "month":
            return f"{day.year}년 {day.month}월" if korean else f"{_MONTHS[day.month - 1]} {day.year}"
        case "week":
            return f"{day}~{last}"
    return str(day)


def counted(count: int, unit: str) -> str:
    """Write a number of periods in English: "3 years"."""
    return f"{count:,} {unit}{'' if count == 1 else 's'}"

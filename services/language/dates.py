"""Days, months, quarters, halves and years of the calendar, as people write them."""

import re
from calendar import monthrange
from datetime import date
from typing import Final

from services.language.phrases import compiled

YEAR: Final = r"(?:19|20)\d\d(?!(?:st|nd|rd|th)\b)"
MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
KOREAN_PART: Final = (
    r"(?:상\s*반기|전\s*반기|하\s*반기|후\s*반기|[1-4](?:\s*/\s*4)?\s*분기|(?:1[0-2]|0?[1-9])\s*월)"
)
ENGLISH_PART: Final = (
    rf"(?:[qh][1-4](?![a-z\d])|[1-4][qh](?![a-z\d])|(?:first|1st|second|2nd|third|3rd|fourth|4th|last)[\s-]+"
    rf"(?:quarter|half)|(?<![a-z]){MONTH})"
)
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PLACES: Final = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_TH: Final = "(?:st|nd|rd|th)?"
_WRITTEN: Final = rf"""(?:
    (?<![\d/])(?P<y1>{YEAR})(?:\s*년도?|(?!\d))(?:
        (?:\s*의)?\s*(?P<k1>{KOREAN_PART})(?:\s*(?P<d1>\d{{1,2}})\s*일)?
        |(?:\s*[-/]\s*|\.|\.\s(?=\d{{1,2}}\.))(?P<m1>\d{{1,2}})(?!\d|\s*%)(?:\s*[-./]\s*(?P<d2>\d{{1,2}})(?!\d))?
        |[\s-]*(?P<e1>[qh][1-4])(?![a-z\d])
    )?
    |(?<!\d)(?P<y2>{YEAR})(?P<m2>0[1-9]|1[0-2])(?P<d3>0[1-9]|[12]\d|3[01])(?!\d)
    |(?<![\da-z/])(?P<m3>\d{{1,2}})\s*/\s*(?P<y3>{YEAR})(?!\d)
    |(?<!\d)(?P<d4>\d{{1,2}}){_TH}\s+(?:of\s+)?(?P<m4>{MONTH}),?\s+(?P<y4>{YEAR})(?!\d)
    |(?<![a-z])(?<!\d\s)(?<!\d(?:st|nd|rd|th)\s)(?P<m5>{MONTH})\s+(?P<d5>\d{{1,2}}){_TH},?\s+(?P<y5>{YEAR})(?!\d)
    |(?<!\d\s)(?<!\d(?:st|nd|rd|th)\s)(?P<e2>{ENGLISH_PART})(?:,?(?:\s+(?:of|in))?\s+|[/-])(?P<y6>{YEAR})(?!\d)
    |(?<![\d])'?(?P<y7>0\d|[1-4]\d(?=\s*년\s*(?:에는|엔|{KOREAN_PART})))\s*년도?(?:\s*(?P<k2>{KOREAN_PART}))?
    |(?<![\w'])'(?P<y8>[0-4]\d)(?![\w%'])
    |(?:(?<=년이랑\s)|(?<=년과\s)|(?<=년하고\s)|(?<=년\svs\s)|(?<=년,\s))(?P<yk>1\d)\s*년(?!\s*(?:간|동안|치))
    |(?<=\bin\s)(?P<y9>1\d)(?=[\s?!.]*$)
    |(?:(?<![^\s(~])|(?<=\s0\d-))(?P<yz>0\d)(?![\w%:/]|\.\d|\s*%|-(?!0\d(?![\d-])))
)"""
DATE: Final = re.sub(r"\?P<\w+>", "?:", _WRITTEN)
"""A pattern of what `days_of` reads; it has no groups."""
_DATE: Final = compiled(_WRITTEN)
_SHORT: Final = re.compile(r"^(?:([1-4]\d)(?=\s*년)|'?([0-4]\d)$)")
"""A year of two digits, which is none in other places: "12년 하반기", but "12년 동안"; "in 08", "'08"."""


def days_of(written: str) -> tuple[date, date] | None:
    """Return the first and the last day of what is written; None where there is no such day."""
    found = _DATE.fullmatch(_SHORT.sub(r"20\1\2", written.strip()))
    if found is None:
        return None
    given = {key[0]: value for key, value in found.groupdict().items() if value}
    year = int(given["y"]) if len(given["y"]) > len("99") else 2000 + int(given["y"])
    part = given.get("k") or given.get("e")
    months = months_of(part or given["m"]) if part or "m" in given else (1, 12)
    if months is None:
        return None
    return days_of_months(year, months, int(given["d"]) if "d" in given else None)


def months_of(part: str) -> tuple[int, int] | None:
    """Return the first and the last month of a part of a year: "하반기", "Q1", "March", "06"."""
    plain = re.sub(r"[\s.-]+", "", part.casefold())
    if plain[:3] in MONTHS:
        month = MONTHS.index(plain[:3]) + 1
        return month, month
    if plain.rstrip("월").isdecimal():
        month = int(plain.rstrip("월"))
        return (month, month) if month in range(1, 13) else None
    length = 3 if "q" in plain or "분기" in plain else 6
    number = _place_of(plain, 12 // length)
    return (number * length - length + 1, number * length) if number in range(1, 12 // length + 1) else None


def days_of_months(year: int, months: tuple[int, int], day: int | None = None) -> tuple[date, date] | None:
    """Return the first and the last day of some months, or a day of the first of them, if there is one."""
    first, last = months
    try:
        if day is not None:
            return date(year, first, day), date(year, first, day)
        return date(year, first, 1), date(year, last, monthrange(year, last)[1])
    except ValueError:
        return None


def _place_of(plain: str, most: int) -> int:
    """Return which quarter or half of a year is meant."""
    if plain.startswith("last"):
        return most
    spelt = (place for word, place in _PLACES.items() if plain.startswith(word))
    digits = (int(each) for each in plain if each.isdecimal())
    return next(spelt, None) or next(digits, None) or (1 if plain.startswith(("상", "전")) else 2)

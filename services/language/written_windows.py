"""Which window of time each way of writing one means: a range, "since", "last 6 months"."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final, TypeVar

from services.language import window_patterns as patterns
from services.language.dates import days_of, days_of_months, months_of
from services.language.phrases import compiled
from services.language.vocabulary import periods as words
from services.language.vocabulary import shifts
from services.language.window import ALL, Recent, Shift, Window

T = TypeVar("T")
Use = Callable[[re.Match[str]], Window | None]

MOST_COUNTED: Final = 9_999
"""Of units of time."""
_DAY: Final = timedelta(days=1)
_APART: Final = compiled(words.APART)
_BOUND_BEFORE: Final = compiled(words.BOUND_BEFORE)
_BOUND_AFTER: Final = compiled(words.BOUND_AFTER)
_OVER: Final = compiled(words.OVER)
_VAGUE_BEFORE: Final = compiled(words.VAGUE_BEFORE)
_VAGUE_AFTER: Final = compiled(words.VAGUE_AFTER)


def _only(found: re.Match[str], *groups: str) -> tuple[date, date] | None:
    """Return the days of the only date of a match; None where it is none, or its days are not known.

    What looks like a year may be any number: "more than 2000", "2000 넘는", "top 2000".
    """
    group = next(each for each in groups if found[each])
    written, before, after = found[group], found.string[: found.start()], found.string[found.end(group) :]
    is_vague = _VAGUE_BEFORE.search(before) or (_VAGUE_AFTER.match(after) and "까지" not in found[0])
    is_year = (
        not written.isdecimal()
        or len(written) > len("2012")
        or not (
            (found.start() == found.start(group) and _BOUND_BEFORE.search(before))
            or _BOUND_AFTER.match(after)
            or (found[0].casefold().startswith("over") and not _OVER.search(before))
        )
    )
    return days_of(written) if is_year and not is_vague else None


def _range(found: re.Match[str]) -> Window | None:
    between = found[0].casefold().startswith("between") and not _APART.search(found.string[: found.start()])
    linked = found["link"] != "and" or between
    first, last = days_of(found["a"]), days_of(found["b"])
    if first is None or last is None or not linked or first[0] > last[1]:
        return None
    return Window(first[0], last[1])


def _shared_year(found: re.Match[str]) -> Window | None:
    year = int(found["year"] or found["of"])
    first, last = months_of(found["a"] or found["c"]), months_of(found["b"] or found["d"])
    if first is None or last is None or first[0] > last[1]:
        return None
    days = days_of_months(year, (first[0], last[1]))
    return Window(*days) if days else None


def _since(found: re.Match[str]) -> Window | None:
    days = _only(found, "a", "b", "c")
    if days is None:
        return None
    return Window(start=day_after(days[1]) if found["after"] else days[0])


def _until(found: re.Match[str]) -> Window | None:
    days = _only(found, "a", "b", "c", "d")
    if days is None:
        return None
    return Window(end=days[0] - _DAY if found["before"] else days[1])


def _within(found: re.Match[str]) -> Window | None:
    days = _only(found, "a")
    return Window(*days) if days else None


def _years_part(found: re.Match[str]) -> Window | None:
    year = found["year"] or found["of"] or found["in"]
    back = _listed({**words.KOREAN_YEARS, **words.ENGLISH_YEARS}, year)
    months = months_of(found["part"] or found["b"] or found["c"])
    return months and Window(recent=Recent(back, "year", calendar=True, months=months))


def _trailing(found: re.Match[str]) -> Window | None:
    if found["half"]:
        return Window(recent=Recent(6, "month"))
    if found["since"]:
        return _counted(found["since"], found["ago"])
    if count := found["many"] or found["several"]:
        return _counted(count, found["days"] or found["spans"])
    return _counted(found["count"] or found["number"] or "1", found["unit"] or found["length"])


def _bare_length(found: re.Match[str]) -> Window | None:
    return _counted(found["count"] or found["number"], found["unit"] or found["length"])


def _counted(written: str, unit: str) -> Window | None:
    count = int(written) if written.isdecimal() else _listed(words.COUNTS, written)
    times, name = _listed(words.UNITS, unit)
    return Window(recent=Recent(count * times, name)) if 0 < count * times <= MOST_COUNTED else None


def _calendar(found: re.Match[str]) -> Window | None:
    if found["count"]:
        return Window(recent=Recent(int(found["count"]), "year", calendar=True))
    listed = words.KOREAN_CALENDAR if found["korean"] else words.ENGLISH_CALENDAR
    unit, back = _listed(listed, found["korean"] or found["english"])
    recent = Recent(back, unit, calendar=True, onwards=bool(found["onwards"] or found["since"]) and back > 0)
    return Window(recent=recent)


def beside(found: re.Match[str]) -> Window | None:
    """Return the unit of the calendar before or after a date: "the year before 2011", "2008년 다음 해"."""
    days = days_of(found["a"] or found["b"])
    said = {each.lower() for each in found.groups() if each}
    unit = next(unit for unit, words in shifts.UNITS.items() if not words.isdisjoint(said))
    return Window(*days).shifted(Shift(1 if shifts.BACK.isdisjoint(said) else -1, unit)) if days else None


def _named(found: re.Match[str]) -> Window:
    return Window(*_listed(words.NAMED_PERIODS, found["named"]))


def _listed(phrases: Mapping[str, T], written: str) -> T:
    """Return what is listed for a phrase, however its blanks and hyphens are written."""
    return next(value for phrase, value in phrases.items() if _plain(phrase) == _plain(written))


def _plain(written: str) -> str:
    return re.sub(r"[\s-]+", "", written.casefold())


def day_after(day: date) -> date:
    """Return the next day; the last of the calendar has none."""
    return day + _DAY if day < date.max else day


READINGS: Final[tuple[tuple[re.Pattern[str], Use], ...]] = tuple(
    (compiled(pattern), use)
    for pattern, use in (
        (patterns.RANGE, _range),
        (patterns.SHARED_YEAR, _shared_year),
        (patterns.SINCE, _since),
        (patterns.UNTIL, _until),
        (patterns.YEARS_PART, _years_part),
        (patterns.CALENDAR, _calendar),
        (patterns.TRAILING, _trailing),
        (patterns.WITHIN, _within),
        (patterns.BARE_LENGTH, _bare_length),
        (patterns.ALL, lambda _: ALL),
        (patterns.NAMED, _named),
    )
)

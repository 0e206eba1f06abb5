"""Finding the window of time that a question is about: "2012년 하반기", "since March 2012", "최근 6개월"."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from operator import itemgetter
from typing import Final, TypeVar

from services.language import window_patterns as patterns
from services.language.dates import days_of, days_of_months, months_of
from services.language.phrases import compiled
from services.language.vocabulary import periods as words
from services.language.vocabulary import shifts
from services.language.window import ALL, Recent, Shift, Window, joined

T = TypeVar("T")
Use = Callable[[re.Match[str]], Window | None]

MOST_COUNTED: Final = 9_999
"""Of units of time."""


@dataclass(frozen=True, slots=True)
class Time:
    """What a text says of time.

    Attributes:
        windows: those that it names, in order; without one that it rules out, "except 2012", there are two.
        named: those without what is left by one that it rules out.
        without: those that it rules out.
        months: the first and the last month of a part of a year that it does not say.
        is_unknown: it speaks of a time whose days are not known: "the first year", "recently".
        shift: how far it is from that of the question before: "the year after".
        is_same: it speaks of the time of the question before: "that year", "그때".
        left: the text with blanks in place of all that.

    """

    windows: tuple[Window, ...]
    named: tuple[Window, ...]
    without: tuple[Window, ...]
    months: tuple[int, int] | None
    shift: Shift | None
    is_unknown: bool
    is_same: bool
    left: str

    def windows_and_shifted(self) -> tuple[Window, ...]:
        """Return the windows, and the one told from the only one of them: "2009 and the year before"."""
        if self.shift is None or len(self.windows) != 1 or self.windows[0].recent:
            return self.windows
        other = self.windows[0].shifted(self.shift)
        return (*self.windows, other) if other else self.windows


def read_time(text: str, names: Sequence[tuple[int, int]]) -> Time:
    """Return what a text says of time.

    Args:
        text: the question.
        names: where the names of strategies begin and end: they win over windows.

    """
    reading = _Reading(list(text))
    for start, end in names:
        reading.left[start:end] = patterns.NAME * (end - start)
    unknown = reading.take(_UNKNOWN, lambda _: [])
    noted: list[Shift] = []
    reading.take(_SHIFT, partial(_note_shift, noted))
    without: dict[Window, tuple[int, int]] = {}
    for pattern, use in _READINGS:
        reading.take(pattern, partial(_windows, use, without))
    same = reading.take(_SAME, lambda _: [])
    windows = [window for _, found in sorted(reading.found, key=itemgetter(0)) for window in found]
    windows = _together(list(_dated(dict.fromkeys(windows))), reading)
    months: list[tuple[int, int]] = []
    if not windows:
        reading.take(_PARTS, partial(_note_months, months))
    for start, end in names:
        reading.left[start:end] = text[start:end]
    left = [each for window in without for each in _without(window)]
    for start, end in without.values():
        reading.left[start:end] = " " * (end - start)
    return Time(
        tuple(windows),
        tuple(each for each in windows if each not in left),
        tuple(without),
        next(iter(months), None),
        next(iter(noted), None),
        unknown or len(months) > 1,
        same,
        "".join(reading.left),
    )


def _dated(windows: Iterable[Window]) -> Iterator[Window]:
    """Yield windows without the names of periods of which another is a part: "Lehman, in Sep 2008"."""
    named = {Window(*days) for days in words.NAMED_PERIODS.values()}
    found = list(windows)
    return (each for each in found if each not in named or not any(each.holds(other) for other in found))


def _together(windows: list[Window], reading: "_Reading") -> list[Window]:
    """Return windows as one where the text says so: "2008년과 2009년 통으로"."""
    one = joined(windows) if windows else None
    return [one] if one and reading.take(_TOGETHER, lambda _: []) else windows


def _windows(use: Use, without: dict[Window, tuple[int, int]], found: re.Match[str]) -> list[Window] | None:
    window = use(found)
    if window is None:
        return None
    where = _excluding(found)
    if where is None:
        return [window]
    without[window] = where
    return _without(window)


def _note_months(months: list[tuple[int, int]], found: re.Match[str]) -> list[Window] | None:
    read = months_of(found["a"] or found["b"] or found["c"])
    months += [read] if read else []
    return [] if read else None


def with_shifted(text: str, before: Window) -> str | None:
    """Return a text with the days in place of a time that it tells from another, "그 다음 해"; else None."""
    if not (found := _SHIFT.search(text)):
        return None
    noted: list[Shift] = []
    _note_shift(noted, found)
    window = before.shifted(noted[0])
    written = f"{window.start}~{window.end}" if window else ""
    return f"{text[: found.start()]} {written} {text[found.end() :]}" if window else None


def _note_shift(noted: list[Shift], found: re.Match[str]) -> list[Window] | None:
    """Note how far a time is from that of the question before."""
    said = {name: written.lower() for name, written in found.groupdict().items() if written}
    count = said.get("count") or said.get("many") or "1"
    back = not said.keys().isdisjoint({"preceding", "previous"}) or not shifts.BACK.isdisjoint(said.values())
    unit = next(unit for unit, words in shifts.UNITS.items() if not words.isdisjoint(said.values()))
    number = int(count) if count.isdecimal() else shifts.COUNTS[count]
    noted.append(Shift(-number if back else number, unit))
    return None if shifts.OR_OF_THE_DATA & said.keys() else []


def _excluding(found: re.Match[str]) -> tuple[int, int] | None:
    """Return where the words are that rule a window out."""
    if before := _EXCEPT_BEFORE.search(found.string[: found.start()]):
        return before.span()
    after = _EXCEPT_AFTER.match(found.string[found.end() :])
    return (found.end(), found.end() + after.end()) if after else None


def _without(window: Window) -> list[Window]:
    """Return the windows before and after one."""
    if window.recent or window.is_all:
        return [window, ALL]
    before = [Window(end=window.start - _DAY)] if window.start else []
    return before + ([Window(start=_next(window.end))] if window.end else [])


@dataclass(slots=True)
class _Reading:
    """A text while its windows are taken out of it."""

    left: list[str]
    found: list[tuple[int, list[Window]]] = field(default_factory=list)

    def take(self, pattern: re.Pattern[str], use: Callable[[re.Match[str]], list[Window] | None]) -> bool:
        """Take out what matches a pattern, as far as `use` returns windows; return whether there is any."""
        at, left, taken = 0, "".join(self.left), False
        while found := pattern.search(left, at):
            windows = use(found)
            if windows is None:
                at = found.start() + 1
                continue
            self.found.append((found.start(), windows))
            self.left[found.start() : found.end()] = " " * (found.end() - found.start())
            at, taken = found.end(), True
        return taken


_DAY: Final = timedelta(days=1)
_PARTS: Final = compiled(patterns.PART)
_UNKNOWN: Final = compiled(patterns.NOT_KNOWN)
_SAME: Final = compiled(patterns.SAME)
_SHIFT: Final = compiled(patterns.SHIFT)
_APART: Final = compiled(words.APART)
_TOGETHER: Final = compiled(words.TOGETHER)
_BOUND_BEFORE: Final = compiled(words.BOUND_BEFORE)
_BOUND_AFTER: Final = compiled(words.BOUND_AFTER)
_EXCEPT_BEFORE: Final = compiled(words.EXCEPT_BEFORE)
_EXCEPT_AFTER: Final = compiled(words.EXCEPT_AFTER)
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
    return Window(start=_next(days[1]) if found["after"] else days[0])


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


def _named(found: re.Match[str]) -> Window:
    return Window(*_listed(words.NAMED_PERIODS, found["named"]))


def _listed(phrases: Mapping[str, T], written: str) -> T:
    """Return what is listed for a phrase, however its blanks and hyphens are written."""
    return next(value for phrase, value in phrases.items() if _plain(phrase) == _plain(written))


def _plain(written: str) -> str:
    return re.sub(r"[\s-]+", "", written.casefold())


def _next(day: date) -> date:
    return day + _DAY if day < date.max else day


_READINGS: Final[tuple[tuple[re.Pattern[str], Use], ...]] = tuple(
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

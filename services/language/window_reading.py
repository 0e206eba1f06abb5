"""Finding the window of time that a question is about: "2012년 하반기", "since March 2012", "최근 6개월"."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from operator import itemgetter
from typing import Final

from services.language import window_patterns as patterns
from services.language.dates import months_of
from services.language.phrases import compiled
from services.language.vocabulary import periods as words
from services.language.vocabulary import shifts
from services.language.window import ALL, Shift, Window, joined
from services.language.written_windows import READINGS, Use, beside, day_after


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
    without: dict[Window, tuple[int, int]] = {}
    reading.take(_BESIDE, partial(_windows, beside, without))
    noted: list[Shift] = []
    reading.take(_SHIFT, partial(_note_shift, noted))
    for pattern, use in READINGS:
        reading.take(pattern, partial(_windows, use, without))
    same = reading.take(_SAME, lambda _: [])
    windows = [window for _, found in sorted(reading.found, key=itemgetter(0)) for window in found]
    windows = _together(list(_dated(dict.fromkeys(windows))), reading)
    if ALL in windows and without and _INSTEAD.search(text):
        windows, without = [ALL], {}  # "2010년 말고 전체 기간으로"
    months: list[tuple[int, int]] = []
    if len(windows) == 1 and _VERSUS.search("".join(reading.left)):
        reading.take(_PARTS, partial(_note_months, months))
        others = [windows[0].part(each) for each in months]
        windows, months = [*windows, *(each for each in others if each)], []
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
    """Yield windows without the names of periods that another dates: "the crisis, Oct 2007 to March 2009"."""
    named = {Window(*days) for days in words.NAMED_PERIODS.values()}
    found = list(windows)
    return (each for each in found if each not in named or not any(other.dates(each) for other in found))


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
    return before + ([Window(start=day_after(window.end))] if window.end else [])


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
_INSTEAD: Final = compiled(r"말고|\bnot\b|\binstead\b")
_PARTS: Final = compiled(patterns.PART)
_UNKNOWN: Final = compiled(patterns.NOT_KNOWN)
_SAME: Final = compiled(patterns.SAME)
_BESIDE: Final = compiled(patterns.BESIDE)
_SHIFT: Final = compiled(patterns.SHIFT)
_VERSUS: Final = compiled(words.VERSUS)
_TOGETHER: Final = compiled(words.TOGETHER)
_EXCEPT_BEFORE: Final = compiled(words.EXCEPT_BEFORE)
_EXCEPT_AFTER: Final = compiled(words.EXCEPT_AFTER)

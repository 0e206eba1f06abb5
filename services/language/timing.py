"""Questions for dates and for figures by period: "worst month?", "언제 회복했어?", "연도별 수익률"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from backchat_contracts.timing import PeriodUnit, TimingAsked
from services.language.phrases import compiled, listed, one_of
from services.language.vocabulary import last_drawdown
from services.language.vocabulary import timing as words
from services.language.vocabulary.continuing import PLACES
from services.language.window import Window
from services.language.window_patterns import NAME

MOST_COUNTED: Final = 10
"""Of the best or worst periods, or of drawdowns, in one answer."""
LONGEST: Final = 300
"""The most characters of such a question."""
Part = Literal["same", "when", "length", "end", "unit", "next"]


@dataclass(frozen=True, slots=True)
class Timing:
    """What is asked of the days of a backtest.

    Attributes:
        asks: what for; None: only another question says it.
        unit: of the calendar; None: it names none.
        count: of how many, from that end.
        rank: the place of the one that is meant, from that end.
        whether: "has it recovered?", "any losing year?".
        which: it asks which strategy.
        fewest: the one with the fewest such periods comes first.
        least: yes, only where there are so many such periods: "more than one losing year?".
        recovery: when a drawdown was made good, which may be after the window that it was in.
        high: of the last day, whether it is at a new high; else whether it is below its peak.
        nearest: of the last day, the one nearest to its peak is asked for, or (false) the farthest below.
        only: the windows whose periods are asked for, "2010 vs 2012"; none: all are.
        without: those whose periods are not: "besides 2008".
        benchmark: it is about the benchmark, or strategies are measured against it.
        part: it only changes the question before: "when was that?", "how long?", "and its best?".
        metrics: others than the return and the drawdown, which no period has.

    """

    asks: TimingAsked | None = None
    unit: PeriodUnit | None = None
    count: int | None = None
    rank: int | None = None
    whether: bool = False
    which: bool = False
    fewest: bool = False
    least: int = 1
    recovery: bool = False
    high: bool = False
    nearest: bool | None = None
    only: tuple[Window, ...] = ()
    without: tuple[Window, ...] = ()
    benchmark: bool = False
    part: Part | None = None
    metrics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text asks of days and periods.

    `dated`: the text without the unit that is asked for, in which windows of time are looked for. `start`,
    `end`: where the words stand that ask.
    """

    timing: Timing
    dated: str
    start: int
    end: int

    def rest_of(self, text: str, names: Sequence[tuple[int, int]]) -> str:
        """Return a text of the same length without the words that ask, but with the names among them."""
        rest = list(_blanked(text, self.start, self.end))
        for start, end in names:
            rest[start:end] = text[start:end]
        return "".join(rest)

    def words_of(self, text: str, names: Sequence[tuple[int, int]]) -> str:
        """Return the words of a text that ask, without names."""
        for start, end in names:
            text = _blanked(text, start, end)
        return text[self.start : self.end]


def read_timing(text: str, names: Sequence[tuple[int, int]]) -> Reading | None:
    """Return what a text asks of days and periods; None: it asks something else.

    Args:
        text: the question.
        names: where the names of strategies begin and end, which win.

    """
    lower = text.lower()
    if len(text) > LONGEST or len(lower) != len(text):
        return None
    masked = list(lower)
    for start, end in names:
        masked[start:end] = NAME * (end - start)
    for timing, found in _readings("".join(masked).replace("-", " ")):
        dated = _blanked(text, *found.span("unit")) if found.groupdict().get("unit") else text
        if timing.asks == "last_drawdown":
            dated = _ENDED.sub(lambda each: " " * len(each[0]), text)
        return Reading(timing, dated, *found.span())
    return None


def _blanked(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{' ' * (end - start)}{text[end:]}"


def _readings(text: str) -> Iterator[tuple[Timing, re.Match[str]]]:
    """Yield what a text may ask, the surest first."""
    said = Timing(
        rank=_rank(text),
        whether=_WHETHER.search(text) is not None,
        which=_WHICH.search(text) is not None,
        fewest=_FEWEST.search(text) is not None,
        least=_least(text),
        recovery=_RECOVERY.search(text) is not None,
        benchmark=_HELD.search(text) is not None,
    )
    if not _NOT_LAST.search(text):
        yield from _of_the_last_day(said, text)
    market = said.benchmark or _MARKET.search(text) is not None
    for patterns, asks in _ASKS:
        if asks == "drawdowns" and _NOT_DRAWDOWNS.search(text):
            continue
        for found in _all(patterns, text):
            meant = asks or _end(found)
            if meant is not None:
                of = replace(said, asks=meant, unit=_unit(found), count=_count(found))
                yield (replace(of, benchmark=market) if meant == "wins" else of), found
    yield from _of_signs(said, text)
    for patterns, later in _LATER:
        for found in _all(patterns, text):
            yield replace(said, asks=later, unit=_unit(found)), found
    for patterns, part in _PARTS:
        for found in _all(patterns, text):
            yield Timing(_end(found) if part == "end" else None, _unit(found), part=part), found


def of_the_last_day_again(text: str) -> Timing | None:
    """Return what a text asks of where strategies end, after a question for that: "그럼 제일 덜 물린 건?"."""
    if not _AGAIN.search(text.lower()):
        return None
    nearest = True if _NEAREST.search(text) else False if _FARTHEST.search(text) else None
    return None if nearest is None else Timing("last_drawdown", which=True, nearest=nearest)


def _of_the_last_day(said: Timing, text: str) -> Iterator[tuple[Timing, re.Match[str]]]:
    """Yield what a text asks of where strategies end, below their peaks or at a new high."""
    several = said.which or _SEVERAL.search(text) is not None
    nearest = True if _NEAREST.search(text) else False if _FARTHEST.search(text) else None
    said = replace(said, whether=said.whether and not _HOW.search(text))
    negated = _NEGATED.search(text) is not None
    for patterns, high in ((_HIGH, True), (_UNDER, negated)):
        for found in _all(patterns, text):
            yield replace(said, asks="last_drawdown", which=several, high=high, nearest=nearest), found


def _of_signs(said: Timing, text: str) -> Iterator[tuple[Timing, re.Match[str]]]:
    for found in _all(_SIGNS, text):
        sign: TimingAsked = "losses" if _LOSING.search(found["how"]) else "gains"
        yield replace(said, asks=sign, unit=_unit(found)), found


def _all(patterns: Sequence[re.Pattern[str]], text: str) -> Iterator[re.Match[str]]:
    return (found for pattern in patterns if (found := pattern.search(text)))


def _rank(text: str) -> int | None:
    """Return the place that a text names: "the second worst", "3번째로"; None: the first one, or none."""
    place = next((place for pattern, place in _RANKS if pattern.search(text)), 1)
    if found := _PLACE.search(text):
        place = int(found["number"])
    return place if place > 1 else None


def _least(text: str) -> int:
    """Return how many periods there must be: "more than one", "두 번 이상"."""
    if not (found := _LEAST.search(text)):
        return 1
    written = next(each for each in (found["more"], found["least"], found["korean"]) if each)
    count = int(written) if written.isdecimal() else words.COUNTS.get(written, 1)
    return count + 1 if found["more"] or found["beyond"] else count


def _end(found: re.Match[str]) -> TimingAsked | None:
    groups = found.groupdict()
    how = f"{groups['how']} {groups.get('how2') or ''}"
    if _LARGE.search(how):  # "손실이 제일 컸던 달"
        how += found.string[: found.start()]
    if _LOSING.search(how):
        return "worst"
    return "best" if _GAINING.search(how) else None


def _unit(found: re.Match[str]) -> PeriodUnit | None:
    written = found.groupdict().get("unit")
    return next((unit for pattern, unit in _UNITS if written and pattern.fullmatch(written)), None)


def _count(found: re.Match[str]) -> int | None:
    groups = found.groupdict()
    some = _SOME.search(found.string)
    written = groups.get("count") or groups.get("after") or (some and some["count"])
    if not written:
        return None
    count = int(written) if written.isdecimal() else words.COUNTS[written]
    return min(count, MOST_COUNTED) if count > 1 else None


def _patterns(written: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(map(compiled, written))


_SIGNS: Final = _patterns(words.SIGNS)
_ASKS: Final[tuple[tuple[tuple[re.Pattern[str], ...], TimingAsked | None], ...]] = (
    (_patterns(words.WINS), "wins"),
    (_patterns(words.ENDS), "ends"),
    (_patterns(words.END), None),
    (_patterns(words.DRAWDOWNS), "drawdowns"),
)
_LATER: Final[tuple[tuple[tuple[re.Pattern[str], ...], TimingAsked], ...]] = (
    (_patterns(words.BEST_WHEN), "best"),
    (_patterns(words.RETURNS), "returns"),
)
_ENDED: Final = compiled(last_drawdown.ENDED)
_HIGH: Final = _patterns(last_drawdown.HIGH)
_UNDER: Final = _patterns(last_drawdown.UNDER)
_NOT_LAST: Final = compiled(last_drawdown.NOT_ASKED)
_AGAIN: Final = compiled(last_drawdown.AGAIN)
_NEGATED: Final = compiled(last_drawdown.NEGATED)
_HOW: Final = compiled(last_drawdown.HOW)
_LEAST: Final = compiled(words.LEAST)
_RECOVERY: Final = compiled(words.RECOVERY)
_SEVERAL: Final = compiled(last_drawdown.SEVERAL)
_NEAREST: Final = compiled(last_drawdown.NEAREST)
_FARTHEST: Final = compiled(last_drawdown.FARTHEST)
_LARGE: Final = compiled("[크큰컸]")
_FEWEST: Final = compiled(words.FEWEST)
_NOT_DRAWDOWNS: Final = compiled(words.NOT_DRAWDOWNS)
_PARTS: Final[tuple[tuple[tuple[re.Pattern[str], ...], Part], ...]] = (
    (_patterns(words.SAME_WHEN), "when"),
    (_patterns(words.SAME_LENGTH), "length"),
    (_patterns(words.SAME_AMOUNT), "same"),
    (_patterns(words.OTHER_END), "end"),
    (_patterns(words.OTHER_UNIT), "unit"),
    (_patterns(words.NEXT_ONE), "next"),
)
_LOSING: Final = compiled(words.LOSING)
_GAINING: Final = compiled(words.GAINING)
_SOME: Final = compiled(words.SOME)
_PLACE: Final = compiled(words.PLACE)
_HELD: Final = compiled(words.BENCHMARK)
_MARKET: Final = compiled(words.MARKET)
_WHETHER: Final = compiled(words.WHETHER)
_WHICH: Final = compiled(words.WHICH)
_UNITS: Final = tuple(
    (compiled("|".join(each.replace(" ", r"\s*") for each in listed(phrases))), unit)
    for unit, phrases in words.UNITS.items()
)
_RANKS: Final = tuple(
    (
        compiled(one_of("; ".join(each for each in listed(phrases) if each[-1] in "째nd" and len(each) > 1))),
        place,
    )
    for phrases, place in PLACES
    if place > 1
)

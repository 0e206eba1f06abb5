"""Reading questions for dates and for figures by period: "worst month?", "언제 회복했어?"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from backchat_contracts.timing import PeriodUnit, TimingAsked
from services.language.last_day_reading import of_the_last_day, without_end
from services.language.phrases import compiled, listed, one_of
from services.language.timing import Part, Reading, Timing, blanked
from services.language.vocabulary import timing as words
from services.language.vocabulary import timing_parts as parts
from services.language.vocabulary.continuing import PLACES
from services.language.window_patterns import NAME

MOST_COUNTED: Final = 10
"""Of the best or worst periods, or of drawdowns, in one answer."""
LONGEST: Final = 300
"""The most characters of such a question."""


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
        dated = blanked(text, *found.span("unit")) if found.groupdict().get("unit") else text
        if timing.asks == "last_drawdown":
            dated = without_end(text)
        return Reading(timing, dated, *found.span())
    return None


def _readings(text: str) -> Iterator[tuple[Timing, re.Match[str]]]:
    """Yield what a text may ask, the surest first."""
    said = Timing(
        rank=_rank(text),
        whether=_WHETHER.search(text) is not None and _HOW_MANY.search(text) is None,
        which=_WHICH.search(text) is not None,
        fewest=_FEWEST.search(text) is not None or _NEVER.search(text) is not None,
        least=_least(text),
        every=_EVERY.search(text) is not None,
        never=_NEVER.search(text) is not None,
        together=_TOGETHER.search(text) is not None and _EVERY.search(text) is None,
        recovery=_RECOVERY.search(text) is not None,
        until=_UNTIL.search(text) is not None,
        benchmark=_HELD.search(text) is not None,
    )
    yield from of_the_last_day(said, text)
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
_LEAST: Final = compiled(words.LEAST)
_EVERY: Final = compiled(words.EVERY)
_NEVER: Final = compiled(words.NEVER)
_TOGETHER: Final = compiled(words.TOGETHER)
_RECOVERY: Final = compiled(words.RECOVERY)
_UNTIL: Final = compiled(words.UNTIL)
_LARGE: Final = compiled("[크큰컸]")
_FEWEST: Final = compiled(words.FEWEST)
_NOT_DRAWDOWNS: Final = compiled(words.NOT_DRAWDOWNS)
_PARTS: Final[tuple[tuple[tuple[re.Pattern[str], ...], Part], ...]] = (
    (_patterns(parts.SAME_WHEN), "when"),
    (_patterns(parts.SAME_LENGTH), "length"),
    (_patterns(parts.SAME_AMOUNT), "same"),
    (_patterns(parts.OTHER_END), "end"),
    (_patterns(parts.OTHER_UNIT), "unit"),
    (_patterns(parts.NEXT_ONE), "next"),
)
_LOSING: Final = compiled(words.LOSING)
_GAINING: Final = compiled(words.GAINING)
_SOME: Final = compiled(words.SOME)
_PLACE: Final = compiled(words.PLACE)
_HELD: Final = compiled(words.BENCHMARK)
_MARKET: Final = compiled(words.MARKET)
_WHETHER: Final = compiled(words.WHETHER)
_HOW_MANY: Final = compiled(words.HOW_MANY)
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

"""What is asked of days and periods: "worst month?", "언제 회복했어?", "연도별 수익률"."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from backchat_contracts.timing import PeriodUnit, TimingAsked
from services.language.window import Window

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
        every: yes, only where all such periods are: "up every year".
        never: yes, only where no such period is: "never had a losing year".
        together: it asks for the periods in which all strategies are so: "a year both lost".
        recovery: when a drawdown was made good, which may be after the window that it was in.
        until: it is asked whether it was made good within the window: "did all recover by 2009?"
        by: the last day of that window.
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
    every: bool = False
    never: bool = False
    together: bool = False
    recovery: bool = False
    until: bool = False
    by: date | None = None
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

    def rest_of(self, text: str, names: Sequence[tuple[int, int]], kept: Iterable[str] = ()) -> str:
        """Return a text of the same length without the words that ask, but with the names among them.

        `kept`: other words that stay, in lower case.
        """
        rest = list(blanked(text, self.start, self.end))
        words = (
            each.span()
            for word in kept
            for each in re.finditer(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)
        )
        for start, end in (*names, *words):
            rest[start:end] = text[start:end]
        return "".join(rest)

    def words_of(self, text: str, names: Sequence[tuple[int, int]]) -> str:
        """Return the words of a text that ask, without names."""
        for start, end in names:
            text = blanked(text, start, end)
        return text[self.start : self.end]


def blanked(text: str, start: int, end: int) -> str:
    """Return a text with blanks between two places."""
    return f"{text[:start]}{' ' * (end - start)}{text[end:]}"

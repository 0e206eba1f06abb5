"""What answers say of periods of the calendar, and of drawdowns: the best month, returns by year."""

from collections.abc import Iterator, Sequence
from typing import Final

from backchat_contracts import METRICS as CATALOGUE
from backchat_contracts import Texts
from backchat_contracts.timing import PeriodReturn, PeriodUnit, StrategyTiming, Timing
from services.compare.domain.calendar_wording import BY, UNITS, counted, label_of, label_of_window, ordinal
from services.compare.domain.drawdown_wording import (
    owner_of,
    said_of_drawdowns,
    said_of_recovery,
    said_of_the_last_day,
)
from services.compare.domain.leading import BENCHMARK
from services.compare.domain.periods import lies_in
from services.compare.domain.signs_wording import said_of_several
from services.compare.domain.subject import Subject
from services.compare.domain.window_wording import OUTSIDE
from services.compare.domain.wording import MOST_LISTED, NOTHING, Context
from services.grounding.writing import value_text

MOST_OF_EACH: Final = 12
"""How many periods are listed of each of several strategies."""
ONLY_RETURNS: Final = Texts(
    ko="기간별로는 수익률만 답합니다. {metrics} 값은 기간을 정해 물어보세요. 예: '2008년 샤프 비율'",
    en="By period there are returns alone. For the {metrics}, name a period. Try: 'Sharpe ratio in 2008'",
)
FIRST_OF: Final = Texts(
    ko="전체 {all}개 전략 중 {count}개만 계산했습니다. 다른 전략은 이름으로 물어보세요.",
    en="This is computed of {count} strategies, of {all}: ask for others by their names.",
)
NO_CURVES: Final = Texts(
    ko="{names}: 날짜별 자산 자료를 받지 못해 답할 수 없습니다. 잠시 후 다시 물어보세요.",
    en="{names}: the equity of each day did not come in time, so there is no answer. Ask again in a moment.",
)
NO_DAYS: Final = Texts(
    ko="{names}: 물어본 기간에 수익률을 계산할 날이 없습니다.",
    en="{names}: too few days for a return in the window asked about.",
)
MORE: Final = Texts(
    ko="나머지는 기간을 정해 물어보세요. 예: '2009년 월별 수익률'",
    en="Name a period for the others. Try: 'returns by month in 2009'",
)
END: Final[dict[str, Texts]] = {
    "best": Texts(ko="가장 좋은", en="best"),
    "worst": Texts(ko="가장 나쁜", en="worst"),
}


def said_of_timing(timing: Timing, subject: Subject, context: Context) -> tuple[list[str], str | None]:
    """Return the sentences that answer, and the id of the backtest that was asked for."""
    asked, language = subject.question.timing, context.language
    lines = []
    if asked and asked.metrics:
        labels = ", ".join(CATALOGUE[each].label.of(language) for each in asked.metrics)
        lines.append(ONLY_RETURNS.of(language).format(metrics=labels))
        if timing.asked != "returns":
            return lines, None
    if not context.figures:
        return [*lines, NOTHING.of(language)], None
    there = [each for each in timing.strategies if each.backtest_id in {*context.figures, BENCHMARK}]
    said = _Said(timing, subject, context, len(there) == 1)
    if timing.asked == "wins":
        lines += said.wins(there)
    elif timing.asked == "last_drawdown":
        lines += said_of_the_last_day(there, asked, context)
    elif asked and asked.whether and timing.asked == "drawdowns" and len(there) > 1:
        lines.append(said_of_recovery(there, asked, context))
        lines += [said.of_one(each) for each in there[:MOST_LISTED]]
    else:
        lines += said_of_several(there, subject, context)
        lines += [said.of_one(each) for each in there[:MOST_LISTED]]
    if len(there) > MOST_LISTED and timing.asked != "last_drawdown":
        lines.append(context.more(len(there)).strip())
    lines += said.left_out(there)
    if subject.first_of:
        lines.append(FIRST_OF.of(language).format(count=len(there), all=subject.first_of))
    first = timing.asked in {"best", "worst", "gains", "losses"}
    of_one = asked and there and ((asked.which and first) or asked.nearest is not None)
    return lines, there[0].backtest_id if of_one else said.winner(there)


class _Said:
    """Words for the periods and drawdowns of an answer; `alone`: it is about one strategy."""

    def __init__(self, timing: Timing, subject: Subject, context: Context, alone: bool) -> None:  # noqa: FBT001
        self._timing, self._subject, self._context, self._alone = timing, subject, context, alone
        self._asked = subject.question.timing
        self._korean = context.korean

    def of_one(self, told: StrategyTiming) -> str:
        match self._timing.asked:
            case "drawdowns":
                return said_of_drawdowns(told, self._asked, self._context, alone=self._alone)
            case "best" | "worst" as end:
                return self._end(told, end)
            case "ends":
                return self._ends(told)
            case "returns":
                by = BY[self._unit].of(self._context.language)
                head = (
                    f"{self._owner(told)}의 {by} 수익률"
                    if self._korean
                    else f"Returns of {self._owner(told)} {by}"
                )
                return f"{head}: {self._periods(told.periods, told.matching)}"
        return self._signs(told)

    def wins(self, there: Sequence[StrategyTiming]) -> Iterator[str]:
        """Say in which periods each had the highest return, who had it in most of them first."""
        periods = there[0].of if there else 0
        unit = UNITS[self._unit].of(self._context.language)
        if len(there) < 2 or not periods:  # noqa: PLR2004 - it takes two
            yield (
                f"어느 {unit}에 앞섰는지는 같은 기간의 전략이 둘 이상이어야 알 수 있습니다."
                if self._korean
                else f"Who led in which {unit} takes two strategies with days in common."
            )
            return
        ordered = there if len(there) == 2 else sorted(there, key=lambda each: -each.matching)  # noqa: PLR2004
        yield (
            f"함께 있는 {periods:,}개 {unit} 중 수익률이 가장 높았던 {unit}의 수:"
            if self._korean
            else f"Of the {counted(periods, unit)} that all have, each had the highest return in:"
        )
        for each in ordered[:MOST_LISTED]:
            listed = self._periods(each.periods, each.matching) if 0 < each.matching <= MOST_OF_EACH else "."
            count = f"{each.matching:,}개" if self._korean else f"{each.matching:,}"
            yield f"{self._owner(each)} {count}{': ' if listed != '.' else ''}{listed}"

    def winner(self, there: Sequence[StrategyTiming]) -> str | None:
        """Return the only one that had the highest return most often, where that is asked."""
        if self._timing.asked != "wins" or not there:
            return None
        most = max(each.matching for each in there)
        first = [each.backtest_id for each in there if each.matching == most]
        return first[0] if len(first) == 1 and first[0] != BENCHMARK else None

    def left_out(self, there: Sequence[StrategyTiming]) -> Iterator[str]:
        """Name the strategies of which nothing can be said, with the reason."""
        language = self._context.language
        for window in self._asked.only if self._asked else ():
            days = (lies_in(period, window.start, window.end) for each in there for period in each.periods)
            if not any(days) and not any(each.drawdowns for each in there):
                yield OUTSIDE.of(language).format(asked=label_of_window(window, language))
        known = {each.backtest_id for each in there}
        if BENCHMARK in known and not self._subject.question.named:
            return
        missing = [
            run
            for run in self._subject.asked_about
            if run.id not in known and run.id in self._context.figures
        ]
        for texts, ids in (
            (NO_CURVES, [run.id for run in missing if run.series is None]),
            (NO_DAYS, [run.id for run in missing if run.series is not None]),
        ):
            if ids:
                yield texts.of(language).format(names=self._context.named(ids))

    @property
    def _unit(self) -> PeriodUnit:
        return self._timing.unit or "year"

    def _owner(self, told: StrategyTiming) -> str:
        return owner_of(told, self._context)

    def _end(self, told: StrategyTiming, end: str) -> str:
        language, unit = self._context.language, UNITS[self._unit].of(self._context.language)
        if not told.periods:
            return self._too_few(told, unit)
        adjective = END[end].of(language)
        if self._asked and self._asked.only:
            periods = "; ".join(map(self._period, told.periods))
            first = f"{adjective} {unit}부터" if self._korean else f"from the {adjective} {unit}"
            return f"{self._owner(told)}, {first}: {periods}."
        if len(told.periods) > 1:
            head = (
                f"{self._owner(told)}의 {adjective} {unit} {len(told.periods)}개"
                if self._korean
                else f"The {len(told.periods)} {adjective} {unit}s of {self._owner(told)}"
            )
            return f"{head}: {self._periods(told.periods, len(told.periods))}"
        (only,) = told.periods
        rank = self._asked.rank if self._asked else None
        if self._korean:
            how = f"{rank}번째로 {adjective.removeprefix('가장 ')}" if rank and rank > 1 else adjective
            return f"{self._owner(told)}의 {how} {unit}: {self._period(only)} (전체 {told.of:,}개 중)."
        place = f"{ordinal(rank)} " if rank and rank > 1 else ""
        return f"The {place}{adjective} {unit} of {self._owner(told)}: {self._period(only)} (of {told.of:,})."

    def _ends(self, told: StrategyTiming) -> str:
        unit = UNITS[self._unit].of(self._context.language)
        if not told.periods:
            return self._too_few(told, unit)
        half = (len(told.periods) + 1) // 2
        parts = (
            (END["best"], told.periods[:half]),
            (END["worst"], told.periods[half:] or told.periods[:half]),
        )
        said = "; ".join(
            f"{texts.of(self._context.language)} {unit} {', '.join(map(self._period, periods))}"
            for texts, periods in parts
        )
        return f"{self._owner(told)}: {said}."

    def _signs(self, told: StrategyTiming) -> str:
        """Say in how many periods a strategy gained or lost, and in which."""
        unit, gains = UNITS[self._unit].of(self._context.language), self._timing.asked == "gains"
        listed = 0 < told.matching <= len(told.periods)
        which = f": {self._periods(told.periods, told.matching)}" if listed else "."
        whether = bool(self._asked and self._asked.whether and self._alone)
        without, enough = self._without(), self._is_enough(told)
        if self._korean:
            yes = ("네, " if enough else "아니요, ") if whether else ""
            sign = "수익이" if gains else "손실이"
            others = f"{without} 말고 다른 " if without else ""
            said = f"{others}{told.of:,}개 {unit} 중 {told.matching:,}개에서 {sign} 났습니다"
            return f"{yes}{self._owner(told)}: {said}{which}"
        yes = ("Yes: " if enough else "No: ") if whether else ""
        sign = "gained" if gains else "lost"
        of = f"the {told.of:,} {unit}s other than {without}" if without else counted(told.of, unit)
        return f"{yes}{self._owner(told)} {sign} in {told.matching:,} of {of}{which}"

    def _is_enough(self, told: StrategyTiming) -> bool:
        """Tell whether so many periods are as asked for that the answer is yes."""
        if self._asked and self._asked.never:
            return not told.matching
        if self._asked and self._asked.every:
            return told.matching == told.of
        return told.matching >= (self._asked.least if self._asked else 1)

    def _without(self) -> str:
        """Name the windows that are left out."""
        language = self._context.language
        return (
            ", ".join(label_of_window(each, language) for each in self._asked.without) if self._asked else ""
        )

    def _periods(self, periods: Sequence[PeriodReturn], matching: int) -> str:
        shown = periods if self._alone else periods[:MOST_OF_EACH]
        listed, left = ", ".join(map(self._period, shown)), matching - len(shown)
        if left <= 0:
            return f"{listed}."
        rest = f"외 {left:,}개" if self._korean else f"and {left:,} more"
        return f"{listed}, {rest}. {MORE.of(self._context.language)}"

    def _period(self, each: PeriodReturn) -> str:
        language = self._context.language
        part = "" if each.whole else f" ({each.start}~{each.end})"
        value = value_text("total_return", each.total_return, language)
        return f"{label_of(each.start, each.end, self._unit, language)} {value}{part}"

    def _too_few(self, told: StrategyTiming, unit: str) -> str:
        if self._korean:
            return f"{self._owner(told)}의 {unit}: {told.of:,}개뿐입니다."
        return f"{self._owner(told)} has only {counted(told.of, unit)}."

"""What answers say of days and periods: drawdowns with their dates, the best month, returns by year."""

from collections.abc import Iterator, Sequence
from typing import Final

from backchat_contracts import METRICS as CATALOGUE
from backchat_contracts import Language, Texts
from backchat_contracts.timing import DatedDrawdown, PeriodReturn, PeriodUnit, StrategyTiming, Timing
from services.compare.domain.metrics import METRICS
from services.compare.domain.subject import Subject
from services.compare.domain.timing import BENCHMARK
from services.compare.domain.wording import MOST_LISTED, NOTHING, Context
from services.grounding.writing import value_text

MOST_OF_EACH: Final = 12
"""How many periods are listed of each of several strategies."""
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
_QUARTER: Final = 3
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


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
    elif asked and asked.whether and timing.asked == "drawdowns" and len(there) > 1:
        lines.append(said.recovered(there))
        lines += [said.of_one(each) for each in there[:MOST_LISTED]]
    else:
        lines += [said.of_one(each) for each in there[:MOST_LISTED]]
    if len(there) > MOST_LISTED:
        lines.append(context.more(len(there)).strip())
    lines += said.left_out(there)
    if subject.first_of:
        lines.append(FIRST_OF.of(language).format(count=len(there), all=subject.first_of))
    of_one = (
        asked is not None and asked.which and there and timing.asked in {"best", "worst", "gains", "losses"}
    )
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
                return self._drawdowns(told)
            case "best" | "worst" as end:
                return self._end(told, end)
            case "ends":
                return self._ends(told)
            case "returns":
                by = BY[self._unit].of(self._context.language)
                head = (
                    f"{self._name(told)}의 {by} 수익률"
                    if self._korean
                    else f"Returns of {self._name(told)} {by}"
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
            else f"Of the {_counted(periods, unit)} that all have, each had the highest return in:"
        )
        for each in ordered[:MOST_LISTED]:
            listed = self._periods(each.periods, each.matching) if 0 < each.matching <= MOST_OF_EACH else "."
            count = f"{each.matching:,}개" if self._korean else f"{each.matching:,}"
            yield f"{self._name(each)} {count}{': ' if listed != '.' else ''}{listed}"

    def recovered(self, there: Sequence[StrategyTiming]) -> str:
        """Say how many have recovered from the drawdown that is meant."""
        again = sum(all(fall.recovery for fall in each.drawdowns) for each in there)
        if self._korean:
            return f"{len(there)}개 중 {again}개가 회복했습니다."
        return f"{again} of {len(there)} {'has' if again == 1 else 'have'} recovered."

    def winner(self, there: Sequence[StrategyTiming]) -> str | None:
        """Return the only one that had the highest return most often, where that is asked."""
        if self._timing.asked != "wins" or not there:
            return None
        most = max(each.matching for each in there)
        first = [each.backtest_id for each in there if each.matching == most]
        return first[0] if len(first) == 1 and first[0] != BENCHMARK else None

    def left_out(self, there: Sequence[StrategyTiming]) -> Iterator[str]:
        """Name the strategies of which nothing can be said, with the reason."""
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
                yield texts.of(self._context.language).format(names=self._context.named(ids))

    @property
    def _unit(self) -> PeriodUnit:
        return self._timing.unit or "year"

    def _name(self, told: StrategyTiming) -> str:
        if told.backtest_id == BENCHMARK:
            return "벤치마크" if self._korean else "the benchmark"
        return f"'{self._context.name(told.backtest_id)}'"

    def _end(self, told: StrategyTiming, end: str) -> str:
        language, unit = self._context.language, UNITS[self._unit].of(self._context.language)
        if not told.periods:
            return self._too_few(told, unit)
        adjective = END[end].of(language)
        if len(told.periods) > 1:
            head = (
                f"{self._name(told)}의 {adjective} {unit} {len(told.periods)}개"
                if self._korean
                else f"The {len(told.periods)} {adjective} {unit}s of {self._name(told)}"
            )
            return f"{head}: {self._periods(told.periods, len(told.periods))}"
        (only,) = told.periods
        rank = self._asked.rank if self._asked else None
        if self._korean:
            how = f"{rank}번째로 {adjective.removeprefix('가장 ')}" if rank and rank > 1 else adjective
            return f"{self._name(told)}의 {how} {unit}: {self._period(only)} (전체 {told.of:,}개 중)."
        place = f"{ordinal(rank)} " if rank and rank > 1 else ""
        return f"The {place}{adjective} {unit} of {self._name(told)}: {self._period(only)} (of {told.of:,})."

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
        return f"{self._name(told)}: {said}."

    def _signs(self, told: StrategyTiming) -> str:
        """Say in how many periods a strategy gained or lost, and in which."""
        unit, gains = UNITS[self._unit].of(self._context.language), self._timing.asked == "gains"
        listed = 0 < told.matching <= len(told.periods)
        which = f": {self._periods(told.periods, told.matching)}" if listed else "."
        whether = bool(self._asked and self._asked.whether and self._alone)
        if self._korean:
            yes = ("네, " if told.matching else "아니요, ") if whether else ""
            said = (
                f"{told.of:,}개 {unit} 중 {told.matching:,}개에서 {'수익이' if gains else '손실이'} 났습니다"
            )
            return f"{yes}{self._name(told)}: {said}{which}"
        yes = ("Yes: " if told.matching else "No: ") if whether else ""
        sign = "gained" if gains else "lost"
        return f"{yes}{self._name(told)} {sign} in {told.matching:,} of {_counted(told.of, unit)}{which}"

    def _drawdowns(self, told: StrategyTiming) -> str:
        if not told.matching:
            return (
                f"{self._name(told)}에는 낙폭이 없습니다: 고점 아래로 내려간 날이 없습니다."
                if self._korean
                else f"{self._name(told)} has no drawdown: it was never below its peak."
            )
        if not told.drawdowns:
            return (
                f"{self._name(told)}의 낙폭은 {told.matching}개뿐입니다."
                if self._korean
                else f"{self._name(told)} has only {told.matching} drawdowns."
            )
        if len(told.drawdowns) > 1:
            head = (
                f"{self._name(told)}의 가장 깊은 낙폭"
                if self._korean
                else f"The deepest drawdowns of {self._name(told)}"
            )
            numbered = (f"{number}. {self._drawdown(each)}" for number, each in enumerate(told.drawdowns, 1))
            return f"{head}: {'; '.join(numbered)}."
        (only,) = told.drawdowns
        whether = bool(self._asked and self._asked.whether and self._alone)
        rank = self._asked.rank if self._asked else None
        if self._korean:
            yes = (
                ("네, 회복했습니다. " if only.recovery else "아니요, 회복하지 못했습니다. ")
                if whether
                else ""
            )
            place = f"{rank}번째로" if rank and rank > 1 else "가장"
            return f"{yes}{self._name(told)}의 {place} 깊은 낙폭: {self._drawdown(only)}."
        yes = (
            ("Yes, it has recovered. " if only.recovery else "No, it has not recovered. ") if whether else ""
        )
        place = f"{ordinal(rank)} " if rank and rank > 1 else ""
        return f"{yes}The {place}deepest drawdown of {self._name(told)}: {self._drawdown(only)}."

    def _drawdown(self, each: DatedDrawdown) -> str:
        depth = METRICS["max_drawdown"].text(each.max_drawdown, self._context.language)
        fell, window = (each.trough - each.peak).days, self._context.findings.window
        if self._korean:
            end = (
                f"회복 {each.recovery} (저점에서 {each.recovery_days:,}일)"
                if each.recovery
                else f"{'이 기간' if window else '자료'}의 끝까지 회복하지 못함"
            )
            return f"{depth}, 고점 {each.peak}, 저점 {each.trough} (고점에서 {fell:,}일), {end}"
        end = (
            f"recovered {each.recovery} ({each.recovery_days:,} days from the trough)"
            if each.recovery
            else f"not recovered by the end of the {'period' if window else 'data'}"
        )
        return f"{depth}, peak {each.peak}, trough {each.trough} ({fell:,} days from the peak), {end}"

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
        return f"{label_of(each, self._unit, language)} {value}{part}"

    def _too_few(self, told: StrategyTiming, unit: str) -> str:
        if self._korean:
            return f"{self._name(told)}의 {unit}: {told.of:,}개뿐입니다."
        return f"{self._name(told)} has only {_counted(told.of, unit)}."


def ordinal(rank: int) -> str:
    """Write a place in English: "2nd"."""
    special = rank % 100 in range(11, 14)
    return f"{rank}{'th' if special else {1: 'st', 2: 'nd', 3: 'rd'}.get(rank % 10, 'th')}"


def label_of(period: PeriodReturn, unit: PeriodUnit, language: Language) -> str:
    """Name a period of the calendar: "2008년 9월", "September 2008"."""
    day, korean = period.start, language == "ko"
    quarter = (day.month + _QUARTER - 1) // _QUARTER
    match unit:
        case "year":
            return f"{day.year}년" if korean else f"{day.year}"
        case "quarter":
            return f"{day.year}년 {quarter}분기" if korean else f"Q{quarter} {day.year}"
        case "month":
            return f"{day.year}년 {day.month}월" if korean else f"{_MONTHS[day.month - 1]} {day.year}"
        case "week":
            return f"{day}~{period.end}"
    return str(day)


def _counted(count: int, unit: str) -> str:
    return f"{count:,} {unit}{'' if count == 1 else 's'}"

"""What answers say of drawdowns: when they were, whether they are over, how far below its peak each ends."""

from collections.abc import Sequence
from typing import Final

from backchat_contracts.timing import DatedDrawdown, LastDrawdown, StrategyTiming
from services.compare.domain.calendar_wording import ordinal
from services.compare.domain.leading import BENCHMARK
from services.compare.domain.metrics import METRICS
from services.compare.domain.wording import MOST_LISTED, Context
from services.language.timing import Timing

_DEPTH: Final = METRICS["max_drawdown"]


def owner_of(told: StrategyTiming, context: Context) -> str:
    """Name the strategy of some periods, or the benchmark."""
    if told.backtest_id == BENCHMARK:
        return "벤치마크" if context.korean else "the benchmark"
    return f"'{context.name(told.backtest_id)}'"


def said_of_recovery(there: Sequence[StrategyTiming], asked: Timing, context: Context) -> str:
    """Say how many have recovered from the drawdown that is meant, or had by the day that is."""
    again = sum(all(_is_over(fall, asked) for fall in each.drawdowns) for each in there)
    if context.korean:
        until = f"{asked.by}까지 " if asked.by else ""
        return f"{until}{len(there)}개 중 {again}개가 회복했습니다."
    if asked.by:
        return f"{again} of {len(there)} had recovered by {asked.by}."
    return f"{again} of {len(there)} {'has' if again == 1 else 'have'} recovered."


def _is_over(fall: DatedDrawdown, asked: Timing | None) -> bool:
    """Tell whether a drawdown was made good, by the day that is asked for if there is one."""
    until = asked.by if asked else None
    return fall.recovery is not None and (until is None or fall.recovery <= until)


def said_of_drawdowns(told: StrategyTiming, asked: Timing | None, context: Context, *, alone: bool) -> str:
    """Say when the drawdowns of a strategy were; `alone`: the answer is about no other."""
    owner, korean = owner_of(told, context), context.korean
    if not told.matching and asked and asked.only:
        return f"{owner}: 그때 낙폭이 없습니다." if korean else f"{owner} had no drawdown then."
    if not told.matching:
        return (
            f"{owner}에는 낙폭이 없습니다: 고점 아래로 내려간 날이 없습니다."
            if korean
            else f"{owner} has no drawdown: it was never below its peak."
        )
    if not told.drawdowns:
        return (
            f"{owner}의 낙폭은 {told.matching}개뿐입니다."
            if korean
            else f"{owner} has only {told.matching} drawdowns."
        )
    if len(told.drawdowns) > 1:
        head = f"{owner}의 가장 깊은 낙폭" if korean else f"The deepest drawdowns of {owner}"
        numbered = (f"{number}. {_drawdown(each, context)}" for number, each in enumerate(told.drawdowns, 1))
        return f"{head}: {'; '.join(numbered)}."
    (only,) = told.drawdowns
    whether = bool(asked and asked.whether and alone)
    rank = asked.rank if asked else None
    if korean:
        until = f"{asked.by}까지 " if asked and asked.by else ""
        answer = (
            f"네, {until}회복했습니다. " if _is_over(only, asked) else f"아니요, {until}회복하지 못했습니다. "
        )
        place = f"{rank}번째로" if rank and rank > 1 else "가장"
        return f"{answer if whether else ''}{owner}의 {place} 깊은 낙폭: {_drawdown(only, context)}."
    answer = "Yes, it has recovered. " if only.recovery else "No, it has not recovered. "
    if asked and asked.by:
        yes = _is_over(only, asked)
        answer = f"{'Yes' if yes else 'No'}, by {asked.by} it had {'' if yes else 'not '}recovered. "
    place = f"{ordinal(rank)} " if rank and rank > 1 else ""
    return f"{answer if whether else ''}The {place}deepest drawdown of {owner}: {_drawdown(only, context)}."


def _drawdown(each: DatedDrawdown, context: Context) -> str:
    depth = _DEPTH.text(each.max_drawdown, context.language)
    fell, window = (each.trough - each.peak).days, context.findings.window
    if context.korean:
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


def said_of_the_last_day(
    there: Sequence[StrategyTiming], asked: Timing | None, context: Context
) -> list[str]:
    """Say how far below its peak each strategy ends, in their order; of one, or how many, whether it does."""
    last = [(each, each.last_drawdown) for each in there if each.last_drawdown]
    if not last:
        return []
    high = bool(asked and asked.high)
    meant = [each for each in last if (each[1].max_drawdown == 0.0) == high]
    if len(last) == 1:
        return [f"{_yes(asked, bool(meant), context)}{_alone(*last[0], context)}"]
    lines = []
    if asked and asked.nearest is not None:
        lines.append(_first(*last[0], context, nearest=asked.nearest))
    else:
        lines.append(
            f"{_yes(asked, bool(meant), context)}{_how_many(len(meant), len(last), context, high=high)}"
        )
    listed = "; ".join(_listed(*each, context) for each in last[:MOST_LISTED])
    label = "마지막 날의 고점 대비" if context.korean else "On the last day, from the peak"
    return [*lines, f"{label}: {listed}{context.more(len(last))}."]


def _yes(asked: Timing | None, yes: bool, context: Context) -> str:  # noqa: FBT001
    if not (asked and asked.whether):
        return ""
    if context.korean:
        return "네, " if yes else "아니요, "
    return "Yes: " if yes else "No: "


def _alone(told: StrategyTiming, last: LastDrawdown, context: Context) -> str:
    owner, days = owner_of(told, context), (last.day - last.peak).days
    depth = _DEPTH.text(last.max_drawdown, context.language)
    if context.korean:
        if not days:
            return f"{owner}: 마지막 날({last.day})이 신고점입니다."
        return (
            f"{owner}: 마지막 날({last.day})에 고점({last.peak}) 대비 {depth}, 고점에서 {days:,}일째입니다."
        )
    if not days:
        return f"{owner} ends at a new high ({last.day})."
    return f"{owner} ends ({last.day}) at {depth} from its peak of {last.peak}, {days:,} days before."


def _first(told: StrategyTiming, last: LastDrawdown, context: Context, *, nearest: bool) -> str:
    owner, depth = owner_of(told, context), _DEPTH.text(last.max_drawdown, context.language)
    if context.korean:
        how = "고점에 가장 가깝게" if nearest else "고점에서 가장 멀리"
        return f"{how} 끝난 전략은 {owner}입니다: {depth}."
    how = "ends nearest to its peak" if nearest else "ends farthest below its peak"
    return f"The strategy that {how} is {owner}: {depth}."


def _how_many(count: int, of: int, context: Context, *, high: bool) -> str:
    if context.korean:
        how = "신고점에서" if high else "고점 아래에서"
        return f"{of:,}개 중 {count:,}개가 {how} 끝났습니다."
    how = ("ends at a new high" if high else "ends below its peak") if count == 1 else (
        "end at new highs" if high else "end below their peaks"
    )  # fmt: skip
    return f"{count:,} of {of:,} {how}."


def _listed(told: StrategyTiming, last: LastDrawdown, context: Context) -> str:
    depth = _DEPTH.text(last.max_drawdown, context.language)
    when = f"고점 {last.peak}" if context.korean else f"peak {last.peak}"
    return f"{owner_of(told, context)} {depth} ({when})"

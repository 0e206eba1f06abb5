"""Sentences about how sure a difference is."""

from typing import Final

from backchat_contracts import Texts
from backchat_contracts.findings import Verdict
from services.compare.domain.metrics import Metric, with_and_particle
from services.compare.domain.wording import Context, p_text

SAME_RETURNS: Final = Texts(
    ko="일간 수익률이 똑같아 차이가 없습니다.", en="There is no difference: the daily returns are the same."
)
NO_TEST: Final = Texts(
    ko="이 지표는 수익률만으로 검정할 수 없어, 차이가 우연인지는 알 수 없습니다.",
    en="No test is made for this metric, as it does not follow from the returns: whether the difference is "
    "chance is not known.",
)
POWER: Final = "80 %"


def certainty(verdict: Verdict, metric: Metric, context: Context) -> str:
    """Say whether the lead of a verdict's leader is shown; nothing where there is no lead to speak of."""
    leaders = verdict.tied or ((verdict.leader,) if verdict.leader else ())
    if verdict.tied and verdict.next is None and verdict.outcome != "identical":
        return ""
    match verdict.outcome:
        case "identical":
            return SAME_RETURNS.of(context.language)
        case "fact":
            return NO_TEST.of(context.language)
        case "better" | "worse" | "different" | "no-difference-shown" if leaders:
            leader = context.named(leaders)
            if verdict.over:
                return _shown(leader, verdict, metric, context)
            return _not_shown(leader, verdict, metric, context)
        case _:
            return ""


def _shown(leader: str, verdict: Verdict, metric: Metric, context: Context) -> str:
    over, not_over = context.named(verdict.over), context.named(verdict.not_over)
    numbers = _numbers(verdict, metric, context)
    if context.korean:
        shown = f"{with_and_particle(leader)} {over}의 차이는 통계적으로 확인"
        if not not_over:
            return f"{shown}됩니다 ({numbers})."
        return f"{shown}되지만, {with_and_particle(not_over)}의 차이는 확인되지 않습니다 ({numbers})."
    if not not_over:
        return f"The difference between {leader} and {over} is shown ({numbers})."
    return f"The difference between {leader} and {over} is shown, that to {not_over} is not ({numbers})."


def _not_shown(leader: str, verdict: Verdict, metric: Metric, context: Context) -> str:
    numbers = _numbers(verdict, metric, context)
    if verdict.interval is None:  # wider than anything that the metric can be
        if context.korean:
            why = "다만 수익률이 거의 변하지 않거나 기간이 짧아 차이를 판단할 수 없습니다"
            return f"{why} ({numbers}; {verdict.bars} 거래일)."
        why = "But the returns vary too little, or for too short, to tell"
        return f"{why} ({numbers}; {verdict.bars} trading days)."
    seen = "" if verdict.detectable is None else context.gap(metric, abs(verdict.detectable)).lstrip("+")
    others = context.named(verdict.not_over)
    if context.korean:
        tail = f" {seen} 차이였다면 드러났을 것입니다 (검정력 {POWER})." if seen else ""
        return (
            f"다만 {with_and_particle(leader)} {others}의 차이는 통계적으로 확인되지 않습니다 "
            f"({numbers}; {verdict.bars} 거래일).{tail}"
        )
    tail = f" A difference of {seen} would have been seen ({POWER} power)." if seen else ""
    between = f"between {leader} and {others}"
    return f"But no difference is shown {between} ({numbers}; {verdict.bars} trading days).{tail}"


def _numbers(verdict: Verdict, metric: Metric, context: Context) -> str:
    """Write the difference from the one that comes next, its interval and the p-value."""
    parts = []
    if verdict.difference is not None and verdict.next is not None:
        difference = context.gap(metric, verdict.difference)
        if len(verdict.over) + len(verdict.not_over) == 1:
            parts.append(f"차이 {difference}" if context.korean else f"difference {difference}")
        else:
            other = f"'{context.name(verdict.next)}'"
            ko, en = f"{with_and_particle(other)}의 차이 {difference}", f"{difference} from {other}"
            parts.append(ko if context.korean else en)
    if verdict.interval:
        low, high = context.gap(metric, verdict.interval.low), context.gap(metric, verdict.interval.high)
        interval = "95 % 구간" if context.korean else "95 % interval"
        parts.append(f"{interval} {low}~{high}" if context.korean else f"{interval} {low} to {high}")
    if verdict.p_value is not None:
        parts.append(p_text(verdict.p_value))
    return ", ".join(parts)

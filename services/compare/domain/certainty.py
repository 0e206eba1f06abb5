"""Sentences about how sure a difference is."""

from typing import Final

from backchat_contracts import Texts
from backchat_contracts.findings import Verdict
from services.compare.domain.metrics import Metric, with_and_particle
from services.compare.domain.wording import Context

SMALLEST_P: Final = 0.001


def certainty(verdict: Verdict, metric: Metric, context: Context) -> str:
    """Say whether the lead of a verdict's leader is shown; nothing where there is no lead to speak of."""
    match verdict.outcome:
        case "better" | "worse" | "different":
            return _shown(verdict, metric, context)
        case "no-difference-shown":
            return _not_shown(verdict, metric, context)
        case "identical":
            return SAME_RETURNS.of(context.language)
        case "fact":
            return NO_TEST.of(context.language)
        case _:
            return ""


SAME_RETURNS: Final = Texts(
    ko="일간 수익률이 똑같아 차이가 없습니다.", en="There is no difference: the daily returns are the same."
)
NO_TEST: Final = Texts(
    ko="이 지표는 수익률만으로 검정할 수 없어, 차이가 우연인지는 알 수 없습니다.",
    en="No test is made for this metric, as it does not follow from the returns: whether the difference is "
    "chance is not known.",
)


def _shown(verdict: Verdict, metric: Metric, context: Context) -> str:
    over, not_over = context.named(verdict.over), context.named(verdict.not_over)
    numbers = _numbers(verdict, metric, context)
    if context.korean:
        if not not_over:
            return f"{with_and_particle(over)}의 차이는 통계적으로 확인됩니다 ({numbers})."
        shown, not_shown = with_and_particle(over), with_and_particle(not_over)
        return f"{shown}의 차이는 통계적으로 확인되지만, {not_shown}의 차이는 확인되지 않습니다 ({numbers})."
    if not not_over:
        return f"The difference from {over} is shown ({numbers})."
    return f"The difference from {over} is shown, that from {not_over} is not ({numbers})."


def _not_shown(verdict: Verdict, metric: Metric, context: Context) -> str:
    numbers = _numbers(verdict, metric, context)
    seen = "" if verdict.detectable is None else context.gap(metric, abs(verdict.detectable)).lstrip("+")
    if context.korean:
        tail = f" {seen} 차이였다면 드러났을 것입니다." if seen else ""
        return f"다만 통계적으로 확인된 차이는 없습니다 ({numbers}; {verdict.bars} 거래일).{tail}"
    tail = f" A difference of {seen} would have been seen." if seen else ""
    return f"But no difference is shown ({numbers}; {verdict.bars} trading days).{tail}"


def _numbers(verdict: Verdict, metric: Metric, context: Context) -> str:
    """Write the difference from the one that comes next, its interval and the p-value."""
    interval = "95 % 구간" if context.korean else "95 % interval"
    parts = []
    if verdict.difference is not None and verdict.next is not None:
        difference = context.gap(metric, verdict.difference)
        if len(verdict.over) + len(verdict.not_over) == 1:
            parts.append(f"차이 {difference}" if context.korean else f"difference {difference}")
        else:
            other = f"'{context.name(verdict.next)}'"
            parts.append(
                f"{with_and_particle(other)}의 차이 {difference}"
                if context.korean
                else f"{difference} from {other}"
            )
    if verdict.interval:
        low, high = (context.gap(metric, end) for end in (verdict.interval.low, verdict.interval.high))
        parts.append(f"{interval} {low}~{high}" if context.korean else f"{interval} {low} to {high}")
    if verdict.p_value is not None:
        p = verdict.p_value
        parts.append(f"p < {SMALLEST_P}" if p < SMALLEST_P else f"p = {p:.3f}")
    return ", ".join(parts)

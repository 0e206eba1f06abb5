"""How answers write figures, and how sure a difference is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from backchat_contracts import Findings, Language, StrategyFigures, Texts
from backchat_contracts.findings import Interval, Verdict
from services.compare.domain.metrics import Metric

Name = Callable[[str], str]
"""What a backtest is called in an answer, by its id."""

SMALLEST_P: Final = 0.001
CERTAIN: Final = 0.99


@dataclass(frozen=True, slots=True)
class Context:
    """What the sentences of one answer are written from."""

    findings: Findings
    figures: Mapping[str, StrategyFigures]
    names: Mapping[str, str]
    language: Language

    @property
    def korean(self) -> bool:
        return self.language == "ko"

    def name(self, backtest_id: str) -> str:
        return self.names[backtest_id]

    def value(self, metric: Metric, backtest_id: str) -> float | None:
        """Return a figure on the common window, of those that are compared; else the stored one."""
        window = self.findings.common_window
        again = {each.backtest_id: each.values for each in window.figures} if window else {}
        if backtest_id in again:
            return again[backtest_id].get(metric.name)
        return metric.of(self.figures[backtest_id])

    def quote(self, metric: Metric, backtest_id: str) -> str:
        return f"{metric.label.of(self.language)} {self.text(metric, backtest_id)}"

    def text(self, metric: Metric, backtest_id: str) -> str:
        value = self.value(metric, backtest_id)
        if value is None:
            return "해당 없음" if self.korean else "not defined"
        return metric.text(value)

    def listed(self, metric: Metric, backtest_ids: Sequence[str]) -> str:
        return "; ".join(f"'{self.name(key)}' {self.quote(metric, key)}" for key in backtest_ids)

    def period(self, backtest_id: str) -> str:
        window = self.findings.common_window
        if window and window.figures:
            return f"{window.start}~{window.end}"
        period = self.figures[backtest_id].backtest_period
        return f"{period.start}~{period.end}"


def certainty(verdict: Verdict, metric: Metric, name: Name, language: Language) -> str:
    """Say whether the lead of a verdict's leader is shown; nothing where there is no lead to speak of."""
    match verdict.outcome:
        case "better" | "worse" | "different":
            return _shown(verdict, metric, name, language)
        case "no-difference-shown":
            return _not_shown(verdict, metric, name, language)
        case "identical":
            return SAME_RETURNS.of(language)
        case "fact":
            return NO_TEST.of(language)
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


def _shown(verdict: Verdict, metric: Metric, name: Name, language: Language) -> str:
    over, not_over = _names(verdict.over, name), _names(verdict.not_over, name)
    numbers = _numbers(verdict, metric, name, language)
    if language == "ko":
        if not not_over:
            return f"{over}와의 차이는 통계적으로 확인됩니다 ({numbers})."
        return (
            f"{over}와의 차이는 통계적으로 확인되지만, {not_over}와의 차이는 확인되지 않습니다 ({numbers})."
        )
    if not not_over:
        return f"The difference from {over} is shown ({numbers})."
    return f"The difference from {over} is shown, that from {not_over} is not ({numbers})."


def _not_shown(verdict: Verdict, metric: Metric, name: Name, language: Language) -> str:
    numbers = _numbers(verdict, metric, name, language)
    seen = "" if verdict.detectable is None else _gap(metric, abs(verdict.detectable), language).lstrip("+")
    if language == "ko":
        tail = f" {seen} 차이였다면 드러났을 것입니다." if seen else ""
        return f"다만 통계적으로 확인된 차이는 없습니다 ({numbers}; {verdict.bars} 거래일).{tail}"
    tail = f" A difference of {seen} would have been seen." if seen else ""
    return f"But no difference is shown ({numbers}; {verdict.bars} trading days).{tail}"


def _numbers(verdict: Verdict, metric: Metric, name: Name, language: Language) -> str:
    """Write the difference from the one that comes next, its interval and the p-value."""
    interval = {"ko": "95 % 구간", "en": "95 % interval"}[language]
    parts = []
    if verdict.difference is not None and verdict.next is not None:
        difference = _gap(metric, verdict.difference, language)
        if len(verdict.over) + len(verdict.not_over) == 1:
            parts.append(f"차이 {difference}" if language == "ko" else f"difference {difference}")
        else:
            other = f"'{name(verdict.next)}'"
            parts.append(
                f"{other}와의 차이 {difference}" if language == "ko" else f"{difference} from {other}"
            )
    if verdict.interval:
        low, high = (_gap(metric, end, language) for end in (verdict.interval.low, verdict.interval.high))
        parts.append(f"{interval} {low}~{high}" if language == "ko" else f"{interval} {low} to {high}")
    if verdict.p_value is not None:
        p = verdict.p_value
        parts.append(f"p < {SMALLEST_P}" if p < SMALLEST_P else f"p = {p:.3f}")
    return ", ".join(parts)


def _gap(metric: Metric, value: float, language: Language) -> str:
    """Write a difference: of percents it is in percentage points."""
    return signed(metric, value).replace(" %", " %p" if language == "ko" else " pp")


def span(metric: Metric, interval: Interval, language: Language) -> str:
    low, high = signed(metric, interval.low), signed(metric, interval.high)
    return f"{low}~{high}" if language == "ko" else f"{low} to {high}"


def signed(metric: Metric, value: float) -> str:
    text = metric.text(value)
    return text if text.startswith(("+", "-")) else f"+{text}"


def _names(ids: Sequence[str], name: Name) -> str:
    return ", ".join(f"'{name(key)}'" for key in ids)


def probability(value: float, language: Language) -> str:
    """Write a probability in whole percents, never as 0 or 1."""
    if value > CERTAIN:
        return {"ko": "99 % 초과", "en": "more than 99 %"}[language]
    if value < 1.0 - CERTAIN:
        return {"ko": "1 % 미만", "en": "less than 1 %"}[language]
    return f"{100 * value:.0f} %"

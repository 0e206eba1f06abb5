"""How answers name strategies and write figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from backchat_contracts import Findings, Language, StrategyFigures, Texts
from backchat_contracts.findings import Interval
from services.compare.domain.metrics import METRICS, Metric
from services.grounding.writing import SMALLEST_P, difference_text, signed_text

MOST_LISTED: Final = 10
"""How many strategies an answer lists; the fields of the comparison have all."""
NOTHING: Final = Texts(
    ko="비교할 수 있는 백테스트 결과가 없습니다.", en="There are no backtest results to compare."
)


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
        """Return a figure on the common window, of those that are compared; else their own one.

        Where a window is asked about, that is of the window, too; None if they have no day in it.
        """
        windows = (self.findings.common_window, self.findings.window)
        for each in (figures for window in windows if window for figures in window.figures):
            if each.backtest_id == backtest_id:
                return each.values.get(metric.name)
        return None if self.findings.window else metric.of(self.figures[backtest_id])

    def has_figures(self, backtest_id: str) -> bool:
        """Tell whether a backtest has days in the window that is asked about, if there is one."""
        windows = (self.findings.common_window, self.findings.window)
        ids = {each.backtest_id for window in windows if window for each in window.figures}
        return self.findings.window is None or backtest_id in ids

    def quote(self, metric: Metric, backtest_id: str) -> str:
        return f"{metric.label.of(self.language)} {self.text(metric, backtest_id)}"

    def text(self, metric: Metric, backtest_id: str) -> str:
        value = self.value(metric, backtest_id)
        if value is None:
            return "해당 없음" if self.korean else "not defined"
        return metric.text(value, self.language)

    def gap(self, metric: Metric, value: float) -> str:
        """Write a difference: of percents it is in percentage points."""
        return difference_text(metric.name, value, self.language)

    def listed(self, metric: Metric, backtest_ids: Sequence[str], beside: Sequence[str] = ()) -> str:
        """Name strategies with their figures; `beside`: also those of other metrics."""
        metrics = [metric, *(METRICS[name] for name in beside)]
        shown = (
            f"'{self.name(key)}' {', '.join(self.quote(each, key) for each in metrics)}"
            for key in backtest_ids[:MOST_LISTED]
        )
        return f"{'; '.join(shown)}{self.more(len(backtest_ids))}"

    def named(self, backtest_ids: Sequence[str]) -> str:
        shown = (f"'{self.name(key)}'" for key in backtest_ids[:MOST_LISTED])
        return f"{', '.join(shown)}{self.more(len(backtest_ids))}"

    def more(self, count: int) -> str:
        """Say how many of a list are not shown."""
        rest = count - MOST_LISTED
        if rest <= 0:
            return ""
        return f" 외 {rest:,}개" if self.korean else f" and {rest:,} more"

    def period(self, backtest_id: str) -> str:
        window = self.findings.common_window
        asked = self.findings.window
        if asked:
            return f"{asked.start}~{asked.end}"
        if window and window.figures:
            return f"{window.start}~{window.end}"
        period = self.figures[backtest_id].backtest_period
        return f"{period.start}~{period.end}"


def span(metric: Metric, interval: Interval, language: Language) -> str:
    low, high = (signed_text(metric.name, each, language) for each in (interval.low, interval.high))
    return f"{low}~{high}" if language == "ko" else f"{low} to {high}"


def rates(entry: StrategyFigures, language: Language) -> str:
    commission, slippage = (f"{100 * each:g} %" for each in (entry.commission_rate, entry.slippage_rate))
    if language == "ko":
        return f"수수료율 {commission}, 슬리피지 {slippage}"
    return f"commission {commission}, slippage {slippage}"


def p_text(value: float) -> str:
    return f"p < {SMALLEST_P}" if value < SMALLEST_P else f"p = {value:.3f}"

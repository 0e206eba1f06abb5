"""The metrics that a question can be about: the words that name them, and how answers write them."""

import re
from dataclasses import dataclass
from typing import Final

from backchat_contracts import METRICS as CATALOGUE
from backchat_contracts import StrategyFigures, Texts
from backchat_contracts.metrics.benchmark import BenchmarkValues


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of the contracts' catalogue, with the words of questions and answers about it.

    Attributes:
        name: in the catalogue.
        superlative: what the best strategy is called; the Korean one goes before its noun.
        words: in a question they name this metric; lower case.
        whole: whether they are whole words; else a word may go on ("returned").

    """

    name: str
    superlative: Texts
    words: tuple[str, ...]
    whole: bool = False

    @property
    def label(self) -> Texts:
        return CATALOGUE[self.name].label

    @property
    def highest_first(self) -> bool:
        """Whether the highest value comes first: it is the best, or neither end is."""
        return CATALOGUE[self.name].direction != "lower_is_better"

    @property
    def has_good_end(self) -> bool:
        return CATALOGUE[self.name].direction != "neither"

    @property
    def is_money(self) -> bool:
        return CATALOGUE[self.name].unit == "money"

    @property
    def is_of_benchmark(self) -> bool:
        return self.name in BenchmarkValues.model_fields

    def of(self, figures: StrategyFigures) -> float | None:
        value: float | None = getattr(figures, self.name)
        return value

    def text(self, value: float) -> str:
        """Write a value in its unit."""
        entry = CATALOGUE[self.name]
        sign = "+" if entry.signed else ""
        match entry.unit:
            case "fraction":
                return f"{value:{sign}.2%}".replace("%", " %")
            case "ratio":
                return f"{value:{sign}.2f}"
            case "money":
                return f"{value:{sign},.2f}"
            case "count":
                return f"{value:{sign}.0f}"


HIGHEST: Final = Texts(ko="높은", en="highest")
LOWEST: Final = Texts(ko="낮은", en="lowest")


def with_topic_particle(word: str) -> str:
    """Append the Korean topic particle: 은 after a final consonant, 는 after a vowel."""
    return word + ("은" if _has_final_consonant(word) else "는")


def with_subject_particle(word: str) -> str:
    """Append the Korean subject particle: 이 after a final consonant, 가 after a vowel."""
    return word + ("이" if _has_final_consonant(word) else "가")


def _has_final_consonant(word: str) -> bool:
    return bool((ord(word[-1]) - ord("가")) % 28)


VOLATILITY: Final = Metric(
    "volatility",
    superlative=Texts(ko="가장 안정적인", en="The steadiest strategy"),
    words=(
        "안정",
        "변동성",
        "꾸준",
        "steady",
        "steadier",
        "steadiest",
        "stable",
        "unstable",
        "stability",
        "volatil",
        "smooth",
    ),
)
MAX_DRAWDOWN: Final = Metric(
    "max_drawdown",
    superlative=Texts(ko="최대 낙폭이 가장 작은", en="The strategy with the smallest maximum drawdown"),
    words=("낙폭", "mdd", "drawdown", "손실", "loss", "위험한", "risky", "riskier", "riskiest"),
)
SHARPE: Final = Metric(
    "sharpe_ratio",
    superlative=Texts(ko="위험 대비 성과가 가장 좋은", en="The strategy with the best risk-adjusted return"),
    words=("샤프", "sharpe", "위험 대비", "위험대비", "risk-adjusted", "risk adjusted"),
)
SORTINO: Final = Metric(
    "sortino_ratio",
    superlative=Texts(ko="소르티노 비율이 가장 높은", en="The strategy with the highest Sortino ratio"),
    words=("소르티노", "sortino"),
)
CAGR: Final = Metric(
    "cagr",
    superlative=Texts(ko="연평균 수익률이 가장 높은", en="The strategy with the highest annual growth"),
    words=("연평균", "연수익", "연 수익", "cagr", "annual return", "annual growth", "per year"),
)
WIN_RATE: Final = Metric(
    "win_rate",
    superlative=Texts(ko="승률이 가장 높은", en="The strategy with the highest win rate"),
    words=("승률", "win rate", "winning"),
)
TRADES: Final = Metric(
    "trades",
    superlative=Texts(ko="거래가 가장 적은", en="The strategy with the fewest trades"),
    words=("거래 횟수", "거래횟수", "매매 횟수", "몇 번", "trades"),
)
TOTAL_RETURN: Final = Metric(
    "total_return",
    superlative=Texts(ko="수익률이 가장 높은", en="The strategy with the highest total return"),
    words=("수익", "return", "profit", "earn", "gain", "벌"),
)

WORDED: Final = (MAX_DRAWDOWN, SHARPE, SORTINO, CAGR, WIN_RATE, TRADES, VOLATILITY, TOTAL_RETURN)
"""Those with more particular words first: "annual return" is not about the total return."""


SUPERLATIVES: Final = {
    "value_at_risk": Texts(
        ko="일간 위험가치가 가장 양호한", en="The strategy with the mildest daily value at risk"
    ),
    "conditional_value_at_risk": Texts(
        ko="일간 조건부 위험가치가 가장 양호한",
        en="The strategy with the mildest daily conditional value at risk",
    ),
    "longest_drawdown": Texts(
        ko="최장 낙폭 기간이 가장 짧은", en="The strategy whose longest drawdown was the shortest"
    ),
    "time_under_water": Texts(
        ko="고점 아래 기간이 가장 짧은", en="The strategy with the least time under water"
    ),
    "costs_paid": Texts(ko="거래 비용이 가장 적은", en="The strategy that paid the least in costs"),
    "final_equity": Texts(ko="최종 자산이 가장 많은", en="The strategy with the most final equity"),
}
"""What the best strategy is called, where "highest" or "lowest" before the label says it wrongly."""
ALSO: Final = {
    "costs_paid": ("거래비용", "비용", "costs", "cost", "fees", "commissions"),
    "final_equity": ("최종자산", "final value", "ending value"),
    "calmar_ratio": ("calmar", "칼마"),
    "value_at_risk": ("value at risk", "var", "위험가치"),
    "conditional_value_at_risk": (
        *("cvar", "conditional value at risk", "expected shortfall", "조건부 위험가치"),
    ),
    "ulcer_index": ("ulcer",),
    "turnover": ("turnover", "회전율"),
}
"""What else names a metric without words of its own, beside its label: whole words, lower case."""


def named_by_label(name: str) -> Metric:
    """Return a metric of the catalogue that a question names by its label, as whole words."""
    entry = CATALOGUE[name]
    first = LOWEST if entry.direction == "lower_is_better" else HIGHEST
    superlative = Texts(
        ko=f"{with_subject_particle(entry.label.ko)} 가장 {first.ko}",
        en=f"The strategy with the {first.en} {entry.label.en}",
    )
    words = (entry.label.ko, entry.label.en.casefold(), *ALSO.get(name, ()))
    return Metric(name, SUPERLATIVES.get(name, superlative), words, whole=True)


_LABELLED: Final = (
    named_by_label(name) for name in CATALOGUE if name not in {metric.name for metric in WORDED}
)
METRICS: Final = (
    *sorted(_LABELLED, key=lambda metric: -max(map(len, metric.words))),
    *WORDED,
)
"""In the order in which they are looked for in a question: a longer label may have another one in it."""


def _pattern(metric: Metric) -> re.Pattern[str]:
    """Match its words, which do not begin within another one: "against" does not name "gain"."""
    words, end = "|".join(map(re.escape, metric.words)), "(?![a-z])" if metric.whole else ""
    return re.compile(rf"(?<![a-z])(?:{words}){end}")


_PATTERNS: Final = {metric.name: _pattern(metric) for metric in METRICS}

DEFAULT: Final = SHARPE
"""The metric of a question that names none, such as "which is better?": return per unit of risk."""


def metric_of(query: str) -> Metric | None:
    """Return the metric that a question names; None where it names none."""
    lowered = query.casefold()
    return next((metric for metric in METRICS if _PATTERNS[metric.name].search(lowered)), None)

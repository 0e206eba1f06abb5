"""How answers write the metrics: their values, and what the strategy at an end of one is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from backchat_contracts import METRICS as CATALOGUE
from backchat_contracts import Language, StrategyFigures, Texts
from backchat_contracts.metrics.benchmark import BenchmarkValues
from services.grounding.writing import value_text
from services.language.question import End
from services.language.vocabulary.magnitudes import MAGNITUDES


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of the contracts' catalogue, as answers write it.

    Attributes:
        name: in the catalogue.
        superlatives: what the strategy at each end of its stored values is called; the Korean text goes
            before its noun.

    """

    name: str
    superlatives: Mapping[End, Texts]

    @property
    def label(self) -> Texts:
        return CATALOGUE[self.name].label

    @property
    def is_money(self) -> bool:
        return CATALOGUE[self.name].unit == "money"

    @property
    def is_of_benchmark(self) -> bool:
        return self.name in BenchmarkValues.model_fields

    def of(self, figures: StrategyFigures) -> float | None:
        value: float | None = getattr(figures, self.name)
        return value

    def text(self, value: float, language: Language) -> str:
        """Write a value in its unit; what rounds to zero has no sign."""
        return value_text(self.name, value, language)


def comparative(metric: str, end: End) -> Texts:
    """Return what a figure nearer to an end of the stored values is called; losses by their size."""
    if metric in MAGNITUDES:
        return Texts(ko="작은", en="smaller") if end == "highest" else Texts(ko="큰", en="larger")
    return Texts(ko="높은", en="higher") if end == "highest" else Texts(ko="낮은", en="lower")


def with_topic_particle(word: str) -> str:
    """Append the Korean topic particle: 은 after a final consonant, 는 after a vowel."""
    return word + ("은" if _has_final_consonant(word) else "는")


def with_subject_particle(word: str) -> str:
    """Append the Korean subject particle: 이 after a final consonant, 가 after a vowel."""
    return word + ("이" if _has_final_consonant(word) else "가")


def with_and_particle(word: str) -> str:
    """Append the Korean "and": 과 after a final consonant, 와 after a vowel; a closing quote is no letter."""
    return word + ("과" if _has_final_consonant(word.rstrip("'")) else "와")


def _has_final_consonant(word: str) -> bool:
    """Tell how a Hangul syllable or a digit ends when it is said; of other letters it is not known."""
    last = word[-1:]
    if "가" <= last <= "힣":
        return bool((ord(last) - ord("가")) % 28)
    return last in set("013678")


def _with(phrase_ko: str, ko: tuple[str, str], phrase_en: str, en: tuple[str, str]) -> Mapping[End, Texts]:
    """Return the superlatives whose texts differ by a word: that of the highest value, and of the lowest."""
    return {
        "highest": Texts(ko=phrase_ko.format(ko[0]), en=phrase_en.format(en[0])),
        "lowest": Texts(ko=phrase_ko.format(ko[1]), en=phrase_en.format(en[1])),
    }


SUPERLATIVES: Final[Mapping[str, Mapping[End, Texts]]] = {
    "final_equity": _with(
        "최종 자산이 가장 {}", ("많은", "적은"), "The strategy with the {} final equity", ("most", "least")
    ),
    "volatility": _with(
        "{}", ("변동성이 가장 큰", "가장 안정적인"), "The {} strategy", ("most volatile", "steadiest")
    ),
    "sharpe_ratio": _with(
        "위험 대비 성과가 가장 {}",
        ("좋은", "나쁜"),
        "The strategy with the {} risk-adjusted return",
        ("best", "worst"),
    ),
    "max_drawdown": _with(
        "최대 낙폭이 가장 {}",
        ("작은", "큰"),
        "The strategy with the {} maximum drawdown",
        ("smallest", "largest"),
    ),
    "value_at_risk": _with(
        "일간 위험가치가 가장 {}",
        ("양호한", "나쁜"),
        "The strategy with the {} daily value at risk",
        ("mildest", "worst"),
    ),
    "conditional_value_at_risk": _with(
        "일간 조건부 위험가치가 가장 {}",
        ("양호한", "나쁜"),
        "The strategy with the {} daily conditional value at risk",
        ("mildest", "worst"),
    ),
    "longest_drawdown": _with(
        "최장 낙폭 기간이 가장 {}",
        ("긴", "짧은"),
        "The strategy whose longest drawdown was the {}",
        ("longest", "shortest"),
    ),
    "time_under_water": _with(
        "고점 아래 기간이 가장 {}",
        ("긴", "짧은"),
        "The strategy with the {} time under water",
        ("most", "least"),
    ),
    "trades": _with(
        "거래가 가장 {}", ("많은", "적은"), "The strategy with the {} trades", ("most", "fewest")
    ),
    "costs_paid": _with(
        "거래 비용이 가장 {}", ("많은", "적은"), "The strategy that paid the {} in costs", ("most", "least")
    ),
    "tracking_error": _with(
        "추적 오차가 가장 {}",
        ("큰", "작은"),
        "The strategy with the {} tracking error",
        ("largest", "smallest"),
    ),
}
"""What the strategies at the ends are called, where "highest" and "lowest" would say it wrongly."""


def _superlatives(name: str) -> Mapping[End, Texts]:
    label = CATALOGUE[name].label
    ko = f"{with_subject_particle(label.ko)} 가장 {{}}"
    return _with(ko, ("높은", "낮은"), f"The strategy with the {{}} {label.en}", ("highest", "lowest"))


METRICS: Final[Mapping[str, Metric]] = MappingProxyType(
    {name: Metric(name, SUPERLATIVES.get(name) or _superlatives(name)) for name in CATALOGUE}
)
"""By name, in the order of the catalogue."""

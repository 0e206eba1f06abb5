"""The metrics that a question can be about."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from backchat_contracts import Language, StrategyFigures


def percent(value: float) -> str:
    return f"{value:+.2%}".replace("%", " %")


def share(value: float) -> str:
    return f"{value:.2%}".replace("%", " %")


def ratio(value: float) -> str:
    return f"{value:.2f}"


def count(value: float) -> str:
    return f"{value:.0f}"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: its name in a question and in an answer, and which end of it is the good one.

    Attributes:
        name: the field of `StrategyFigures`.
        higher_is_better: for drawdown too, which is negative.
        labels: by language; the Korean one with its topic particle.
        superlatives: by language: what the best strategy is called; the Korean one goes before its noun.
        words: what a question says that is about it, lower case.

    """

    name: str
    higher_is_better: bool
    labels: dict[Language, str]
    superlatives: dict[Language, str]
    words: tuple[str, ...]
    text: Callable[[float], str]

    def of(self, figures: StrategyFigures) -> float | None:
        value: float | None = getattr(figures, self.name)
        return value


VOLATILITY: Final = Metric(
    "volatility",
    higher_is_better=False,
    labels={"ko": "연 변동성은", "en": "annual volatility"},
    superlatives={"ko": "가장 안정적인", "en": "The steadiest strategy"},
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
    text=share,
)
MAX_DRAWDOWN: Final = Metric(
    "max_drawdown",
    higher_is_better=True,
    labels={"ko": "최대 낙폭은", "en": "maximum drawdown"},
    superlatives={"ko": "최대 낙폭이 가장 작은", "en": "The strategy with the smallest maximum drawdown"},
    words=("낙폭", "mdd", "drawdown", "손실", "loss", "위험한", "risky", "riskier", "riskiest"),
    text=percent,
)
SHARPE: Final = Metric(
    "sharpe_ratio",
    higher_is_better=True,
    labels={"ko": "샤프 비율은", "en": "Sharpe ratio"},
    superlatives={
        "ko": "위험 대비 성과가 가장 좋은",
        "en": "The strategy with the best risk-adjusted return",
    },
    words=("샤프", "sharpe", "위험 대비", "위험대비", "risk-adjusted", "risk adjusted"),
    text=ratio,
)
SORTINO: Final = Metric(
    "sortino_ratio",
    higher_is_better=True,
    labels={"ko": "소르티노 비율은", "en": "Sortino ratio"},
    superlatives={"ko": "소르티노 비율이 가장 높은", "en": "The strategy with the highest Sortino ratio"},
    words=("소르티노", "sortino"),
    text=ratio,
)
CAGR: Final = Metric(
    "cagr",
    higher_is_better=True,
    labels={"ko": "연평균 수익률은", "en": "compound annual growth rate"},
    superlatives={"ko": "연평균 수익률이 가장 높은", "en": "The strategy with the highest annual growth"},
    words=("연평균", "연수익", "연 수익", "cagr", "annual return", "annual growth", "per year"),
    text=percent,
)
WIN_RATE: Final = Metric(
    "win_rate",
    higher_is_better=True,
    labels={"ko": "승률은", "en": "win rate"},
    superlatives={"ko": "승률이 가장 높은", "en": "The strategy with the highest win rate"},
    words=("승률", "win rate", "winning"),
    text=share,
)
TRADES: Final = Metric(
    "trades",
    higher_is_better=False,
    labels={"ko": "거래 횟수는", "en": "number of trades"},
    superlatives={"ko": "거래가 가장 적은", "en": "The strategy with the fewest trades"},
    words=("거래 횟수", "거래횟수", "매매 횟수", "몇 번", "trades", "turnover"),
    text=count,
)
TOTAL_RETURN: Final = Metric(
    "total_return",
    higher_is_better=True,
    labels={"ko": "총수익률은", "en": "total return"},
    superlatives={"ko": "수익률이 가장 높은", "en": "The strategy with the highest total return"},
    words=("수익", "return", "profit", "earn", "gain", "벌"),
    text=percent,
)

METRICS: Final = (MAX_DRAWDOWN, SHARPE, SORTINO, CAGR, WIN_RATE, TRADES, VOLATILITY, TOTAL_RETURN)
"""Those with more particular words first: "annual return" is not about the total return."""

# A word may go on ("returned"), but not begin within another one: "against" is about no gain.
_PATTERNS: Final = {
    metric.name: re.compile("|".join(rf"(?<![a-z]){re.escape(word)}" for word in metric.words))
    for metric in METRICS
}

DEFAULT: Final = SHARPE
"""What "better" means when a question does not say: return per unit of risk."""


def metric_of(query: str) -> Metric | None:
    """Return the metric that a question is about; None where it names none."""
    lowered = query.casefold()
    return next((metric for metric in METRICS if _PATTERNS[metric.name].search(lowered)), None)

"""The words that name metrics in prose: those of questions, but for words that mean less there."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from services.language.lexicon import ENGLISH, KOREAN_NOUNS
from services.language.terms import Noun

_RETURNS: Final = ("total_return", "cagr", "benchmark_return", "expectancy", "alpha")
_LOSSES: Final = (
    *("max_drawdown", "total_return", "cagr", "benchmark_return", "value_at_risk"),
    *("conditional_value_at_risk", "volatility", "ulcer_index", "expectancy"),
)
_ADJUSTED: Final = ("sharpe_ratio", "sortino_ratio", "calmar_ratio", "information_ratio")
_TOTAL: Final = ("total_return", "benchmark_return")

BROAD: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (
        _RETURNS,
        """
        return; returns; returned; returning; rate of return; profit; profits; profitability; gain; gains;
        gained; gaining; earn; earns; earned; earning; earnings; yield; yields; yielded; 수익; 수익률;
        수익율; 수익성; 이익; 순이익; 이득; 손익; 리턴; 성과 수익률
        """,
    ),
    (
        _TOTAL,
        """
        total return; total returns; cumulative return; cumulative returns; overall return; overall returns;
        benchmark return; 총수익; 총수익률; 총수익율; 총 수익률; 누적 수익; 누적 수익률; 누적 수익율;
        전체 수익률; 최종 수익률; 벤치마크 수익률; 벤치마크의 수익률; 벤치마크 수익
        """,
    ),
    (
        _LOSSES,
        """
        loss; losses; lose; loses; lost; losing; decline; declines; risk; risks; downside; fall; fell;
        falls; drop; dropped; drops; dip; dips; 손실; 손실률; 손실율; 손실폭; 하락; 하락폭; 하락률; 위험;
        위험도; 위험성; 리스크; 손해
        """,
    ),
    (("time_under_water", "longest_drawdown", "max_drawdown"), "in drawdown; in a drawdown"),
    (("max_drawdown", "longest_drawdown"), "drawdown; drawdowns; 낙폭; 드로우다운; 드로다운"),
    (
        ("cagr", "total_return", "final_equity"),
        "growth; grow; grows; grew; growing; grown; growth rate; compounded; 성장률; 복리; 복리 수익률",
    ),
    (
        _ADJUSTED,
        """
        risk adjusted return; risk adjusted returns; risk adjusted performance; return per unit of risk;
        위험 대비 수익; 위험 대비 수익률; 위험 대비 성과; 리스크 대비 수익; 리스크 대비 수익률;
        리스크 대비 성과; 위험 조정 수익률; 위험 조정 수익; 위험 조정 성과
        """,
    ),
    (("value_at_risk", "conditional_value_at_risk"), "위험가치; 위험 가치"),
    (("p_value",), "p value; p values; p 값; 유의확률; 유의 확률"),
    (("correlation",), "correlation; correlations; correlated; 상관관계; 상관계수; 상관 계수; 상관"),
    (("volatility",), "vol; volatility; 변동성; 연 변동성; 연간 변동성"),
)
"""The metrics whose figures may stand beside a word that is of several."""

SILENT: Final = frozenset(
    phrase.strip()
    for phrase in [
        "\n    ended with",
        " ends with",
        " ended up with",
        " at a loss",
        " in the red",
        " in profit",
        " in the black",
        " in the green",
        "\n    came out ahead",
        " bang for the buck",
        " risk return",
        " risk reward",
        " reward for the risk",
        " risk adjusted",
        "\n    in cash",
        " cash",
        " uninvested",
        " fee",
        " money",
        " per year",
        " per annum",
        " a year",
        " annually",
        " money maker",
        " moneymaker",
        "\n    make money",
        " made money",
        " makes money",
        " safety",
        " stability",
        " steadiness",
        " consistency",
        " smoothness",
        " fluctuate",
        "\n    fluctuates",
        " fluctuated",
        " variability",
        " deviation",
        " recovery",
        " recover",
        " recovers",
        " recovered",
        " trade",
        " traded",
        "\n    fills",
        " orders",
        " trading activity",
        " trading frequency",
        " winning",
        " winning trades",
        " accuracy",
        " success rate",
        "\n    invested",
        " exposed",
        " asymmetry",
        " skewed",
        " fall",
        " fell",
        " falls",
        " swings",
        " ups and downs",
        " instability",
        "\n    under water",
        " underwater",
        " below the peak",
        " below its peak",
        " be in drawdown",
        " mad",
        " cost",
        " was in drawdown",
        "\n    were in drawdown",
        " is in drawdown",
        " costly",
        " expenses",
        " charges",
        " buys and sells",
        " pf",
        " var",
        " dd",
        " mdds",
        " 연",
        "\n    매년",
        " 해마다",
        " 연간",
        " 돈",
        " 거래",
        " 매매",
        " 체결",
        " 몇 번",
        " 몇 회",
        " 몇 건",
        " 트레이드",
        " 회복",
        " 회복 속도",
        " 복구",
        " 변동",
        "\n    편차",
        " 기복",
        " 등락",
        " 등락폭",
        " 흔들림",
        " 불안정성",
        " 안정",
        " 안정성",
        " 안정도",
        " 안정감",
        " 꾸준함",
        " 일관성",
        " 안전성",
        "\n    안전도",
        " 노출",
        " 노출도",
        " 현금",
        " 현금 비중",
        " 현금 비율",
        " 현금 보유 비중",
        " 꼬리 위험",
        " 꼬리 리스크",
        " 테일 리스크",
        "\n    비용",
        " 위험 대비",
        " 리스크 대비",
        " 수익 대비 위험",
        " 수익 대비 리스크",
        " 수익 대비 변동성",
        " 수익 대비 낙폭",
        "\n    수익률 대비 낙폭",
        " 매수 매도",
        " 치우침",
        " 씨바",
        " 남은 돈",
        " 사고 팔",
        " 사고 파는",
        " 고점 아래",
        " 고점 밑",
        " 전고점 아래",
        "\n    물린 기간",
        " 수면 아래",
        " 수익 팩터",
        " 기대값",
        " 기댓값\n    ",
    ]
)
"""Words of questions that in prose are often of nothing: "traded on", "the recovery of 2009"."""


WEAK: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (("costs_paid",), "cost; fee; expenses; charges; 비용; 수수료"),
    (
        ("trades", "costs_paid", "win_rate", "turnover", "expectancy"),
        "trade; traded; 거래; 매매; fills; orders",
    ),
    (("exposure",), "invested; exposed; 노출; 노출도"),
    (
        ("longest_drawdown", "time_under_water"),
        "recovery; recover; recovered; 회복; under water; underwater; 고점 아래",
    ),
    (("value_at_risk",), "var"),
    (("profit_factor",), "pf"),
    (("max_drawdown",), "dd"),
    (("volatility",), "swings; variability; 변동; 등락; 등락폭"),
)
"""Words that name a metric only right beside a figure."""


def _normal(phrase: str) -> str:
    return re.sub(r"[\s-]+", "", phrase).casefold()


def _words() -> Iterator[tuple[str, frozenset[str]]]:
    for phrase, term in (*ENGLISH.items(), *KOREAN_NOUNS.items()):
        if isinstance(term, Noun) and term.metric and phrase not in SILENT:
            yield phrase, frozenset({term.metric})
    for metrics, listed in (*BROAD, *WEAK):
        for phrase in listed.split(";"):
            yield " ".join(phrase.split()), frozenset(metrics)


_PHRASES: Final[Mapping[str, frozenset[str]]] = dict(_words())
METRIC_WORDS: Final[Mapping[str, frozenset[str]]] = {_normal(each): of for each, of in _PHRASES.items()}
"""The metrics that a phrase can be of, by the phrase without blanks."""


def _pattern() -> re.Pattern[str]:
    ordered = sorted(_PHRASES, key=lambda each: (-len(each), each))
    english = "|".join(r"[\s-]+".join(map(re.escape, each.split())) for each in ordered if each.isascii())
    korean = "|".join(r"\s?".join(map(re.escape, each.split())) for each in ordered if not each.isascii())
    return re.compile(rf"(?<![A-Za-z])(?:{english})(?![A-Za-z])|(?<![가-힣])(?:{korean})", re.IGNORECASE)


WEAK_WORDS: Final = frozenset(_normal(phrase) for _, listed in WEAK for phrase in listed.split(";"))
METRIC_TEXT: Final = _pattern()
"""Finds the phrases, of several the longest."""
ENGLISH_METRIC_WORDS: Final = frozenset(
    word for phrase in _PHRASES if phrase.isascii() for word in phrase.split()
)


def is_weak(phrase: str) -> bool:
    """Tell whether a phrase names a metric only right beside a figure."""
    return _normal(phrase) in WEAK_WORDS


def metrics_of(phrase: str) -> frozenset[str]:
    """Return the metrics that a phrase can be of."""
    return METRIC_WORDS[_normal(phrase)]

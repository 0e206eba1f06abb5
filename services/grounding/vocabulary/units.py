"""The words for units and for what is counted, each with its plain name."""

from collections.abc import Mapping
from typing import Final

_WORDS: Final[tuple[tuple[str, str], ...]] = (
    ("percent", "% ‰ percent percentage pct 퍼센트 프로 할 푼 퍼밀"),
    ("points", "pp %p %포인트 퍼센트포인트 point points 포인트 percentage-points"),
    ("basis points", "bp bps 비피 베이시스포인트 basis"),
    ("times", "x times fold 배 곱 갑절 곱절 배수"),
    ("years", "year years yr yrs y 년 개년 해"),
    ("months", "month months mo 개월 달"),
    ("weeks", "week weeks 주 주일"),
    ("days", "day days session sessions bar bars closes 일 날 거래일 영업일"),
    ("quarters", "quarter quarters 분기"),
    ("hours", "hour hours minutes seconds 시간"),
    ("money", "dollar dollars usd krw won euro euros eur 원 달러"),
    (
        "strategies",
        "strategy strategies portfolio portfolios candidate candidates system systems models approaches",
    ),
    (
        "strategies",
        "contenders alternatives options ones others names 전략 후보 개 가지 종 종류 곳 군데 명 사람",
    ),
    (
        "symbols",
        "symbol symbols stock stocks asset assets instrument instruments ticker tickers 종목 자산 심볼",
    ),
    ("trades", "trade trades transaction transactions fill fills order orders 거래 회 번 건 차례"),
    (
        "trials",
        "trial trials variant variants attempt attempts tries version versions backtest backtests runs run",
    ),
    ("trials", "configurations comparisons 시도 시험 변형 백테스트 버전 조합"),
    ("pairs", "pair pairs 쌍"),
    ("metrics", "metric metrics measure measures indicator indicators statistics 지표"),
    ("rank", "위 등 번째 째"),
    ("digits", "digit digits 자릿수 자리"),
)
UNITS: Final[Mapping[str, str]] = {word: name for name, words in _WORDS for word in words.split()}
VALUE_UNITS: Final = frozenset({"percent", "points", "basis points", "times", "money", "digits"})
"""Units of values, of which no count has one."""
TIMES: Final = frozenset({"years", "months", "weeks", "days", "quarters"})
COUNTERS: Final = frozenset({"strategies", "trades", "trials", "symbols", "pairs", "metrics"})
SCALES: Final[Mapping[str, float]] = {
    "만": 1e4,
    "억": 1e8,
    "천": 1e3,
    "백": 1e2,
    "십": 10.0,
    "조": 1e12,
    "백만": 1e6,
    "천만": 1e7,
    "k": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "bn": 1e9,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "hundred": 1e2,
}
"""What makes a number before it larger."""

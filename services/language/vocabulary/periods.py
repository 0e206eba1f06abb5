"""The words for windows of time: phrases are separated by semicolons, in lower case."""

from datetime import date
from typing import Final

from services.language.window import Unit

LINKS: Final = r"부터|에서|~|-|\N{EN DASH}|\bto\b|\band\b|\buntil\b|\btill\b|\bthrough\b|\bthru\b"
DURING: Final = "한 해; 동안; 기간 동안; 기간; 중; 중에; 간; 내내; 때; 당시; 한정; 한정으로"
PARTICLES: Final = (
    "에서는|에서도|에서|에는|에도|에만|에|엔|의|은|는|도|만|으로는|으로|로는|로|라면|이라면|이면|을|를|이|가"
)
KOREAN_LATELY: Final = "최근; 지난; 마지막; 직전; 과거"
ENGLISH_LATELY: Final = """
    last; past; previous; latest; trailing; most recent; the last; the past; the previous; the latest;
    the trailing; the most recent
"""
COUNTS: Final = {
    "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9,
    "열": 10, "열두": 12, "일": 1, "이": 2, "삼": 3, "사": 4, "오": 5, "육": 6, "칠": 7, "팔": 8, "구": 9,
    "십": 10, "십이": 12,
    "a": 1, "one": 1, "two": 2, "couple of": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "eighteen": 18, "twenty": 20, "thirty": 30,
}  # fmt: skip
UNITS: Final[dict[str, tuple[int, Unit]]] = {
    **dict.fromkeys(("년", "해", "개년", "year", "years", "yr", "yrs", "y"), (1, "year")),
    **dict.fromkeys(("decade", "decades"), (10, "year")),
    **dict.fromkeys(("반기", "half year", "half years"), (6, "month")),
    **dict.fromkeys(("분기", "quarter", "quarters"), (1, "quarter")),
    **dict.fromkeys(("개월", "달", "month", "months", "mo"), (1, "month")),
    **dict.fromkeys(("주", "주일", "week", "weeks"), (1, "week")),
    **dict.fromkeys(("일", "day", "days"), (1, "day")),
    **dict.fromkeys(
        ("거래일", "영업일", "trading day", "trading days", "bars", "sessions"), (1, "trading day")
    ),
}
KOREAN_YEARS: Final = {
    **dict.fromkeys(("올해", "올해 들어", "올 들어", "금년", "이번 해", "당해"), 0),
    **dict.fromkeys(("작년", "지난 해", "전년", "전년도"), 1),
    "재작년": 2,
}
ENGLISH_YEARS: Final = {
    "this year": 0,
    **dict.fromkeys(("last year", "previous year", "the previous year"), 1),
    "the year before last": 2,
}
"""How many years before that of the last day of the data."""
KOREAN_CALENDAR: Final[dict[str, tuple[Unit, int]]] = {
    **{word: ("year", back) for word, back in KOREAN_YEARS.items()},
    **dict.fromkeys(("이번 분기",), ("quarter", 0)),
    **dict.fromkeys(("지난 분기", "저번 분기", "전 분기"), ("quarter", 1)),
    **dict.fromkeys(("이번 달", "이달"), ("month", 0)),
    **dict.fromkeys(("지난 달", "저번 달", "전월"), ("month", 1)),
    **dict.fromkeys(("이번 주",), ("week", 0)),
    **dict.fromkeys(("지난 주", "저번 주"), ("week", 1)),
}
ENGLISH_CALENDAR: Final[dict[str, tuple[Unit, int]]] = {
    **{word: ("year", back) for word, back in ENGLISH_YEARS.items()},
    **dict.fromkeys(("year to date", "ytd"), ("year", 0)),
    **dict.fromkeys(("this quarter", "quarter to date", "qtd"), ("quarter", 0)),
    **dict.fromkeys(("last quarter", "previous quarter"), ("quarter", 1)),
    **dict.fromkeys(("this month", "month to date", "mtd"), ("month", 0)),
    **dict.fromkeys(("last month", "previous month"), ("month", 1)),
    "this week": ("week", 0),
    **dict.fromkeys(("last week", "previous week"), ("week", 1)),
}
ALL: Final = """
    전체 기간; 전 기간; 모든 기간; 전체 구간; 전 구간; 백테스트 기간 전체; whole period; entire period;
    full period; whole backtest; entire backtest; full backtest; whole history; full history;
    entire history; whole time; all time; since inception; so far; to date; 설정 이후; 처음부터 끝까지;
    지금까지; 여태까지; 여태; 이제까지
"""
KOREAN_SAME: Final = """
    그 해; 그 년도; 그 연도; 그 때; 그 당시; 당시; 그 기간; 그 시기; 그 시절; 그 달; 그 분기; 그 구간;
    그 반기; 그 주;
    그 무렵; 그 사이; 같은 해; 같은 기간; 같은 시기; 같은 때; 동 기간; 동일 기간; 동일한 기간; 해당 기간;
    해당 연도; 이 기간; 위 기간; 이 구간; 같은 구간; 해당 구간; 같은 달; 같은 분기; 그 맘때; 그 즈음
"""
ENGLISH_SAME: Final = """
    that year; that month; that quarter; that week; that window; that period; that time; that stretch;
    that span; that half; that time frame; that timeframe; those years; those months; those days; this period;
    this window; same year; same month; same quarter; same window; same period; same time; same stretch;
    same span; same years; same time frame; same timeframe; that era; those times; that phase; that interval;
    that episode; those quarters; those weeks
"""
"""What means the window of the question before."""
TOGETHER: Final = r"""
    (?:(?<![가-힣])둘[이을]?\s*)?(?<![가-힣])합(?:쳐서?|치면|친|해서|산해서?|산)(?:은|는|으로)?(?![가-힣])
    |(?<![가-힣])(?:통으로|통째로|통틀어서?|이어서|싹\s*다|한꺼번에)[는]?(?![가-힣])
    |\b(?:together|combined|altogether|as\s+a\s+whole|taken\s+as\s+one|as\s+one)\b
"""
"""What says that windows are one."""
VERSUS: Final = r"\b(?:vs|versus|against|compared)\b|대비|비교|중에?\s|(?<=[기월])(?:와|과|랑|이랑|하고)\s"
"""What tells a part of a year from another of the same year."""
APART: Final = r"\b(?:difference|gap|change|changed|differ|differs|compare|compared|comparison)\s*$"
"""What stands before "between" where the two are told apart."""
NAMED_PERIODS: Final[dict[str, tuple[date, date]]] = dict.fromkeys(
    (
        *(
            "글로벌 금융위기",
            "글로벌 금융 위기",
            "금융위기",
            "금융 위기",
            "리먼 사태",
            "서브프라임 사태",
            "서브프라임",
        ),
        *("gfc", "global financial crisis", "great financial crisis", "financial crisis", "subprime crisis"),
        *("lehman crisis", "lehman collapse", "lehman bankruptcy", "lehman related", "lehman"),
    ),
    (date(2007, 10, 9), date(2009, 3, 9)),
)
"""From the highest to the lowest close of the S&P 500."""
BOUND_BEFORE: Final = r"""
    (?:\b(?:above|below|under|over|(?<!other\s)(?<!worse\s)(?<!better\s)than|least|most|exceed(?:s|ing)?|exactly|(?<!what\s)(?<!how\s)about|around|
    top|bottom|first|to)|[<>=≥≤$₩€£+-]|\d|[이가]|초과|이상|이하|미만)\s*$
"""
"""What stands before a number that is no year."""
BOUND_AFTER: Final = r"""
    \s*(?:[%x:+*/]|\.\d|,\d{3}|배|번|회|건|개|가지|원|달러|불|일|주|이상|이하|초과|미만|넘|이내|보다|정도|점|퍼|
    프로|천|만\s*원|인\b|(?:trades?|days?|bars?|times|shares?|dollars?|usd|won|fills|orders|strateg|percent|pct|
    basis|or\s+(?:more|less|fewer|higher|lower|above|below))\b)
"""
"""What stands after one."""
OVER: Final = r"\b(?:returns?|performance|sharpe(?:\s+ratio)?|drawdowns?|volatility|best|worst|did|do)\s*$"
"""What stands before "over" where it is no bound: "returns over 2012"."""
EXCEPT_BEFORE: Final = r"""
    \b(?:except(?:ing)?|excluding|without|leaving\s+(?:out|aside)|other\s+than|(?:apart|aside)(?:\s+from)?|but\s+not
    |besides?|outside(?:\s+of)?|not\s+counting|ignoring|barring|beyond|bar)(?:\s+for)?\s*$
"""
EXCEPT_AFTER: Final = r"""
    \s*(?:빼고?|뺀|빼면|제외\s*(?:하[고면]|한|하고는)?|말고|외에|외의|외엔|이외에?|아닌)(?:는|도)?|,?\s+(?:(?:aside|apart)(?!\s+from)|excluded|excepted)\b
"""
"""What rules a window out."""
VAGUE_BEFORE: Final = r"""
    \b(?:early|late|mid|fiscal|(?:end|start|beginning|middle)(?:\s+of)?)[\s-]*$
"""
VAGUE_AFTER: Final = r"\s*연?(?:초|말|초반|중반|후반|초순|중순|하순|무렵|쯤|경)(?:[에의엔]|에는)?(?![가-힣])"
"""What makes a date one of which the days are not known."""

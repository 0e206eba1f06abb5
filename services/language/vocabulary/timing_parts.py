"""How people ask on about dates and periods: patterns, laid out by blanks."""

from typing import Final

from services.language.vocabulary.timing import ENGLISH_UNITS

_GOING_ON: Final = (
    r"^\W*(?:(?:and|so|ok|okay|what|how|about|was|were|is|then|그럼|그러면|그리고|근데)[\s,]+){0,4}"
)
SAME_WHEN: Final = (
    (
        r"^\W*(?:그게|그건|그거|저게|그)?\s*(?:정확히\s*)?언제(?:부터\s*언제까지)?\s*"
        r"(?:야|였|그랬|그런|인데|이었|임|지|예요|에요|죠|냐|(?:그렇게|그만큼|그리|이렇게)\s*"
        r"(?:빠|떨어|깨|내려|까)[가-힣]{0,3}\s*(?:거|것|건)?)?[가-힣]{0,4}\W*$"
    ),
    (
        r"^\W*(?:and\s+)?(?:from\s+)?when(?:\s+to\s+when)?(?:\s+exactly)?"
        r"(?:\s+(?:was|were|did|is)\s+(?:that|it|this)(?:\s+happen)?)?\W*$"
    ),
)
SAME_LENGTH: Final = (
    rf"""
    {_GOING_ON}(?:exactly\s+)?how\s+(?:long|many\s+(?:trading\s+|calendar\s+)?(?:days|months|weeks))(?:\s+exactly)?
    (?:\s+(?:was|is|did|were|are|does)\s+(?:it|that|this|those)(?:\s+(?:last|take))?)?
    (?:\s*,?\s*(?:in\s+)?(?:days|exactly))?\W*$
    """,
    r"""
    ^\W*(?:(?:그럼|그러면|그리고|근데|그게|그건|그래서)\s*)?(?:정확히\s*)?
    (?:며칠|몇\s*(?:일|거래일|개월|달)|얼마나\s*(?:오래|길게))\s*(?:동안|이나|간)?\s*
    (?:야|인데|였|이었|이야|인가|인지|물렸|그랬|갔|걸렸|지속|됐|돼)?[가-힣]{0,4}\W*$
    """,
)
SAME_AMOUNT: Final = (
    (
        r"^\W*(?:그때\s*|그날\s*|그래서\s*)?(?:몇|얼마나?)\s*(?:프로|퍼센트|%)?\s*(?:나|만큼|정도)?\s*"
        r"(?:빠졌|떨어졌|벌었|올랐|잃었|깨졌|까먹었|였|이었|야)[가-힣]{0,4}\W*$"
    ),
    (
        r"^\W*(?:and\s+)?(?:by\s+)?how\s+much"
        r"(?:\s+(?:was|did)\s+(?:it|that)(?:\s+(?:lose|drop|fall|gain|make|go\s+down))?)?\W*$"
    ),
)
OTHER_END: Final = (
    rf"{_GOING_ON}(?:its|their)\s+(?P<how>best|worst)(?:\s+one)?\W*$",
    rf"{_GOING_ON}(?P<how>제일\s*(?:안\s*좋|나빴|좋았)[가-힣\s]{{0,5}}[건거])[은는]?\W*$",
)
OTHER_UNIT: Final = (
    rf"{_GOING_ON}(?:the\s+|its\s+|a\s+)?{ENGLISH_UNITS}s?\W*$",
    r"^\W*(?:(?:그럼|그러면|그리고|근데)\s*)?(?P<unit>해|연도|달|월|분기|주|날|하루)(?:로는|로|은|는|기준으로는?)?\W*$",
)
NEXT_ONE: Final = (
    r"^\W*(?:그\s*)?다음(?:으로)?\s*(?:가장|제일)?\s*(?:깊|큰|크|많이|안|나[쁜빴]|좋|잘|못)[가-힣\s]{0,10}[은는]?\W*$",
    (
        rf"{_GOING_ON}(?:the\s+)?next\s+(?:worst|best|deepest|biggest|largest|one)"
        r"(?:\s+(?:one|drawdown|year|month|day|week|quarter))?\W*$"
    ),
)

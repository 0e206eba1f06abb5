"""How people tell a time from the one that was spoken of: patterns, laid out by blanks."""

from typing import Final

from backchat_contracts.timing import PeriodUnit

_UNIT: Final = "year|quarter|month|week"
_ENDS: Final = (
    r"(?=\s*(?:$|[?!.,;]|\b(?:that|it|this|and|though|too|then|please|for|was|were|did|is|how|who|which)\b))"
)
_GOES_ON: Final = r"^\W*(?:(?:and|so|ok|okay|then|what|how|about|but|in|for)\s+){0,4}"

_KOREAN_GOES_ON: Final = r"(?:(?:그럼|그러면|그리고|근데|또)\s*)?"

SHIFT: Final = rf"""
    (?:(?:in|during|for|over|of)\s+)?(?:the\s+)?(?:(?P<count>\d|an?|one|two|three)\s+)?(?P<unit>{_UNIT})s?\s+
        (?P<how>after(?:wards?)?|before|later|earlier|prior|that\s+followed)(?!\s+last\b){_ENDS}
        (?:\s+(?:that|it|this)(?:\s+one)?\b)?
    |(?:(?:in|during|for|over|of)\s+)?(?:the\s+next|(?:the\s+)?(?:following|subsequent))\s+(?P<next>{_UNIT})(?![a-z])
    |(?:(?:in|during|for|over|of)\s+)?the\s+preceding\s+(?P<preceding>{_UNIT})(?![a-z])
    |{_GOES_ON}(?:the\s+)?(?:previous|prior)\s+(?P<previous>{_UNIT})(?=\W*$)
    |{_GOES_ON}(?:the\s+)?next\s+(?P<soon>quarter|month|week)(?=\W*$)
    |^\W*{_KOREAN_GOES_ON}(?P<earlier>전)\s*(?P<than>년도?|분기|달)(?=[은는에엔의도이]{{0,3}}\W*$)
    |^\W*{_KOREAN_GOES_ON}(?P<later>다음)\s*(?P<then>분기|달|월|주)(?=[은는에엔의도이]{{0,3}}\W*$)
    |(?<![가-힣])(?:그|바로)\s*(?P<korean>다음|담|이듬|직전|전|앞|후|뒤)\s*(?P<of>해|년도?|연도|달|월|분기|주)
    |(?<![가-힣])(?:이듬|다음|담)\s*(?P<year>해|년도|연도)
    |(?:그로부터|그)\s*(?P<many>\d|한|두|세|일|이|삼)\s*(?P<spans>년|해|달|개월|분기|주)\s*(?P<way>뒤|후|전)
"""
OR_OF_THE_DATA: Final = frozenset({"previous", "earlier"})
"""The groups of what is told from the last day of the data where there was no time before: "전년도는?"."""
BACK: Final = frozenset({"before", "earlier", "prior", "직전", "전", "앞"})
UNITS: Final[dict[PeriodUnit, frozenset[str]]] = {
    "year": frozenset({"year", "해", "년", "년도", "연도"}),
    "quarter": frozenset({"quarter", "분기"}),
    "month": frozenset({"month", "달", "월", "개월"}),
    "week": frozenset({"week", "주"}),
}
COUNTS: Final = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "한": 1, "일": 1, "두": 2, "이": 2, "세": 3, "삼": 3
}  # fmt: skip

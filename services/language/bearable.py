"""What is told in other words: bounds, "can't stomach more than 40 %", and gains, "which had a down 2010"."""

import re
from typing import Final

_ENGLISH: Final = re.compile(
    r"\b(?:can'?t|cannot|can not|couldn'?t|won'?t|wouldn'?t|don'?t want to|not willing to|unwilling to)\s+"
    r"(?:stomach|take|tolerate|handle|afford|stand|bear|accept|live with|survive|sit through|risk)\s+"
    r"(?:a\s+)?(?:more than|over|above|beyond|greater than|worse than)\b",
    re.IGNORECASE,
)
_KOREAN: Final = re.compile(
    r"(?P<number>-?\d{1,6}(?:\.\d{1,6})?\s?(?:%|퍼센트|프로|퍼))\s?[을를는도]?\s?"
    r"(?:이상|초과|넘게|보다\s?더|넘으|넘어가)\s?(?P<falls>(?:빠지|빠|깨지|떨어지|까먹으|잃으)?)(?:이?면|하면)\s?"
    r"(?:못\s?(?:버[티텨]|견[디뎌]|참)|안\s?[돼되]|곤란|싫|힘들|감당\s?(?:못|안))[가-힣]{0,4}"
)
_TIME: Final = (
    r"(?:(?:(?:in|for|over|during|on|by|at|after|since|that|this|through|from)\b)"
    r"|(?:year\s+)?(?:'?\d\d|(?:19|20)\d\d)\b|q[1-4]\b|\W*$)"
)
_SIGNED: Final = re.compile(  # in lower case: "Up" may be a name
    r"\b(?:(?:had|has|have|having|saw|posted|with)\s+an?\s+(?:(?P<lost>down|losing|negative|red|loss-?making)"
    r"|(?:up|winning|positive|green|profitable))\s+(?=(?:year\s+(?:in\s+)?)?(?:'?\d\d|(?:19|20)\d\d)\b)"
    r"|(?P<before>who's|whos|they're|are|is|was|were|ended|finished|closed|end|finish|close|be|been|who|anyone|anybody|anything|any"
    r"|strats|strategies|ones|which)"
    r"(?:\s+(?:still|actually|even|all|both))?\s+(?:in\s+the\s+)?(?:(?P<down>down|red)|(?:up|green))"
    rf"\s*(?={_TIME}))"
)


def _as_earned(found: re.Match[str]) -> str:
    before = f"{found['before']} " if found["before"] in _SUBJECTS else ""
    return f"{before}{'lost' if found['lost'] or found['down'] else 'made'} money "


_SUBJECTS: Final = frozenset(
    {"who's", "whos", "who", "which", "anyone", "anybody", "anything", "any", "strats", "strategies", "ones"}
)


def as_bounds(text: str) -> str:
    """Return a text with bounds in place of what would be too much, and money made in place of a sign."""
    text = _SIGNED.sub(_as_earned, text)
    text = _ENGLISH.sub("no more than", text)
    return _KOREAN.sub(lambda found: f"{'낙폭 ' if found['falls'] else ''}{found['number']} 이하인 거", text)

"""Bounds that are told as what would be too much: "can't stomach more than 40 %", "30% 넘으면 못 버텨"."""

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


def as_bounds(text: str) -> str:
    """Return a text with bounds in place of what would be too much."""
    text = _ENGLISH.sub("no more than", text)
    return _KOREAN.sub(lambda found: f"{'낙폭 ' if found['falls'] else ''}{found['number']} 이하인 거", text)
